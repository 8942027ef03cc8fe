"""Whose left is left: the names of the limbs of a whole clip.

A runner who faces image-right shows the right side, one who faces left the left side (biomechanics
1.3). Which of two followed limbs is the near one is told by

- the depth the model gives to it, which it hardly ever changes its mind about within a clip;
- for legs, its size: the near shank and foot are drawn longer and lower in the picture (in every
  rendered and phone clip looked at: 0 to 13 % longer, 2 to 16 % for the foot).

Where names and geometry disagree the whole clip was mirrored after the model had seen it, or the
model took it for somebody facing the other way: the geometry counts, the names are exchanged and
the report says so. A video that was mirrored before shows nothing of it, and its left is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from formcheck.domain import PoseSequence, Reason, Side
from formcheck.geometry import distance
from formcheck.pose.family import StrideFamily
from formcheck.reasons import reason

GROUPS: Mapping[str, tuple[str, ...]] = {
    "leg": ("knee", "ankle", "heel", "foot_index"),
    "arm": ("elbow", "wrist", "pinky", "index", "thumb"),
    "trunk": ("shoulder", "hip"),
}
JUDGED: Mapping[str, tuple[str, ...]] = {
    "leg": ("knee", "ankle"),
    "arm": ("elbow", "wrist"),
    "trunk": ("shoulder", "hip"),
}
DEPTH_WEIGHT = 4.0
"""Log odds of a depth whose sign never changes: it was right in all 40 clips looked at."""
SIZE_SPREAD = 0.03
LOWNESS_SPREAD = 0.02
SIZE_WEIGHT = 3.0
"""Largest log odds that size and lowness together may have."""
SURE = 0.8
"""Names are exchanged, and taken as right without a word, from this chance on."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Which groups of landmarks were named the other way round, and how sure the legs' names are.

    ``confidence`` is the chance that the legs have their right names.
    """

    renamed: frozenset[str]
    confidence: float

    def name(self, side: Side, group: str) -> Side:
        """The name in the end of what was followed as ``side``."""
        return side.other if group in self.renamed else side

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What a reader should know."""
        if not self.renamed:
            return () if self.confidence >= SURE else (reason("sides_unsure"),)
        words = {"leg": "legs", "arm": "arms", "trunk": "trunk"}
        what = " and ".join(words[group] for group in GROUPS if group in self.renamed)
        return (reason("sides_renamed", what=what),)

    def apply(self, pose: PoseSequence) -> PoseSequence:
        """The pose under its right names."""
        order = np.arange(len(pose.landmarks))
        for index, name in enumerate(pose.landmarks):
            if self._group(name) in self.renamed:
                order[index] = pose.index(_other(name))
        return replace(
            pose,
            xy_px=pose.xy_px[:, order],
            depth_px=pose.depth_px[:, order],
            visibility=pose.visibility[:, order],
        )

    def _group(self, landmark: str) -> str:
        """Group of a landmark; the face goes with the trunk, the nose nowhere."""
        if "left" not in landmark and "right" not in landmark:
            return ""
        part = landmark.removeprefix("left_").removeprefix("right_")
        return next((group for group, parts in GROUPS.items() if part in parts), "trunk")


def _other(landmark: str) -> str:
    """The same landmark of the other side."""
    if "left" in landmark:
        return landmark.replace("left", "right")
    return landmark.replace("right", "left")


def name_sides(pose: PoseSequence, family: StrideFamily) -> Naming:
    """Compare which side is near by depth and size with the one the running direction shows."""
    near = family.facing
    sign = 1.0 if near is Side.LEFT else -1.0
    odds = {group: sign * DEPTH_WEIGHT * _left_is_nearer(pose, group) for group in GROUPS}
    odds["leg"] += sign * _left_is_larger(pose, family)
    chance = {group: float(expit(value)) for group, value in odds.items()}
    renamed = frozenset(group for group, value in chance.items() if 1 - value >= SURE)
    return Naming(renamed, 1 - chance["leg"] if "leg" in renamed else chance["leg"])


def _left_is_nearer(pose: PoseSequence, group: str) -> float:
    """Mean sign of the depth, right less left: 1 when left is always nearer, -1 when right is."""
    signs = [
        np.sign(
            pose.depth_px[:, pose.index(f"right_{part}")]
            - pose.depth_px[:, pose.index(f"left_{part}")]
        )
        for part in JUDGED[group]
    ]
    known = np.concatenate(signs)
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) else 0.0


def _left_is_larger(pose: PoseSequence, family: StrideFamily) -> float:
    """Log odds that the left leg is near from its size and lowness."""
    evidence = [
        np.log(_length(pose, Side.LEFT, *bone) / _length(pose, Side.RIGHT, *bone)) / SIZE_SPREAD
        for bone in (("knee", "ankle"), ("heel", "foot_index"))
    ]
    lowest = np.sort(family.typical[:, :, 3, 1], axis=1)[:, -family.typical.shape[1] // 5 :]
    left, right = lowest.mean(axis=1)
    evidence.append((left - right) / LOWNESS_SPREAD)
    known = np.nan_to_num(np.array(evidence))
    return float(np.clip(known.sum() / 2, -SIZE_WEIGHT, SIZE_WEIGHT))


def _length(pose: PoseSequence, side: Side, near_end: str, far_end: str) -> float:
    """Median length of a bone in the picture, pixels; NaN when never seen."""
    length = distance(pose.track_px(f"{side}_{near_end}"), pose.track_px(f"{side}_{far_end}"))
    length = length[np.isfinite(length)]
    return float(np.median(length)) if len(length) else float("nan")

"""Are left and right right: repaired legs against hand labels and against rendered truth.

A leg in a frame is right, wrong (drawn on the other leg or on something else) or masked. Masking
everything is no success, so all three shares are told, the raw model's beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.domain import BoolArray, FloatArray, PoseSequence, Side
from formcheck.geometry import distance
from formcheck.pose.body import columns
from formcheck.validation.hand_labels import JOINTS, LegLabel, LegSeen
from formcheck.validation.rendered import RenderedTruth

SAME_PX = 2.0
"""A raw point farther than this from the one a label was given to is not the one looked at."""
NEAR_LABEL, FAR_FROM_LABEL = 0.35, 0.6
"""Knee and ankle within this, or one beyond that, from where a labelled leg had them, in shanks."""
ON_LEG = 0.20
"""Knee and ankle no farther than this from a leg's, in lengths of thigh plus shank, lie on it: a
third of the shank, as in the hand labels, is 0.17, and the model's landmarks are offset."""
APART = 0.10
"""Legs nearer than this to each other cannot be mistaken for one another."""


@dataclass(frozen=True, slots=True)
class LegCount:
    """Frames of one leg by outcome."""

    right: int = 0
    wrong: int = 0
    masked: int = 0

    @property
    def n(self) -> int:
        """Frames judged."""
        return self.right + self.wrong + self.masked

    def share(self, what: str) -> float:
        """Share of ``right``, ``wrong`` or ``masked``; NaN without frames."""
        return float(getattr(self, what)) / self.n if self.n else float("nan")

    def __add__(self, other: LegCount) -> LegCount:
        return LegCount(
            self.right + other.right, self.wrong + other.wrong, self.masked + other.masked
        )


def total(counts: Iterable[LegCount]) -> LegCount:
    """All frames of several legs."""
    return sum(counts, LegCount())


def score_labels(
    labels: Sequence[LegLabel], recorded: PoseSequence, found: PoseSequence, near: Side
) -> dict[str, LegCount]:
    """Count the ``near`` and the ``far`` leg of ``found`` (raw or repaired) over labelled frames.

    A leg drawn where one was looked at has that one's label. A leg drawn elsewhere (by a newer
    model) is right near the place of one that lies on the wanted leg, wrong far from it, and does
    not count in between, as unclear ones do not.
    """
    counts = {}
    for name, side in (("near", near), ("far", near.other)):
        outcomes = [_judge(label, recorded, found, side, name) for label in labels]
        counts[name] = LegCount(*(outcomes.count(o) for o in ("right", "wrong", "masked")))
    return counts


def _judge(
    label: LegLabel, recorded: PoseSequence, found: PoseSequence, side: Side, wanted: str
) -> str:
    """Outcome of one leg in one frame; "" when it cannot be told."""
    points = _shank(found, side, label.frame)
    if not np.isfinite(points).all():
        return "masked"
    for drawn, seen, labelled in _drawn(label):
        raw = _shank(recorded, drawn, label.frame)
        if np.array_equal(raw, points) and np.max(np.abs(raw - labelled)) < SAME_PX:
            if seen is LegSeen.UNCLEAR:
                return ""
            return "right" if seen.value == wanted else "wrong"
    return _judge_by_place(label, points, wanted)


def _judge_by_place(label: LegLabel, points: FloatArray, wanted: str) -> str:
    """Outcome of a leg that nobody looked at, from one that was and lies on the wanted leg."""
    places = [labelled for _, seen, labelled in _drawn(label) if seen.value == wanted]
    if not places:
        return ""
    shank_px = float(distance(places[0][0], places[0][1]))
    off = min(float(distance(points, place).max()) for place in places) / shank_px
    if off <= NEAR_LABEL:
        return "right"
    return "wrong" if off >= FAR_FROM_LABEL else ""


def _drawn(label: LegLabel) -> tuple[tuple[Side, LegSeen, FloatArray], ...]:
    """Both drawn legs: the model's name, what it lies on, knee and ankle."""
    return (
        (Side.LEFT, label.left, label.left_px),
        (Side.RIGHT, label.right, label.right_px),
    )


def _shank(pose: PoseSequence, side: Side, frame: int) -> FloatArray:
    """Knee and ankle of a leg in a frame, ``(2, 2)``."""
    points: FloatArray = pose.xy_px[frame, columns(pose, side, JOINTS)]
    return points


def score_truth(truth: RenderedTruth, found: PoseSequence) -> dict[str, LegCount]:
    """Count the ``near`` and the ``far`` leg of a pose of a rendered clip.

    A leg is wrong when its knee and ankle are not on it, or nearer to the other leg's.
    """
    near = truth.near
    true = {side: _true_shank(truth, side) for side in Side}
    leg_px = float(np.percentile(distance(true[near][:, 0], truth.pixel(f"hip_{near[0]}")), 95))
    leg_px += float(np.percentile(distance(true[near][:, 0], true[near][:, 1]), 95))
    counts = {}
    for name, side in (("near", near), ("far", near.other)):
        drawn = found.xy_px[:, columns(found, side, JOINTS)]
        own, other = (_off(drawn, true[each]) / leg_px for each in (side, side.other))
        apart = _off(true[side], true[side.other]) / leg_px
        masked = ~np.isfinite(own)
        wrong = ~masked & ((own > ON_LEG) | ((other < own) & (apart > APART)))
        counts[name] = _count(wrong, masked)
    return counts


def _count(wrong: BoolArray, masked: BoolArray) -> LegCount:
    return LegCount(int((~wrong & ~masked).sum()), int(wrong.sum()), int(masked.sum()))


def _true_shank(truth: RenderedTruth, side: Side) -> FloatArray:
    """Knee and ankle of every frame, pixels, ``(n_frames, 2, 2)``."""
    return np.stack([truth.pixel(f"{joint}_{side[0]}") for joint in JOINTS], axis=1)


def _off(drawn: FloatArray, true: FloatArray) -> FloatArray:
    """The farther of knee and ankle, pixels, ``(n_frames,)``; NaN when one is unknown."""
    farther: FloatArray = distance(drawn, true).max(axis=1)
    return farther

"""Which part of a clip shows the runner, running steadily, whole or down to the knees."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import BoolArray, PoseSequence, Side
from formcheck.pose.steady import steady_parts

WHOLE_BODY = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
TO_THE_KNEES = ("shoulder", "hip", "knee")
"""What posture needs, where the feet are out of the picture."""


@dataclass(frozen=True, slots=True)
class TrackParams:
    """When a stretch counts as unbroken; real seconds, share of the picture's size.

    ``min_whole_share``: of the frames with somebody, for the feet to count as in the picture.
    """

    max_gap_s: float = 0.40
    border_share: float = 0.01
    min_whole_share: float = 0.30


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a clip shows somebody, and the longest stretch that shows enough of them.

    ``found_share`` of the frames have a pose, ``shown_share`` have it in the picture: with feet,
    or, when these are hardly ever seen (``feet_shown`` False), down to the knees. ``start_s`` and
    ``stop_s`` bound the stretch on the file's own timeline; in it ``lost_share`` of the frames
    have no pose.
    """

    found_share: float
    shown_share: float
    feet_shown: bool
    start_s: float
    stop_s: float
    lost_share: float


def found_frames(pose: PoseSequence) -> BoolArray:
    """Frames with a pose, ``(n_frames,)``."""
    found: BoolArray = np.isfinite(pose.xy_px[:, 0, 0])
    return found


def frames_showing(pose: PoseSequence, parts: tuple[str, ...], border_share: float) -> BoolArray:
    """Frames in which these parts of both sides lie inside the picture."""
    wanted = [pose.index(f"{side}_{part}") for side in Side for part in parts]
    size = np.array([pose.video.width_px, pose.video.height_px])
    margin = border_share * size
    points = pose.xy_px[:, wanted]
    inside = (points > margin) & (points < size - margin)
    shown: BoolArray = np.all(inside, axis=(1, 2))
    return shown


def longest_stretch(
    pose: PoseSequence, time_scale: float, params: TrackParams
) -> tuple[PoseSequence, Coverage]:
    """Return the pose with everything outside the longest steady stretch of the runner hidden.

    ``time_scale`` is file seconds per real second. Short breaks (a foot that leaves the picture
    for a moment) do not end a stretch; a cut, and strides at another rate, do.
    """
    found = found_frames(pose)
    shown = frames_showing(pose, WHOLE_BODY, params.border_share)
    feet_shown = bool(shown.sum() >= params.min_whole_share * found.sum())
    if not feet_shown:
        shown = frames_showing(pose, TO_THE_KNEES, params.border_share)
    part = steady_parts(pose, params.max_gap_s * time_scale)
    seen = np.flatnonzero(shown & (part >= 0))
    if len(seen) == 0:
        share = float(shown.mean())
        return pose, Coverage(float(found.mean()), share, feet_shown, 0.0, 0.0, 0.0)
    breaks = np.diff(pose.time_s[seen]) > params.max_gap_s * time_scale
    breaks |= np.diff(part[seen]) != 0
    stretches = np.split(seen, np.flatnonzero(breaks) + 1)
    best = max(stretches, key=lambda frames: pose.time_s[frames[-1]] - pose.time_s[frames[0]])
    first, last = int(best[0]), int(best[-1])
    xy = np.array(pose.xy_px)
    xy[:first], xy[last + 1 :] = np.nan, np.nan
    coverage = Coverage(
        float(found.mean()),
        float(shown.mean()),
        feet_shown,
        float(pose.time_s[first]),
        float(pose.time_s[last]),
        1.0 - float(found[first : last + 1].mean()),
    )
    return replace(pose, xy_px=xy), coverage

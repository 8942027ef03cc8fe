"""Which part of a clip shows the whole runner, running steadily."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import BoolArray, PoseSequence, Side
from formcheck.pose.steady import steady_parts

WHOLE_BODY = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")


@dataclass(frozen=True, slots=True)
class TrackParams:
    """When a stretch counts as unbroken; real seconds, share of the picture's size."""

    max_gap_s: float = 0.40
    border_share: float = 0.01


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a clip shows somebody, and the longest stretch showing all of them.

    ``found_share`` of the frames have a pose, ``whole_share`` have it wholly in the picture with
    feet; ``start_s`` and ``stop_s`` bound the stretch on the file's own timeline.
    """

    found_share: float
    whole_share: float
    start_s: float
    stop_s: float


def found_frames(pose: PoseSequence) -> BoolArray:
    """Frames with a pose, ``(n_frames,)``."""
    found: BoolArray = np.isfinite(pose.xy_px[:, 0, 0])
    return found


def whole_frames(pose: PoseSequence, border_share: float) -> BoolArray:
    """Frames whose shoulders, hips and legs, feet included, lie inside the picture."""
    wanted = [pose.index(f"{side}_{part}") for side in Side for part in WHOLE_BODY]
    size = np.array([pose.video.width_px, pose.video.height_px])
    margin = border_share * size
    points = pose.xy_px[:, wanted]
    inside = (points > margin) & (points < size - margin)
    whole: BoolArray = np.all(inside, axis=(1, 2))
    return whole


def longest_whole_stretch(
    pose: PoseSequence, time_scale: float, params: TrackParams
) -> tuple[PoseSequence, Coverage]:
    """Return the pose with everything outside the longest steady whole-body stretch hidden.

    ``time_scale`` is file seconds per real second. Short breaks (a foot that leaves the picture
    for a moment) do not end a stretch; a cut, and strides at another rate, do.
    """
    found, whole = found_frames(pose), whole_frames(pose, params.border_share)
    part = steady_parts(pose, params.max_gap_s * time_scale)
    seen = np.flatnonzero(whole & (part >= 0))
    if len(seen) == 0:
        return pose, Coverage(float(found.mean()), float(whole.mean()), 0.0, 0.0)
    breaks = np.diff(pose.time_s[seen]) > params.max_gap_s * time_scale
    breaks |= np.diff(part[seen]) != 0
    stretches = np.split(seen, np.flatnonzero(breaks) + 1)
    best = max(stretches, key=lambda frames: pose.time_s[frames[-1]] - pose.time_s[frames[0]])
    first, last = int(best[0]), int(best[-1])
    xy = np.array(pose.xy_px)
    xy[:first], xy[last + 1 :] = np.nan, np.nan
    coverage = Coverage(
        float(found.mean()),
        float(whole.mean()),
        float(pose.time_s[first]),
        float(pose.time_s[last]),
    )
    return replace(pose, xy_px=xy), coverage

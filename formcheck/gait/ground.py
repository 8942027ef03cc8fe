"""What the stance foot tells about the ground: its tilt in the picture and a flat foot's angle."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from formcheck.domain import FloatArray, GaitEvents, Motion, Side, Stride
from formcheck.gait.angles import foot_pitch_deg

MIN_STANCES = 3
MAX_ROLL_DEG = 12.0
"""A steeper stance path is not a tilted phone but a foot that was not followed."""


def ground_roll_deg(motion: Motion, strides: Iterable[Stride], side: Side) -> float | None:
    """Tilt of the ground line in the motion's frame, degrees; positive: rises forward.

    The forefoot rests on the ground between 25 and 60 % of stance, so its path is the ground line
    (biomechanics 1.5). Median over stances; None with fewer than three or an impossible tilt.
    """
    slopes = [
        slope
        for stride in strides
        if stride.side is side and np.isfinite(slope := _path_slope_deg(motion, stride))
    ]
    if len(slopes) < MIN_STANCES:
        return None
    roll = float(np.median(slopes))
    return roll if abs(roll) <= MAX_ROLL_DEG else None


def _path_slope_deg(motion: Motion, stride: Stride) -> float:
    """Slope of the forefoot's path in mid-stance; NaN when it is not seen."""
    start = stride.initial_contact_s + 0.25 * stride.stance_time_s
    stop = stride.initial_contact_s + 0.60 * stride.stance_time_s
    inside = (motion.time_s >= start) & (motion.time_s <= stop)
    path = motion.track(f"{stride.side}_foot_index")[inside]
    path = path[np.isfinite(path[:, 0])]
    if len(path) < 3 or np.ptp(path[:, 0]) == 0:
        return float("nan")
    return float(np.degrees(np.arctan(np.polyfit(path[:, 0], path[:, 1], 1)[0])))


def flat_foot_deg(
    motion: Motion, events: GaitEvents, side: Side, norm_speed_mps: float | None
) -> float:
    """Angle the heel-toe line shows when the foot is flat, degrees; NaN when never seen.

    The foot in mid-stance, under the hip, is flat but for a slight tip toe-down that grows with
    speed: 0.58 v - 0.6 degrees, 1.4 when the speed is unknown (biomechanics 4.3).
    """
    pitch: FloatArray = np.interp(
        events.mid_stance_s[side], motion.time_s, foot_pitch_deg(motion, side)
    )
    seen = pitch[np.isfinite(pitch)]
    if len(seen) < MIN_STANCES:
        return float("nan")
    tip = 1.4 if norm_speed_mps is None else 0.58 * norm_speed_mps - 0.6
    return float(np.median(seen)) + tip

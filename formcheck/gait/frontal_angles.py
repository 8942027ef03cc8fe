"""Angles over time as seen from behind: ``x`` is the runner's right (biomechanics 4.10).

Every function returns ``(n_samples,)`` on the motion's grid, NaN where a point is unknown.
"""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Motion, Side
from formcheck.geometry import hanging_angle_deg, slope_deg, standing_angle_deg


def outward(side: Side) -> float:
    """1 where the runner's right is their own side, else -1."""
    return 1.0 if side is Side.RIGHT else -1.0


def pelvis_tilt_deg(motion: Motion) -> FloatArray:
    """Line between the hips from horizontal; positive: the right hip is higher."""
    return slope_deg(motion.track("left_hip"), motion.track("right_hip"))


def trunk_side_lean_deg(motion: Motion) -> FloatArray:
    """Mid-hip to mid-shoulder from vertical; positive: to the runner's right."""
    return standing_angle_deg(motion.midpoint("hip"), motion.midpoint("shoulder"))


def thigh_adduction_deg(motion: Motion, side: Side) -> FloatArray:
    """Hip to knee from straight down; positive: knee towards the midline."""
    from_down = hanging_angle_deg(motion.track(f"{side}_hip"), motion.track(f"{side}_knee"))
    adduction: FloatArray = -outward(side) * from_down
    return adduction


def gap_ll(motion: Motion, part: str) -> FloatArray:
    """How far the right part is to the right of the left one, leg lengths; negative: crossed."""
    gap: FloatArray = (motion.track(f"right_{part}") - motion.track(f"left_{part}"))[:, 0]
    return gap


def heel_to_midline_ll(motion: Motion, side: Side) -> FloatArray:
    """How far the heel is on its own side of mid-hip, leg lengths; negative: crossed over."""
    heel, hip = motion.track(f"{side}_heel"), motion.midpoint("hip")
    own_side: FloatArray = outward(side) * (heel - hip)[:, 0]
    return own_side


def level_pelvis_deg(motion: Motion, flight_s: FloatArray) -> float:
    """Tilt of the pelvis when neither foot carries, degrees; NaN with fewer than two flights.

    It takes out a tilted camera and hips that the model draws unevenly. Flights come in turns after
    the left and after the right foot: their means in pairs treat both alike.
    """
    tilt = np.interp(flight_s, motion.time_s, pelvis_tilt_deg(motion))
    tilt = tilt[np.isfinite(tilt)]
    return float(np.median(0.5 * (tilt[:-1] + tilt[1:]))) if len(tilt) > 1 else float("nan")

"""Joint and segment angles over time, in the conventions of biomechanics 1.2.

Every function returns ``(n_samples,)`` degrees on the motion's grid, NaN where a point is unknown.
"""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Motion, Side
from formcheck.geometry import (
    distance,
    flexion_deg,
    hanging_angle_deg,
    slope_deg,
    standing_angle_deg,
    unwrap_deg,
)

FORESHORTENED = 0.85
"""Share of its usual length below which a forearm is taken to be turned out of the picture: on
rendered clips, whose forearms stay in it, lengths scatter less, and nothing changes."""
USUAL_PERCENTILE = 90


def trunk_lean_deg(motion: Motion) -> FloatArray:
    """Mid-shoulder over mid-hip from vertical; positive: forward."""
    return standing_angle_deg(motion.midpoint("hip"), motion.midpoint("shoulder"))


def head_pitch_deg(motion: Motion, side: Side) -> FloatArray:
    """Ear to outer eye of one side from horizontal; positive: eye higher."""
    return slope_deg(motion.track(f"{side}_ear"), motion.track(f"{side}_eye_outer"))


def elbow_flexion_deg(motion: Motion, side: Side) -> FloatArray:
    """Elbow flexion; 0 straight, 90 a right angle.

    Read in the picture, but where the forearm looks shorter than ``FORESHORTENED`` of its usual
    length. There it points towards or away from the camera and a bent arm looks straight: the
    inner angle's cosine is then less by the share of the length that is seen (an upper arm in the
    picture's plane).
    """
    shoulder, elbow, wrist = (
        motion.track(f"{side}_{part}") for part in ("shoulder", "elbow", "wrist")
    )
    seen = flexion_deg(shoulder, elbow, wrist)
    forearm = distance(elbow, wrist)
    if not np.isfinite(forearm).any():
        return seen
    usual = float(np.nanpercentile(forearm, USUAL_PERCENTILE))
    share = np.minimum(1.0, forearm / (FORESHORTENED * usual))
    turned: FloatArray = np.degrees(np.arccos(np.cos(np.radians(seen)) * share))
    return turned


def upper_arm_angle_deg(motion: Motion, side: Side) -> FloatArray:
    """Shoulder to elbow from straight down; positive: elbow in front. Unwrapped over time."""
    return unwrap_deg(
        hanging_angle_deg(motion.track(f"{side}_shoulder"), motion.track(f"{side}_elbow"))
    )


def thigh_angle_deg(motion: Motion, side: Side) -> FloatArray:
    """Hip to knee from straight down; positive: knee in front."""
    return hanging_angle_deg(motion.track(f"{side}_hip"), motion.track(f"{side}_knee"))


def shank_angle_deg(motion: Motion, side: Side) -> FloatArray:
    """Knee to ankle from straight down; positive: ankle in front. Unwrapped over time."""
    return unwrap_deg(
        hanging_angle_deg(motion.track(f"{side}_knee"), motion.track(f"{side}_ankle"))
    )


def knee_flexion_deg(motion: Motion, side: Side) -> FloatArray:
    """Thigh minus shank; 0 straight, positive bent."""
    flexion: FloatArray = thigh_angle_deg(motion, side) - shank_angle_deg(motion, side)
    return flexion


def ankle_dorsiflexion_deg(motion: Motion, side: Side, foot_flat_deg: float) -> FloatArray:
    """Foot minus shank; 0 with a flat foot under a vertical shank, positive: toes to the shin.

    ``foot_flat_deg`` is what the heel-toe line shows when the foot is flat.
    """
    foot = foot_pitch_deg(motion, side) - foot_flat_deg
    dorsiflexion: FloatArray = foot - shank_angle_deg(motion, side)
    return dorsiflexion


def foot_pitch_deg(motion: Motion, side: Side) -> FloatArray:
    """Heel to toe tip from horizontal; positive: toes up. Unwrapped over time.

    The landmarks' own zero is not a flat foot: subtract ``Gait.foot_flat_deg``.
    """
    return unwrap_deg(slope_deg(motion.track(f"{side}_heel"), motion.track(f"{side}_foot_index")))

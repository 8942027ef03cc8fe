"""Arms: how far the elbows are bent and how far the arms swing."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait, Motion, Side
from formcheck.gait.angles import elbow_flexion_deg as flexion_over_time
from formcheck.gait.angles import trunk_lean_deg as lean_over_time
from formcheck.gait.angles import upper_arm_angle_deg
from formcheck.metrics.registry import NOT_NEGATIVE, Reading, Topic, metric, over_own_stride

ELBOW = Reading(parts=("elbow", "wrist"))
RIGHT_ANGLE_DEG = 90.0
BENT = (0.0, 180.0)
"""Straight to folded."""


@metric(
    "Elbow flexion",
    unit="deg",
    topic=Topic.ARMS,
    reading=ELBOW,
    sources=("yegian2019",),
    limits=BENT,
)
def elbow_flexion_deg(gait: Gait) -> FloatArray:
    """Mean elbow flexion over a stride; 0 straight, 90 a right angle."""
    return over_own_stride(gait, flexion_over_time, lambda flexion: float(flexion.mean()))


@metric(
    "Elbow from a right angle",
    unit="deg",
    topic=Topic.ARMS,
    reading=ELBOW,
    sources=("article", "yegian2019"),
    limits=(0.0, 90.0),
)
def elbow_from_right_angle_deg(gait: Gait) -> FloatArray:
    """How far the mean elbow flexion of a stride is from a right angle, to either side."""
    return np.abs(elbow_flexion_deg(gait) - RIGHT_ANGLE_DEG)


@metric(
    "Least elbow flexion",
    unit="deg",
    topic=Topic.ARMS,
    reading=ELBOW,
    sources=("yegian2019",),
    limits=BENT,
)
def elbow_flexion_min_deg(gait: Gait) -> FloatArray:
    """Smallest elbow flexion within a stride; 0 straight."""
    return over_own_stride(gait, flexion_over_time, lambda flexion: float(flexion.min()))


@metric(
    "Greatest elbow flexion",
    unit="deg",
    topic=Topic.ARMS,
    reading=ELBOW,
    sources=("yegian2019",),
    limits=BENT,
)
def elbow_flexion_max_deg(gait: Gait) -> FloatArray:
    """Largest elbow flexion within a stride; 0 straight."""
    return over_own_stride(gait, flexion_over_time, lambda flexion: float(flexion.max()))


@metric(
    "Arm swing",
    unit="deg",
    topic=Topic.ARMS,
    reading=Reading(parts=("shoulder", "elbow")),
    sources=("arellano2014",),
    limits=NOT_NEGATIVE,
)
def arm_swing_deg(gait: Gait) -> FloatArray:
    """Range of the upper arm's angle to the trunk within a stride."""
    return over_own_stride(gait, _arm_to_trunk_deg, _range)


@metric(
    "Wrist travel",
    unit="leg lengths",
    topic=Topic.ARMS,
    reading=Reading(parts=("shoulder", "wrist")),
    sources=("arellano2014",),
    limits=NOT_NEGATIVE,
)
def wrist_travel_leg_lengths(gait: Gait) -> FloatArray:
    """How far the wrist goes forward and back of its own shoulder within a stride."""
    return over_own_stride(gait, _wrist_ahead_ll, _range)


def _arm_to_trunk_deg(motion: Motion, side: Side) -> FloatArray:
    """Upper arm from the trunk line downward; positive: elbow in front, ``(n_samples,)``."""
    return np.asarray(upper_arm_angle_deg(motion, side) + lean_over_time(motion))


def _wrist_ahead_ll(motion: Motion, side: Side) -> FloatArray:
    """Wrist ahead of the shoulder, ``(n_samples,)``."""
    return motion.track(f"{side}_wrist")[:, 0] - motion.track(f"{side}_shoulder")[:, 0]


def _range(values: FloatArray) -> float:
    return float(np.ptp(values))

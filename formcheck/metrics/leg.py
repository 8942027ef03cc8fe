"""Where the foot lands: ahead of the hip, under a tilted shank, and compared with others."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait, Motion, Side, Stride
from formcheck.gait.angles import shank_angle_deg as shank_over_time
from formcheck.gait.frame import at_rate
from formcheck.metrics.norms import norms
from formcheck.metrics.registry import Instant, Reading, Topic, at_moment, metric, per_stride
from formcheck.metrics.uncertainty import uncertainties


@metric(
    "Shank angle at contact",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.INITIAL_CONTACT, ("knee", "ankle")),
    sources=("souza2016", "lieberman2015"),
)
def shank_angle_deg(gait: Gait) -> FloatArray:
    """Knee-to-ankle line from vertical at initial contact; positive: ankle ahead of the knee."""
    shank = {side: shank_over_time(gait.motion, side) for side in Side}
    return at_moment(gait, shank, _initial_contact)


@metric(
    "Ankle ahead of hip at contact",
    unit="leg lengths",
    topic=Topic.LEGS,
    reading=Reading(Instant.INITIAL_CONTACT, ("ankle",)),
    sources=("lieberman2015", "heiderscheit2011"),
)
def ankle_ahead_of_hip_leg_lengths(gait: Gait) -> FloatArray:
    """Horizontal distance from the hip to the ankle of the landing leg at initial contact."""
    ahead = {side: ahead_of_hip_ll(gait.motion, side, "ankle") for side in Side}
    return at_moment(gait, ahead, _initial_contact)


@metric(
    "Heel ahead of hip at contact",
    unit="cm",
    topic=Topic.LEGS,
    reading=Reading(Instant.INITIAL_CONTACT, ("hip", "heel")),
    sources=("lieberman2015", "fukuchi2017"),
)
def heel_ahead_of_hip_cm(gait: Gait) -> FloatArray:
    """How far ahead of the hip the heel of the landing leg comes down; negative: behind it."""
    leg_m = gait.scale.leg_length_m
    if leg_m is None:
        return np.full(len(gait.strides), np.nan)
    ahead = {side: ahead_of_hip_ll(gait.motion, side, "heel") for side in Side}
    centimetres: FloatArray = 100 * leg_m * at_moment(gait, ahead, _initial_contact)
    return centimetres


@metric(
    "Overstride",
    unit="SD of similar runners",
    topic=Topic.COMPARISON,
    reading=Reading(Instant.INITIAL_CONTACT, ("knee", "ankle")),
    sources=("souza2016", "heiderscheit2011", "fukuchi2017"),
)
def overstride_z(gait: Gait) -> FloatArray:
    """How far ahead, how tilted and how seldom the foot lands: the middle of three z-scores.

    Ankle ahead of hip, shank angle and (low) cadence, each against similar runners at this speed.
    The middle one is above 1 exactly when at least two are: one sign alone is no overstride.
    """
    speed = gait.scale.norm_speed_mps
    if speed is None:
        return np.full(len(gait.strides), np.nan)
    cadence = per_stride(gait, lambda stride: 120.0 / stride.stride_time_s)
    scores = np.stack(
        [
            _z(gait, "ankle_ahead_of_hip_leg_lengths", ankle_ahead_of_hip_leg_lengths(gait), speed),
            _z(gait, "shank_angle_deg", shank_angle_deg(gait), speed),
            -_z(gait, "cadence_spm", cadence, speed),
        ]
    )
    middle: FloatArray = np.median(scores, axis=0)
    return middle


def ahead_of_hip_ll(motion: Motion, side: Side, part: str) -> FloatArray:
    """A part of a leg ahead of its own hip, ``(n_samples,)``."""
    return motion.track(f"{side}_{part}")[:, 0] - motion.track(f"{side}_hip")[:, 0]


def _initial_contact(stride: Stride) -> float:
    return stride.initial_contact_s


def _z(gait: Gait, metric: str, values: FloatArray, speed_mps: float) -> FloatArray:
    """Values, their bias taken out, as standard deviations above similar runners."""
    bias = at_rate(uncertainties()[metric].bias, gait.frame_rate_hz)
    return norms()[metric].z(values - bias, speed_mps)

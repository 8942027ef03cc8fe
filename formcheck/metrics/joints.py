"""Knee, thigh and ankle through the stride.

Angles between two segments (knee, ankle) and those from the vertical (thigh) as the camera sees
them: hip, knee and ankle landmarks, not the joint axes of a laboratory, whose knee angles run 3 to
8 degrees lower (biomechanics 4.1).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.domain import FloatArray, Gait, Side, Stride
from formcheck.gait.angles import (
    ankle_dorsiflexion_deg,
    knee_flexion_deg,
    thigh_angle_deg,
    trunk_lean_deg,
)
from formcheck.geometry import highest
from formcheck.metrics.registry import (
    NOT_NEGATIVE,
    Instant,
    Reading,
    Topic,
    at_moment,
    metric,
    per_stride,
)

LEG = ("hip", "knee", "ankle")


@metric(
    "Knee flexion at contact",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.INITIAL_CONTACT, LEG),
    sources=("fukuchi2017", "souza2016"),
)
def knee_at_contact_deg(gait: Gait) -> FloatArray:
    """Knee flexion at initial contact; 0 straight, positive: bent."""
    return at_moment(gait, _knees(gait), lambda stride: stride.initial_contact_s)


@metric(
    "Peak knee flexion in stance",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.STANCE, LEG),
    sources=("fukuchi2017", "heiderscheit2011"),
)
def knee_peak_stance_deg(gait: Gait) -> FloatArray:
    """Largest knee flexion between initial contact and toe-off."""
    return _highest(gait, _knees(gait), _stance)


@metric(
    "Knee excursion in stance",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.STANCE, LEG),
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def knee_excursion_deg(gait: Gait) -> FloatArray:
    """How far the knee gives way: peak flexion in stance less flexion at initial contact."""
    excursion: FloatArray = knee_peak_stance_deg(gait) - knee_at_contact_deg(gait)
    return excursion


@metric(
    "Peak knee flexion in swing",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.SWING, LEG),
    sources=("fukuchi2017",),
)
def knee_peak_swing_deg(gait: Gait) -> FloatArray:
    """Largest knee flexion between toe-off and the next initial contact."""
    return _highest(gait, _knees(gait), _swing)


@metric(
    "Thigh angle at toe-off",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.TOE_OFF, ("hip", "knee")),
    sources=("fukuchi2017",),
)
def thigh_at_toe_off_deg(gait: Gait) -> FloatArray:
    """Hip-to-knee line from vertical at toe-off; negative: knee behind the hip."""
    return at_moment(gait, _thighs(gait), lambda stride: stride.toe_off_s)


@metric(
    "Most extended thigh",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.STRIDE, ("hip", "knee")),
    sources=("fukuchi2017",),
)
def thigh_most_extended_deg(gait: Gait) -> FloatArray:
    """Hip-to-knee line from vertical when the knee is farthest behind; negative: behind."""
    backward = {side: -angle for side, angle in _thighs(gait).items()}
    extended: FloatArray = -_highest(gait, backward, _stride)
    return extended


@metric(
    "Most flexed thigh",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.SWING, ("hip", "knee")),
    sources=("fukuchi2017",),
)
def thigh_most_flexed_deg(gait: Gait) -> FloatArray:
    """Hip-to-knee line from vertical when the swinging knee is farthest ahead; positive: ahead."""
    return _highest(gait, _thighs(gait), _swing)


@metric(
    "Peak ankle dorsiflexion in stance",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.STANCE, ("knee", "ankle", "heel", "foot_index")),
    sources=("fukuchi2017",),
)
def ankle_dorsiflexion_peak_deg(gait: Gait) -> FloatArray:
    """Largest foot-to-shank angle in stance; 0: flat foot under a vertical shank."""
    return _highest(gait, _ankles(gait), _stance)


@metric(
    "Ankle at toe-off",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.TOE_OFF, ("knee", "ankle", "heel", "foot_index")),
    sources=("fukuchi2017",),
)
def ankle_at_toe_off_deg(gait: Gait) -> FloatArray:
    """Foot-to-shank angle at toe-off; negative: plantarflexed, positive: dorsiflexed."""
    return at_moment(gait, _ankles(gait), lambda stride: stride.toe_off_s)


@metric(
    "Late-stance extension (proxy for hip, pelvis and lower back)",
    unit="deg",
    topic=Topic.LEGS,
    reading=Reading(Instant.TOE_OFF, ("shoulder", "hip", "knee")),
    sources=("fukuchi2017", "levine2007"),
)
def late_stance_extension_deg(gait: Gait) -> FloatArray:
    """Thigh behind the trunk line at toe-off: a proxy, hip, pelvis and lumbar spine together."""
    trunk = trunk_lean_deg(gait.motion)
    behind = {side: -thigh - trunk for side, thigh in _thighs(gait).items()}
    return at_moment(gait, behind, lambda stride: stride.toe_off_s)


def _knees(gait: Gait) -> dict[Side, FloatArray]:
    return {side: knee_flexion_deg(gait.motion, side) for side in Side}


def _thighs(gait: Gait) -> dict[Side, FloatArray]:
    return {side: thigh_angle_deg(gait.motion, side) for side in Side}


def _ankles(gait: Gait) -> dict[Side, FloatArray]:
    flat = gait.foot_flat_deg
    return {side: ankle_dorsiflexion_deg(gait.motion, side, flat[side]) for side in Side}


Span = Callable[[Stride], tuple[float, float]]


def _highest(gait: Gait, values: dict[Side, FloatArray], span: Span) -> FloatArray:
    """Highest value within a part of every stride; NaN where the part is not known."""
    time_s = gait.motion.time_s

    def top(stride: Stride) -> float:
        start, stop = span(stride)
        if not np.isfinite(stop - start):
            return float("nan")
        return highest(time_s, values[stride.side], start, stop)

    return per_stride(gait, top)


def _stance(stride: Stride) -> tuple[float, float]:
    return stride.initial_contact_s, stride.toe_off_s


def _swing(stride: Stride) -> tuple[float, float]:
    return stride.toe_off_s, stride.next_initial_contact_s


def _stride(stride: Stride) -> tuple[float, float]:
    return stride.start_s, stride.stop_s

"""Rhythm, times and lengths: cadence, stride, step, contact, flight, duty factor."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait
from formcheck.gait.scale import LEG_TO_HEIGHT
from formcheck.metrics.registry import NOT_NEGATIVE, SHARE, Reading, Topic, metric, per_stride


@metric(
    "Cadence",
    unit="steps/min",
    topic=Topic.RHYTHM,
    reading=Reading(whole_body=True, rate=True),
    sources=("fukuchi2017", "vanoeveren2017"),
    limits=NOT_NEGATIVE,
)
def cadence_spm(gait: Gait) -> FloatArray:
    """Steps per minute of both feet together: 120 over the stride time."""
    return per_stride(gait, lambda stride: 120.0 / stride.stride_time_s)


@metric(
    "Stride time",
    unit="s",
    topic=Topic.RHYTHM,
    reading=Reading(),
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def stride_time_s(gait: Gait) -> FloatArray:
    """Time from initial contact to the next initial contact of the same foot."""
    return per_stride(gait, lambda stride: stride.stride_time_s)


@metric(
    "Step time",
    unit="s",
    topic=Topic.CONTACT,
    reading=Reading(),
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def step_time_s(gait: Gait) -> FloatArray:
    """Time from the other foot's initial contact to this foot's next."""
    return per_stride(gait, lambda stride: stride.next_initial_contact_s - stride.other_contact_s)


@metric(
    "Contact time",
    unit="s",
    topic=Topic.CONTACT,
    reading=Reading(),
    sources=("fukuchi2017", "young2023"),
    limits=NOT_NEGATIVE,
)
def contact_time_s(gait: Gait) -> FloatArray:
    """Time a foot is on the ground: initial contact to toe-off of the same foot."""
    return per_stride(gait, lambda stride: stride.stance_time_s)


@metric(
    "Flight time",
    unit="s",
    topic=Topic.CONTACT,
    reading=Reading(),
    sources=("fukuchi2017",),
)
def flight_time_s(gait: Gait) -> FloatArray:
    """Time with no foot on the ground: toe-off to initial contact of the other foot."""
    return per_stride(gait, lambda stride: stride.other_contact_s - stride.toe_off_s)


@metric(
    "Duty factor",
    unit="",
    topic=Topic.FEET,
    reading=Reading(),
    sources=("fukuchi2017",),
    limits=SHARE,
)
def duty_factor(gait: Gait) -> FloatArray:
    """Contact time over stride time; below 0.5 there is a flight phase."""
    return per_stride(gait, lambda stride: stride.stance_time_s / stride.stride_time_s)


@metric(
    "Stride length",
    unit="m",
    topic=Topic.LENGTH,
    reading=Reading(whole_body=True),
    sources=("fukuchi2017", "willwacher2021"),
    limits=NOT_NEGATIVE,
)
def stride_length_m(gait: Gait) -> FloatArray:
    """Way covered in one stride, two steps: speed times stride time."""
    speed = gait.scale.speed_mps
    if speed is None:
        return np.full(len(gait.strides), np.nan)
    return per_stride(gait, lambda stride: speed * stride.stride_time_s)


@metric(
    "Stride length in leg lengths",
    unit="leg lengths",
    topic=Topic.CONTACT,
    reading=Reading(whole_body=True),
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def stride_length_leg_lengths(gait: Gait) -> FloatArray:
    """Way covered in one stride: speed of the near foot over the ground times stride time."""
    speed = gait.events.runner_speed_ll_s[gait.near_side]
    return per_stride(gait, lambda stride: speed * stride.stride_time_s)


@metric(
    "Stride length in body heights",
    unit="body heights",
    topic=Topic.CONTACT,
    reading=Reading(whole_body=True),
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def stride_length_body_heights(gait: Gait) -> FloatArray:
    """Way covered in one stride, with a leg of 0.527 body heights as most runners have."""
    lengths: FloatArray = LEG_TO_HEIGHT * stride_length_leg_lengths(gait)
    return lengths


@metric(
    "Step length",
    unit="m",
    topic=Topic.LENGTH,
    reading=Reading(),
    sources=("fukuchi2017", "willwacher2021"),
    limits=NOT_NEGATIVE,
)
def step_length_m(gait: Gait) -> FloatArray:
    """Way covered from the other foot's contact to this foot's next: speed times step time."""
    speed = gait.scale.speed_mps
    if speed is None:
        return np.full(len(gait.strides), np.nan)
    lengths: FloatArray = speed * step_time_s(gait)
    return lengths

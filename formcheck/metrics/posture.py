"""Trunk: how far the runner leans, when, and from where."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.domain import FloatArray, Gait, Motion, Side
from formcheck.gait.angles import trunk_lean_deg as lean_over_time
from formcheck.geometry import standing_angle_deg
from formcheck.metrics.registry import (
    NOT_NEGATIVE,
    Instant,
    Reading,
    Topic,
    at_instant,
    metric,
    over_stride,
    per_stride,
)

TRUNK = ("shoulder", "hip")


@metric(
    "Trunk lean",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(parts=TRUNK, whole_body=True),
    sources=("teng2015", "warrener2021"),
)
def trunk_lean_deg(gait: Gait) -> FloatArray:
    """Mean angle of mid-hip to mid-shoulder from vertical over a stride; positive: forward."""
    return over_stride(gait, lean_over_time(gait.motion), lambda lean: float(lean.mean()))


@metric(
    "Trunk lean at contact",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(Instant.INITIAL_CONTACT, TRUNK, whole_body=True),
    sources=("teng2015",),
)
def trunk_lean_contact_deg(gait: Gait) -> FloatArray:
    """Angle of mid-hip to mid-shoulder from vertical at initial contact; positive: forward."""
    return at_instant(gait, lean_over_time(gait.motion), lambda stride: stride.initial_contact_s)


@metric(
    "Trunk lean at mid-stance",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(Instant.MID_STANCE, TRUNK, whole_body=True),
    sources=("teng2015",),
)
def trunk_lean_mid_stance_deg(gait: Gait) -> FloatArray:
    """Angle of mid-hip to mid-shoulder from vertical at mid-stance; positive: forward."""
    return at_instant(gait, lean_over_time(gait.motion), lambda stride: stride.mid_stance_s)


@metric(
    "Trunk lean at toe-off",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(Instant.TOE_OFF, TRUNK, whole_body=True),
    sources=("teng2015",),
)
def trunk_lean_toe_off_deg(gait: Gait) -> FloatArray:
    """Angle of mid-hip to mid-shoulder from vertical at toe-off; positive: forward."""
    return at_instant(gait, lean_over_time(gait.motion), lambda stride: stride.toe_off_s)


@metric(
    "Trunk movement",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(parts=TRUNK, whole_body=True),
    sources=("hart2009",),
    limits=NOT_NEGATIVE,
)
def trunk_range_deg(gait: Gait) -> FloatArray:
    """Largest less smallest trunk lean within a stride."""
    return over_stride(gait, lean_over_time(gait.motion), lambda lean: float(np.ptp(lean)))


@metric(
    "Lean from the ankle",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(Instant.MID_STANCE, ("shoulder", "ankle"), whole_body=True),
    sources=("teng2015",),
)
def lean_from_ankle_deg(gait: Gait) -> FloatArray:
    """Angle of stance ankle to mid-shoulder from vertical at mid-stance; positive: forward."""
    return _at_own_mid_stance(gait, _whole_body_lean_deg)


@metric(
    "Bend at the waist",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(Instant.MID_STANCE, (*TRUNK, "ankle"), whole_body=True),
    sources=("teng2015",),
)
def waist_bend_deg(gait: Gait) -> FloatArray:
    """Trunk lean less lean from the ankle, both at mid-stance; positive: bent forward."""
    return _at_own_mid_stance(
        gait,
        lambda motion, side: np.asarray(
            lean_over_time(motion) - _whole_body_lean_deg(motion, side)
        ),
    )


def _at_own_mid_stance(gait: Gait, values: Callable[[Motion, Side], FloatArray]) -> FloatArray:
    """A side's signal at the mid-stances of that side, ``(n_strides,)``."""
    time_s = gait.motion.time_s
    signal = {side: values(gait.motion, side) for side in Side}
    return per_stride(
        gait, lambda stride: float(np.interp(stride.mid_stance_s, time_s, signal[stride.side]))
    )


def _whole_body_lean_deg(motion: Motion, side: Side) -> FloatArray:
    """One ankle to mid-shoulder from vertical; positive: forward, ``(n_samples,)``."""
    return standing_angle_deg(motion.track(f"{side}_ankle"), motion.midpoint("shoulder"))

"""What is read from behind: pelvis, feet, knees and trunk across the running direction.

All are 2-D readings of a level camera (biomechanics 4.10). Mid-stance is when the hips are lowest.
The rotation of the foot in swing (heel whip) is left out: seen from behind the raised foot hides
its own toe, and the pose model draws it anywhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.domain import FloatArray, Gait, Side, Stride, interpolate
from formcheck.gait.frontal_angles import (
    gap_ll,
    heel_to_midline_ll,
    level_pelvis_deg,
    outward,
    pelvis_tilt_deg,
)
from formcheck.gait.frontal_angles import (
    thigh_adduction_deg as adduction_over_time,
)
from formcheck.gait.frontal_angles import (
    trunk_side_lean_deg as side_lean_over_time,
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
    stride_samples,
)


@metric(
    "Pelvic drop",
    unit="deg",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("hip",)),
    sources=("fukuchi2017", "bramah2018"),
)
def pelvic_drop_deg(gait: Gait) -> FloatArray:
    """Line between the hips at mid-stance against its level in flight; positive: swing side low."""
    return at_moment(gait, _drops(gait), _mid_stance)


@metric(
    "Largest pelvic drop in stance",
    unit="deg",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("hip",)),
    sources=("fukuchi2017", "bramah2018"),
)
def pelvic_drop_peak_deg(gait: Gait) -> FloatArray:
    """Largest pelvic drop from initial contact to as long after mid-stance; positive: drops."""
    drops, time_s = _drops(gait), gait.motion.time_s

    def peak(stride: Stride) -> float:
        stop = 2 * stride.mid_stance_s - stride.initial_contact_s
        return highest(time_s, drops[stride.side], stride.initial_contact_s, stop)

    return per_stride(gait, peak)


@metric(
    "Step width",
    unit="cm",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("heel",), whole_body=True),
    sources=("fukuchi2017", "drozda2024"),
)
def step_width_cm(gait: Gait) -> FloatArray:
    """Lateral distance between the heels of successive mid-stances; negative: crossed over."""
    leg_m = gait.scale.leg_length_m
    if leg_m is None:
        return np.full(len(gait.strides), np.nan)
    width: FloatArray = 100 * leg_m * step_width_leg_lengths(gait)
    return width


@metric(
    "Step width, by leg length",
    unit="leg lengths",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("heel",), whole_body=True),
    sources=("fukuchi2017", "drozda2024"),
)
def step_width_leg_lengths(gait: Gait) -> FloatArray:
    """Lateral distance between the heels of successive mid-stances; negative: crossed over."""
    motion, middle = gait.motion, gait.events.mid_stance_s
    places = {side: motion.at(f"{side}_heel", middle[side])[:, 0] for side in Side}

    def width(stride: Stride) -> float:
        other = stride.side.other
        # Between the other foot's steps before and after: drifting to one side cancels.
        beside = interpolate(np.array([stride.mid_stance_s]), middle[other], places[other])[0]
        own = motion.at(f"{stride.side}_heel", np.array([stride.mid_stance_s]))[0, 0]
        return float(outward(stride.side) * (own - beside))

    return per_stride(gait, width)


@metric(
    "Foot to midline",
    unit="leg lengths",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("hip", "heel")),
    sources=("fukuchi2017",),
)
def foot_to_midline_leg_lengths(gait: Gait) -> FloatArray:
    """Heel beside mid-hip at mid-stance; positive: on its own side, negative: crossed over."""
    places = {side: heel_to_midline_ll(gait.motion, side) for side in Side}
    return at_moment(gait, places, _mid_stance)


@metric(
    "Thigh adduction",
    unit="deg",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("hip", "knee")),
    sources=("fukuchi2017", "souza2016"),
)
def thigh_adduction_deg(gait: Gait) -> FloatArray:
    """Hip-to-knee line from vertical at mid-stance, from behind; positive: knee to the midline."""
    angles = {side: adduction_over_time(gait.motion, side) for side in Side}
    return at_moment(gait, angles, _mid_stance)


@metric(
    "Knee window",
    unit="",
    topic=Topic.FRONTAL,
    reading=Reading(Instant.MID_STANCE, ("hip", "knee")),
    sources=("souza2016",),
)
def knee_window(gait: Gait) -> FloatArray:
    """Gap between the knees over the width of the hips at mid-stance; 0 or less: closed."""
    knees, hips = (
        at_moment(gait, dict.fromkeys(Side, gap_ll(gait.motion, part)), _mid_stance)
        for part in ("knee", "hip")
    )
    window: FloatArray = knees / np.abs(hips)
    return window


@metric(
    "Trunk side lean",
    unit="deg",
    topic=Topic.FRONTAL,
    reading=Reading(parts=("shoulder", "hip"), whole_body=True),
    sources=("souza2016",),
)
def trunk_side_lean_deg(gait: Gait) -> FloatArray:
    """Mean sideways angle of mid-hip to mid-shoulder over a stride; positive: to the right."""
    return _over_strides(gait, side_lean_over_time(gait.motion), np.mean)


@metric(
    "Trunk side to side",
    unit="deg",
    topic=Topic.FRONTAL,
    reading=Reading(parts=("shoulder", "hip"), whole_body=True),
    sources=("souza2016",),
    limits=NOT_NEGATIVE,
)
def trunk_side_range_deg(gait: Gait) -> FloatArray:
    """Range of the sideways angle of the trunk within a stride."""
    return _over_strides(gait, side_lean_over_time(gait.motion), np.ptp)


@metric(
    "Hip sway",
    unit="leg lengths",
    topic=Topic.FRONTAL,
    reading=Reading(parts=("hip",), whole_body=True),
    sources=("drozda2024",),
    limits=NOT_NEGATIVE,
)
def hip_sway_leg_lengths(gait: Gait) -> FloatArray:
    """Range of mid-hip from side to side within a stride."""
    return _over_strides(gait, gait.motion.midpoint("hip")[:, 0], np.ptp)


def _mid_stance(stride: Stride) -> float:
    return stride.mid_stance_s


def _drops(gait: Gait) -> dict[Side, FloatArray]:
    """Pelvic drop over time as stance on each side has it, degrees."""
    tilt = pelvis_tilt_deg(gait.motion)
    tilt = tilt - level_pelvis_deg(gait.motion, _flights_s(gait))
    return {side: outward(side) * tilt for side in Side}


def _flights_s(gait: Gait) -> FloatArray:
    """Middles of flight, taken halfway between mid-stances of one foot and the other, ascending."""
    middle = np.sort(np.concatenate([gait.events.mid_stance_s[side] for side in Side]))
    between: FloatArray = 0.5 * (middle[:-1] + middle[1:])
    return between


def _over_strides(
    gait: Gait, values: FloatArray, of: Callable[[FloatArray], np.floating]
) -> FloatArray:
    """Mean or range of values within every stride."""

    def within(stride: Stride) -> float:
        inside = values[stride_samples(gait, stride)]
        return float(of(inside)) if len(inside) else float("nan")

    return per_stride(gait, within)

"""The bounce: how far the hips rise and fall, and how stiff a spring would bounce the same.

Stiffness follows Morin et al. 2005: the force of a stance is taken as half a sine wave whose size
contact and flight time give. Everything is per kilogram of body mass, so that no mass is needed. It
is an estimate: a contact time wrong by 10 % changes it by 20 to 25 %, and on an incline it does not
hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from formcheck.domain import FloatArray, Gait, Motion, Stride
from formcheck.geometry import distance
from formcheck.metrics.registry import (
    NOT_NEGATIVE,
    Estimate,
    Estimates,
    Reading,
    Topic,
    clip_metric,
    metric,
    per_stride,
    stride_samples,
)
from formcheck.metrics.temporal import contact_time_s, flight_time_s
from formcheck.metrics.usable import usable_values
from formcheck.reasons import reason

GRAVITY = 9.81
MIN_STRIDES = 4
MIN_SAMPLES = 12
"""Hip samples in a stride from which six coefficients can be fitted."""


@metric(
    "Vertical oscillation",
    unit="leg lengths",
    topic=Topic.TRUNK,
    reading=Reading(parts=("shoulder", "hip"), whole_body=True),
    sources=("fukuchi2017", "moore2016"),
    limits=NOT_NEGATIVE,
)
def vertical_oscillation_leg_lengths(gait: Gait) -> FloatArray:
    """How far the hips rise and fall within a step: range of two harmonics of the step.

    Harmonics, not highest less lowest, because jitter only ever adds to the latter (0.4 to 1.9 cm,
    biomechanics 4.7). Left and right steps are averaged: on markers of 16 force-plate trials that
    reads 0.5 cm less than highest less lowest of a stride.
    """
    return _bounces(gait)


@lru_cache(maxsize=1)
def _bounces(gait: Gait) -> FloatArray:
    """The bounce of every stride, ``(n_strides,)``; asked for by several metrics of one gait."""
    height = _hip_height(gait.motion)

    def bounce(stride: Stride) -> float:
        inside = stride_samples(gait, stride)
        time_s, seen = gait.motion.time_s[inside], height[inside]
        known = np.isfinite(seen)
        return _bounce(time_s[known], seen[known], stride.stride_time_s / 2)

    found = per_stride(gait, bounce)
    found.setflags(write=False)
    return found


def _hip_height(motion: Motion) -> FloatArray:
    """Height of the hips below the shoulders of a trunk that keeps its length, ``(n_samples,)``.

    The pose model calms the height of the hips: on rendered clips they rise and fall by 0.80 (SD
    0.15) of the truth, hung from the shoulders by 1.03 (SD 0.07).
    """
    shoulder, hip = motion.midpoint("shoulder"), motion.midpoint("hip")
    lengths = distance(shoulder, hip)
    known = lengths[np.isfinite(lengths)]
    if len(known) == 0:
        return np.full(len(shoulder), np.nan)
    usual = float(np.median(known))
    ahead = np.clip(shoulder[:, 0] - hip[:, 0], -usual, usual)
    height: FloatArray = shoulder[:, 1] - np.sqrt(usual**2 - ahead**2)
    return height


def _bounce(time_s: FloatArray, height: FloatArray, step_s: float) -> float:
    """Range of the two-harmonic curve of one step through some samples; NaN with too few."""
    if len(time_s) < MIN_SAMPLES:
        return float("nan")
    turn = 2 * np.pi * (time_s - time_s.mean()) / step_s
    level = np.stack([np.ones_like(turn), turn], axis=-1)
    share = np.linalg.lstsq(np.concatenate([_waves(turn), level], axis=-1), height, rcond=None)[0]
    return float(np.ptp(_waves(np.linspace(0, 2 * np.pi, 200)) @ share[:4]))


def _waves(turn: FloatArray) -> FloatArray:
    """First and second harmonic, ``(n, 4)``."""
    return np.stack([np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn)], axis=-1)


@metric(
    "Vertical oscillation as a length",
    unit="cm",
    topic=Topic.LENGTH,
    reading=Reading(parts=("shoulder", "hip"), whole_body=True),
    sources=("fukuchi2017", "moore2016"),
    limits=NOT_NEGATIVE,
)
def vertical_oscillation_cm(gait: Gait) -> FloatArray:
    """How far the hips rise and fall within a step, with the scale of belt speed or height."""
    leg_m = gait.scale.leg_length_m
    if leg_m is None:
        return np.full(len(gait.strides), np.nan)
    centimetres: FloatArray = 100 * leg_m * vertical_oscillation_leg_lengths(gait)
    return centimetres


@metric(
    "Vertical ratio",
    unit="%",
    topic=Topic.CONTACT,
    reading=Reading(parts=("shoulder", "hip"), whole_body=True),
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def vertical_ratio_percent(gait: Gait) -> FloatArray:
    """Vertical oscillation over step length: how much of each step goes up."""
    speed_ll_s = gait.events.runner_speed_ll_s[gait.near_side]
    steps = per_stride(gait, lambda stride: speed_ll_s * stride.stride_time_s / 2)
    ratio: FloatArray = 100 * vertical_oscillation_leg_lengths(gait) / steps
    return ratio


@dataclass(frozen=True, slots=True)
class SpringMass:
    """A runner as a mass on a spring, per kilogram of body mass.

    ``peak_force_n_kg`` is the largest ground force, ``sink_m`` how far the body sinks in stance,
    ``vertical_n_m_kg`` and ``leg_n_m_kg`` are the stiffnesses.
    """

    peak_force_n_kg: FloatArray
    sink_m: FloatArray
    vertical_n_m_kg: FloatArray
    leg_n_m_kg: FloatArray


def spring_mass(
    contact_s: FloatArray, flight_s: FloatArray, speed_mps: float, leg_m: float
) -> SpringMass:
    """Sine-wave method of Morin et al. 2005 (J Appl Biomech 21:167), level running."""
    force = GRAVITY * np.pi / 2 * (flight_s / contact_s + 1)
    sink = force * contact_s**2 / np.pi**2 - GRAVITY * contact_s**2 / 8
    half_way = 0.5 * speed_mps * contact_s
    shortening = leg_m - np.sqrt(leg_m**2 - half_way**2) + sink
    return SpringMass(force, sink, force / sink, force / shortening)


@clip_metric(
    "Vertical stiffness per body mass (estimate)",
    unit="kN/m/kg",
    topic=Topic.CONTACT,
    sources=("morin2005",),
    limits=NOT_NEGATIVE,
)
def vertical_stiffness_kn_m_kg(gait: Gait) -> Estimates:
    """Peak force over how far the body sinks, from contact and flight time, level running."""
    # The vertical part needs neither speed nor leg length.
    return _over_near_strides(gait, lambda times: spring_mass(*times, 0.0, 1.0).vertical_n_m_kg)


@clip_metric(
    "Leg stiffness per body mass (estimate)",
    unit="kN/m/kg",
    topic=Topic.LENGTH,
    sources=("morin2005",),
    limits=NOT_NEGATIVE,
)
def leg_stiffness_kn_m_kg(gait: Gait) -> Estimates:
    """Peak force over how far the leg shortens, from times and speed, level running."""
    speed, leg_m = gait.scale.speed_mps, gait.scale.leg_length_m
    if speed is None or leg_m is None:
        return reason("speed_unknown")
    return _over_near_strides(gait, lambda times: spring_mass(*times, speed, leg_m).leg_n_m_kg)


def _over_near_strides(
    gait: Gait, stiffness: Callable[[tuple[FloatArray, FloatArray]], FloatArray]
) -> Estimates:
    """Median over the near leg's strides of a stiffness from contact and flight times, kN/m/kg."""
    if gait.incline_percent:
        return reason("stiffness_on_incline", incline_percent=gait.incline_percent)
    near = np.array([side is gait.near_side for side in gait.sides()], dtype=bool)
    contact, flight = (usable_values(gait, time)[near] for time in (contact_time_s, flight_time_s))
    found = 1e-3 * stiffness((contact, flight))
    known = found[np.isfinite(found)]
    if len(known) < MIN_STRIDES:
        return reason("strides_to_compare", found=len(known), needed=MIN_STRIDES)
    # 1.25: a median scatters that much more than a mean.
    scatter = 1.25 * float(np.std(known, ddof=1)) / np.sqrt(len(known))
    return {None: Estimate(float(np.median(known)), scatter, len(known))}

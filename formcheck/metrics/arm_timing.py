"""Arms in time with the legs: phase, synchrony and frequency of the arm's swing.

Over every stride of the near leg the first harmonic is fitted to the upper arm's angle and to the
near thigh's. An arm goes with the leg of the other side, and legs are half a stride apart: so the
far arm is compared with the near thigh itself and the near arm with the near thigh half a stride
later. The far thigh is not used: on rendered clips the phase came out 10 degrees off with it and 5
with the near one, and left and right steps differ by less than that. A harmonic per stride takes
the place of the band-pass and Hilbert transform of biomechanics 4.5: for a swing of one frequency
it is the same, and it needs neither margins nor a record without gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy  # loads scipy.signal when it is first used: it takes a second

from formcheck.domain import FloatArray, Gait, Reason, Side, Stride, limb_of
from formcheck.gait.angles import thigh_angle_deg, upper_arm_angle_deg
from formcheck.gait.confidence import maybe_another
from formcheck.metrics.registry import (
    MIN_STRIDES,
    NOT_NEGATIVE,
    SHARE,
    Estimate,
    Estimates,
    Topic,
    clip_metric,
    is_seen,
    stride_samples,
)
from formcheck.reasons import reason

MIN_SWING_DEG = 4.0
"""Amplitude below which an arm has no rhythm; runners have 20 to 35 (biomechanics 4.5)."""
IN_TIME = 0.05
"""How far the frequency ratio may be from 1 for a phase to exist (biomechanics 4.5)."""
OWN_LEG_BEYOND_DEG = 135.0
"""An arm this far off swings with the leg of its own side, as no runner does (biomechanics 4.5)."""
RATIOS = np.arange(0.4, 2.6, 0.005)
"""Arm over leg frequencies that are looked through; runners have 1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Swing:
    """One arm against its leg: a phase per stride, degrees, and how often it swings per stride."""

    late_deg: FloatArray
    frequency_ratio: Estimate

    @property
    def mean(self) -> complex:
        """Mean of the phases on the unit circle."""
        return complex(np.exp(1j * np.radians(self.late_deg)).mean())

    @property
    def off_mean_deg(self) -> FloatArray:
        """How far each stride's phase is from the mean one."""
        return _wrapped(self.late_deg - np.degrees(np.angle(self.mean)))


@clip_metric(
    "Arm against opposite leg",
    unit="deg",
    topic=Topic.ARMS,
    sources=("lamb2014",),
    limits=(-180.0, 180.0),
)
def arm_leg_phase_deg(gait: Gait) -> Estimates:
    """Share of a stride (360) by which an arm swings later than the opposite thigh; 0 in time."""
    return {side: _phase(_swing(gait, side)) for side in Side}


@clip_metric("Arm and leg in step", unit="", topic=Topic.ARMS, sources=("lamb2014",), limits=SHARE)
def arm_leg_sync(gait: Gait) -> Estimates:
    """How constant an arm's phase to the opposite leg is over strides; 1 always the same, 0 any."""
    return {side: _sync(_swing(gait, side)) for side in Side}


@clip_metric(
    "Arm over leg frequency", unit="", topic=Topic.ARMS, sources=("lamb2014",), limits=NOT_NEGATIVE
)
def arm_leg_frequency_ratio(gait: Gait) -> Estimates:
    """Swings of an arm per stride; 1 in time with the legs."""
    swings = {side: _swing(gait, side) for side in Side}
    return {
        side: swing if isinstance(swing, Reason) else swing.frequency_ratio
        for side, swing in swings.items()
    }


def _phase(swing: _Swing | Reason) -> Estimate | Reason:
    """Circular mean of the phases."""
    if isinstance(swing, Reason):
        return swing
    ratio = swing.frequency_ratio.value
    if abs(ratio - 1.0) > IN_TIME:
        return reason("arm_frequency", ratio=ratio)
    late_deg = float(np.degrees(np.angle(swing.mean)))
    if abs(late_deg) > OWN_LEG_BEYOND_DEG:
        return reason("arm_with_own_leg")
    n_strides = len(swing.late_deg)
    error = float(np.std(swing.off_mean_deg, ddof=1)) / np.sqrt(n_strides)
    return Estimate(late_deg, error, n_strides)


def _sync(swing: _Swing | Reason) -> Estimate | Reason:
    """Length of the mean of the phases."""
    if isinstance(swing, Reason):
        return swing
    along = np.cos(np.radians(swing.off_mean_deg))
    error = float(np.std(along, ddof=1)) / np.sqrt(len(along))
    return Estimate(abs(swing.mean), error, len(along))


@lru_cache(maxsize=2)
def _swing(gait: Gait, side: Side) -> _Swing | Reason:
    """An arm against the opposite leg on every stride of the near leg, or why not."""
    strides = _usable(gait, side)
    if len(strides) < MIN_STRIDES:
        return reason("arm_seen_too_seldom", count=len(strides), needed=MIN_STRIDES)
    arm = upper_arm_angle_deg(gait.motion, side)
    thigh = thigh_angle_deg(gait.motion, gait.near_side)
    spread = [np.std(arm[stride_samples(gait, stride)]) for stride in strides]
    if np.sqrt(2) * np.median(spread) < MIN_SWING_DEG:
        return reason("arm_still")
    swings = np.array([_first_harmonic(gait, stride, arm) for stride in strides])
    steps = np.array([_first_harmonic(gait, stride, thigh) for stride in strides])
    half = 180.0 if side is gait.near_side else 0.0
    late = np.degrees(np.angle(steps * np.conj(swings))) - half
    return _Swing(_wrapped(late), _frequency_ratio(gait, arm, strides))


def _usable(gait: Gait, side: Side) -> list[Stride]:
    """Strides of the near leg over which arm and thigh were seen, and surely those."""
    near = gait.near_side
    needed = (f"{side}_shoulder", f"{side}_elbow", f"{near}_hip", f"{near}_knee")
    unsure = maybe_another(gait, limb_of(side, "arm")) | maybe_another(gait, limb_of(near, "leg"))
    return [
        stride
        for stride, doubt in zip(gait.strides, unsure, strict=True)
        if stride.side is near and not doubt and is_seen(gait, stride, needed)
    ]


def _first_harmonic(gait: Gait, stride: Stride, values: FloatArray) -> complex:
    """Amplitude and phase (that of a cosine) of what repeats once a stride."""
    inside = stride_samples(gait, stride)
    turn = 2 * np.pi * (gait.motion.time_s[inside] - stride.start_s)
    turn /= stride.stride_time_s
    # The second harmonic is fitted too: a stride is no whole number of samples.
    waves = [np.ones_like(turn), *(f(k * turn) for k in (1, 2) for f in (np.cos, np.sin))]
    fit = np.linalg.lstsq(np.stack(waves, axis=-1), values[inside], rcond=None)[0]
    return complex(fit[1], -fit[2])


def _frequency_ratio(gait: Gait, arm: FloatArray, strides: list[Stride]) -> Estimate:
    """Strongest frequency of the upper arm over that of the strides."""
    times = np.array([stride.stride_time_s for stride in strides])
    inside = (gait.motion.time_s >= strides[0].start_s) & (gait.motion.time_s < strides[-1].stop_s)
    power = _power(gait.motion.time_s[inside], arm[inside], RATIOS / times.mean())
    ratio = float(RATIOS[np.argmax(power)])
    error = ratio * float(np.std(times, ddof=1) / times.mean()) / np.sqrt(len(times))
    return Estimate(ratio, error, len(strides))


def _power(time_s: FloatArray, values: FloatArray, frequency_hz: FloatArray) -> FloatArray:
    """Power at given frequencies, ``(n_frequencies,)``; samples may be missing.

    ``time_s`` and ``frequency_hz`` are even.
    """
    known = np.isfinite(values)
    span = time_s[-1] - time_s[0]
    weight = np.where(known, np.sin(np.pi * (time_s - time_s[0]) / span) ** 2, 0.0)
    filled = np.where(known, values, 0.0)
    centred = weight * (filled - np.average(filled, weights=weight))
    waves = scipy.signal.zoom_fft(
        centred,
        [frequency_hz[0], frequency_hz[-1]],
        len(frequency_hz),
        fs=(len(time_s) - 1) / span,
        endpoint=True,
    )
    return np.asarray(np.abs(waves) ** 2)


def _wrapped(angle_deg: FloatArray) -> FloatArray:
    """The same angles from -180 to 180."""
    return np.asarray((angle_deg + 180.0) % 360.0 - 180.0)

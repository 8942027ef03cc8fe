"""First against last third of a long clip."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from formcheck.domain import FloatArray, Gait, Motion, Reason, Side, Stride
from formcheck.metrics.drift import (
    MIN_CLIP_S,
    cadence_drift_spm,
    drift,
    shoulder_ratio_drift_percent,
    trunk_lean_drift_deg,
    vertical_oscillation_drift_leg_lengths,
)
from formcheck.metrics.registry import Estimate, Estimates
from tests.metrics.made import UPRIGHT, gait_of

LONG = 120


def running(n_strides: int, stride_s: FloatArray | float = 0.7) -> Gait:
    """Right strides one after the other."""
    starts = np.cumsum(np.broadcast_to(stride_s, n_strides + 1))
    strides = [
        Stride(Side.RIGHT, float(a), float(a) + 0.1, float(a) + 0.25, float(b), float(a + b) / 2)
        for a, b in pairwise(starts)
    ]
    return gait_of(strides=tuple(strides))


def found(estimates: Estimates) -> Estimate:
    assert not isinstance(estimates, Reason), estimates
    estimate = estimates[None]
    assert isinstance(estimate, Estimate), estimate
    return estimate


def test_a_steady_change_shows_two_thirds_of_itself() -> None:
    values = np.linspace(5.0, 8.0, LONG)
    estimate = found(drift(running(LONG), values))
    assert estimate.value == pytest.approx(2.0, abs=0.05)
    assert estimate.n_strides == LONG


def test_scatter_without_a_change_is_no_drift() -> None:
    values = 5.0 + np.random.default_rng(2).standard_normal(LONG)
    estimate = found(drift(running(LONG), values))
    assert abs(estimate.value) < 2 * estimate.sampling_error


def test_unmeasured_strides_and_the_far_leg_do_not_count() -> None:
    values = np.linspace(5.0, 8.0, LONG)
    values[::5] = np.nan
    estimate = found(drift(running(LONG), values))
    assert estimate.value == pytest.approx(2.0, abs=0.1)
    assert estimate.n_strides == LONG - LONG // 5


def test_a_clip_of_less_than_a_minute_has_no_drift() -> None:
    short = running(int(MIN_CLIP_S / 0.7))
    for estimate in (
        trunk_lean_drift_deg,
        cadence_drift_spm,
        vertical_oscillation_drift_leg_lengths,
        shoulder_ratio_drift_percent,
    ):
        assert getattr(estimate(short), "code", None) == "drift_too_short"
    nothing = drift(gait_of(strides=()), np.empty(0))
    assert getattr(nothing, "code", None) == "drift_too_short"


def test_quicker_steps_at_the_end_are_a_positive_drift_of_cadence() -> None:
    times = np.where(np.arange(LONG + 1) < LONG / 2, 0.72, 0.70)
    expected = 120 / 0.70 - 120 / 0.72
    assert found(cadence_drift_spm(running(LONG, times))).value == pytest.approx(expected, abs=0.01)


def test_rising_shoulders_bring_the_ratio_down_in_percent() -> None:
    gait = running(LONG)
    still = gait.motion
    time_s = np.arange(0.0, gait.strides[-1].next_initial_contact_s, 1.0 / still.rate_hz)
    position = np.repeat(still.position_ll[:1], len(time_s), axis=0)
    shoulders = [still.landmarks.index(f"{side}_shoulder") for side in Side]
    rise = 0.06 * (time_s / time_s[-1])[:, None]
    position[:, shoulders, 1] += rise
    moving = Motion(time_s, position, np.zeros(position.shape[:2], dtype=bool))
    estimate = found(shoulder_ratio_drift_percent(replace(gait, motion=moving)))

    def ratio(share: float) -> float:
        trunk = UPRIGHT["shoulder"][1] - UPRIGHT["hip"][1]
        ear = UPRIGHT["ear"][1] - UPRIGHT["shoulder"][1]
        return (ear - 0.06 * share) / (trunk + 0.06 * share)

    expected = 100 * (ratio(5 / 6) - ratio(1 / 6)) / ratio(1 / 2)
    assert estimate.value == pytest.approx(expected, abs=0.5)

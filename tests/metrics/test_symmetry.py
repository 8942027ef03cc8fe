"""Left against right and stride against stride, within what one camera can tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Gait, Reason, Side, Stride
from formcheck.metrics.registry import Estimate, Estimates
from formcheck.metrics.symmetry import (
    SYMMETRY_STRIDES,
    VARIABILITY_STRIDES,
    contact_time_asymmetry_percent,
    step_time_asymmetry_percent,
    stride_time_variability_percent,
)
from formcheck.reasons import reason
from tests.metrics.made import gait_of


def strided(
    n_strides: int,
    *,
    left_contact_s: float = 0.25,
    left_late_s: float = 0.0,
    spread_s: float = 0.0,
    seed: int = 4,
) -> Gait:
    """Strides of 0.7 s; the left foot may rest longer or land late, stride times may scatter."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum(0.7 + spread_s * rng.standard_normal(n_strides + 1))
    lefts = starts + 0.35 + left_late_s
    strides = []
    for k in range(n_strides):
        right, left, after = float(starts[k]), float(lefts[k]), float(starts[k + 1])
        strides.append(Stride(Side.RIGHT, right, right + 0.1, right + 0.25, after, left))
        off = left + left_contact_s
        strides.append(Stride(Side.LEFT, left, left + 0.1, off, float(lefts[k + 1]), after))
    return gait_of(strides=tuple(strides))


def found(estimates: Estimates) -> Estimate:
    assert not isinstance(estimates, Reason), estimates
    estimate = estimates[None]
    assert isinstance(estimate, Estimate), estimate
    return estimate


@pytest.mark.parametrize("longer", [-0.02, 0.0, 0.03])
def test_a_longer_left_contact_is_positive_and_relative_to_the_mean(longer: float) -> None:
    gait = strided(20, left_contact_s=0.25 + longer)
    expected = 100 * longer / (0.25 + longer / 2)
    assert found(contact_time_asymmetry_percent(gait)).value == pytest.approx(expected)


def test_a_left_foot_that_lands_late_has_the_longer_step() -> None:
    gait = strided(20, left_late_s=0.014)
    assert found(step_time_asymmetry_percent(gait)).value == pytest.approx(100 * 0.028 / 0.35)


def test_symmetry_needs_enough_strides_of_both_sides_and_60_frames_a_second() -> None:
    for estimate in (contact_time_asymmetry_percent, step_time_asymmetry_percent):
        few = estimate(strided(SYMMETRY_STRIDES - 1))
        assert getattr(few, "code", None) == "strides_to_compare"
        slow = gait_of(strides=strided(20).strides, frame_rate_hz=30.0)
        assert getattr(estimate(slow), "code", None) == "frame_rate_timing"


def test_a_hidden_far_leg_is_not_compared() -> None:
    hidden = reason("far_leg_unreliable", side=Side.LEFT, dropped_share=0.4)
    gait = gait_of(strides=strided(20).strides, withheld={"far_leg": hidden})
    assert contact_time_asymmetry_percent(gait) == hidden


def test_variability_is_the_spread_of_stride_times_over_their_median() -> None:
    gait = strided(400, spread_s=0.014)
    estimate = found(stride_time_variability_percent(gait))
    assert estimate.value == pytest.approx(2.0, abs=3 * estimate.sampling_error)


def test_the_error_of_the_variability_is_its_scatter_from_clip_to_clip() -> None:
    clips = [
        found(stride_time_variability_percent(strided(60, spread_s=0.014, seed=seed)))
        for seed in range(200)
    ]
    scatter = np.std([clip.value for clip in clips])
    assert np.mean([clip.sampling_error for clip in clips]) == pytest.approx(scatter, rel=0.15)


def test_a_contact_told_wrongly_is_not_the_runners_unevenness() -> None:
    even = strided(80, spread_s=0.004)
    late = list(even.strides)
    late[20] = replace(late[20], next_initial_contact_s=late[20].next_initial_contact_s + 0.1)
    before, after = (
        found(stride_time_variability_percent(gait_of(strides=strides))).value
        for strides in (even.strides, tuple(late))
    )
    assert after == pytest.approx(before, abs=0.03)


def test_variability_needs_a_minute_of_strides() -> None:
    few = stride_time_variability_percent(strided(VARIABILITY_STRIDES - 1))
    assert getattr(few, "code", None) == "strides_to_compare"

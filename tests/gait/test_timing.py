"""When a clip's clock is believed."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import TimeBase, TimeStatus
from formcheck.gait.timing import (
    TimeParams,
    apparent_cadence_spm,
    common_factors,
    time_base,
    with_suggestion,
)
from formcheck.pose.tempo import TempoChange
from formcheck.synthetic import RunnerSpec, corrupt
from tests.synthetic.made import record

PARAMS = TimeParams()


@pytest.mark.parametrize("speed", [2.0, 3.5, 5.5])
@pytest.mark.parametrize("fps", [24.0, 60.0, 240.0])
def test_the_apparent_cadence_is_the_true_one_within_2_percent(speed: float, fps: float) -> None:
    pose, truth = record(RunnerSpec(speed_mps=speed, variability=1.0), fps=fps)
    assert apparent_cadence_spm(pose) == pytest.approx(truth.value("cadence_spm"), rel=0.02)


def test_slow_motion_slows_the_apparent_cadence() -> None:
    pose, truth = record(fps=240.0)
    slow = apparent_cadence_spm(corrupt.slowed(pose, 8.0))
    assert slow == pytest.approx(truth.value("cadence_spm") / 8, rel=0.02)


def test_lost_frames_and_swapped_legs_leave_the_apparent_cadence() -> None:
    pose, truth = record()
    damaged, _ = corrupt.swap_legs(corrupt.lose_frames(pose, 0.1, seed=1), 0.1, seed=1)
    assert apparent_cadence_spm(damaged) == pytest.approx(truth.value("cadence_spm"), rel=0.02)


@pytest.mark.parametrize("cadence", [121.0, 170.0, 239.0])
def test_a_believable_cadence_makes_the_clock_real(cadence: float) -> None:
    base = time_base(cadence, capture_fps=None, file_fps=30.0, params=PARAMS)
    assert (base.status, base.scale, base.is_trusted) == (TimeStatus.REAL, 1.0, True)


@pytest.mark.parametrize("cadence", [20.0, 42.5, 119.0])
def test_an_impossibly_slow_cadence_is_slow_motion_and_not_trusted(cadence: float) -> None:
    base = time_base(cadence, capture_fps=None, file_fps=30.0, params=PARAMS)
    assert base.status is TimeStatus.SLOW_MOTION
    assert not base.is_trusted
    assert "slower than life" in base.note
    assert cadence * base.scale == pytest.approx(PARAMS.usual_cadence_spm)


def test_an_impossibly_fast_cadence_is_not_trusted() -> None:
    base = time_base(300.0, capture_fps=None, file_fps=30.0, params=PARAMS)
    assert base.status is TimeStatus.UNTRUSTWORTHY
    assert not base.is_trusted


def test_the_given_capture_rate_makes_slow_motion_trusted() -> None:
    base = time_base(170.0 / 8, capture_fps=240.0, file_fps=30.0, params=PARAMS)
    assert (base.status, base.scale, base.is_trusted) == (TimeStatus.SLOW_MOTION, 8.0, True)
    assert float(base.file_s(0.5)) == 4.0


def test_a_capture_rate_equal_to_the_files_changes_nothing() -> None:
    base = time_base(170.0, capture_fps=30.0, file_fps=29.97, params=PARAMS)
    assert base.status is TimeStatus.REAL


def test_a_wrong_capture_rate_is_not_believed() -> None:
    base = time_base(170.0, capture_fps=240.0, file_fps=30.0, params=PARAMS)
    assert base.status is TimeStatus.UNTRUSTWORTHY
    assert not base.is_trusted
    assert "240" in base.note


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 60.0])
def test_halvings_and_the_rates_of_cameras_are_common_factors(fps: float) -> None:
    factors = common_factors(fps)
    assert {2.0, 4.0, 8.0} <= set(factors)
    assert min(factors) > 1.5
    assert (round(240 / fps, 1) in [round(factor, 1) for factor in factors]) is (fps < 100)


def slow(cadence: float) -> TimeBase:
    return time_base(cadence, capture_fps=None, file_fps=30.0, params=PARAMS)


@pytest.mark.parametrize(("cadence", "factor"), [(87.0, 2.0), (42.0, 4.0), (21.0, 8.0)])
def test_the_only_common_factor_that_fits_is_suggested_and_times_stay_withheld(
    cadence: float, factor: float
) -> None:
    base = with_suggestion(slow(cadence), 1.1 * factor, file_fps=30.0, params=PARAMS)
    assert base.suggested_scale == factor
    assert not base.is_trusted
    assert f"--capture-fps {30 * factor:.0f}" in base.note
    assert base.scale == slow(cadence).scale


@pytest.mark.parametrize(
    ("cadence", "gravity"),
    [(87.0, None), (87.0, 4.0), (87.0, 1.2), (17.6, 9.0), (66.0, 3.0)],
    ids=["gravity unknown", "gravity says more", "gravity says less", "too slow", "between"],
)
def test_nothing_is_suggested_when_rhythm_and_gravity_do_not_name_one_factor(
    cadence: float, gravity: float | None
) -> None:
    base = with_suggestion(slow(cadence), gravity, file_fps=30.0, params=PARAMS)
    assert base == slow(cadence)
    assert "slower than life" in base.note


def test_at_24_frames_a_second_two_rates_are_as_likely() -> None:
    base = with_suggestion(slow(76.0), 2.3, file_fps=24.0, params=PARAMS)
    assert base.suggested_scale is None


def test_a_believed_clock_gets_no_suggestion() -> None:
    base = time_base(170.0, capture_fps=None, file_fps=30.0, params=PARAMS)
    assert with_suggestion(base, 1.0, file_fps=30.0, params=PARAMS) is base


def test_a_clock_that_changes_is_not_believed_even_with_a_capture_rate() -> None:
    change = TempoChange(2.0, 4.2, 4.5, 4.8)
    for capture_fps in (None, 60.0):
        base = time_base(170, capture_fps=capture_fps, file_fps=60.0, params=PARAMS, change=change)
        assert base.status is TimeStatus.UNTRUSTWORTHY
        assert not base.is_trusted
        assert "2.0-fold at 4.5 s" in base.note


def test_a_body_that_was_hardly_seen_has_no_cadence() -> None:
    pose, _ = record()
    lost = corrupt.lose_frames(pose, 0.985, seed=1)
    assert np.isfinite(lost.xy_px[:, 0, 0]).sum() < 16
    assert apparent_cadence_spm(lost) is None

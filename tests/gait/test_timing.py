"""When a clip's clock is believed."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import TimeStatus
from formcheck.gait.timing import TimeParams, apparent_cadence_spm, time_base
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
    assert "--capture-fps" in base.note
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


def test_a_body_that_was_hardly_seen_has_no_cadence() -> None:
    pose, _ = record()
    lost = corrupt.lose_frames(pose, 0.985, seed=1)
    assert np.isfinite(lost.xy_px[:, 0, 0]).sum() < 16
    assert apparent_cadence_spm(lost) is None

"""The same run filmed or stored another way gives the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck import AnalysisConfig, analyze_pose, analyze_video
from formcheck.domain import Analysis, ClipVerdict, Side, TimeStatus
from tests.copies import copy, mirrored, of_height, restamped, turned
from tests.rendered import UPRIGHT, analysis_of, truth_of

pytestmark = pytest.mark.mediapipe
SPEED_KMH = 3.6 * float(truth_of(UPRIGHT).raw["gait"]["speed"])
SECONDS = 5.0  # of a copy: twelve strides
COMPARED = {
    "cadence_spm": 0.5,
    "contact_time_s": 0.012,
    "trunk_lean_deg": 1.0,
    "elbow_flexion_deg": 4.0,
    "foot_strike_angle_deg": 3.0,
    "ankle_ahead_of_hip_leg_lengths": 0.015,
}
"""Metrics and how far encoding again and other pixels may move them, well inside their errors."""


def analysed(clip: Path) -> Analysis:
    return analyze_video(clip, AnalysisConfig(speed_kmh=SPEED_KMH))


def near_value(result: Analysis, metric: str) -> float:
    measurement = result.measurement(metric)
    assert measurement is not None
    side = None if None in measurement.summaries else result.gait.near_side
    return measurement.summaries[side].median


def assert_same(result: Analysis) -> None:
    original = analysis_of(UPRIGHT)
    for metric, tolerance in COMPARED.items():
        expected = near_value(original, metric)
        assert near_value(result, metric) == pytest.approx(expected, abs=tolerance), metric


def test_a_mirrored_copy_gives_the_same_numbers_with_sides_exchanged(tmp_path: Path) -> None:
    result = analysed(copy(UPRIGHT, tmp_path / "mirrored.mp4", seconds=SECONDS, picture=mirrored))
    original = analysis_of(UPRIGHT)
    assert original.gait.near_side is Side.RIGHT
    assert result.gait.near_side is Side.LEFT
    assert_same(result)


def test_a_copy_turned_with_a_flag_gives_the_same_numbers(tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    result = analysed(copy(UPRIGHT, path, seconds=SECONDS, picture=turned, rotation_deg=90))
    assert (result.video.width_px, result.video.height_px) == (
        analysis_of(UPRIGHT).video.width_px,
        analysis_of(UPRIGHT).video.height_px,
    )
    assert result.gait.near_side is Side.RIGHT
    assert_same(result)


def test_a_copy_240_pixels_high_keeps_the_cadence(tmp_path: Path) -> None:
    path = tmp_path / "small.mp4"
    result = analysed(copy(UPRIGHT, path, seconds=SECONDS, picture=of_height(240)))
    assert result.video.height_px == 240
    expected = near_value(analysis_of(UPRIGHT), "cadence_spm")
    assert near_value(result, "cadence_spm") == pytest.approx(expected, abs=1.0)


def test_a_copy_at_half_speed_prints_no_cadence_and_is_right_again_with_the_true_rate(
    tmp_path: Path,
) -> None:
    slow = restamped(UPRIGHT, tmp_path / "slow.mp4", 2.0)
    alone = analysed(slow)
    assert alone.verdict is ClipVerdict.PARTIAL
    base, original = alone.gait.time_base, analysis_of(UPRIGHT).gait.time_base
    assert base.status is TimeStatus.SLOW_MOTION
    assert original.apparent_cadence_spm is not None
    assert base.apparent_cadence_spm == pytest.approx(original.apparent_cadence_spm / 2, rel=1e-3)
    assert base.suggested_scale in {None, 2.0}
    config = AnalysisConfig(speed_kmh=SPEED_KMH, capture_fps=2 * alone.video.fps)
    assert_same(analyze_pose(alone.recorded_pose, config))

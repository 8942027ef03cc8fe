"""How the camera was held, and what its sway may not change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import CameraEstimate, CameraWork, FloatArray, PoseSequence, Side
from formcheck.gait.camera import CameraParams, estimate_camera, size_change
from formcheck.synthetic import Camera, corrupt, edits
from tests.synthetic.made import NATURAL, median_of, record

PARAMS = CameraParams()
WIDTH_PX = Camera().width_px


def filmed() -> PoseSequence:
    return record(NATURAL)[0]


def steps(pose: PoseSequence, per_s: tuple[float, float]) -> FloatArray:
    """Places of a background that moves evenly, in widths a second."""
    place: FloatArray = pose.time_s[:, None] * np.array(per_s) * WIDTH_PX
    return place


def swaying(pose: PoseSequence, size_px: float) -> FloatArray:
    """Places of a background before a held camera: slow sway and tremor."""
    time_s = pose.time_s
    across = np.sin(2 * np.pi * 0.31 * time_s) + 0.15 * np.sin(2 * np.pi * 3.1 * time_s)
    along = np.sin(2 * np.pi * 0.47 * time_s + 1) + 0.15 * np.sin(2 * np.pi * 2.3 * time_s)
    return size_px * np.stack([across, along], axis=-1)


def camera_of(pose: PoseSequence) -> CameraEstimate | None:
    return estimate_camera(pose, Side.RIGHT, PARAMS)


def work(pose: PoseSequence) -> CameraWork:
    found = camera_of(pose)
    assert found is not None
    return found.work


def test_a_background_that_rests_is_that_of_a_fixed_camera() -> None:
    assert work(edits.seen_still(filmed())) is CameraWork.STILL


def test_noise_in_the_shifts_does_not_move_the_camera() -> None:
    pose = filmed()
    shift = np.random.default_rng(1).normal(0, 0.05, (*pose.time_s.shape, 2))
    noisy = edits.moved(pose, np.cumsum(shift, axis=0), np.zeros_like(shift))
    assert work(noisy) is CameraWork.STILL


def test_a_background_that_flows_against_the_runner_is_that_of_one_who_follows() -> None:
    pose = filmed()
    assert work(edits.moved(pose, steps(pose, (-0.2, 0.0)), 0 * steps(pose, (1, 1)))) is (
        CameraWork.FOLLOWING
    )


def test_a_camera_that_looks_the_other_way_does_not_follow() -> None:
    pose = filmed()
    ahead = edits.moved(pose, steps(pose, (0.2, 0.0)), 0 * steps(pose, (1, 1)))
    assert work(ahead) is CameraWork.PANNING


def test_sway_about_one_place_is_a_hand() -> None:
    pose = filmed()
    place = swaying(pose, 20.0)
    assert work(edits.moved(pose, place, place)) is CameraWork.HAND_HELD


def test_without_a_scene_nothing_is_said_of_the_camera() -> None:
    assert camera_of(filmed()) is None


def test_a_background_without_texture_says_nothing() -> None:
    pose = edits.moved(filmed(), np.full((600, 2), np.nan), np.zeros((600, 2)))
    assert camera_of(pose) is None


def test_the_drift_is_in_widths_a_second() -> None:
    pose = filmed()
    found = camera_of(edits.moved(pose, steps(pose, (-0.2, 0.0)), 0 * steps(pose, (1, 1))))
    assert found is not None
    assert found.drift_per_s == pytest.approx(0.2, rel=0.01)


def test_the_sway_of_a_hand_changes_no_result() -> None:
    """Without taking it out, the bounce of the body and the contacts would be the camera's too."""
    clean, _ = record(NATURAL)
    pose = corrupt.correlated_jitter(clean, 0.005 * Camera().px_per_m, seed=1)
    place = swaying(pose, 25.0)
    config = AnalysisConfig(speed_kmh=10.8)
    still = analyze_pose(edits.seen_still(pose), config)
    held = analyze_pose(edits.moved(pose, place, place), config)
    assert held.gait.camera is not None
    assert held.gait.camera.work is CameraWork.HAND_HELD
    assert held.verdict is still.verdict
    for metric, side, tolerance in (
        ("cadence_spm", None, 0.2),
        ("contact_time_s", Side.RIGHT, 0.001),
        ("foot_strike_angle_deg", Side.RIGHT, 0.5),
    ):
        expected = median_of(still, metric, side)
        assert median_of(held, metric, side) == pytest.approx(expected, abs=tolerance), metric


def test_a_camera_that_moves_unevenly_withholds_lengths_and_keeps_angles() -> None:
    pose, truth = record(NATURAL)
    across = edits.moved(pose, steps(pose, (0.3, 0.0)), 0 * steps(pose, (1, 1)))
    result = analyze_pose(across, AnalysisConfig(speed_kmh=10.8))
    assert result.gait.withheld["length"].code == "camera_moves"
    assert median_of(result, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=0.5)


def test_a_runner_who_comes_nearer_changes_size() -> None:
    pose = filmed()
    assert size_change(pose) < 0.02
    growth = 1.0 + 0.3 * pose.time_s / pose.time_s[-1]
    nearer = replace(pose, xy_px=pose.xy_px * growth[:, None, None])
    assert size_change(nearer) == pytest.approx(0.3 / 1.15, abs=0.02)
    result = analyze_pose(nearer, AnalysisConfig(speed_kmh=10.8))
    assert result.gait.withheld["length"].code == "size_changes"

"""What must not change a result, and what must change it in a known way."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose, pipeline
from formcheck.domain import (
    LANDMARKS,
    Analysis,
    Choice,
    ClipVerdict,
    Legs,
    Limb,
    Person,
    PoseSequence,
    Progress,
    Side,
    TimeStatus,
)
from formcheck.errors import ConfigError
from formcheck.pipeline import estimate_pose
from formcheck.reasons import reason
from formcheck.synthetic import Camera, RunnerSpec, corrupt, edits
from formcheck.video.proxy import Reading
from tests.synthetic.made import NATURAL, analysis, median_of, record
from tests.video.clips import Clip, steady, write_clip

OTHER = {"left": "right", "right": "left"}
PARTNER = [
    LANDMARKS.index("_".join(OTHER.get(word, word) for word in name.split("_")))
    for name in LANDMARKS
]


def analysed(pose: PoseSequence, **config: float) -> Analysis:
    return analyze_pose(pose, AnalysisConfig(**config))  # type: ignore[arg-type]


def summaries(result: Analysis) -> dict[tuple[str, Side | None], tuple[float, float]]:
    return {
        (entry.metric, key): (summary.median, summary.u)
        for entry in result.measurements
        for key, summary in entry.summaries.items()
    }


@pytest.fixture(scope="module")
def pose() -> PoseSequence:
    clean, _ = record(NATURAL)
    return corrupt.correlated_jitter(clean, 0.005 * Camera().px_per_m, seed=1)


@pytest.fixture(scope="module")
def result(pose: PoseSequence) -> Analysis:
    return analysed(pose, speed_kmh=10.8)


NEED_A_MINUTE = {
    "shoulder_ratio_drift_percent",
    "stride_time_variability_percent",
    "trunk_lean_drift_deg",
    "cadence_drift_spm",
    "vertical_oscillation_drift_leg_lengths",
}


def test_the_fixture_measures_everything(result: Analysis) -> None:
    assert result.verdict is ClipVerdict.ANALYSED
    missing = {m.metric for m in result.measurements if m.is_of_view and not m.summaries}
    assert missing == NEED_A_MINUTE


def test_a_mirrored_runner_swaps_sides_and_nothing_else(
    pose: PoseSequence, result: Analysis
) -> None:
    flipped = pose.xy_px[:, PARTNER] * np.array([-1, 1]) + np.array([pose.video.width_px, 0])
    mirrored = replace(
        pose,
        xy_px=flipped,
        depth_px=pose.depth_px[:, PARTNER],
        visibility=pose.visibility[:, PARTNER],
    )
    other = analysed(mirrored, speed_kmh=10.8)
    assert other.gait.near_side is result.gait.near_side.other
    assert other.gait.view.facing is Side.LEFT
    swapped = {
        (metric, None if key is None else key.other): value
        for (metric, key), value in summaries(result).items()
        if "asymmetry" not in metric
    }
    for metric in ("step_time_asymmetry_percent", "contact_time_asymmetry_percent"):
        middle, u = summaries(result)[metric, None]
        swapped[metric, None] = (-middle, u)
    found = summaries(other)
    assert found.keys() == swapped.keys()
    for key, value in swapped.items():
        assert found[key] == pytest.approx(value, rel=1e-6, abs=1e-6), key


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_the_size_of_the_picture_changes_nothing(
    pose: PoseSequence, result: Analysis, factor: float
) -> None:
    video = replace(
        pose.video,
        width_px=int(pose.video.width_px * factor),
        height_px=int(pose.video.height_px * factor),
    )
    scaled = replace(pose, xy_px=factor * pose.xy_px, depth_px=factor * pose.depth_px, video=video)
    found, expected = summaries(analysed(scaled, speed_kmh=10.8)), summaries(result)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-6, abs=1e-6), key


def test_where_the_runner_is_in_the_picture_changes_nothing(
    pose: PoseSequence, result: Analysis
) -> None:
    moved = replace(pose, xy_px=pose.xy_px + np.array([100.0, 10.0]))
    for key, value in summaries(analysed(moved, speed_kmh=10.8)).items():
        assert value == pytest.approx(summaries(result)[key], rel=1e-6, abs=1e-6), key


TIMES = ("stride_time_s", "contact_time_s", "flight_time_s")
ANGLES = ("foot_strike_angle_deg", "shank_angle_deg", "elbow_flexion_deg")


def test_the_capture_rate_divides_times_and_leaves_angles() -> None:
    pose, truth = record(NATURAL, fps=120.0)
    slow = corrupt.slowed(pose, 2.0)
    plain = analysed(pose)
    given = analysed(slow, capture_fps=120.0)
    assert given.gait.time_base.status is TimeStatus.SLOW_MOTION
    assert given.video.time_scale == pytest.approx(2.0)
    assert median_of(given, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=0.5)
    for metric in (*TIMES, *ANGLES):
        for side in Side:
            expected = median_of(plain, metric, side)
            assert median_of(given, metric, side) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_slow_motion_without_a_capture_rate_prints_no_time() -> None:
    pose, truth = record(NATURAL, fps=240.0)
    result = analysed(corrupt.slowed(pose, 8.0), speed_kmh=10.8)
    assert result.verdict is ClipVerdict.PARTIAL
    assert [reason.code for reason in result.reasons] == ["time_withheld"]
    for metric in ("cadence_spm", *TIMES, "stride_length_m", "overstride_z"):
        measurement = result.measurement(metric)
        assert measurement is not None
        assert measurement.summaries == {}
        assert "--capture-fps" in str(measurement.not_measured)
    for side in Side:
        assert median_of(result, "foot_strike_angle_deg", side) == pytest.approx(
            truth.value("foot_strike_angle_deg", side), abs=3.0
        )


def test_a_copy_stamped_twice_as_slow_halves_the_cadence_of_the_clock_and_prints_none() -> None:
    pose, truth = record(NATURAL)
    plain, slow = analysed(pose), analysed(corrupt.slowed(pose, 2.0))
    base = slow.gait.time_base
    assert plain.gait.time_base.apparent_cadence_spm == pytest.approx(
        truth.value("cadence_spm"), rel=0.01
    )
    assert base.apparent_cadence_spm == pytest.approx(
        (plain.gait.time_base.apparent_cadence_spm or 0.0) / 2, rel=1e-3
    )
    assert base.status is TimeStatus.SLOW_MOTION
    assert base.suggested_scale == 2.0
    assert [why.code for why in slow.reasons] == ["time_withheld"]
    assert "--capture-fps 60" in slow.reasons[0].seen
    given = analysed(corrupt.slowed(pose, 2.0), capture_fps=60.0)
    assert summaries(given).keys() == summaries(plain).keys()
    for key, value in summaries(plain).items():
        assert summaries(given)[key] == pytest.approx(value, rel=1e-6, abs=1e-6), key


def test_a_ramp_into_slow_motion_withholds_times_and_gives_angles() -> None:
    pose, truth = record(NATURAL, fps=120.0)
    result = analysed(edits.ramped(pose, 3.5, 3.0))
    assert result.gait.time_base.status is TimeStatus.UNTRUSTWORTHY
    assert median_of(result, "trunk_lean_deg") == pytest.approx(
        truth.value("trunk_lean_deg"), abs=1.0
    )
    cadence = result.measurement("cadence_spm")
    assert cadence is not None
    assert cadence.summaries == {}
    assert "changes" in str(cadence.not_measured)


def test_pictures_shown_twice_and_a_frozen_start_change_nothing() -> None:
    pose, _ = record(NATURAL, fps=30.0)
    plain = analysed(pose, speed_kmh=10.8)
    doubled = analysed(edits.shown_at(pose, 60.0), speed_kmh=10.8)
    frozen = analysed(edits.frozen_start(pose, 1.2), speed_kmh=10.8)
    assert [why.code for why in doubled.reasons] == ["repeats"]
    assert [why.code for why in frozen.reasons] == ["frozen"]
    assert doubled.gait.frame_rate_hz == pytest.approx(30.0, rel=0.01)
    for other in (doubled, frozen):
        assert other.verdict is plain.verdict
        assert len(other.pose.time_s) == len(other.recorded_pose.time_s)
        for metric, side, tolerance in (
            ("cadence_spm", None, 0.3),
            ("contact_time_s", Side.RIGHT, 0.003),
            ("foot_strike_angle_deg", Side.RIGHT, 0.7),
        ):
            expected = median_of(plain, metric, side)
            assert median_of(other, metric, side) == pytest.approx(expected, abs=tolerance), metric


def test_a_conversion_from_25_to_30_keeps_the_cadence_and_the_angles() -> None:
    pose, truth = record(NATURAL, fps=25.0)
    converted = analysed(edits.shown_at(pose, 30.0), speed_kmh=10.8)
    plain = analysed(pose, speed_kmh=10.8)
    assert converted.gait.frame_rate_hz == pytest.approx(25.0, rel=0.01)
    assert median_of(converted, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=0.5)
    expected = median_of(plain, "contact_time_s", Side.RIGHT)
    assert median_of(converted, "contact_time_s", Side.RIGHT) == pytest.approx(expected, abs=0.004)


@pytest.mark.parametrize("share", [0.05, 0.15])
def test_skipped_frames_give_the_same_result_within_tolerance(share: float) -> None:
    pose, _ = record(NATURAL)
    whole = analysis(NATURAL)
    skipped = analysed(corrupt.skip_frames(pose, share, seed=1), speed_kmh=10.8)
    assert skipped.video.is_variable_rate
    tolerances = {
        "cadence_spm": 0.3,
        "contact_time_s": 0.006,
        "trunk_lean_deg": 0.3,
        "elbow_flexion_deg": 0.5,
        "foot_strike_angle_deg": 1.0,
        "shank_angle_deg": 0.5,
    }
    expected = summaries(whole)
    for (metric, key), (median, _) in summaries(skipped).items():
        if metric in tolerances:
            assert median == pytest.approx(expected[metric, key][0], abs=tolerances[metric])


def test_lost_frames_and_swapped_legs_give_the_same_result_within_tolerance() -> None:
    pose, _ = record(NATURAL)
    swapped, _ = corrupt.swap_legs(pose, 0.10, seed=2)
    damaged = analysed(corrupt.lose_frames(swapped, 0.05, seed=2), speed_kmh=10.8)
    whole = analysis(NATURAL)
    assert median_of(damaged, "cadence_spm") == pytest.approx(
        median_of(whole, "cadence_spm"), abs=0.3
    )
    for side in Side:
        for metric, tolerance in (("contact_time_s", 0.006), ("foot_strike_angle_deg", 1.0)):
            expected = median_of(whole, metric, side)
            assert median_of(damaged, metric, side) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 120.0, 240.0])
def test_cadence_is_within_half_a_step_a_minute_at_any_rate(fps: float) -> None:
    clean, truth = record(NATURAL, fps=fps)
    pose = corrupt.correlated_jitter(clean, 0.008 * Camera().px_per_m, seed=1)
    found = median_of(analysed(pose), "cadence_spm")
    assert found == pytest.approx(truth.value("cadence_spm"), abs=0.5)


@pytest.mark.parametrize("height_cm", [160.0, 190.0])
def test_the_height_gives_the_speed_and_the_stride_length_within_3_percent(
    height_cm: float,
) -> None:
    spec = RunnerSpec(speed_mps=3.5, height_m=height_cm / 100)
    pose, truth = record(spec)
    result = analysed(pose, height_cm=height_cm)
    assert result.gait.scale.speed_source == "height"
    assert result.gait.scale.speed_mps == pytest.approx(3.5, rel=0.03)
    found = median_of(result, "stride_length_m")
    assert found == pytest.approx(truth.value("stride_length_m"), rel=0.03)


def test_without_speed_and_height_no_length_in_metres_is_given() -> None:
    result = analysed(record(NATURAL)[0])
    measurement = result.measurement("stride_length_m")
    assert measurement is not None
    assert measurement.summaries == {}
    assert measurement.not_measured == reason("speed_unknown").seen


def test_a_speed_that_contradicts_the_height_is_said_at_once() -> None:
    pose, _ = record(NATURAL)
    height_cm, true_kmh = 100 * NATURAL.height_m, 3.6 * NATURAL.speed_mps
    for factor, codes in ((1.3, {"speed_and_height_disagree"}), (1.0, set[str]())):
        result = analysed(pose, speed_kmh=factor * true_kmh, height_cm=height_cm)
        assert {why.code for why in result.reasons} == codes
        assert result.verdict is ClipVerdict.ANALYSED
        assert bool(result.measurement("stride_length_m").summaries) is not bool(codes)  # type: ignore[union-attr]


def test_the_recorded_pose_is_kept_beside_the_repaired_one() -> None:
    clean, _ = record(NATURAL)
    swapped, mask = corrupt.swap_legs(clean, 0.10, seed=1)
    result = analysed(swapped)
    assert result.recorded_pose is swapped
    assert np.array_equal(result.tracking.limbs[Limb.LEFT_LEG].swapped, mask)
    assert np.array_equal(result.pose.xy_px, clean.xy_px)


def test_the_same_pose_gives_the_same_result(pose: PoseSequence, result: Analysis) -> None:
    assert summaries(analysed(pose, speed_kmh=10.8)) == summaries(result)


def test_provenance_holds_the_whole_configuration(result: Analysis) -> None:
    assert result.provenance.config == AnalysisConfig(speed_kmh=10.8).as_dict()


def test_a_recorded_pose_is_of_one_person_and_says_so() -> None:
    pose, _ = record()
    person = Person(2, (0, 0, 9, 9), 0.0, "left", 0.0, 9.0, Legs.CYCLE, 0.4, is_followed=True)
    followed = replace(pose, people=(person,), choice=Choice.UNDECIDED)
    assert analyze_pose(followed, AnalysisConfig(person=2)).recorded_pose.choice is Choice.ASKED
    for other in (AnalysisConfig(person=1), AnalysisConfig(runner_at=(0.5, 0.5))):
        with pytest.raises(ConfigError, match="give the video"):
            analyze_pose(followed, other)


def test_what_the_analysis_needs_is_loaded_beside_the_model_from_the_first_frame_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[threading.Thread] = []
    frames: list[int] = []
    monkeypatch.setattr(pipeline, "load_filters", lambda: loaded.append(threading.current_thread()))
    reading = Reading(lambda done, _: frames.append(done))
    with pipeline._loading_meanwhile(reading) as told:
        assert loaded == []
        told(1, 3)
        told(2, 3)
    assert frames == [1, 2]
    assert len(loaded) == 1
    assert loaded[0] is not threading.current_thread()


class EnoughError(Exception):
    """Ends a pipeline where a test has seen what it wants to."""


@pytest.mark.parametrize(("asked", "expected"), [(None, 4), (1, 1), (3, 3)])
def test_parts_keep_the_cores_busy_unless_asked_for_and_loading_begins_with_the_first_frame(
    asked: int | None, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    class Backend:
        def __init__(self, *_: object) -> None: ...

        def estimate(self, _: object, *, progress: Progress, jobs: int, **_wanted: object) -> None:
            progress(1, None)
            seen.append(jobs)
            raise EnoughError

    monkeypatch.setattr(pipeline, "MediaPipeBackend", Backend)
    monkeypatch.setattr(pipeline, "find_model", lambda _: (None, None))
    monkeypatch.setattr(pipeline, "parts_at_once", lambda: 4)
    monkeypatch.setattr(pipeline, "load_filters", lambda: seen.append("filters"))
    clip = write_clip(tmp_path / "clip.mp4", Clip(steady(3, 30.0)))
    with pytest.raises(EnoughError):
        estimate_pose(clip, AnalysisConfig(), jobs=asked)
    assert sorted(seen, key=str) == [expected, "filters"]

"""Every condition that silences topics of a clip that shows a runner, one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis, ClipVerdict, PoseSequence, Side, Verdict
from formcheck.gait.withhold import AT_CONTACT, BUT_RHYTHM, FORESHORTENED, IN_SECONDS
from formcheck.metrics import METRICS
from formcheck.synthetic import Camera, corrupt
from tests.synthetic.made import NATURAL, analysis, median_of, record

SPEED = {"speed_kmh": 10.8}


def analysed(pose: PoseSequence, **config: float) -> Analysis:
    return analyze_pose(pose, AnalysisConfig(**(SPEED | config)))  # type: ignore[arg-type]


def codes(result: Analysis) -> dict[str, str]:
    """Code of the reason by topic."""
    return {topic: why.code for topic, why in result.gait.withheld.items()}


def measured(result: Analysis) -> set[str]:
    return {entry.metric for entry in result.measurements if entry.summaries}


def half_width(result: Analysis, metric: str) -> float:
    summary = result.summary(metric, None)
    assert summary is not None
    return summary.high - summary.median


def test_nothing_of_a_good_clip_is_withheld() -> None:
    assert codes(analysis(NATURAL)) == {}
    assert analysis(NATURAL).verdict is ClipVerdict.ANALYSED


@pytest.mark.parametrize("yaw", [-40.0, 35.0])
def test_an_oblique_view_leaves_times_and_a_vaguer_posture(yaw: float) -> None:
    pose, truth = record(NATURAL, Camera(yaw_deg=yaw))
    result = analysed(pose)
    assert result.verdict is ClipVerdict.PARTIAL
    assert {codes(result)[topic] for topic in FORESHORTENED} == {"oblique"}
    assert measured(result) >= {"cadence_spm", "stride_time_s", "contact_time_s", "trunk_lean_deg"}
    assert not {METRICS[name].topic for name in measured(result)} & set(FORESHORTENED)
    assert median_of(result, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=0.5)
    lean = result.summary("trunk_lean_deg", None)
    assert lean is not None
    assert lean.low < truth.value("trunk_lean_deg") < lean.high
    assert half_width(result, "trunk_lean_deg") > 1.5 * half_width(
        analysis(NATURAL), "trunk_lean_deg"
    )


def test_feet_out_of_the_picture_leave_posture_arms_and_cadence() -> None:
    pose, truth = record(NATURAL, Camera(height_m=1.35))
    result = analysed(pose)
    assert result.verdict is ClipVerdict.PARTIAL
    assert {codes(result)[topic] for topic in AT_CONTACT} == {"feet_hidden"}
    assert median_of(result, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=2)
    for metric, side in (("trunk_lean_deg", None), ("elbow_flexion_deg", Side.RIGHT)):
        assert median_of(result, metric, side) == pytest.approx(truth.value(metric, side), abs=2)
    assert not measured(result) & {"contact_time_s", "foot_strike_angle_deg", "shank_angle_deg"}
    assert all(len(times) == 0 for times in result.gait.events.initial_contact_s.values())


@pytest.mark.parametrize(("share", "is_hidden"), [(0.1, False), (0.5, True)])
def test_a_near_foot_hidden_in_stance_takes_what_is_read_at_contact(
    share: float, is_hidden: bool
) -> None:
    pose, truth = record(NATURAL)
    heel = pose.index("right_heel")
    visibility = np.array(pose.visibility)
    visibility[pose.time_s > (1 - share) * pose.time_s[-1], heel] = 0.1
    result = analysed(replace(pose, visibility=visibility))
    assert (codes(result).get("feet") == "feet_hidden") is is_hidden
    assert median_of(result, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=1)


@pytest.mark.parametrize("duration_s", [1.5, 2.5, 3.9])
def test_a_few_strides_are_measured_and_never_judged(duration_s: float) -> None:
    pose, truth = record(NATURAL, duration_s=duration_s)
    result = analysed(pose)
    assert result.verdict is ClipVerdict.PARTIAL
    assert "few_strides" in {why.code for why in result.reasons}
    lean = result.summary("trunk_lean_deg", None)
    assert lean is not None
    assert lean.low < truth.value("trunk_lean_deg") < lean.high
    assert {finding.verdict for finding in result.findings} == {Verdict.UNDETERMINED}


def test_one_stride_is_less_certain_than_many() -> None:
    short = analysed(record(NATURAL, duration_s=1.5)[0])
    assert half_width(short, "trunk_lean_deg") > 1.2 * half_width(
        analysis(NATURAL), "trunk_lean_deg"
    )


def test_so_few_strides_have_no_cadence() -> None:
    result = analysed(record(NATURAL, duration_s=1.5)[0])
    assert codes(result)["rhythm"] == "rhythm_unsure"
    assert "cadence_spm" not in measured(result)


def test_20_frames_a_second_leave_the_cadence_only() -> None:
    pose, truth = record(NATURAL, fps=20.0)
    result = analysed(pose)
    assert {codes(result)[topic] for topic in BUT_RHYTHM} == {"frame_rate_low"}
    assert measured(result) == {"cadence_spm", "stride_time_s"}
    assert median_of(result, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=2)


def test_a_clock_that_lies_takes_what_is_counted_in_seconds() -> None:
    result = analysed(corrupt.slowed(record(NATURAL, fps=240.0)[0], 8.0))
    assert codes(result) == dict.fromkeys(IN_SECONDS, "time_withheld")


def hidden(pose: PoseSequence, share: float, *landmarks: str) -> PoseSequence:
    """Landmarks the model does not vouch for in the last part of the clip."""
    visibility = np.array(pose.visibility)
    late = pose.time_s > (1 - share) * pose.time_s[-1]
    for name in landmarks:
        visibility[late, pose.index(name)] = 0.05
    return replace(pose, visibility=visibility)


@pytest.mark.parametrize(
    ("landmark", "share", "topics", "code"),
    [
        ("right_shoulder", 0.4, {"trunk", "legs", "comparison"}, "trunk_hidden"),
        ("right_hip", 0.4, {"trunk"}, "trunk_hidden"),
        ("right_wrist", 0.5, {"arms"}, "arms_hidden"),
        ("left_wrist", 0.5, {"far_arm"}, "far_arm_hidden"),
        ("left_knee", 0.4, {"far_leg"}, "far_leg_hidden"),
    ],
)
def test_a_part_hidden_too_long_takes_its_topics(
    landmark: str, share: float, topics: set[str], code: str
) -> None:
    pose, _ = record(NATURAL)
    found = codes(analysed(hidden(pose, share, landmark)))
    assert {found.get(topic) for topic in topics} == {code}
    assert code not in codes(analysed(hidden(pose, 0.15, landmark))).values()


@pytest.mark.parametrize(("share", "is_resting"), [(0.2, False), (0.6, True)])
def test_a_hand_on_the_rail_takes_the_arms(share: float, is_resting: bool) -> None:
    pose, _ = record(NATURAL)
    xy = np.array(pose.xy_px)
    late = pose.time_s > (1 - share) * pose.time_s[-1]
    xy[late, pose.index("right_wrist")] = xy[late, pose.index("right_wrist")][0]
    result = analysed(replace(pose, xy_px=xy))
    assert (codes(result).get("arms") == "handrail") is is_resting
    assert (result.verdict is ClipVerdict.PARTIAL) is is_resting


def test_a_small_runner_keeps_all_but_the_angle_of_the_foot() -> None:
    pose, _ = record(NATURAL)
    video = replace(pose.video, width_px=427, height_px=240)
    small = replace(pose, xy_px=pose.xy_px / 3, depth_px=pose.depth_px / 3, video=video)
    result = analysed(small)
    assert codes(result) == {"foot_angle": "small_picture"}
    assert result.verdict is ClipVerdict.ANALYSED
    assert "duty_factor" in measured(result)


@pytest.mark.parametrize(
    ("speed_kmh", "code"),
    [(10.8, None), (20.5, "speed_outside_norms"), (25.0, "speed_implausible")],
)
def test_a_speed_nobody_of_the_reference_ran_is_not_compared(
    speed_kmh: float, code: str | None
) -> None:
    result = analysed(record(NATURAL)[0], speed_kmh=speed_kmh)
    assert codes(result).get("comparison") == code
    assert result.verdict is ClipVerdict.ANALYSED


@pytest.mark.parametrize(("change", "is_told"), [(0.02, False), (0.12, True)])
def test_a_changing_speed_is_not_compared(change: float, is_told: bool) -> None:
    pose, _ = record(NATURAL)
    share = pose.time_s / pose.time_s[-1]
    later = pose.time_s * (1 + change / 2 * share)
    result = analysed(replace(pose, time_s=later))
    assert (codes(result).get("comparison") == "speed_changes") is is_told


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("left_elbow", "right_elbow"), "arms_hidden"),
        (("left_foot_index", "right_foot_index"), "feet_hidden"),
        (("right_ankle",), "feet_hidden"),
    ],
)
def test_parts_that_are_never_drawn_are_withheld_and_break_nothing(
    parts: tuple[str, ...], code: str
) -> None:
    pose, truth = record(NATURAL)
    xy = np.array(pose.xy_px)
    xy[:, [pose.index(part) for part in parts]] = np.nan
    result = analysed(replace(pose, xy_px=xy))
    assert code in codes(result).values()
    assert median_of(result, "cadence_spm") == pytest.approx(truth.value("cadence_spm"), abs=1)

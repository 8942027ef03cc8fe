"""Readings from behind against runners whose frontal plane is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis, Gait, Grade, Side, View, ViewEstimate
from formcheck.guidance import load_rules
from formcheck.metrics import METRICS, StrideMetric, Topic
from formcheck.synthetic import RunnerKind, RunnerSpec, Truth, make_runner, world_motion
from formcheck.synthetic.clip import frame_times
from formcheck.synthetic.frontal_truth import hips_lowest_s
from tests.synthetic.made import FROM_BEHIND, analysis, exact_gait, record

USUAL = RunnerSpec(
    pelvic_drop_deg=3.0, step_width_m=0.03, trunk_sway_deg=5.0, hip_sway_m=0.015, variability=1.0
)
UNUSUAL = replace(
    USUAL, pelvic_drop_deg=8.0, step_width_m=-0.04, knee_in_m=0.03, trunk_sway_deg=10.0
)
FRONTAL = [
    entry
    for entry in METRICS.values()
    if isinstance(entry, StrideMetric) and entry.topic is Topic.FRONTAL
]


def gait_from_behind(spec: RunnerSpec) -> tuple[Gait, Truth]:
    """A gait whose points and mid-stances are exact."""
    gait, truth = exact_gait(spec, 120.0, RunnerKind.CONTACT)
    runner = make_runner(spec, truth.duration_s, 3, RunnerKind.CONTACT)
    motion = world_motion(runner, frame_times(truth.duration_s, 120.0)).frontal(spec.leg_length_m)
    middle = {side: hips_lowest_s(runner, side, motion) for side in Side}
    strides = tuple(
        replace(stride, mid_stance_s=float(inside[0]))
        for stride in gait.strides
        if len(inside := _inside(middle[stride.side], stride.initial_contact_s, stride.toe_off_s))
    )
    return replace(
        gait,
        motion=motion,
        events=replace(gait.events, mid_stance_s=middle),
        strides=strides,
        view=ViewEstimate(View.REAR, None, None, 0.7),
    ), truth


def _inside(times_s: np.ndarray, start: float, stop: float) -> np.ndarray:
    return times_s[(times_s > start) & (times_s < stop)]


@pytest.mark.parametrize("spec", [USUAL, UNUSUAL], ids=["usual", "unusual"])
def test_exact_points_give_the_truth(spec: RunnerSpec) -> None:
    gait, truth = gait_from_behind(spec)
    sides = np.array(gait.sides())
    assert len(sides) > 15
    for entry in FRONTAL:
        values = entry.compute(gait)
        for side in (None,) if entry.reading.whole_body else Side:
            found = float(np.nanmedian(values if side is None else values[sides == side]))
            # 1 degree, or 1 % of a centimetre-scale length, or of a ratio.
            bound = {"deg": 0.3, "cm": 0.1, "leg lengths": 0.001}.get(entry.unit, 0.01)
            assert found == pytest.approx(truth.value(entry.name, side), abs=bound), entry.name


def seen(spec: RunnerSpec) -> Analysis:
    pose, _ = record(spec, FROM_BEHIND, fps=120.0)
    return analyze_pose(pose, AnalysisConfig(speed_kmh=10.8, height_cm=176.0))


@pytest.mark.parametrize("spec", [USUAL, UNUSUAL], ids=["usual", "unusual"])
def test_a_camera_four_metres_behind_sees_the_truth(spec: RunnerSpec) -> None:
    _, truth = record(spec, FROM_BEHIND, fps=120.0)
    result = seen(spec)
    for entry in FRONTAL:
        for side in (None,) if entry.reading.whole_body else Side:
            summary = result.summary(entry.name, side)
            assert summary is not None, entry.name
            # The heel is nearer to the camera than the hips, which makes widths 3 % larger.
            bound = {"deg": 1.0, "cm": 0.5, "leg lengths": 0.006}.get(entry.unit, 0.03)
            true = truth.value(entry.name, side)
            assert summary.median == pytest.approx(true, abs=bound), entry.name
            assert summary.low <= true <= summary.high


def test_nothing_read_from_the_side_is_given_from_behind_and_says_so() -> None:
    result = seen(USUAL)
    assert [reason.code for reason in result.reasons] == ["from_behind"]
    for measured in result.measurements:
        if View.REAR not in METRICS[measured.metric].views:
            assert not measured.summaries
            assert not measured.is_of_view
            assert measured.not_measured == (
                "it is read from the side, and this clip is filmed from behind"
            )
    assert {m.metric for m in result.measurements if m.summaries} == {
        *(entry.name for entry in FRONTAL), "cadence_spm", "stride_time_s"
    }  # fmt: skip


def test_nothing_read_from_behind_is_given_from_the_side() -> None:
    result = analysis()
    for entry in FRONTAL:
        measured = result.measurement(entry.name)
        assert measured is not None
        assert not measured.summaries
        assert "from behind" in str(measured.not_measured)
    points = {finding.rule.point.id for finding in result.findings}
    assert "pelvis_level" not in points


def test_without_a_height_widths_are_given_in_leg_lengths_only() -> None:
    pose, _ = record(USUAL, FROM_BEHIND, fps=60.0)
    result = analyze_pose(pose, AnalysisConfig())
    assert result.summary("step_width_leg_lengths", None) is not None
    measured = result.measurement("step_width_cm")
    assert measured is not None
    assert measured.not_measured == "the runner's height was not given"


FAULTS = {
    "pelvis_level": replace(USUAL, pelvic_drop_deg=12.0),
    "feet_apart": replace(USUAL, step_width_m=-0.07),
    "knees_apart": replace(USUAL, knee_in_m=0.065),
    "trunk_side_to_side": replace(USUAL, trunk_sway_deg=17.0),
}


@pytest.mark.parametrize("point", FAULTS)
def test_a_fault_is_its_own_finding_and_no_other(point: str) -> None:
    findings = seen(FAULTS[point]).findings
    assert {f.rule.point.id for f in findings if f.fires} == {point}


def test_a_usual_runner_has_no_finding_from_behind() -> None:
    findings = seen(USUAL).findings
    assert {f.rule.point.id for f in findings} == {*FAULTS, "cadence"}
    assert not any(f.fires for f in findings)


def test_a_finding_from_behind_is_never_beyond_watch() -> None:
    rules = [rule for rule in load_rules() if rule.point.id in FAULTS]
    assert {rule.point.id for rule in rules} == set(FAULTS)
    most = {criterion.most for rule in rules for criterion in rule.criteria}
    assert most == {Grade.WATCH}

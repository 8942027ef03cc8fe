"""Every fault makes its own finding fire and no other; a runner without fault gets none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from formcheck.domain import Analysis, Grade, StrikeClass
from formcheck.synthetic import Camera, RunnerSpec
from tests.synthetic.made import NATURAL, analysis

FROM_THE_LEFT = Camera(yaw_deg=180.0)
FAULTS = {
    "leaning 20 degrees more": (replace(NATURAL, trunk_lean_deg=28.0), {"trunk_lean"}),
    "leaning backward": (replace(NATURAL, trunk_lean_deg=-6.0), {"trunk_lean"}),
    "straight elbows": (replace(NATURAL, elbow_flexion_deg=25.0), {"arms_right_angle"}),
    "arms a quarter stride late": (replace(NATURAL, arm_phase_deg=90.0), {"arms_in_sync"}),
    "arms at another frequency": (replace(NATURAL, arm_frequency_ratio=1.25), {"arms_in_sync"}),
    "reaching ahead at a low cadence": (
        replace(NATURAL, overstride_m=0.05, cadence_factor=0.88), {"shorter_stride"},
    ),
    "far on the forefoot": (
        replace(NATURAL, strike=StrikeClass.FOREFOOT, toes_down_deg=20.0), {"midfoot_strike"},
    ),
    "locked knees": (replace(NATURAL, knee_lock=1.0), {"knee"}),
    "bouncing": (replace(NATURAL, bounce_factor=1.45), {"bounce"}),
    "head down": (replace(NATURAL, head_drop_deg=40.0), {"head_up"}),
    "shrugged shoulders": (replace(NATURAL, shrug_m=0.07), {"shoulders_relaxed"}),
}  # fmt: skip


def firing(result: Analysis) -> set[str]:
    """Points that research would have looked after."""
    return {f.rule.point.id for f in result.findings if f.fires and f.rule.pack == "evidence"}


@pytest.mark.parametrize("speed_mps", [2.5, 3.5])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_makes_exactly_its_finding_fire(fault: str, speed_mps: float) -> None:
    spec, points = FAULTS[fault]
    assert firing(analysis(replace(spec, speed_mps=speed_mps))) == points


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_from_the_left_and_at_120_frames_per_second(fault: str) -> None:
    """At 3.0 m/s, between the speeds of the test above."""
    spec, points = FAULTS[fault]
    assert firing(analysis(spec, FROM_THE_LEFT, fps=120.0)) == points


def test_few_steps_alone_are_pointed_out_and_are_no_overstride() -> None:
    found = analysis(replace(NATURAL, cadence_factor=0.86, overstride_m=-0.07))
    by_rule = {(each.rule.id, each.metric): each.grade for each in found.findings}
    assert by_rule["evidence_cadence", "cadence_spm"] is Grade.INFO
    assert "shorter_stride" not in firing(found)


def test_a_steady_runner_without_fault_is_asked_for_nothing() -> None:
    assert firing(analysis(NATURAL)) == set()


@pytest.mark.parametrize("speed_mps", [2.5, 3.0, 3.5])
@pytest.mark.parametrize("strike", [StrikeClass.REARFOOT, StrikeClass.MIDFOOT])
def test_a_runner_without_fault_is_asked_for_nothing(speed_mps: float, strike: StrikeClass) -> None:
    result = analysis(RunnerSpec(speed_mps=speed_mps, strike=strike, variability=1.0))
    assert firing(result) == set()
    assert Grade.FIX not in {finding.grade for finding in result.findings}

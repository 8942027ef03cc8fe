"""Trunk, head and arms of runners whose form is known, through every stage after the pose."""

from __future__ import annotations

from typing import Any

import pytest

from formcheck.domain import Side
from formcheck.synthetic import RunnerSpec
from tests.synthetic.made import FAR_AWAY, analysis, median_of, record

"""Near by, an ear that is closer to the camera than the eye tilts the line between them."""
RUNNERS: dict[str, dict[str, Any]] = {
    "clean": {},
    "fast": {"speed_mps": 4.0},
    "leaning": {"trunk_lean_deg": 28.0},
    "leaning back": {"trunk_lean_deg": -4.0},
    "head down": {"head_drop_deg": 25.0},
    "shrugging": {"shrug_m": 0.04},
    "straight arms": {"elbow_flexion_deg": 25.0},
    "arms late": {"arm_phase_deg": 90.0},
    "arms early": {"arm_phase_deg": -45.0},
    "small swing": {"arm_swing_factor": 0.4},
}
WITHIN_1_DEG = (
    "trunk_lean_deg",
    "trunk_lean_contact_deg",
    "trunk_lean_mid_stance_deg",
    "trunk_lean_toe_off_deg",
    "trunk_range_deg",
    "lean_from_ankle_deg",
    "waist_bend_deg",
    "head_pitch_deg",
    "neck_forward_deg",
    "elbow_flexion_deg",
    "elbow_flexion_min_deg",
    "elbow_flexion_max_deg",
    "arm_swing_deg",
    "arm_leg_phase_deg",
)
WITHIN_1_PERCENT = (
    "shoulder_ratio", "wrist_travel_leg_lengths", "arm_leg_sync", "arm_leg_frequency_ratio",
)  # fmt: skip


@pytest.mark.parametrize("runner", RUNNERS)
def test_without_noise_everything_is_within_1_degree_or_1_percent(runner: str) -> None:
    spec = RunnerSpec(**RUNNERS[runner])
    result = analysis(spec, FAR_AWAY, fps=120.0)
    _, truth = record(spec, FAR_AWAY, fps=120.0)
    for metric in (*WITHIN_1_DEG, *WITHIN_1_PERCENT):
        for side, true in truth.values[metric].items():
            allowed = 1.0 if metric in WITHIN_1_DEG else 0.01 * abs(true)
            assert median_of(result, metric, side) == pytest.approx(true, abs=allowed), metric


@pytest.mark.parametrize("side", Side)
def test_arms_delayed_by_a_quarter_stride_are_found_a_quarter_stride_late(side: Side) -> None:
    usual, late = (
        median_of(analysis(RunnerSpec(arm_phase_deg=delay)), "arm_leg_phase_deg", side)
        for delay in (0.0, 90.0)
    )
    assert abs(usual) < 5.0
    assert late - usual == pytest.approx(90.0, abs=0.5)


def test_arms_at_half_again_the_legs_frequency_are_told() -> None:
    result = analysis(RunnerSpec(arm_frequency_ratio=1.5))
    assert median_of(result, "arm_leg_frequency_ratio", Side.RIGHT) == pytest.approx(1.5, abs=0.01)
    assert median_of(result, "arm_leg_sync", Side.RIGHT) < 0.2

"""The runner from behind has exactly what was asked for, and stays the same from the side."""

from __future__ import annotations

import pytest

from formcheck.domain import Side
from formcheck.synthetic import RunnerSpec, make_runner, truth_of, world_motion
from formcheck.synthetic.spec import HALF_HIPS
from tests.synthetic.made import record
from tests.synthetic.test_runners import TIMES

FROM_BEHIND = RunnerSpec(
    pelvic_drop_deg=5.0, step_width_m=0.03, knee_in_m=0.02, trunk_sway_deg=6.0, hip_sway_m=0.02
)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("speed", [2.5, 3.5, 4.5])
def test_pelvis_and_feet_are_as_asked_for(side: Side, speed: float) -> None:
    spec = RunnerSpec(speed_mps=speed, pelvic_drop_deg=5.0, step_width_m=0.03)
    truth = truth_of(make_runner(spec, 6.0, 1), 6.0)
    assert truth.value("pelvic_drop_deg", side) == pytest.approx(5.0, abs=0.1)
    assert truth.value("pelvic_drop_peak_deg", side) == pytest.approx(5.0, abs=0.1)
    assert truth.value("step_width_cm") == pytest.approx(3.0)
    assert truth.value("foot_to_midline_leg_lengths", side) == pytest.approx(
        0.015 / spec.leg_length_m
    )


def test_a_swaying_trunk_and_hip_have_the_range_asked_for() -> None:
    _, truth = record(FROM_BEHIND)
    assert truth.value("trunk_side_range_deg") == pytest.approx(6.0, abs=0.05)
    assert truth.value("trunk_side_lean_deg") == pytest.approx(0.0, abs=0.05)
    assert truth.value("hip_sway_leg_lengths") == pytest.approx(
        0.02 / FROM_BEHIND.leg_length_m, rel=0.01
    )


def test_feet_on_one_line_adduct_the_thighs_and_a_knee_inside_adducts_more() -> None:
    wide, narrow, inside = (
        record(spec)[1].value("thigh_adduction_deg", Side.LEFT)
        for spec in (
            RunnerSpec(),
            RunnerSpec(step_width_m=0.0),
            RunnerSpec(step_width_m=0.0, knee_in_m=0.02),
        )
    )
    assert wide == pytest.approx(0.0, abs=0.01)
    # The foot is half a hip width inside the hip, about 0.8 m below it in mid-stance.
    assert 5.0 < narrow < 9.0
    assert inside > narrow + 2.0


def test_without_words_on_the_frontal_plane_the_legs_hang_straight_down() -> None:
    motion = world_motion(make_runner(RunnerSpec(), 4.0, 1), TIMES).frontal(1.0)
    for part in ("hip", "knee", "ankle", "heel"):
        right_m = motion.track(f"right_{part}")[:, 0]
        assert right_m == pytest.approx(HALF_HIPS * RunnerSpec().height_m)


def test_the_frontal_plane_does_not_change_what_is_true_from_the_side() -> None:
    plain, swaying = (record(spec)[1] for spec in (RunnerSpec(), FROM_BEHIND))
    for metric in ("cadence_spm", "trunk_lean_deg"):
        assert swaying.value(metric) == pytest.approx(plain.value(metric), abs=0.1)
    for metric in ("contact_time_s", "foot_strike_angle_deg"):
        left = Side.LEFT
        assert swaying.value(metric, left) == pytest.approx(plain.value(metric, left), abs=1e-9)

"""The measuring stick itself: bodies hold together, feet rest, truths are those of the points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import FloatArray, Side, StrikeClass
from formcheck.geometry import distance, hanging_angle_deg, slope_deg
from formcheck.synthetic import (
    Leg,
    RunnerKind,
    RunnerSpec,
    Truth,
    frame_times,
    make_runner,
    truth_of,
    world_motion,
)
from formcheck.synthetic import foot as shoe
from formcheck.synthetic.foot import turned
from formcheck.synthetic.rolling import GIVE_S
from formcheck.synthetic.spec import FOREARM, SHANK, THIGH, TRUNK, UPPER_ARM
from tests.synthetic.made import NATURAL, STEADY, record

STRIKES = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
SPEEDS = (2.0, 3.5, 5.5)
TIMES = frame_times(4.0, 240.0)
LANDED_S = 10 * GIVE_S
"""What is left of the landing is then less than a hundredth of a millimetre."""
EXACT = [RunnerKind.ANGLES, RunnerKind.CONTACT]


@pytest.mark.parametrize("kind", EXACT)
@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("speed", SPEEDS)
def test_segments_keep_their_length(kind: RunnerKind, strike: StrikeClass, speed: float) -> None:
    spec = RunnerSpec(speed_mps=speed, strike=strike, height_m=1.83, variability=1.0)
    motion = world_motion(make_runner(spec, 4.0, 1, kind), TIMES).sagittal(1.0)
    lengths = {
        ("hip", "knee"): THIGH,
        ("knee", "ankle"): SHANK,
        ("ankle", "heel"): float(np.hypot(*shoe.HEEL)),
        ("shoulder", "elbow"): UPPER_ARM,
        ("elbow", "wrist"): FOREARM,
    }
    for side in Side:
        for (near, far), share in lengths.items():
            length = distance(motion.track(f"{side}_{near}"), motion.track(f"{side}_{far}"))
            assert length == pytest.approx(share * 1.83, abs=1e-9)
    trunk = distance(motion.midpoint("hip"), motion.midpoint("shoulder"))
    assert trunk == pytest.approx(TRUNK * 1.83, abs=1e-9)


def touching_points(leg: Leg, height_m: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Pitch of the foot, and the points of its sole that touch with the toes up and down."""
    pitch = slope_deg(leg.heel, leg.ball) - shoe.FLAT_PITCH_DEG
    heel = leg.ankle + height_m * turned(shoe.HEEL_PIVOT, pitch)
    toes = slope_deg(leg.ball, leg.foot_index) - slope_deg(shoe.BALL, shoe.FOOT_INDEX)
    return pitch, heel, leg.ball + height_m * turned(shoe.TIP_SOLE - shoe.BALL, toes)


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("speed", SPEEDS)
def test_the_sole_moves_with_the_belt_from_contact_to_toe_off(
    strike: StrikeClass, speed: float
) -> None:
    spec = RunnerSpec(speed_mps=speed, strike=strike, variability=1.0)
    runner = make_runner(spec, 4.0, 1)
    for side in Side:
        steps = runner.plan.steps[side]
        for contact, toe_off in zip(steps.contact_s[2:5], steps.toe_off_s[2:5], strict=True):
            time_s = np.linspace(contact + LANDED_S, toe_off - 1e-9, 60)
            pitch, heel, tip = touching_points(runner.leg(side, time_s), spec.height_m)
            for point, on_ground in ((heel, pitch > 1e-9), (tip, pitch < -1e-9)):
                on_belt = (point[:, 0] + speed * time_s)[on_ground]
                if len(on_belt):
                    assert np.ptp(on_belt) < 1e-5
                    assert point[on_ground, 1] == pytest.approx(0.0, abs=1e-5)


def test_a_landing_foot_keeps_the_speed_it_comes_with() -> None:
    runner = make_runner(STEADY, 4.0, 1)
    contact = runner.plan.steps[Side.RIGHT].contact_s[3]
    step_s = 1e-5
    ankle = runner.leg(Side.RIGHT, contact + step_s * np.array([-1, 0, 1])).ankle
    before, after = np.diff(ankle, axis=0) / step_s
    assert after == pytest.approx(before, abs=0.02)


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("speed", SPEEDS)
def test_no_leg_is_overstretched_and_no_foot_sinks_into_the_belt(
    strike: StrikeClass, speed: float
) -> None:
    spec = RunnerSpec(speed_mps=speed, strike=strike, overstride_m=0.05)
    runner = make_runner(spec, 4.0, 1)
    for side in Side:
        leg = runner.leg(side, TIMES)
        reach = distance(leg.hip, leg.ankle)
        assert reach.max() < (THIGH + SHANK) * spec.height_m
        _, heel, tip = touching_points(leg, spec.height_m)
        assert min(heel[:, 1].min(), tip[:, 1].min()) > -0.010


@pytest.mark.parametrize("kind", EXACT)
def test_a_foot_does_not_jump_at_contact_or_toe_off(kind: RunnerKind) -> None:
    runner = make_runner(NATURAL, 4.0, 1, kind)
    steps = runner.plan.steps[Side.LEFT]
    for moment in (*steps.contact_s[2:5], *steps.toe_off_s[2:5]):
        leg = runner.leg(Side.LEFT, np.array([moment - 1e-7, moment + 1e-7]))
        for track in (leg.hip, leg.knee, leg.ankle, leg.heel, leg.ball, leg.foot_index):
            assert distance(track[0], track[1]) < 1e-5


def test_the_angle_driven_runner_shows_the_very_angles_it_is_given() -> None:
    runner = make_runner(STEADY, 4.0, 1, RunnerKind.ANGLES)
    phase = runner.plan.steps[Side.RIGHT].moment(TIMES).phase
    leg = runner.leg(Side.RIGHT, TIMES)
    cycle = runner.plan.cycle
    for name, angle in (
        ("thigh", hanging_angle_deg(leg.hip, leg.knee)),
        ("shank", hanging_angle_deg(leg.knee, leg.ankle)),
        ("foot", slope_deg(leg.heel, leg.ball) - shoe.FLAT_PITCH_DEG),
    ):
        assert angle == pytest.approx(cycle.at(f"strike_{name}_deg", phase), abs=1e-9)


def test_the_trajectory_driven_runner_puts_heel_and_ball_where_they_were_measured() -> None:
    runner = make_runner(RunnerSpec(speed_mps=3.5), 4.0, 1, RunnerKind.TRAJECTORIES)
    steps = runner.plan.steps[Side.RIGHT]
    leg = runner.leg(Side.RIGHT, steps.contact_s[4:5])
    assert 100 * leg.heel[0] == pytest.approx([16.9 + 1.2, 3.0], abs=0.1)
    assert 100 * leg.ball[0] == pytest.approx([35.9 + 1.2, 8.6], abs=0.1)


@pytest.mark.parametrize("kind", RunnerKind)
def test_truth_is_what_the_points_show(kind: RunnerKind) -> None:
    runner = make_runner(NATURAL, 6.0, 2, kind)
    truth = truth_of(runner, 6.0)
    for side in Side:
        contacts = truth.events.initial_contact_s[side]
        leg = runner.leg(side, contacts)
        shank = float(np.median(hanging_angle_deg(leg.knee, leg.ankle)))
        assert truth.value("shank_angle_deg", side) == pytest.approx(shank)
        ahead = float(np.median((leg.ankle - leg.hip)[:, 0])) / NATURAL.leg_length_m
        assert truth.value("ankle_ahead_of_hip_leg_lengths", side) == pytest.approx(ahead)
        stance = truth.events.toe_off_s[side] - contacts
        assert truth.value("contact_time_s", side) == pytest.approx(float(np.median(stance)))


def test_truth_agrees_with_what_was_asked_for() -> None:
    spec = RunnerSpec(speed_mps=3.5, trunk_lean_deg=12.0, elbow_flexion_deg=70.0)
    _, truth = record(spec)
    assert truth.value("trunk_lean_deg") == pytest.approx(12.0, abs=0.05)
    assert truth.value("elbow_flexion_deg", Side.LEFT) == pytest.approx(70.0, abs=0.2)
    assert truth.value("stride_time_s", Side.LEFT) == pytest.approx(0.7086, abs=1e-4)
    assert truth.value("contact_time_s", Side.RIGHT) == pytest.approx(0.2252, abs=1e-4)
    assert truth.value("stride_length_m") == pytest.approx(3.5 * 0.7086, abs=1e-3)
    flight = truth.value("flight_time_s", Side.LEFT)
    assert flight == pytest.approx(0.7086 / 2 - 0.2252, abs=1e-4)


def values_of(**changes: float) -> Truth:
    return record(replace(STEADY, **changes))[1]  # type: ignore[arg-type]


def test_overstride_puts_the_ankle_that_much_further_ahead() -> None:
    metric = "ankle_ahead_of_hip_leg_lengths"
    more = values_of(overstride_m=0.05).value(metric, Side.RIGHT) - values_of().value(
        metric, Side.RIGHT
    )
    assert more * STEADY.leg_length_m == pytest.approx(0.05, abs=1e-6)


def test_asymmetry_lengthens_the_left_contact_and_shortens_the_right() -> None:
    usual = values_of().value("contact_time_s", Side.LEFT)
    truth = values_of(contact_asymmetry=0.10)
    assert truth.value("contact_time_s", Side.LEFT) == pytest.approx(1.05 * usual)
    assert truth.value("contact_time_s", Side.RIGHT) == pytest.approx(0.95 * usual)


def test_the_cadence_factor_multiplies_the_cadence() -> None:
    ratio = values_of(cadence_factor=1.1).value("cadence_spm") / values_of().value("cadence_spm")
    assert ratio == pytest.approx(1.1)


def test_variability_spreads_stride_times_as_healthy_runners_do() -> None:
    _, truth = record(NATURAL, duration_s=120.0, fps=30.0)
    times = np.diff(truth.events.initial_contact_s[Side.RIGHT])
    assert np.std(times) == pytest.approx(0.0065, rel=0.2)
    steady = np.diff(record(STEADY)[1].events.initial_contact_s[Side.RIGHT])
    assert np.ptp(steady) < 1e-9


def test_a_seed_gives_the_same_runner_again_and_another_seed_another_phase() -> None:
    first, again, other = (
        make_runner(NATURAL, 4.0, seed).plan.steps[Side.LEFT].contact_s for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert abs(first[0] - other[0]) > 1e-3


def test_strikes_order_the_strike_angle() -> None:
    angles = [
        record(RunnerSpec(strike=strike))[1].value("foot_strike_angle_deg", Side.RIGHT)
        for strike in STRIKES
    ]
    assert angles == sorted(angles, reverse=True)
    assert angles[0] > 8 > angles[1] > angles[2]


def test_a_walker_is_highest_over_the_foot_and_always_has_a_foot_on_the_ground() -> None:
    spec = RunnerSpec(is_walking=True)
    runner = make_runner(spec, 6.0, 1)
    truth = truth_of(runner, 6.0)
    middle = truth.events.mid_stance_s[Side.RIGHT]
    over_foot = runner.leg(Side.RIGHT, middle).hip[:, 1]
    assert np.all(over_foot > runner.leg(Side.RIGHT, TIMES).hip[:, 1].mean() + 0.005)
    assert truth.value("duty_factor", Side.RIGHT) > 0.5
    assert truth.value("flight_time_s", Side.RIGHT) < 0


@pytest.mark.parametrize(
    "wrong", [{"speed_mps": 1.5}, {"speed_mps": 6.0}, {"strike": StrikeClass.UNDETERMINED}]
)
def test_runners_beyond_the_curves_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        RunnerSpec(**wrong)  # type: ignore[arg-type]


def test_only_the_contact_exact_runner_walks() -> None:
    with pytest.raises(ValueError, match="walk"):
        make_runner(RunnerSpec(is_walking=True), 4.0, 1, RunnerKind.ANGLES)

"""Arms in time with the legs: arms and thighs that swing as waves of known phase."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import FloatArray, Gait, Limb, Motion, Reason, Side
from formcheck.metrics import measure
from formcheck.metrics.arm_timing import arm_leg_frequency_ratio, arm_leg_phase_deg, arm_leg_sync
from formcheck.metrics.registry import Estimate, Estimates
from tests.metrics.made import N_STRIDES, STRIDE_S, gait_of, motion_of

TURN = 2 * np.pi * motion_of({}).time_s / STRIDE_S


def running(
    late_deg: float | FloatArray = 0.0, ratio: float = 1.0, swing_deg: float = 25.0
) -> Gait:
    """Thighs half a stride apart, and arms later than the opposite thigh."""
    motion = gait_of().motion
    position = np.array(motion.position_ll)
    for side in Side:
        own = np.pi if side is Side.LEFT else 0.0
        thigh = np.radians(-5.0 + 25.0 * np.cos(TURN + own))
        arm_turn = ratio * (TURN + own + np.pi) - np.radians(late_deg)
        arm = np.radians(-25.0 + swing_deg * np.cos(arm_turn) + 4.0 * np.cos(2 * TURN))
        for joint, end, angle, length in (
            ("hip", "knee", thigh, 0.45),
            ("shoulder", "elbow", arm, 0.35),
        ):
            start = position[:, motion.landmarks.index(f"{side}_{joint}")]
            span = length * np.stack([np.sin(angle), -np.cos(angle)], axis=-1)
            position[:, motion.landmarks.index(f"{side}_{end}")] = start + span
    return gait_of(motion=Motion(motion.time_s, position, motion.filled))


def value(found: Estimates, side: Side) -> float:
    assert not isinstance(found, Reason)
    estimate = found[side]
    assert isinstance(estimate, Estimate)
    return estimate.value


def reason(found: Estimates, side: Side) -> str:
    assert not isinstance(found, Reason)
    why = found[side]
    assert isinstance(why, Reason)
    return why.code


@pytest.mark.parametrize("late", [-90.0, -20.0, 0.0, 45.0, 120.0])
@pytest.mark.parametrize("side", Side)
def test_the_phase_is_how_much_later_the_arm_swings_than_the_opposite_leg(
    late: float, side: Side
) -> None:
    assert value(arm_leg_phase_deg(running(late)), side) == pytest.approx(late, abs=0.1)


def test_the_far_leg_is_not_needed() -> None:
    gait = running(30.0)
    position = np.array(gait.motion.position_ll)
    position[:, gait.motion.landmarks.index("left_knee")] = np.nan
    hidden = gait_of(motion=Motion(gait.motion.time_s, position, gait.motion.filled))
    assert value(arm_leg_phase_deg(hidden), Side.RIGHT) == pytest.approx(30.0, abs=0.1)


@pytest.mark.parametrize("late", [150.0, 180.0, -160.0])
def test_an_arm_with_the_leg_of_its_own_side_is_taken_for_a_mix_up(late: float) -> None:
    assert reason(arm_leg_phase_deg(running(late)), Side.RIGHT) == "arm_with_own_leg"


def test_a_reason_of_one_side_is_named_and_leaves_the_other() -> None:
    gait = running(170.0)
    position = np.array(gait.motion.position_ll)
    elbows = [gait.motion.landmarks.index(f"{side}_elbow") for side in ("left", "right")]
    in_time = running(0.0).motion.position_ll
    position[:, elbows[0]] = in_time[:, elbows[0]]
    mixed = gait_of(motion=Motion(gait.motion.time_s, position, gait.motion.filled))
    found = next(m for m in measure(mixed) if m.metric == "arm_leg_phase_deg")
    assert set(found.summaries) == {Side.LEFT}
    assert str(found.not_measured).startswith("right: the arm seems to swing")


def test_arms_of_a_constant_phase_are_in_step_whatever_the_phase() -> None:
    assert value(arm_leg_sync(running(100.0)), Side.RIGHT) == pytest.approx(1.0, abs=1e-3)


def test_no_interval_of_the_synchrony_reaches_beyond_1() -> None:
    found = next(m for m in measure(running()) if m.metric == "arm_leg_sync")
    summary = found.summaries[Side.RIGHT]
    assert summary.low < summary.median <= summary.high == 1.0


def test_a_phase_that_wanders_lowers_the_synchrony_by_as_much() -> None:
    strides = np.floor((TURN / (2 * np.pi)) - 0.5)  # those of the near leg begin half-way
    wander = np.where(strides % 2 == 0, 40.0, -40.0)
    sync = value(arm_leg_sync(running(wander)), Side.RIGHT)
    assert sync == pytest.approx(np.cos(np.radians(40.0)), abs=0.02)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.3, 2.0])
def test_the_frequency_ratio_counts_swings_per_stride(ratio: float) -> None:
    found = arm_leg_frequency_ratio(running(ratio=ratio))
    assert value(found, Side.RIGHT) == pytest.approx(ratio, abs=0.02)


def test_arms_of_another_frequency_have_no_phase_and_no_synchrony() -> None:
    gait = running(ratio=1.25)
    assert reason(arm_leg_phase_deg(gait), Side.RIGHT) == "arm_frequency"
    assert value(arm_leg_sync(gait), Side.RIGHT) < 0.3


@pytest.mark.parametrize("metric", [arm_leg_phase_deg, arm_leg_sync, arm_leg_frequency_ratio])
def test_an_arm_that_is_held_still_has_no_rhythm(metric: object) -> None:
    assert callable(metric)
    gait = gait_of()
    assert reason(metric(gait), gait.near_side) == "arm_still"


def test_strides_with_a_bridged_elbow_do_not_count() -> None:
    gait = running()
    filled = np.array(gait.motion.filled)
    filled[gait.motion.time_s < 5.4 * STRIDE_S, gait.motion.landmarks.index("right_elbow")] = True
    few = gait_of(motion=Motion(gait.motion.time_s, gait.motion.position_ll, filled))
    assert reason(arm_leg_phase_deg(few), Side.RIGHT) == "arm_seen_too_seldom"
    assert value(arm_leg_phase_deg(few), Side.LEFT) == pytest.approx(0.0, abs=0.1)


def test_strides_in_which_the_arm_may_be_the_other_one_do_not_count() -> None:
    gait = running()
    unsure = {Limb.RIGHT_ARM: np.full(len(gait.strides), 0.5)}
    doubtful = replace(gait, limb_confidence=unsure)
    assert reason(arm_leg_phase_deg(doubtful), Side.RIGHT) == "arm_seen_too_seldom"
    assert value(arm_leg_phase_deg(doubtful), Side.LEFT) == pytest.approx(0.0, abs=0.1)


def test_every_near_stride_counts_once() -> None:
    found = arm_leg_phase_deg(running())
    assert not isinstance(found, Reason)
    estimate = found[Side.RIGHT]
    assert isinstance(estimate, Estimate)
    assert estimate.n_strides == N_STRIDES

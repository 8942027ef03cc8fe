"""The tilt of the ground and the flat foot, from the stance foot."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from formcheck.domain import Motion, Side, Stride, StrikeClass
from formcheck.gait.foot_motion import EventParams, detect_events
from formcheck.gait.ground import ROLL_TRUST, flat_foot_deg, ground_roll_deg
from formcheck.gait.strides import StrideParams, segment_strides
from formcheck.geometry import rotate
from formcheck.synthetic import Camera, RunnerSpec
from formcheck.synthetic.foot import FLAT_PITCH_DEG
from tests.synthetic.made import analysis as analysed
from tests.synthetic.made import median_of, seen_exactly

STRIKES = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)


@functools.cache
def tilted(
    roll_deg: float, strike: StrikeClass = StrikeClass.REARFOOT
) -> tuple[Motion, tuple[Stride, ...]]:
    """A runner on ground that rises by ``roll_deg`` in the picture, and their strides."""
    motion, _ = seen_exactly(RunnerSpec(speed_mps=3.5, strike=strike), 60.0)
    turned = Motion(motion.time_s, rotate(motion.position_ll, roll_deg), motion.filled)
    events = detect_events(motion, EventParams())
    return turned, segment_strides(events, StrideParams()).strides


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("roll", [-6.0, -3.0, 0.0, 3.0, 6.0])
def test_the_documented_share_of_the_roll_is_recovered_in_the_right_direction(
    roll: float, strike: StrikeClass
) -> None:
    motion, strides = tilted(roll, strike)
    for side in Side:
        found = ground_roll_deg(motion, strides, side)
        assert found == pytest.approx(ROLL_TRUST * roll, abs=0.6)


def test_an_impossible_tilt_is_not_taken_for_a_tilted_camera() -> None:
    motion, strides = tilted(15.0)
    assert ground_roll_deg(motion, strides, Side.RIGHT) is None


def test_two_stances_are_too_few_for_a_tilt_and_for_a_flat_foot() -> None:
    motion, strides = tilted(3.0)
    two = [stride for stride in strides if stride.side is Side.RIGHT][:2]
    assert ground_roll_deg(motion, two, Side.RIGHT) is None
    assert np.isnan(flat_foot_deg(motion, two, Side.RIGHT))


@pytest.mark.parametrize("speed_mps", [2.5, 3.5, 4.5])
@pytest.mark.parametrize("strike", STRIKES)
def test_the_flat_foot_is_found_for_every_strike(strike: StrikeClass, speed_mps: float) -> None:
    motion, truth = seen_exactly(RunnerSpec(speed_mps=speed_mps, strike=strike), 60.0)
    strides = segment_strides(truth.events, StrideParams()).strides
    for side in Side:
        found = flat_foot_deg(motion, strides, side)
        assert found == pytest.approx(FLAT_PITCH_DEG, abs=0.6)


def test_the_flat_foot_turns_with_the_picture() -> None:
    level, rising = (flat_foot_deg(*tilted(roll), Side.LEFT) for roll in (0.0, 4.0))
    assert rising - level == pytest.approx(4.0, abs=1e-6)


def test_a_bridged_foot_gives_no_flat_foot() -> None:
    motion, strides = tilted(0.0)
    filled = motion.filled.copy()
    filled[:, motion.landmarks.index("right_heel")] = True
    bridged = Motion(motion.time_s, motion.position_ll, filled)
    assert np.isnan(flat_foot_deg(bridged, strides, Side.RIGHT))


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("roll", [3.0, -3.0])
def test_a_tilted_phone_changes_the_strike_angle_by_less_than_a_degree_and_lean_by_1_3(
    side: Side, roll: float
) -> None:
    level = analysed(camera=Camera(side=side))
    tilted_phone = analysed(camera=Camera(side=side, roll_deg=roll))
    rise = Camera(side=side, roll_deg=roll).ground_rise_deg
    assert np.sign(tilted_phone.gait.view.roll_deg) == np.sign(rise)
    metric = "foot_strike_angle_deg"
    assert median_of(tilted_phone, metric, side) == pytest.approx(
        median_of(level, metric, side), abs=1.0
    )
    lean = median_of(tilted_phone, "trunk_lean_deg") - median_of(level, "trunk_lean_deg")
    # What the trusted share leaves over: 40 % of 3 degrees.
    assert lean == pytest.approx(-(1 - ROLL_TRUST) * rise, abs=0.3)

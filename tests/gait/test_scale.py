"""Metres and speed from what is known, and what happens when two things known disagree."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis, Scale, Verdict
from formcheck.gait.scale import ScaleParams, find_scale, incomparable
from formcheck.synthetic import Camera
from tests.synthetic.made import NATURAL, median_of, record

SEEN_LL_S = 3.0 / 0.93
"""A leg of 0.93 m over a belt at 3 m/s."""
HEIGHT_CM = 100 * 0.93 / 0.527
"""Height of the body with that leg."""


def scale(speed_kmh: float | None = None, height_cm: float | None = None) -> Scale:
    return find_scale(
        300.0, SEEN_LL_S, clock_is_trusted=True, speed_kmh=speed_kmh, height_cm=height_cm
    )


def test_the_belt_speed_measures_the_leg() -> None:
    found = scale(speed_kmh=10.8)
    assert (found.speed_mps, found.leg_length_m) == pytest.approx((3.0, 0.93))
    assert found.speed_source == "given"


def test_the_height_gives_the_leg_and_the_foot_then_the_speed() -> None:
    found = scale(height_cm=HEIGHT_CM)
    assert (found.speed_mps, found.leg_length_m) == pytest.approx((3.0, 0.93))
    assert found.speed_source == "height"


def test_a_given_speed_is_surer_than_one_from_the_height() -> None:
    assert scale(speed_kmh=10.8).speed_sd < scale(height_cm=HEIGHT_CM).speed_sd


def test_with_neither_there_are_no_metres_but_a_speed_to_find_similar_runners() -> None:
    found = scale()
    assert (found.leg_length_m, found.speed_mps) == (None, None)
    assert found.norm_speed_mps == pytest.approx(0.90 * SEEN_LL_S)


def test_a_foot_that_was_not_followed_gives_no_speed() -> None:
    found = find_scale(300.0, np.nan, clock_is_trusted=True, speed_kmh=None, height_cm=HEIGHT_CM)
    assert (found.speed_mps, found.norm_speed_mps) == (None, None)
    assert found.leg_length_m == pytest.approx(0.93)


def test_a_clock_that_lies_gives_no_speed() -> None:
    found = find_scale(
        300.0, SEEN_LL_S, clock_is_trusted=False, speed_kmh=None, height_cm=HEIGHT_CM
    )
    assert found.speed_mps is None


@pytest.mark.parametrize("speed_kmh", [9.5, 10.8, 12.2])
def test_speed_and_height_that_agree_within_their_errors_take_nothing_away(
    speed_kmh: float,
) -> None:
    found = scale(speed_kmh=speed_kmh, height_cm=HEIGHT_CM)
    assert found.speed_ratio == pytest.approx(speed_kmh / 10.8)
    assert incomparable(found, None, ScaleParams()) == {}


@pytest.mark.parametrize("speed_kmh", [5.4, 9.0, 13.0])
def test_speed_and_height_that_contradict_each_other_take_lengths_away(
    speed_kmh: float,
) -> None:
    withheld = incomparable(scale(speed_kmh, HEIGHT_CM), None, ScaleParams())
    assert set(withheld) == {"length", "comparison"}
    assert withheld["length"].code == "speed_and_height_disagree"


def test_on_an_incline_nobody_is_similar_and_the_level_takes_nothing_away() -> None:
    assert set(incomparable(scale(10.8), 4.0, ScaleParams())) == {"comparison"}
    assert incomparable(scale(10.8), 0.0, ScaleParams()) == {}


def rising(incline_percent: float | None) -> Analysis:
    """A picture in which the ground rises by 3 degrees, level camera or not."""
    pose, _ = record(NATURAL, Camera(roll_deg=3.0))
    return analyze_pose(pose, AnalysisConfig(speed_kmh=10.8, incline_percent=incline_percent))


def test_an_incline_explains_the_rising_ground_and_leaves_the_body_upright() -> None:
    percent = 100 * float(np.tan(np.radians(3.0)))
    tilted_phone, hill = rising(None), rising(percent)
    # What the phone's tilt explained is the hill's now: the body is measured against the picture.
    assert hill.gait.view.roll_deg == pytest.approx(
        tilted_phone.gait.view.roll_deg - 0.6 * 3.0, abs=0.05
    )
    change = median_of(hill, "trunk_lean_deg") - median_of(tilted_phone, "trunk_lean_deg")
    assert change == pytest.approx(
        hill.gait.view.roll_deg - tilted_phone.gait.view.roll_deg, abs=0.1
    )


def test_the_incline_does_not_change_the_foot_strike_against_the_ground() -> None:
    level, hill = rising(None), rising(5.0)
    side = level.gait.near_side
    assert median_of(hill, "foot_strike_angle_deg", side) == pytest.approx(
        median_of(level, "foot_strike_angle_deg", side), abs=0.3
    )


def test_on_an_incline_lean_is_measured_and_not_judged() -> None:
    hill = rising(5.0)
    lean = [f for f in hill.findings if f.metric == "trunk_lean_deg"]
    assert {f.verdict for f in lean} == {Verdict.UNDETERMINED}
    assert all(f.observed is not None and "incline of 5 %" in (f.reason or "") for f in lean)

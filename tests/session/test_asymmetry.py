from __future__ import annotations

import math
from dataclasses import replace

import pytest

from formcheck.session import Asymmetry, Session
from tests.session.made import (
    FROM_THE_LEFT,
    FROM_THE_RIGHT,
    LOPSIDED,
    both_sides,
    filmed,
    from_behind,
    session,
)
from tests.synthetic.made import NATURAL


def of(made: Session, metric: str) -> Asymmetry:
    return next(each for each in made.asymmetries if each.metric == metric)


def why(made: Session) -> str:
    assert made.asymmetries == ()
    assert made.not_compared is not None
    reason = made.not_compared.facts.get("why", made.not_compared)
    return str(reason.template)


def test_an_even_runner_is_even_within_error() -> None:
    made = session(*both_sides())
    assert made.not_compared is None
    assert len(made.asymmetries) > 15
    real = [each.metric for each in made.asymmetries if each.is_real]
    assert len(real) <= 0.1 * len(made.asymmetries)


def test_a_quarter_longer_on_the_left_foot_is_found_in_percent_of_the_mean() -> None:
    contact = of(session(*both_sides(LOPSIDED)), "contact_time_s")
    assert contact.difference_unit == "%"
    assert contact.difference.median == pytest.approx(24, abs=7)
    assert contact.difference.low < 24 < contact.difference.high
    assert contact.is_real


def test_the_uncertainty_is_that_of_both_clips() -> None:
    shank = of(session(*both_sides()), "shank_angle_deg")
    assert shank.difference.median == pytest.approx(shank.left.median - shank.right.median)
    assert shank.difference.u == pytest.approx(math.hypot(shank.left.u, shank.right.u))
    width = shank.difference.high - shank.difference.low
    assert width == pytest.approx(2 * 1.96 * shank.difference.u)


def test_unusual_is_only_what_exceeds_most_runners_beyond_error() -> None:
    contact = of(session(*both_sides(LOPSIDED)), "contact_time_s")
    far = replace(contact, difference=replace(contact.difference, low=6.0, high=40.0))
    near = replace(contact, difference=replace(contact.difference, low=5.0, high=40.0))
    assert far.is_unusual
    assert not near.is_unusual


def test_one_side_alone_is_not_compared() -> None:
    assert why(session(filmed("right", FROM_THE_RIGHT, seed=2))) == "asymmetry.one_side"
    assert why(session(from_behind())) == "asymmetry.one_side"


def test_speeds_that_were_given_and_differ_are_not_compared() -> None:
    faster = replace(NATURAL, speed_mps=3.6)
    right = filmed("right", FROM_THE_RIGHT, faster, 2, 12.96)
    assert why(session(filmed("left", FROM_THE_LEFT), right)) == "unlike.speeds"


def test_without_speeds_another_cadence_gives_it_away() -> None:
    quick = replace(NATURAL, speed_mps=4.5)
    left = filmed("left", FROM_THE_LEFT, NATURAL, 1, None)
    right = filmed("right", FROM_THE_RIGHT, quick, 2, None)
    assert why(session(left, right)) == "unlike.cadences"

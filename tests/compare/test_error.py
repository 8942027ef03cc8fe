from __future__ import annotations

import math

import pytest

from formcheck.compare.error import detectable_change, standard_error
from formcheck.domain import Summary
from formcheck.metrics import METRICS


def value(median: float, u: float) -> Summary:
    return Summary(median, median - 1.96 * u, median + 1.96 * u, u, 10)


def test_two_equal_errors_of_3_degrees_hide_changes_up_to_8_3_degrees() -> None:
    """1.96 * sqrt(2) * 3."""
    found = detectable_change(
        "foot_strike_angle_deg", value(8, 3), value(9, 3), is_same_camera=False
    )
    assert found == pytest.approx(8.3156, abs=1e-3)


def test_errors_add_as_squares() -> None:
    found = detectable_change("cadence_spm", value(170, 3), value(172, 4), is_same_camera=False)
    assert found == pytest.approx(1.96 * 5)


def test_half_of_the_part_that_repeats_is_taken_out_of_the_trunk() -> None:
    """trunk_lean_deg: pose = 2 degrees; of u = 3 there remain 3^2 - 2^2 + 1^2 = 6."""
    assert METRICS["trunk_lean_deg"].uncertainty.pose == 2.0
    error = standard_error("trunk_lean_deg", value(8, 3), is_same_camera=True)
    assert error == pytest.approx(math.sqrt(6))


def test_another_camera_takes_nothing_out() -> None:
    assert standard_error("trunk_lean_deg", value(8, 3.5), is_same_camera=False) == 3.5


@pytest.mark.parametrize(
    "metric", ["foot_strike_angle_deg", "contact_time_s", "knee_peak_swing_deg"]
)
def test_nothing_is_taken_out_where_the_error_was_not_seen_to_repeat(metric: str) -> None:
    assert standard_error(metric, value(8, 5), is_same_camera=True) == pytest.approx(5)


@pytest.mark.parametrize("metric", list(METRICS))
def test_an_error_never_grows_by_it_nor_becomes_nothing(metric: str) -> None:
    of = METRICS[metric].uncertainty
    u = math.hypot(of.pose * (20 if of.relative else 1), 0.01)
    assert 0 < standard_error(metric, value(20, u), is_same_camera=True) <= u * (1 + 1e-9)

from __future__ import annotations

from dataclasses import replace

import pytest

from formcheck.compare import Outcome, Result, Row, compare_results
from formcheck.domain import Side
from formcheck.synthetic import Camera
from tests.compare.results import result
from tests.synthetic.made import FROM_BEHIND, NATURAL


def rows(*results: Result) -> dict[tuple[str, Side | None], Row]:
    return {(row.metric, row.side): row for row in compare_results(results)}


def reasons(*results: Result) -> set[str]:
    found = [row.last.reason for row in compare_results(results)]
    return {reason.template for reason in found if reason is not None}


def test_eight_degrees_more_lean_are_a_real_change_and_cadence_is_the_same() -> None:
    leaning = replace(NATURAL, trunk_lean_deg=NATURAL.trunk_lean_deg + 8)
    found = rows(result(), result(leaning, seed=2))
    lean = found["trunk_lean_deg", None].last
    assert lean.outcome is Outcome.REAL
    assert lean.difference == pytest.approx(8, abs=1.5)
    assert found["cadence_spm", None].last.outcome is Outcome.WITHIN


def test_less_bend_of_the_elbow_is_a_real_change_with_a_minus() -> None:
    straighter = replace(NATURAL, elbow_flexion_deg=NATURAL.elbow_flexion_deg - 30)
    near = Side(str(result().near_side))
    change = rows(result(), result(straighter, seed=2))["elbow_flexion_deg", near].last
    assert change.outcome is Outcome.REAL
    assert change.difference == pytest.approx(-30, abs=5)


def test_the_same_runner_filmed_again_stays_within_error() -> None:
    outcomes = [
        row.last.outcome
        for seed in (2, 3, 4)
        for row in compare_results((result(), result(seed=seed)))
        if row.last.outcome is not Outcome.NOT_COMPARABLE
    ]
    assert len(outcomes) > 100
    assert outcomes.count(Outcome.WITHIN) >= 0.9 * len(outcomes)


def test_a_result_does_not_differ_from_itself() -> None:
    known = [row.last for row in compare_results((result(), result()))]
    differences = {change.difference for change in known if change.difference is not None}
    assert differences == {0.0}


def test_a_fifth_faster_is_not_compared() -> None:
    faster = result(replace(NATURAL, speed_mps=3.6), seed=2, speed_kmh=12.96)
    found = compare_results((result(), faster))
    assert {row.last.outcome for row in found} == {Outcome.NOT_COMPARABLE}
    assert reasons(result(), faster) == {"not.speed"}


def test_unknown_speed_does_not_stop_the_comparison() -> None:
    change = rows(result(), result(seed=2, speed_kmh=None))["trunk_lean_deg", None].last
    assert change.outcome is Outcome.WITHIN


def test_only_the_rhythm_is_compared_between_side_and_rear() -> None:
    found = rows(result(), result(camera=FROM_BEHIND, seed=2))
    compared = {
        metric
        for (metric, _), row in found.items()
        if row.last.outcome is not Outcome.NOT_COMPARABLE
    }
    assert "cadence_spm" in compared
    assert compared <= {"cadence_spm", "stride_time_s"}
    assert "not.view" in reasons(result(), result(camera=FROM_BEHIND, seed=2))


def test_from_the_other_side_only_the_whole_body_is_compared_with_wider_limits() -> None:
    other = result(camera=Camera(yaw_deg=180.0), seed=2)
    assert other.near_side is not result().near_side
    found = rows(result(), other)
    same = rows(result(), result(seed=2))
    assert found["contact_time_s", Side.RIGHT].last.outcome is Outcome.NOT_COMPARABLE
    wide, narrow = (table["trunk_lean_deg", None].last.detectable for table in (found, same))
    assert wide is not None
    assert narrow is not None
    assert wide > 1.2 * narrow


def test_an_incline_is_not_compared_with_level_ground() -> None:
    uphill = result(seed=2)
    steep = {**uphill.summary, "scale": {**uphill.summary["scale"], "incline_percent": 6.0}}
    assert reasons(result(), replace(uphill, summary=steep)) == {"not.incline"}


def test_what_was_not_measured_says_why() -> None:
    coarse = result(seed=2)
    table = {
        **coarse.summary["measurements"],
        "trunk_lean_deg": {"both": None, "left": None, "right": None, "not_measured": "too dark"},
    }
    change = rows(
        result(), replace(coarse, summary={**coarse.summary, "measurements": table})
    )["trunk_lean_deg", None].last  # fmt: skip
    assert change.outcome is Outcome.NOT_COMPARABLE
    assert change.reason is not None
    assert change.reason.facts["why"] == "too dark"


def test_later_results_are_each_compared_with_the_first() -> None:
    leaning = result(replace(NATURAL, trunk_lean_deg=16.0), seed=3)
    row = rows(result(), result(seed=2), leaning)["trunk_lean_deg", None]
    assert [change.outcome for change in row.changes] == [Outcome.WITHIN, Outcome.REAL]
    assert len(row.values) == 3


def test_one_result_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="two"):
        compare_results((result(),))

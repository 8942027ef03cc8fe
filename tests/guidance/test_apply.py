"""Values against bands: what is decided, how severely, and what is left open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import (
    Caution,
    Comparison,
    Condition,
    Criterion,
    Finding,
    Grade,
    Measurement,
    Point,
    Rule,
    Side,
    Source,
    Summary,
    Verdict,
)
from formcheck.guidance import apply_rules
from formcheck.guidance.apply import GradingParams, main_finding

SOURCE = Source("somebody", "Somebody (2020)", "p. 1", "study")
POINT = Point("lean", "Lean", 5, 0.7, "Avoid leaning", "", "")
MESSAGES = {"within": "fine", "outside_low": "upright {value}", "outside_high": "far {value}"}


def criterion(good: tuple[float, float] = (2.0, 14.0), **changes: object) -> Criterion:
    plain = Criterion("trunk_lean_deg", good, (-2.0, 20.0), Grade.FIX, False, (), {})
    return replace(plain, **changes)  # type: ignore[arg-type]


def rule(*criteria: Criterion) -> Rule:
    return Rule(
        "evidence_lean", "evidence", POINT, criteria or (criterion(),), 8, MESSAGES, (SOURCE,)
    )


def summary(median: float, u: float, n_strides: int = 10) -> Summary:
    return Summary(median, median - 1.96 * u, median + 1.96 * u, u, n_strides)


def measured(
    metric: str, summaries: Mapping[Side | None, Summary], not_measured: str | None = None
) -> Measurement:
    return Measurement(
        metric, "deg", "Trunk lean", "", "stride", np.empty(0), summaries, not_measured
    )


def lean(median: float, u: float, n_strides: int = 10) -> Measurement:
    return measured("trunk_lean_deg", {None: summary(median, u, n_strides)})


def judged(*measurements: Measurement, by: Rule | None = None) -> Finding:
    (finding,) = apply_rules(measurements, [by or rule()], Side.RIGHT, GradingParams())
    return finding


def test_a_value_well_inside_the_band_is_within_and_good() -> None:
    found = judged(lean(8.0, 3.5))
    assert (found.verdict, found.grade) == (Verdict.WITHIN, Grade.GOOD)


@pytest.mark.parametrize("median", [-1.0, 17.0])
def test_a_value_well_outside_the_good_band_is_worth_watching(median: float) -> None:
    found = judged(lean(median, 1.0))
    assert (found.verdict, found.grade) == (Verdict.OUTSIDE, Grade.WATCH)


@pytest.mark.parametrize("median", [-6.0, 24.0])
def test_a_value_well_beyond_the_watch_band_is_to_be_worked_on(median: float) -> None:
    assert judged(lean(median, 1.0)).grade is Grade.FIX


def test_beyond_the_watch_band_takes_more_certainty_than_outside_the_good_one() -> None:
    # 1 SD beyond 20: 84 % sure, enough for watch (0.8) and not for fix (0.9).
    assert judged(lean(22.0, 2.0)).grade is Grade.WATCH
    # 1.5 SD beyond: 93 %.
    assert judged(lean(23.0, 2.0)).grade is Grade.FIX


@pytest.mark.parametrize("median", [2.0, 13.0, 15.0])
def test_a_value_near_an_edge_is_undetermined(median: float) -> None:
    found = judged(lean(median, 3.5))
    assert (found.verdict, found.grade) == (Verdict.UNDETERMINED, None)
    assert found.reason == "within measurement error of the edge of the band"


def test_less_uncertainty_decides_the_same_value() -> None:
    assert judged(lean(15.0, 3.5)).verdict is Verdict.UNDETERMINED
    assert judged(lean(15.0, 0.5)).verdict is Verdict.OUTSIDE


def test_a_criterion_without_watch_band_never_says_fix() -> None:
    capped = rule(criterion(watch=None, most=Grade.WATCH))
    assert judged(lean(60.0, 1.0), by=capped).grade is Grade.WATCH
    informative = rule(criterion(watch=None, most=Grade.INFO))
    found = judged(lean(60.0, 1.0), by=informative)
    assert (found.verdict, found.grade, found.fires) == (Verdict.OUTSIDE, Grade.INFO, False)


def test_the_probability_is_that_of_a_normal_distribution() -> None:
    # Half above the upper edge; the lower edge is six standard deviations away.
    assert judged(lean(14.0, 2.0)).probability_outside == pytest.approx(0.5, abs=1e-6)


def test_too_few_strides_give_no_verdict_however_clear_the_value() -> None:
    found = judged(lean(40.0, 1.0, 5))
    assert found.verdict is Verdict.UNDETERMINED
    assert found.reason == "only 5 strides, 8 are needed for a verdict"


def test_the_text_names_the_side_of_the_band_and_the_value() -> None:
    assert [judged(lean(value, 0.5)).message for value in (-5.0, 30.0, 8.0)] == [
        "upright \u22125°", "far 30°", "fine",
    ]  # fmt: skip


def test_a_rule_whose_metric_does_not_exist_says_so() -> None:
    found = judged(lean(8.0, 3.5), by=rule(criterion(metric="head_pitsch_deg")))
    assert (found.verdict, found.reason) == (
        Verdict.UNDETERMINED,
        "no metric is called head_pitsch_deg",
    )
    assert found.observed is None


def test_a_metric_without_a_value_says_why() -> None:
    found = judged(measured("trunk_lean_deg", {}, "the hips are hidden"))
    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, "the hips are hidden")


def test_the_near_side_is_named_before_the_far_side() -> None:
    both = measured("trunk_lean_deg", dict.fromkeys(Side, summary(8.0, 3.5)))
    findings = apply_rules([both], [rule()], Side.RIGHT, GradingParams())
    assert [finding.side for finding in findings] == [Side.RIGHT, Side.LEFT]


def sides(right: Summary, left: Summary) -> tuple[Finding, ...]:
    both = measured("trunk_lean_deg", {Side.RIGHT: right, Side.LEFT: left})
    return apply_rules([both], [rule()], Side.RIGHT, GradingParams())


def test_what_one_side_alone_asks_for_names_the_side() -> None:
    _, left = sides(summary(8.0, 1.0), summary(25.0, 2.0))
    assert left.message.startswith("Left side: far")
    right, left = sides(summary(25.0, 1.0), summary(25.0, 2.0))
    assert {right.message, left.message} == {"far 25\N{DEGREE SIGN}"}


def test_a_side_does_not_lead_where_the_other_is_known_better_and_within() -> None:
    _, far = sides(summary(8.0, 1.0), summary(25.0, 2.0))
    assert far.fires
    assert main_finding(sides(summary(8.0, 1.0), summary(25.0, 2.0)), Caution.NONE) is None
    # As exact as the other side (from behind), or with the other unsure, it does.
    for right in (summary(8.0, 2.0), summary(14.0, 1.0)):
        found = main_finding(sides(right, summary(25.0, 2.0)), Caution.NONE)
        assert found is not None
        assert found.side is Side.LEFT


def test_an_open_band_has_one_edge() -> None:
    open_below = rule(criterion((-math.inf, 1.0), watch=None, most=Grade.WATCH))
    assert judged(lean(-50.0, 1.0), by=open_below).verdict is Verdict.WITHIN


def with_reach(z: float) -> Measurement:
    return measured("overstride_z", {Side.RIGHT: summary(z, 0.2)})


REAR = criterion(
    (-math.inf, 8.0),
    metric="foot_strike_angle_deg",
    watch=(-math.inf, 25.0),
    when=(Condition("overstride_z", (1.0, math.inf)),),
    messages={"outside": "rear {value} and far ahead"},
)
ORDINARY = criterion((-6.0, 20.0), metric="foot_strike_angle_deg", watch=None, most=Grade.WATCH)


def strike(angle: float) -> Measurement:
    return measured("foot_strike_angle_deg", {Side.RIGHT: summary(angle, 1.0)})


def test_a_conditional_criterion_counts_only_where_its_condition_is_very_likely() -> None:
    both = rule(ORDINARY, REAR)
    alone = judged(strike(14.0), with_reach(0.0), by=both)
    together = judged(strike(14.0), with_reach(2.0), by=both)
    unmeasured = judged(strike(14.0), by=both)
    assert (alone.grade, unmeasured.grade) == (Grade.GOOD, Grade.GOOD)
    assert (together.grade, together.message) == (Grade.WATCH, "rear 14° and far ahead")


def test_the_severest_criterion_speaks() -> None:
    found = judged(strike(30.0), with_reach(3.0), by=rule(ORDINARY, REAR))
    assert found.grade is Grade.FIX


def test_a_rule_speaks_through_a_later_criterion_when_the_first_was_not_measured() -> None:
    nothing = measured("foot_strike_angle_deg", {}, "the feet are hidden")
    reach = criterion((-math.inf, 1.0), metric="overstride_z", watch=None, most=Grade.WATCH)
    found = judged(nothing, with_reach(3.0), by=rule(ORDINARY, reach))
    assert (found.grade, found.side) == (Grade.WATCH, Side.RIGHT)
    calm = judged(nothing, with_reach(0.0), by=rule(ORDINARY, reach))
    assert (calm.verdict, calm.reason) == (Verdict.UNDETERMINED, "the feet are hidden")


def compared(median: float, expected_u: float) -> Measurement:
    place = Comparison(3.0, 10.0, 2.0, expected_u, 0.0, (7.4, 12.6), 50.0, (40.0, 60.0))
    return replace(lean(median, 0.6), comparisons={None: place})


def test_a_band_among_similar_runners_is_put_into_the_metrics_unit() -> None:
    relative = rule(criterion((-1.0, 1.0), watch=(-2.0, 2.0), compared=True))
    inside, far = (judged(compared(value, 0.0), by=relative) for value in (10.5, 16.0))
    assert inside.band == pytest.approx((8.0, 12.0))
    assert (inside.grade, far.grade) == (Grade.GOOD, Grade.FIX)


def test_an_unsure_speed_adds_to_the_uncertainty() -> None:
    relative = rule(criterion((-1.0, 1.0), watch=(-2.0, 2.0), compared=True))
    sure, unsure = (judged(compared(12.9, u), by=relative) for u in (0.0, 2.0))
    assert sure.verdict is Verdict.OUTSIDE
    assert unsure.verdict is Verdict.UNDETERMINED


def test_without_similar_runners_a_relative_band_decides_nothing() -> None:
    relative = rule(criterion((-1.0, 1.0), watch=(-2.0, 2.0), compared=True))
    lonely = replace(lean(8.0, 1.0), not_compared="the running speed is unknown")
    found = judged(lonely, by=relative)
    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, "the running speed is unknown")
    assert found.band is None


def test_a_measurement_no_band_fits_is_shown_and_not_judged() -> None:
    found = judged(replace(lean(30.0, 1.0), not_judged="on an incline"))
    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, "on an incline")
    assert found.observed is not None


def of_point(name: str, weight: float, grade: Grade | None, pack: str = "evidence") -> Finding:
    named = replace(rule(), point=replace(POINT, id=name, weight=weight), pack=pack)
    return replace(judged(lean(8.0, 1.0)), rule=named, grade=grade, probability_outside=0.9)


def test_the_best_supported_change_comes_first() -> None:
    stride, head = of_point("stride", 1.0, Grade.WATCH), of_point("head", 0.2, Grade.WATCH)
    assert main_finding([head, stride], Caution.NONE) is stride


def test_a_much_severer_finding_outweighs_a_slightly_better_supported_one() -> None:
    arms, lean_ = of_point("arms", 0.6, Grade.FIX), of_point("lean", 0.7, Grade.WATCH)
    assert main_finding([lean_, arms], Caution.NONE) is arms


def test_what_only_the_article_says_is_not_what_to_work_on_first() -> None:
    said = of_point("strike", 1.0, Grade.WATCH, pack="article")
    assert main_finding([said, of_point("lean", 0.7, Grade.GOOD)], Caution.NONE) is None


@pytest.mark.parametrize("caution", [caution for caution in Caution if caution is not Caution.NONE])
def test_nothing_is_to_be_worked_on_while_answers_ask_for_caution(caution: Caution) -> None:
    assert main_finding([of_point("lean", 0.7, Grade.FIX)], caution) is None

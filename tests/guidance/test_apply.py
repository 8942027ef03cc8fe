from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Measurement, Rule, Side, Source, Summary, Verdict
from formcheck.guidance import apply_rules
from formcheck.guidance.apply import GradingParams

SOURCE = Source("somebody", "Somebody (2020)", "p. 1", "study")
RULE = Rule(
    id="lean",
    title="Lean",
    metric="trunk_lean_deg",
    low=2.0,
    high=14.0,
    min_strides=8,
    priority=1,
    article_sentence="Avoid leaning",
    messages={"within": "fine", "outside_low": "upright {value}", "outside_high": "far {value}"},
    evidence_note="",
    advice="",
    sources=(SOURCE,),
)


def measured(median: float, u: float, n_strides: int = 10) -> Measurement:
    summary = Summary(median, median - 1.96 * u, median + 1.96 * u, u, n_strides)
    return Measurement(
        "trunk_lean_deg", "deg", "Trunk lean", "", "stride", np.empty(0), {None: summary}, None
    )


def verdict(median: float, u: float, n_strides: int = 10) -> Verdict:
    (finding,) = apply_rules([measured(median, u, n_strides)], [RULE], Side.RIGHT, GradingParams())
    return finding.verdict


def test_a_value_well_inside_the_band_is_within() -> None:
    assert verdict(8.0, 3.5) is Verdict.WITHIN


@pytest.mark.parametrize("median", [-4.0, 20.0])
def test_a_value_well_outside_the_band_is_outside(median: float) -> None:
    assert verdict(median, 3.5) is Verdict.OUTSIDE


@pytest.mark.parametrize("median", [2.0, 13.0, 15.0])
def test_a_value_near_an_edge_is_undetermined(median: float) -> None:
    assert verdict(median, 3.5) is Verdict.UNDETERMINED


def test_less_uncertainty_decides_the_same_value() -> None:
    assert verdict(15.0, 3.5) is Verdict.UNDETERMINED
    assert verdict(15.0, 0.5) is Verdict.OUTSIDE


def test_the_probability_is_that_of_a_normal_distribution() -> None:
    (finding,) = apply_rules([measured(14.0, 2.0)], [RULE], Side.RIGHT, GradingParams())
    # Half above the upper edge; the lower edge is six standard deviations away.
    assert finding.probability_outside == pytest.approx(0.5, abs=1e-6)


def test_too_few_strides_give_no_verdict_however_clear_the_value() -> None:
    (finding,) = apply_rules([measured(40.0, 1.0, 5)], [RULE], Side.RIGHT, GradingParams())
    assert finding.verdict is Verdict.UNDETERMINED
    assert finding.reason == "only 5 strides, 8 are needed for a verdict"


def test_the_text_names_the_side_of_the_band_and_the_value() -> None:
    low, high = (
        apply_rules([measured(value, 0.5)], [RULE], Side.RIGHT, GradingParams())[0].message
        for value in (-5.0, 30.0)
    )
    assert (low, high) == ("upright -5°", "far 30°")


def test_a_rule_without_its_metric_says_not_measured_yet() -> None:
    rule = replace(RULE, metric="head_pitch_deg")
    (finding,) = apply_rules([measured(8.0, 3.5)], [rule], Side.RIGHT, GradingParams())
    assert finding.verdict is Verdict.UNDETERMINED
    assert finding.reason == "not measured yet"
    assert finding.observed is None


def test_a_metric_without_a_value_says_why() -> None:
    nothing = replace(measured(8.0, 3.5), summaries={}, not_measured="the hips are hidden")
    (finding,) = apply_rules([nothing], [RULE], Side.RIGHT, GradingParams())
    assert finding.verdict is Verdict.UNDETERMINED
    assert finding.reason == "the hips are hidden"


def test_the_near_side_is_named_before_the_far_side() -> None:
    both = measured(8.0, 3.5)
    sided = replace(both, summaries=dict.fromkeys(Side, both.summaries[None]))
    findings = apply_rules([sided], [RULE], Side.RIGHT, GradingParams())
    assert [finding.side for finding in findings] == [Side.RIGHT, Side.LEFT]


def test_an_open_band_has_one_edge() -> None:
    rule = replace(RULE, low=None, high=1.0)
    (finding,) = apply_rules([measured(-50.0, 1.0)], [rule], Side.RIGHT, GradingParams())
    assert finding.verdict is Verdict.WITHIN

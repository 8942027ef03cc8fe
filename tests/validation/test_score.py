import math

import numpy as np
import pytest

from formcheck.validation.score import (
    EventScore,
    cohen_kappa,
    coverage,
    match_events,
    pooled,
    score_values,
)


def times(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


def test_each_event_is_matched_once() -> None:
    score = match_events(times(1.00, 1.02), times(1.01), 0.1)
    assert (len(score.error_s), score.n_missed, score.n_extra) == (1, 0, 1)


def test_the_closest_pair_wins_even_when_it_comes_later() -> None:
    score = match_events(times(0.92, 1.01), times(1.00), 0.1)
    assert score.error_s == pytest.approx([0.01])


def test_a_pair_farther_apart_than_the_tolerance_is_a_miss_and_an_extra() -> None:
    score = match_events(times(1.2), times(1.0), 0.1)
    assert (len(score.error_s), score.n_missed, score.n_extra) == (0, 1, 1)
    assert score.recall == 0.0
    assert score.precision == 0.0
    assert math.isnan(score.bias_s)


def test_finding_nothing_is_failure_not_zero_error() -> None:
    score = match_events(times(), times(1.0, 2.0), 0.1)
    assert score.recall == 0.0
    assert score.precision == 0.0
    assert math.isnan(score.bias_s)
    assert math.isnan(score.sd_s)


def test_an_unknown_event_time_is_not_found() -> None:
    score = match_events(times(math.nan, 2.0), times(1.0, 2.0), 0.1)
    assert (score.n_missed, score.n_extra) == (1, 0)


def test_late_events_give_a_positive_bias_and_symmetric_limits() -> None:
    score = match_events(times(1.01, 2.03), times(1.0, 2.0), 0.1)
    spread = math.sqrt(2) * 0.01
    assert score.bias_s == pytest.approx(0.02)
    assert score.sd_s == pytest.approx(spread)
    assert score.limits_s == pytest.approx((0.02 - 1.96 * spread, 0.02 + 1.96 * spread))


def test_pooling_keeps_misses_and_extras() -> None:
    parts = [EventScore(times(0.01), 1, 0), EventScore(times(), 2, 3)]
    whole = pooled(parts)
    assert (len(whole.error_s), whole.n_missed, whole.n_extra) == (1, 3, 3)
    assert pooled([]).recall is not None
    assert math.isnan(pooled([]).recall)


def test_values_are_scored_by_slope_and_offset() -> None:
    score = score_values(times(3.0, 5.0, 7.0), times(1.0, 2.0, 3.0))
    assert score.slope == pytest.approx(2.0)
    assert score.offset == pytest.approx(1.0)
    assert score.bias == pytest.approx(3.0)
    assert score.mae == pytest.approx(3.0)
    assert score.rmse == pytest.approx(math.sqrt((4 + 9 + 16) / 3))


def test_truths_that_hardly_vary_have_no_slope() -> None:
    score = score_values(times(10.4, 9.8, 10.9), times(10.0, 10.1, 10.2))
    assert math.isnan(score.slope)
    assert score.n == 3


def test_missing_measurements_are_counted_and_never_scored_as_zero() -> None:
    score = score_values(times(math.nan, math.nan), times(1.0, 2.0))
    assert (score.n, score.n_missing) == (0, 2)
    assert math.isnan(score.mae)
    assert math.isnan(score.rmse)
    assert math.isnan(score.slope)


def test_coverage_counts_only_stated_intervals() -> None:
    low, high = times(0.0, 0.0, math.nan, 0.0), times(1.0, 1.0, 1.0, 1.0)
    assert coverage(low, high, times(0.5, 2.0, 0.5, 1.0)) == pytest.approx(2 / 3)
    assert math.isnan(coverage(times(math.nan), times(1.0), times(0.0)))


def test_kappa_of_a_textbook_table() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed 0.7, chance 0.5.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_kappa_without_cases_is_unknown() -> None:
    assert math.isnan(cohen_kappa([], []))


def test_kappa_refuses_lists_of_different_length() -> None:
    with pytest.raises(ValueError, match="same cases"):
        cohen_kappa(["a"], [])

"""Speed and height, given or not, right or a little wrong: each with its error in each metric."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis, Side, Summary, Verdict
from formcheck.metrics import METRICS, Topic
from formcheck.metrics.norms import norms
from tests.synthetic.made import NATURAL, record

SPEED_KMH, HEIGHT_CM = 10.8, 176.0
GIVEN: dict[str, dict[str, float]] = {
    "speed": {"speed_kmh": SPEED_KMH},
    "speed, the belt 3 % slower": {"speed_kmh": 1.03 * SPEED_KMH},
    "height": {"height_cm": HEIGHT_CM},
    "height, the legs 3 % shorter": {"height_cm": 1.03 * HEIGHT_CM},
    "both": {"speed_kmh": SPEED_KMH, "height_cm": HEIGHT_CM},
    "both, each a little wrong": {"speed_kmh": 1.03 * SPEED_KMH, "height_cm": 0.97 * HEIGHT_CM},
}
NEITHER: dict[str, float] = {}
CONTRADICTING = {"speed_kmh": SPEED_KMH, "height_cm": 140.0}
UPHILL = {"speed_kmh": SPEED_KMH, "incline_percent": 4.0}
IN_METRES = {
    name: entry.uncertainty.scale
    for name, entry in METRICS.items()
    if entry.uncertainty.scale in {"length", "speed"} and "step_width" not in name
}
"""From the side, by what their error hangs on."""


@functools.cache
def _analysed(given: tuple[tuple[str, float], ...]) -> Analysis:
    return analyze_pose(record(NATURAL)[0], AnalysisConfig(**dict(given)))  # type: ignore[arg-type]


def analysed(given: dict[str, float]) -> Analysis:
    return _analysed(tuple(given.items()))


def near_or_whole(result: Analysis, metric: str) -> tuple[Side | None, Summary]:
    measured = result.measurement(metric)
    assert measured is not None
    key = None if None in measured.summaries else Side.RIGHT
    return key, measured.summaries[key]


def test_the_metrics_in_metres_are_these() -> None:
    assert IN_METRES == {
        "vertical_oscillation_cm": "length",
        "heel_ahead_of_hip_cm": "length",
        "leg_stiffness_kn_m_kg": "length",
        "stride_length_m": "speed",
        "step_length_m": "speed",
    }


@pytest.mark.parametrize("metric", IN_METRES)
@pytest.mark.parametrize("given", GIVEN)
def test_what_is_given_gives_metres_whose_interval_holds_the_truth(given: str, metric: str) -> None:
    result = analysed(GIVEN[given])
    key, summary = near_or_whole(result, metric)
    assert summary.low <= record(NATURAL)[1].value(metric, key) <= summary.high
    scale = result.gait.scale
    share = scale.speed_sd if IN_METRES[metric] == "speed" else scale.leg_length_sd
    assert summary.u >= share * summary.median


def test_each_source_of_the_scale_has_an_error_of_its_own() -> None:
    by_given = {given: analysed(GIVEN[given]).gait.scale for given in GIVEN}
    errors = {given: (scale.speed_sd, scale.leg_length_sd) for given, scale in by_given.items()}
    assert errors["speed"] == errors["both"] == pytest.approx((0.03, np.hypot(0.03, 0.02)))
    assert errors["height"] == pytest.approx((0.05, 0.03))


@pytest.mark.parametrize("given", GIVEN)
def test_the_error_of_the_speed_is_in_every_place_among_similar_runners(given: str) -> None:
    result = analysed(GIVEN[given])
    sd = result.gait.scale.norm_speed_sd_mps
    assert sd is not None
    compared = [measured for measured in result.measurements if measured.comparisons]
    assert len(compared) > 15
    for measured in compared:
        for place in measured.comparisons.values():
            assert place.expected_u == pytest.approx(abs(norms()[measured.metric].slope) * sd)


def test_the_stance_foot_gives_the_speed_of_a_runner_of_known_height_and_no_other() -> None:
    known, unknown = (analysed(GIVEN["height"]).gait.scale, analysed(NEITHER).gait.scale)
    assert known.speed_mps == pytest.approx(3.0, rel=0.03)
    assert unknown.speed_mps is None
    # An average leg: good enough to find similar runners by, with an error of its own.
    usual = unknown.norm_speed_mps
    assert usual is not None
    assert usual == pytest.approx(3.0, rel=0.07)
    assert unknown.norm_speed_sd_mps == pytest.approx(0.07 * usual)


def test_with_neither_there_is_nothing_in_metres_and_the_reach_is_less_certain() -> None:
    result = analysed(NEITHER)
    for metric in IN_METRES:
        measured = result.measurement(metric)
        assert measured is not None
        assert not measured.summaries
        assert "neither speed nor height" in str(measured.not_measured)
    reach = [
        near_or_whole(analysed(given), "overstride_z")[1].u for given in (NEITHER, GIVEN["speed"])
    ]
    assert reach[0] > reach[1]


def test_a_contradiction_takes_metres_and_comparisons_and_leaves_the_rest() -> None:
    result, clean = analysed(CONTRADICTING), analysed(GIVEN["speed"])
    lost = {m.metric for m in clean.measurements if m.summaries} - {
        m.metric for m in result.measurements if m.summaries
    }
    assert lost == {*IN_METRES, "overstride_z"}
    assert not any(measured.comparisons for measured in result.measurements)


def test_an_incline_leaves_lengths_and_takes_stiffness_comparisons_and_verdicts() -> None:
    result = analysed(UPHILL)
    for metric in set(IN_METRES) - {"leg_stiffness_kn_m_kg"}:
        assert near_or_whole(result, metric)[1].u > 0
    for metric in ("leg_stiffness_kn_m_kg", "vertical_stiffness_kn_m_kg"):
        measured = result.measurement(metric)
        assert measured is not None
        assert not measured.summaries
    assert not any(measured.comparisons for measured in result.measurements)
    judged = {f.metric for f in result.findings if f.verdict is not Verdict.UNDETERMINED}
    of_the_slope = {Topic.TRUNK, Topic.LEGS, Topic.FEET, Topic.FOOT_ANGLE, Topic.COMPARISON}
    assert judged
    assert not {METRICS[metric].topic for metric in judged} & of_the_slope

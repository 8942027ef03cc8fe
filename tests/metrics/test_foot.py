"""Strike angle and strike class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import FootStrike, Measurement, Side, StrikeClass, Summary
from formcheck.metrics import METRICS, StrideMetric, classify_strikes
from formcheck.metrics.foot import foot_strike_angle_deg
from formcheck.synthetic import RunnerSpec
from tests.metrics.made import N_STRIDES, gait_of
from tests.synthetic.made import analysis, median_of, record

STRIKES = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)


@pytest.mark.parametrize("pitch", [-6.0, 0.0, 15.0])
@pytest.mark.parametrize("flat", [-4.0, 0.0, 3.0])
def test_the_strike_angle_is_toes_up_against_the_own_flat_foot(pitch: float, flat: float) -> None:
    angle = np.radians(pitch)
    tip = (0.02 + 0.28 * float(np.cos(angle)), 0.05 + 0.28 * float(np.sin(angle)))
    gait = gait_of({"foot_index": tip}, foot_flat_deg=dict.fromkeys(Side, flat))
    values = foot_strike_angle_deg(gait)
    assert values == pytest.approx(np.full(2 * N_STRIDES, pitch - flat))


def test_an_unknown_flat_foot_gives_no_angle() -> None:
    flat = {Side.LEFT: float("nan"), Side.RIGHT: 0.0}
    gait = gait_of(foot_flat_deg=flat)
    known = np.isfinite(foot_strike_angle_deg(gait))
    assert known.tolist() == [side is Side.RIGHT for side in gait.sides()]


def classified(angle: float, u: float, rate_hz: float = 60.0) -> FootStrike:
    summary = Summary(angle, angle - 1.96 * u, angle + 1.96 * u, u, 10)
    entry = METRICS["foot_strike_angle_deg"]
    assert isinstance(entry, StrideMetric)
    measurement = Measurement(
        entry.name,
        entry.unit,
        entry.label,
        entry.definition,
        entry.reading.instant,
        np.array([angle]),
        {Side.RIGHT: summary},
        "left: not seen",
    )
    gait = replace(gait_of(), frame_rate_hz=rate_hz)
    return classify_strikes(gait, measurement)[Side.RIGHT]


@pytest.mark.parametrize(
    ("angle", "strike"),
    [(16.0, StrikeClass.REARFOOT), (3.0, StrikeClass.MIDFOOT), (-8.0, StrikeClass.FOREFOOT)],
)
def test_a_class_is_stated_when_nothing_else_is_likely(angle: float, strike: StrikeClass) -> None:
    assert classified(angle, 2.0).strike is strike


@pytest.mark.parametrize(("angle", "between"), [(8.0, "rearfoot"), (-1.6, "forefoot")])
def test_at_a_limit_no_class_is_stated_and_both_are_named(angle: float, between: str) -> None:
    result = classified(angle, 2.0)
    assert result.strike is StrikeClass.UNDETERMINED
    assert between in result.note
    assert "midfoot" in result.note


def test_probabilities_add_up_to_one() -> None:
    assert sum(classified(5.0, 4.0).probabilities.values()) == pytest.approx(1.0)


def test_at_30_fps_only_rearfoot_is_stated() -> None:
    assert classified(20.0, 3.0, 30.0).strike is StrikeClass.REARFOOT
    forefoot = classified(-12.0, 3.0, 30.0)
    assert forefoot.strike is StrikeClass.UNDETERMINED
    assert "30 frames per second" in forefoot.note


def test_an_unmeasured_foot_has_no_class_and_says_why() -> None:
    entry = METRICS["foot_strike_angle_deg"]
    assert isinstance(entry, StrideMetric)
    nothing = Measurement(entry.name, "deg", "", "", "", np.empty(0), {}, "the feet were hidden")
    result = classify_strikes(gait_of(), nothing)[Side.LEFT]
    assert result.strike is StrikeClass.UNDETERMINED
    assert result.note == "the feet were hidden"


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("fps", [60.0, 120.0])
def test_the_strike_angle_of_a_whole_clip_is_within_1_5_degrees(
    strike: StrikeClass, fps: float
) -> None:
    spec = RunnerSpec(speed_mps=3.5, strike=strike, variability=1.0)
    _, truth = record(spec, fps=fps)
    result = analysis(spec, fps=fps)
    for side in Side:
        assert median_of(result, "foot_strike_angle_deg", side) == pytest.approx(
            truth.value("foot_strike_angle_deg", side), abs=1.5
        )


def test_strike_angles_come_in_the_right_order() -> None:
    angles = [
        median_of(
            analysis(RunnerSpec(speed_mps=3.5, strike=strike, variability=1.0)),
            "foot_strike_angle_deg",
            Side.RIGHT,
        )
        for strike in STRIKES
    ]
    assert angles == sorted(angles, reverse=True)


def test_no_strike_class_of_a_known_runner_is_wrong() -> None:
    for strike in STRIKES:
        spec = RunnerSpec(speed_mps=3.5, strike=strike, variability=1.0)
        for result in analysis(spec).foot_strikes.values():
            assert result.strike in {strike, StrikeClass.UNDETERMINED}

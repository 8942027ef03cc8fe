"""Numbers, units and pace as readers of each language write them."""

from __future__ import annotations

import pytest

from formcheck.metrics import METRICS
from formcheck.texts import Language, ReportStyle, Units
from formcheck.texts.amounts import amount, by_spec, plus_minus

ENGLISH = ReportStyle()
IMPERIAL = ReportStyle(units=Units.IMPERIAL)
PACE = ReportStyle(pace=True)
PACE_MILES = ReportStyle(units=Units.IMPERIAL, pace=True)


@pytest.mark.parametrize(
    ("value", "unit", "style", "written"),
    [
        (-4.0, "deg", ENGLISH, "\u22124°"),
        (2.54, "cm", ENGLISH, "2.5\u202fcm"),
        (2.54, "cm", IMPERIAL, "1.0\u202fin"),
        (3.048, "m", IMPERIAL, "10.0\u202fft"),
        (3.0, "m/s", ENGLISH, "10.8 km/h"),
        (3.0, "m/s", IMPERIAL, "6.7 mph"),
        (3.0, "m/s", PACE, "5:33 min/km"),
        (3.0, "m/s", PACE_MILES, "8:56 min/mile"),
        (12.0, "km/h", PACE, "5:00 min/km"),
        (0.2, "s", PACE, "0.200\u202fs"),
        (float("nan"), "deg", ENGLISH, "\u2013"),
    ],
)
def test_an_amount_is_written_in_the_unit_asked_for(
    value: float, unit: str, style: ReportStyle, written: str
) -> None:
    assert amount(value, unit, style) == written


def test_a_sign_stands_where_it_is_asked_for_and_never_before_zero() -> None:
    assert amount(2.0, "deg", ENGLISH, signed=True) == "+2°"
    assert amount(-0.2, "deg", ENGLISH, signed=True) == "0°"


def test_half_an_interval_is_converted_too() -> None:
    assert plus_minus(2.5, 0.1, "m", ENGLISH) == "2.50\u202f±\u202f0.10\u202fm"
    assert plus_minus(2.5, 0.1, "m", IMPERIAL) == "8.2\u202f±\u202f0.3\u202fft"
    assert plus_minus(3.0, 0.1, "m/s", PACE) == "5:33\u202f±\u202f0:11 min/km"


def test_python_formats_follow_the_language() -> None:
    assert {by_spec(0.314, ".0%", language) for language in Language} == {"31\u202f%"}
    assert by_spec(3.14159, ".2f", Language.EN) == "3.14"
    assert by_spec(-0.914, "+.2f", Language.DE) == "\u22120,91"


def test_every_unit_of_a_metric_can_be_written() -> None:
    for entry in METRICS.values():
        assert amount(1.0, entry.unit, ENGLISH)
        assert amount(1.0, entry.unit, IMPERIAL)

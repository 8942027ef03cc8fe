"""Numbers as a language writes them, and amounts in the units a reader wants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent, get_decimal_symbol

from formcheck.texts.style import Language, ReportStyle, Units
from formcheck.texts.tables import find

NOT_KNOWN = "\u2013"
"""Written where there is no number."""
_METRES_PER_MILE = 1609.344


@dataclass(frozen=True, slots=True)
class _Unit:
    """How amounts are shown: a name in units.toml, decimals that mean something, and a factor."""

    name: str
    decimals: int
    factor: float = 1.0


_METRIC: Mapping[str, _Unit] = MappingProxyType(
    {
        "deg": _Unit("degree", 0),
        "s": _Unit("second", 3),
        "ms": _Unit("millisecond", 0),
        "steps/min": _Unit("steps_per_minute", 0),
        "m": _Unit("metre", 2),
        "cm": _Unit("centimetre", 1),
        "km/h": _Unit("kilometres_per_hour", 1),
        "m/s": _Unit("kilometres_per_hour", 1, 3.6),
        "leg lengths": _Unit("leg_lengths", 2),
        "body heights": _Unit("body_heights", 2),
        "trunk lengths": _Unit("trunk_lengths", 2),
        "%": _Unit("percent", 1),
        "kN/m/kg": _Unit("stiffness", 2),
        "SD of similar runners": _Unit("deviations", 1),
        "": _Unit("none", 2),
    }
)
_IMPERIAL: Mapping[str, _Unit] = MappingProxyType(
    {
        **_METRIC,
        "m": _Unit("foot", 1, 1 / 0.3048),
        "cm": _Unit("inch", 1, 1 / 2.54),
        "km/h": _Unit("miles_per_hour", 1, 1000 / _METRES_PER_MILE),
        "m/s": _Unit("miles_per_hour", 1, 3600 / _METRES_PER_MILE),
    }
)
_SPEEDS_MPS: Mapping[str, float] = MappingProxyType({"m/s": 1.0, "km/h": 1 / 3.6})


def decimals_of(unit: str, style: ReportStyle) -> int:
    """Decimals of an amount that mean something."""
    return _shown(unit, style).decimals


def converted(value: float, unit: str, style: ReportStyle) -> float:
    """The number that is shown for an amount, before it is written; not for a pace."""
    return value * _shown(unit, style).factor


def suffix(unit: str, style: ReportStyle) -> str:
    """What is written after the number, the space before it included."""
    if is_pace(unit, style):
        return str(find("units", f"pace_{style.units.value}", style.language))
    return str(find("units", _shown(unit, style).name, style.language))


def amount(value: float, unit: str, style: ReportStyle, *, signed: bool = False) -> str:
    """A number with its unit, with as many decimals as mean something."""
    written = bare(value, unit, style, signed=signed)
    return written if written == NOT_KNOWN else written + suffix(unit, style)


def bare(value: float, unit: str, style: ReportStyle, *, signed: bool = False) -> str:
    """The number of an amount, without its unit."""
    if not math.isfinite(value):
        return NOT_KNOWN
    if is_pace(unit, style):
        return _clock(_seconds_each(value, unit, style))
    shown = _shown(unit, style)
    return decimal(value * shown.factor, shown.decimals, style.language, signed=signed)


def plus_minus(value: float, half: float, unit: str, style: ReportStyle) -> str:
    """An amount with half its interval: ``8 ± 3°``; without it when that is not known."""
    middle = bare(value, unit, style)
    if not math.isfinite(half):
        return middle + suffix(unit, style)
    if is_pace(unit, style):
        slow, fast = (_seconds_each(value + sign * half, unit, style) for sign in (-1, 1))
        spread = _clock(0.5 * (slow - fast))
    else:
        spread = bare(half, unit, style)
    return f"{middle}\u202f±\u202f{spread}{suffix(unit, style)}"


def decimal(value: float, decimals: int, language: Language, *, signed: bool = False) -> str:
    """A number with so many decimals, and the sign and decimal mark of the language."""
    rounded = Decimal(f"{value:.{decimals}f}")
    pattern = f"0.{'0' * decimals}" if decimals else "0"
    text = _written(abs(rounded), pattern, language)
    if rounded == 0:
        return text
    return f"\u2212{text}" if rounded < 0 else f"+{text}" if signed else text


@lru_cache(maxsize=4096)
def _written(rounded: Decimal, pattern: str, language: Language) -> str:
    """A number as Babel writes it, which takes 60 us; an annotated clip shows few over and over."""
    return str(format_decimal(rounded, format=pattern, locale=language.value))


def by_spec(value: float, spec: str, language: Language) -> str:
    """A number by a format of Python's such as ".1f" or ".0%", as the language writes it.

    A narrow space that does not break stands before the percent sign, as in ``units.toml``, and
    before a number below zero a minus, which is wider than a hyphen and stays with it.
    """
    if not spec.endswith("%"):
        written = format(value, spec).replace(".", str(get_decimal_symbol(language.value)))
        return f"\u2212{written[1:]}" if written.startswith("-") else written
    decimals = int(spec.strip(".%") or 0)
    digits = f"0.{'0' * decimals}" if decimals else "0"
    rounded = round(Decimal(value), decimals + 2)
    return str(format_percent(rounded, format=f"{digits}\u202f%", locale=language.value))


def day(value: date, language: Language) -> str:
    """A day written out."""
    return str(format_date(value, format="long", locale=language.value))


def is_pace(unit: str, style: ReportStyle) -> bool:
    """Whether amounts of a unit are written as time for a distance: the more, the slower."""
    return style.pace and unit in _SPEEDS_MPS


def _shown(unit: str, style: ReportStyle) -> _Unit:
    return (_IMPERIAL if style.units is Units.IMPERIAL else _METRIC)[unit]


def _seconds_each(value: float, unit: str, style: ReportStyle) -> float:
    """Seconds for a kilometre or a mile."""
    distance_m = _METRES_PER_MILE if style.units is Units.IMPERIAL else 1000.0
    return distance_m / (value * _SPEEDS_MPS[unit])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"

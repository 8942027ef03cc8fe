"""A measured interval beside the range advised, as a small bar."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.domain import Rule, Summary
from formcheck.report import wording

_PAD = 0.18  # of the span, left free at both ends


@dataclass(frozen=True, slots=True)
class BandBar:
    """Positions in percent of the bar's width; ``alt`` says the same in words.

    The range runs from ``band_left`` to ``band_right``; an open end reaches the end of the bar and
    has no label. ``low``, ``median`` and ``high`` are None when nothing was observed.
    """

    band_left: float
    band_right: float
    low_label: str
    high_label: str
    low: float | None
    median: float | None
    high: float | None
    alt: str


def band_bar(rule: Rule, observed: Summary | None, unit: str) -> BandBar | None:
    """Return the bar of a rule; None when the rule has no range."""
    if rule.low is None and rule.high is None:
        return None
    first, last = _ends(rule, observed)

    def at(value: float) -> float:
        return round(100.0 * (value - first) / (last - first), 2)

    seen = None if observed is None else (observed.low, observed.median, observed.high)
    low, median, high = (None, None, None) if seen is None else (at(value) for value in seen)
    return BandBar(
        band_left=0.0 if rule.low is None else at(rule.low),
        band_right=100.0 if rule.high is None else at(rule.high),
        low_label="" if rule.low is None else wording.amount(rule.low, unit),
        high_label="" if rule.high is None else wording.amount(rule.high, unit),
        low=low,
        median=median,
        high=high,
        alt=_alt(rule, observed, unit),
    )


def _ends(rule: Rule, observed: Summary | None) -> tuple[float, float]:
    """Values at the left and right end of the bar."""
    shown = [value for value in (rule.low, rule.high) if value is not None]
    if observed is not None:
        shown += [observed.low, observed.high]
    span = max(shown) - min(shown) or abs(shown[0]) or 1.0
    return min(shown) - _PAD * span, max(shown) + _PAD * span


def _alt(rule: Rule, observed: Summary | None, unit: str) -> str:
    advised = f"Range: {wording.band(rule.low, rule.high, unit)}."
    if observed is None:
        return f"{advised} Not measured."
    middle = wording.amount(observed.median, unit)
    return f"{advised} Measured: {middle}, interval {wording.interval(observed, unit)}."

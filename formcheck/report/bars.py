"""A measured interval beside the range advised, as a small bar."""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.domain import Band, Summary
from formcheck.report.wording import Wording

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


def band_bar(
    band: Band | None, observed: Summary | None, unit: str, wording: Wording
) -> BandBar | None:
    """Return the bar of a band; None when there is no band."""
    if band is None:
        return None
    first, last = _ends(band, observed)

    def at(value: float) -> float:
        return round(100.0 * (value - first) / (last - first), 2)

    seen = None if observed is None else (observed.low, observed.median, observed.high)
    low, median, high = (None, None, None) if seen is None else (at(value) for value in seen)
    has_low, has_high = (math.isfinite(edge) for edge in band)
    return BandBar(
        band_left=at(band[0]) if has_low else 0.0,
        band_right=at(band[1]) if has_high else 100.0,
        low_label=wording.amount(band[0], unit) if has_low else "",
        high_label=wording.amount(band[1], unit) if has_high else "",
        low=low,
        median=median,
        high=high,
        alt=_alt(band, observed, unit, wording),
    )


def _ends(band: Band, observed: Summary | None) -> tuple[float, float]:
    """Values at the left and right end of the bar."""
    shown = [value for value in band if math.isfinite(value)]
    if observed is not None:
        shown += [observed.low, observed.high]
    span = max(shown) - min(shown) or abs(shown[0]) or 1.0
    return min(shown) - _PAD * span, max(shown) + _PAD * span


def _alt(band: Band, observed: Summary | None, unit: str, wording: Wording) -> str:
    say, advised = wording.words("report"), wording.band(band, unit)
    if observed is None:
        return say("bar.not_measured", band=advised)
    middle, span = wording.amount(observed.median, unit), wording.interval(observed, unit)
    return say("bar.measured", band=advised, value=middle, interval=span)

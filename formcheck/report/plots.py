"""Curves over the stride: where every line of a small SVG picture goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from formcheck.domain import Amount, Band, FloatArray, Gait, Side
from formcheck.report.context import ReportContext, is_from_behind
from formcheck.report.signals import (
    PERCENT,
    Signal,
    rule_band,
    shown_sides,
    signals,
    stride_rows,
    typical_ranges,
)
from formcheck.texts import ReportStyle, Words
from formcheck.texts.amounts import decimal, decimals_of

SIZE: Mapping[str, int] = MappingProxyType(
    {"width": 460, "height": 250, "left": 46, "top": 14, "right": 448, "bottom": 214}
)
"""Size of every picture and the axes inside it, in its own units."""

_SPREAD = (10.0, 90.0)  # percentiles of the strides between which a curve is shaded
_AT_CONTACT = 6.0  # percent of the stride over which a rule about contact is marked
_HALF_MARK = 3.0  # percent to either side of the place a range of similar runners is about
_N_TICKS = 4
_MIN_TICKS = 3  # one number alone, or 0 and another, does not make an axis


@dataclass(frozen=True, slots=True)
class Box:
    """A shaded part of a picture, in its units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """The median of a side and the shade of its spread as SVG paths; ``kind`` near, far or one."""

    kind: str
    name: str
    median: str
    spread: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A number beside an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A curve over the stride; ``alt`` says in words what it shows.

    ``band`` is the range of a rule, ``typical`` what similar runners do at this speed, where
    formcheck knows it. ``toe_off`` is the place of the near side's toe-off, None when not found.
    """

    id: str
    title: str
    axis: str
    alt: str
    lines: tuple[Line, ...]
    band: Box | None
    typical: tuple[Box, ...]
    toe_off: float | None
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to a height in the picture."""

    low: float
    high: float

    def y(self, value: FloatArray | float) -> FloatArray:
        """Heights, larger values higher."""
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(SIZE["bottom"] - (SIZE["bottom"] - SIZE["top"]) * share)

    def box(self, band: Band, percent: tuple[float, float]) -> Box:
        """A range over a part of the stride, inside the axes."""
        low, high = np.clip(band, self.low, self.high)
        first, last = _x(np.clip(percent, 0.0, 100.0))
        top, bottom = float(self.y(high)), float(self.y(low))
        return Box(*(round(float(v), 1) for v in (first, top, last - first, bottom - top)))


def plots(context: ReportContext) -> tuple[Plot, ...]:
    """Return the signals of the clip's view over the stride, without those never seen."""
    drawn = (_plot(context, signal) for signal in signals(context.analysis.gait))
    return tuple(plot for plot in drawn if plot is not None)


def _plot(context: ReportContext, signal: Signal) -> Plot | None:
    analysis, say = context.analysis, context.wording.words("plots")
    gait = analysis.gait
    rows = {side: stride_rows(gait, signal, side) for side in shown_sides(gait, signal)}
    known = {side: own for side, own in rows.items() if len(own)}
    if gait.near_side not in known:
        return None
    near = known[gait.near_side]
    band = rule_band(analysis, signal)
    typical = dict(typical_ranges(analysis, signal, gait.near_side))
    scale = _scale(list(known.values()), [*([] if band is None else [band]), *typical.values()])
    until = _AT_CONTACT if signal.rule_at_contact else 100.0
    return Plot(
        id=signal.id,
        title=say(f"{signal.id}.title"),
        axis=say(f"{signal.id}.axis"),
        alt=_alt(signal, near, gait.near_side, say),
        lines=tuple(_line(context, signal, side, own, scale) for side, own in known.items()),
        band=None if band is None else scale.box(band, (0.0, until)),
        typical=tuple(
            scale.box(limits, _around(_place(metric, near, _toe_off(gait))))
            for metric, limits in typical.items()
        ),
        toe_off=_toe_off_x(gait),
        ticks=_ticks(scale, signal.unit, context.style),
    )


def _scale(rows: list[FloatArray], bands: list[Band]) -> _Scale:
    values = np.concatenate([*(own.ravel() for own in rows), np.array(bands).ravel()])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    pad = 0.06 * max(high - low, 1e-3)
    return _Scale(low - pad, high + pad)


def _line(
    context: ReportContext, signal: Signal, side: Side, rows: FloatArray, scale: _Scale
) -> Line:
    gait, known = context.analysis.gait, np.isfinite(rows).any(axis=0)
    low, middle, high = _percentiles(rows[:, known], (_SPREAD[0], 50.0, _SPREAD[1]))
    x = _x(PERCENT[known])
    around = np.concatenate([x, x[::-1]]), np.concatenate([scale.y(high), scale.y(low)[::-1]])
    kind = "near" if side is gait.near_side else "far"
    return Line(
        kind=kind,
        name="" if signal.is_whole_body else side_name(gait, side, context.wording.words("plots")),
        median=path(x, scale.y(middle)),
        spread=path(*around) + "z",
    )


def _percentiles(rows: FloatArray, wanted: tuple[float, ...]) -> FloatArray:
    """Percentiles of every column's known values, ``(len(wanted), n_columns)``."""
    whole = np.isfinite(rows).all(axis=0)
    found = np.empty((len(wanted), rows.shape[1]))
    found[:, whole] = np.percentile(rows[:, whole], wanted, axis=0)
    found[:, ~whole] = np.nanpercentile(rows[:, ~whole], wanted, axis=0)  # much slower
    return found


def side_name(gait: Gait, side: Side, say: Words) -> str:
    """A side in a legend; from behind both are seen alike."""
    place = "alone" if is_from_behind(gait) else "far" if gait.is_far(side) else "near"
    return say(place, side=side)


def path(x: FloatArray, y: FloatArray) -> str:
    """An SVG path through points, to a tenth of a unit."""
    return "M" + "L".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _x(percent: FloatArray) -> FloatArray:
    return np.asarray(SIZE["left"] + (SIZE["right"] - SIZE["left"]) * percent / 100.0)


def _toe_off(gait: Gait) -> float:
    """Percent of the stride at which the near foot leaves the ground; NaN when never found."""
    own = [s.stance_time_s / s.stride_time_s for s in gait.strides if s.side is gait.near_side]
    known = [share for share in own if np.isfinite(share)]
    return 100.0 * float(np.median(known)) if known else float("nan")


def _toe_off_x(gait: Gait) -> float | None:
    percent = _toe_off(gait)
    return round(float(_x(np.array(percent))), 1) if np.isfinite(percent) else None


def _around(percent: float) -> tuple[float, float]:
    return max(0.0, percent - _HALF_MARK), percent + _HALF_MARK


def _place(metric: str, rows: FloatArray, toe_off: float) -> float:
    """Percent of the stride a metric speaks of: contact, or its peak in stance or in swing."""
    parts = {"stance": np.less(PERCENT, toe_off), "swing": np.greater(PERCENT, toe_off)}
    part = next((inside for name, inside in parts.items() if name in metric), None)
    middle = np.array([np.nanmedian(c) if np.isfinite(c).any() else np.nan for c in rows.T])
    if part is None or not np.isfinite(middle[part]).any():
        return 0.0
    return float(PERCENT[part][np.nanargmax(middle[part])])


def _ticks(scale: _Scale, unit: str, style: ReportStyle) -> tuple[Tick, ...]:
    rough = (scale.high - scale.low) / _N_TICKS
    base = 10.0 ** np.floor(np.log10(rough))
    steps = [float(k * base) for k in (10, 5, 2, 1)]
    wide = next(step for step in reversed(steps) if step >= rough)
    step = next(
        step for step in steps if step <= wide and len(_multiples(scale, step)) >= _MIN_TICKS
    )
    decimals = decimals_of(unit, style) if step < 1 else 0
    return tuple(
        Tick(round(float(scale.y(k * step)), 1), decimal(k * step, decimals, style.language))
        for k in _multiples(scale, step)
    )


def _multiples(scale: _Scale, step: float) -> range:
    """Return the whole multiples of a step that lie inside the axes."""
    return range(int(np.ceil(scale.low / step)), int(np.floor(scale.high / step)) + 1)


def _alt(signal: Signal, rows: FloatArray, side: Side, say: Words) -> str:
    middle = _percentiles(rows[:, np.isfinite(rows).any(axis=0)], (50.0,))
    low, high = (Amount(float(end), signal.unit) for end in (middle.min(), middle.max()))
    title = say(f"{signal.id}.title")
    if signal.is_whole_body:
        return say("alt", title=title, low=low, high=high, n=len(rows))
    return say("alt_side", title=title, side=side, low=low, high=high, n=len(rows))

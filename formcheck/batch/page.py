"""batch.html: all clips on one page, to sort, to filter and to compare; opens offline."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import numpy as np

from formcheck.batch.manifest import Record
from formcheck.batch.table import ENDINGS
from formcheck.batch.thumbnail import NAME as THUMBNAIL
from formcheck.metrics import METRICS
from formcheck.report.html import environment
from formcheck.report.wording import Wording
from formcheck.texts import DEFAULT_STYLE, ReportStyle
from formcheck.texts.amounts import converted, decimals_of, suffix

NAME = "batch.html"
"""Name of the file in the output folder."""

MOST_ROWS = 5000
"""Clips in the table; more make browsers slow. The pictures of all values hold every clip."""

FEW_ROWS = 200
"""Clips shown at first where scripts run; the rest comes when it is asked for."""

_BINS = 16
_FEWEST = 3  # clips from which a distribution says anything
_STATES = ("analysed", "partial", "refused", "failed")
_SHOWN = ("cadence_spm", "trunk_lean_deg", "contact_time_s", "overstride_z")
_SIDES = {"": "both", "_left": "left", "_right": "right"}


@dataclass(frozen=True, slots=True)
class Value:
    """A median with its interval in words, and the number to sort by; empty when not measured."""

    sort: float | None
    text: str
    interval: str


@dataclass(frozen=True, slots=True)
class Row:
    """A clip. ``link`` and ``thumbnail`` are relative to the page, empty without one."""

    clip: str
    state: str
    state_words: str
    link: str
    thumbnail: str
    reasons: tuple[str, ...]
    main_finding: str
    strike: str
    shown: tuple[Value, ...]
    values: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram, in percent of its width and height."""

    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a value is spread over the clips; ``alt`` says it in words."""

    title: str
    n_clips: str
    low: str
    middle: str
    high: str
    bars: tuple[Bar, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be shown in the last column, and how it is written, by ``factor`` larger."""

    index: int
    title: str
    decimals: int
    suffix: str
    factor: float


def html_text(
    records: Callable[[], Iterable[Record]],
    names: Sequence[str],
    style: ReportStyle = DEFAULT_STYLE,
    unseen: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """Yield the page piece by piece; ``records`` is called for each look at them.

    ``unseen`` has the places that could not be looked into, each with the reason.
    """
    states, samples = _gathered(records(), names)
    wording = Wording(style)
    say = wording.words("batch")
    yield from (
        environment("formcheck.batch")
        .get_template("batch.html.j2")
        .generate(
            t=say,
            n_clips=states.total(),
            states=[(state, say(f"state.{state}"), states[state]) for state in _STATES],
            shown=[wording.tell(METRICS[name].label) for name in _shown_metrics()],
            choices=[_choice(index, name, wording) for index, name in enumerate(names)],
            rows=(_row(record, names, wording) for record in islice(records(), MOST_ROWS)),
            most_rows=MOST_ROWS,
            few_rows=FEW_ROWS,
            unseen=unseen,
            distributions=_distributions(samples, wording),
        )
    )


def _gathered(
    records: Iterable[Record], names: Sequence[str]
) -> tuple[Counter[str], dict[str, array[float]]]:
    """How many clips ended in which state, and the medians of every value."""
    states: Counter[str] = Counter()
    samples = {name: array("d") for name in names}
    for record in records:
        states[record.state] += 1
        for name, value in record.row.get("values", {}).items():
            if name in samples:
                samples[name].append(value[0])
    return states, samples


def _row(record: Record, names: Sequence[str], wording: Wording) -> Row:
    row = record.row
    said = row.get("said", {})
    values = row.get("values", {})
    place = quote(record.folder)
    has_picture = row.get("has_picture", record.is_usable and record.is_annotated)
    strike = row.get("strike", {}).get(row.get("near_side"), "")
    return Row(
        clip=record.clip,
        state=record.state,
        state_words=wording.words("batch")(f"state.{record.state}"),
        link=f"{place}/report.html" if record.has_folder else "",
        thumbnail=f"{place}/{THUMBNAIL}" if has_picture else "",
        reasons=tuple(said.get("reasons", record.reasons)),
        main_finding=said.get("main_finding", row.get("main_finding")) or "",
        strike="" if strike in ("", "undetermined") else wording.name("strike", strike),
        shown=tuple(_value(row, metric, wording) for metric in _shown_metrics()),
        values=json.dumps([values.get(name) for name in names], separators=(",", ":")),
    )


def _shown_metrics() -> list[str]:
    return [name for name in _SHOWN if name in METRICS]


def _value(row: Any, metric: str, wording: Wording) -> Value:
    """A metric of the whole body, else of the side near the camera."""
    values = row.get("values", {})
    found = values.get(metric) or values.get(f"{metric}_{row.get('near_side')}")
    if found is None:
        return Value(None, "", "")
    unit, (median, low, high) = METRICS[metric].unit, found
    return Value(median, wording.amount(median, unit), wording.between((low, high), unit))


def _choice(index: int, name: str, wording: Wording) -> Choice:
    unit, style = _metric(name).unit, wording.style
    return Choice(
        index=index,
        title=_title(name, wording),
        decimals=decimals_of(unit, style),
        suffix=suffix(unit, style),
        factor=converted(1.0, unit, style),
    )


def _metric(name: str) -> Any:
    return METRICS[next(name.removesuffix(e) for e in reversed(ENDINGS) if _is_of(name, e))]


def _is_of(name: str, ending: str) -> bool:
    return name.endswith(ending) and name.removesuffix(ending) in METRICS


def _title(name: str, wording: Wording) -> str:
    metric = _metric(name)
    side = _SIDES[name.removeprefix(metric.name)]
    return wording.words("batch")(f"value.{side}", label=metric.label)


def _distributions(samples: dict[str, array[float]], wording: Wording) -> list[Distribution]:
    return [
        _distribution(name, np.array(found), wording)
        for name, found in samples.items()
        if len(found) >= _FEWEST
    ]


def _distribution(name: str, found: Any, wording: Wording) -> Distribution:
    unit = _metric(name).unit
    low, middle, high = (
        wording.amount(float(np.quantile(found, part)), unit) for part in (0.0, 0.5, 1.0)
    )
    say = wording.words("batch")
    words = (
        say("spread.same", value=middle)
        if low == high
        else say("spread.alt", n=len(found), low=low, high=high, middle=middle)
    )
    return Distribution(
        title=_title(name, wording),
        n_clips=wording.count(len(found), "clip"),
        low=low,
        middle=middle,
        high=high,
        bars=_bars(found, 1 if low == high else _BINS),
        alt=words,
    )


def _bars(found: Any, n_bars: int) -> tuple[Bar, ...]:
    counts, _ = np.histogram(found, bins=n_bars)
    return tuple(
        Bar(round(100 * k / n_bars, 2), round(100 / n_bars, 2), round(100 * n / counts.max(), 1))
        for k, n in enumerate(counts)
    )

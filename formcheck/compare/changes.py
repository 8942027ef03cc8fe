"""Metric by metric: what changed from the first result to each later one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from formcheck.compare.error import detectable_change
from formcheck.compare.result import Result
from formcheck.domain import Amount, Side, Summary, Text, View
from formcheck.metrics import METRICS
from formcheck.metrics.registry import ClipMetric, StrideMetric, Topic
from formcheck.texts import text

SAME_SPEED = 0.05
"""Largest difference in speed, as a share, at which results are compared.

At 3 m/s similar runners who run 5 % faster take 1.6 steps a minute more and are on the ground for
5 ms less (metrics/norms.toml): less than the detectable change of either."""
SAME_INCLINE_PERCENT = 1.0
"""Largest difference in incline: 1 % turns the ground by half a degree, less than any angle's
error."""


class Outcome(StrEnum):
    """What a difference is worth."""

    REAL = "real-change"
    WITHIN = "within-error"
    NOT_COMPARABLE = "not-comparable"


@dataclass(frozen=True, slots=True)
class Change:
    """From the first result to a later one, in the metric's unit.

    ``difference`` is later less first, ``detectable`` the smallest that is more than error; both
    None, with the ``reason``, when the two may not be compared.
    """

    outcome: Outcome
    difference: float | None
    detectable: float | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Row:
    """One metric on one side (None: whole body): its value in every result, in order.

    ``changes`` are from the first result to the second, to the third and so on.
    """

    metric: str
    label: str
    definition: str
    unit: str
    side: Side | None
    values: tuple[Summary | None, ...]
    changes: tuple[Change, ...]

    @property
    def last(self) -> Change:
        """From the first result to the last one."""
        return self.changes[-1]


def compare_results(results: Sequence[Result]) -> tuple[Row, ...]:
    """Return a row for every metric and side that any of two or more results measured.

    Raises ValueError for fewer than two.
    """
    if len(results) < 2:
        raise ValueError("a comparison needs two results or more")
    rows = (
        _row(entry, side, results)
        for entry in METRICS.values()
        for side in (None, Side.LEFT, Side.RIGHT)
    )
    return tuple(row for row in rows if any(value is not None for value in row.values))


def _row(entry: StrideMetric | ClipMetric, side: Side | None, results: Sequence[Result]) -> Row:
    first, *later = results
    return Row(
        metric=entry.name,
        label=entry.label,
        definition=entry.definition,
        unit=entry.unit,
        side=side,
        values=tuple(result.value(entry.name, side) for result in results),
        changes=tuple(_change(entry, side, (first, result)) for result in later),
    )


def _change(
    entry: StrideMetric | ClipMetric, side: Side | None, pair: tuple[Result, Result]
) -> Change:
    first, second = (result.value(entry.name, side) for result in pair)
    reason = next(_hindrances(entry, side, pair), None)
    if reason is not None or first is None or second is None:
        return Change(Outcome.NOT_COMPARABLE, None, None, reason)
    difference = second.median - first.median
    detectable = detectable_change(entry.name, first, second, is_same_camera=is_same_camera(*pair))
    outcome = Outcome.REAL if abs(difference) > detectable else Outcome.WITHIN
    return Change(outcome, difference, detectable, None)


def is_same_camera(first: Result, second: Result) -> bool:
    """Whether the same pose model saw the runner from the same side."""
    seen = ((result.view, result.near_side, result.model_sha256) for result in (first, second))
    return len(set(seen)) == 1


def _hindrances(
    entry: StrideMetric | ClipMetric, side: Side | None, pair: tuple[Result, Result]
) -> Iterator[Text]:
    """Why two values may not be compared, most important first."""
    yield from conditions(pair)
    first, second = pair
    if first.view is not second.view and entry.topic is not Topic.RHYTHM:
        yield text("compare", "not.view", first=first.view, second=second.view)
    for result in pair:
        if result.value(entry.name, side) is None:
            yield _missing(entry, result)
    is_seen_alike = first.near_side is second.near_side or View.REAR in (first.view, second.view)
    if side is not None and not is_seen_alike:
        yield text("compare", "not.near_side", side=side)


def conditions(pair: tuple[Result, Result]) -> Iterator[Text]:
    """Why no value of two results may be compared: they were made at different speed or incline."""
    first, second = pair
    one, other = first.speed_mps, second.speed_mps
    if one is not None and other is not None and abs(other - one) > SAME_SPEED * one:
        yield text("compare", "not.speed", first=Amount(one, "m/s"), second=Amount(other, "m/s"))
    slope, other_slope = first.incline_percent, second.incline_percent
    if abs(other_slope - slope) > SAME_INCLINE_PERCENT:
        yield text(
            "compare", "not.incline", first=Amount(slope, "%"), second=Amount(other_slope, "%")
        )


def _missing(entry: StrideMetric | ClipMetric, result: Result) -> Text:
    why = result.summary["measurements"].get(entry.name, {}).get("not_measured")
    if why:
        return text("compare", "not.measured_because", name=result.name, why=why)
    return text("compare", "not.measured", name=result.name)

"""What the page of a comparison shows, worked out before any HTML is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.compare import (
    Change,
    Outcome,
    Result,
    Row,
    conditions,
    even_contacts_s,
    is_same_camera,
)
from formcheck.domain import Summary
from formcheck.report.page import Fact
from formcheck.report.plain import number
from formcheck.report.trend import Dot, dots
from formcheck.report.wording import Wording


@dataclass(frozen=True, slots=True)
class Line:
    """One metric on one side, in words; ``look`` is the outcome as the style sheet knows it."""

    label: str
    who: str
    definition: str
    values: tuple[str, ...]
    difference: str
    detectable: str
    look: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric over all sessions; ``is_changed`` when one is unlike the first, for sure."""

    is_changed: bool
    title: str
    dots: tuple[Dot, ...]
    span: str
    alt: str


def lines(rows: Sequence[Row], wording: Wording) -> tuple[Line, ...]:
    """Return every row in words: from the first to the last result."""
    return tuple(_line(row, wording) for row in rows)


def _line(row: Row, wording: Wording) -> Line:
    t = wording.words("compare")
    change = row.last
    return Line(
        label=wording.tell(row.label),
        who="" if row.side is None else wording.side(row.side, None),
        definition=wording.tell(row.definition),
        values=tuple(
            t("table.not_measured") if value is None else wording.plus_minus(value, row.unit)
            for value in row.values
        ),
        difference=_number(change.difference, row.unit, wording, signed=True),
        detectable=_number(change.detectable, row.unit, wording),
        look=change.outcome.value,
        verdict=t(f"outcome.{change.outcome.value}"),
        reason="" if change.reason is None else wording.tell(change.reason),
    )


def _number(value: float | None, unit: str, wording: Wording, *, signed: bool = False) -> str:
    return "" if value is None else wording.amount(value, unit, signed=signed)


def headline(rows: Sequence[Row], wording: Wording) -> str:
    """Return how many measurements changed between the first and the last result."""
    t = wording.words("compare")
    compared = [row.last for row in rows if row.last.outcome is not Outcome.NOT_COMPARABLE]
    if not compared:
        return t("headline.nothing")
    count = sum(change.outcome is Outcome.REAL for change in compared)
    if count == 0:
        return t("headline.none", compared=len(compared))
    said = t("headline.some", n=count, compared=len(compared))
    return said if count == len(compared) else f"{said} {t('headline.rest')}"


def foremost(rows: Sequence[Row], wording: Wording) -> tuple[Line, ...]:
    """Return what really changed, most against the smallest change that can be told first."""
    real = [row for row in rows if row.last.outcome is Outcome.REAL]
    return lines(sorted(real, key=_weight, reverse=True), wording)


def _weight(row: Row) -> float:
    change = row.last
    return abs(change.difference or 0.0) / (change.detectable or math.inf)


def notes(results: Sequence[Result], wording: Wording) -> tuple[str, ...]:
    """Return what a reader has to know of the clips before believing a difference."""
    t = wording.words("compare")
    first, *later = results
    unknown = [result.name for result in results if result.speed_mps is None]
    named = wording.listed(unknown)
    found = [t("note.speed_unknown", names=named, n=len(unknown))] if unknown else []
    for result in later:
        found += [wording.tell(why) for why in conditions((first, result))]
        found += _made_otherwise(first, result, wording)
    return tuple(dict.fromkeys(found))


def _made_otherwise(first: Result, other: Result, wording: Wording) -> list[str]:
    t = wording.words("compare")
    found = []
    if first.version != other.version:
        found.append(
            t("note.version", name=other.name, version=other.version, first=first.name,
              first_version=first.version)
        )  # fmt: skip
    if first.model_sha256 != other.model_sha256:
        found.append(t("note.model", name=other.name, first=first.name))
    elif not is_same_camera(first, other) and first.view is other.view:
        found.append(t("note.near_side", name=other.name, first=first.name))
    return found


def trends(rows: Sequence[Row], wording: Wording) -> tuple[Trend, ...]:
    """Return the metrics that three results or more measured and may be compared by."""
    shown = ((row, _comparable(row)) for row in rows)
    return tuple(
        _trend(row, values, wording)
        for row, values in shown
        if sum(value is not None for value in values) >= 3
    )


def _comparable(row: Row) -> tuple[Summary | None, ...]:
    """Return the values that may be laid beside the first: one line through others would lie."""
    later = zip(row.values[1:], row.changes, strict=True)
    return row.values[:1] + tuple(
        None if change.outcome is Outcome.NOT_COMPARABLE else value for value, change in later
    )


def _trend(row: Row, shown: Sequence[Summary | None], wording: Wording) -> Trend:
    t = wording.words("compare")
    known = [value for value in shown if value is not None]
    label = wording.tell(row.label)
    who = "" if row.side is None else f", {wording.side(row.side, None)}"
    values = ", ".join(
        t("table.not_measured") if value is None else wording.plus_minus(value, row.unit)
        for value in shown
    )
    ends = min(value.low for value in known), max(value.high for value in known)
    return Trend(
        is_changed=any(change.outcome is Outcome.REAL for change in row.changes),
        title=f"{label}{who}",
        dots=dots(shown),
        span=t("trend.scale", span=wording.between(ends, row.unit)),
        alt=t("trend.alt", label=f"{label}{who}", values=values),
    )


def clip_facts(result: Result, wording: Wording) -> tuple[Fact, ...]:
    """Return what a clip was and how it was filmed."""
    t = wording.words("compare")
    near = result.near_side
    return (
        Fact(t("clips.clip"), Path(str(result.summary["video"]["path"])).name),
        Fact(t("clips.view"), t("clips.behind") if near is None else t("clips.near", side=near)),
        Fact(
            t("clips.speed"),
            t("clips.speed_unknown") if result.speed_mps is None
            else wording.amount(result.speed_mps, "m/s"),
        ),
        Fact(t("clips.strides"), str(len(result.contacts_s))),
    )  # fmt: skip


def player(results: tuple[Result, Result]) -> dict[str, Any]:
    """Return what the two players are lined up by, as plain data.

    ``contacts_s`` are contacts of the near foot on each file's clock, without gaps; ``scale`` is
    seconds of file time for a real second.
    """
    return {
        "clips": [
            {
                "contacts_s": [round(float(at), 4) for at in even_contacts_s(result.contacts_s)],
                "scale": result.summary["time_base"]["scale"] or 1.0,
                "frame_s": 1.0 / result.summary["video"]["fps"],
            }
            for result in results
        ]
    }


def change_dict(change: Change) -> dict[str, Any]:
    """Return a change as plain data, in English."""
    return {
        "difference": number(change.difference),
        "mdc95": number(change.detectable),
        "outcome": change.outcome.value,
        "reason": None if change.reason is None else str(change.reason),
    }

"""What a suite hands on: tables for people and named numbers for gates and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from formcheck.validation.rendered import Compared
from formcheck.validation.score import EventScore, ValueScore, coverage, score_values


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class SuiteResult:
    """What a suite found: tables for people, ``facts`` by name for gates and figures.

    ``absent`` says why a suite could not run; it then has nothing else.
    """

    title: str
    about: str
    tables: tuple[Table, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)
    pairs: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    confusion: tuple[tuple[str, str], ...] = ()
    absent: str | None = None


EVENT_HEAD = ("contact, ms", "missed / extra", "toe-off, ms", "missed / extra")


def event_cells(contact: EventScore, toe_off: EventScore) -> tuple[str, ...]:
    """Events as four cells."""
    return tuple(
        cell
        for score in (contact, toe_off)
        for cell in (
            f"{1000 * score.bias_s:+.1f} ± {1000 * score.sd_s:.1f}",
            f"{score.n_missed} / {score.n_extra} of {len(score.error_s) + score.n_missed}",
        )
    )


def event_facts(name: str, contact: EventScore, toe_off: EventScore) -> dict[str, float]:
    """Events as named numbers, milliseconds."""
    return {
        f"{name}/{kind}/{what}": value
        for kind, score in (("contact", contact), ("toe_off", toe_off))
        for what, value in (
            ("bias_ms", 1000 * score.bias_s),
            ("sd_ms", 1000 * score.sd_s),
            ("recall", score.recall),
            ("precision", score.precision),
        )
    }


def value_table(
    title: str, compared: Sequence[Compared], name: str
) -> tuple[Table, dict[str, float]]:
    """Metrics against truth: bias, spread, line and interval coverage."""
    rows: list[tuple[str, ...]] = []
    facts: dict[str, float] = {}
    for metric in dict.fromkeys(value.metric for value in compared):
        here = [value for value in compared if value.metric == metric]
        measured, low, high, true = (
            np.array([getattr(value, part) for value in here])
            for part in ("measured", "low", "high", "true")
        )
        score, held = score_values(measured, true), coverage(low, high, true)
        rows.append((metric, *_value_cells(score), f"{held:.0%}"))
        facts |= {
            f"{name}/{metric}/n": float(score.n),
            f"{name}/{metric}/bias": score.bias,
            f"{name}/{metric}/rmse": score.rmse,
            f"{name}/{metric}/slope": score.slope,
            f"{name}/{metric}/coverage": held,
        }
    rows.append(_pooled_row(compared))
    facts[f"{name}/coverage"] = _coverage(compared)
    head = ("metric", "n (missing)", "bias ± SD", "RMSE", "slope", "95 % interval holds the truth")
    return Table(title, head, tuple(rows)), facts


def _pooled_row(compared: Sequence[Compared]) -> tuple[str, ...]:
    """How many intervals of all metrics together hold the truth."""
    stated = sum(np.isfinite(value.measured) for value in compared)
    counted = f"{stated} ({len(compared) - stated})"
    return ("all together", counted, "", "", "", f"{_coverage(compared):.1%}")


def _coverage(compared: Sequence[Compared]) -> float:
    """Share of the intervals that hold the truth."""
    low, high, true = (
        np.array([getattr(value, part) for value in compared]) for part in ("low", "high", "true")
    )
    return coverage(low, high, true)


def _value_cells(score: ValueScore) -> tuple[str, ...]:
    return (
        f"{score.n} ({score.n_missing})",
        f"{score.bias:+.3g} ± {score.sd:.2g}",
        f"{score.rmse:.3g}",
        "" if np.isnan(score.slope) else f"{score.slope:.2f}",
    )

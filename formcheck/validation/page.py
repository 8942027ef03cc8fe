"""docs/validation.md and its figures."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np

from formcheck.metrics import METRICS
from formcheck.validation import figures
from formcheck.validation.gates import GATES, Gate
from formcheck.validation.suites import strike_kappa
from formcheck.validation.tables import SuiteResult, Table
from formcheck.version import __version__

ANCHORS = Table(
    "What others publish",
    ("quantity", "published value", "by whom, on what"),
    (
        (
            "contact time, one phone",
            "bias -3 ms, limits ±15 ms a step, ±6 ms averaged over 20 m",
            "VueMotion, 748 sprint steps against an optical system (Dennison 2026)",
        ),
        (
            "contact, swing and step time",
            "10 to 14 ms, near foot",
            "BlazePose, treadmill (Young 2023)",
        ),
        (
            "strike angle",
            "RMSE 2.9° near, 5.1° far; kappa 0.785 near, 0.606 far",
            "human digitising of 2-D video, 4 800 footfalls (Mo 2025)",
        ),
        (
            "hip, knee, ankle angles",
            "RMSE 5.9, 7.8, 5.7° after removing offsets",
            "OpenPose, treadmill 2.78 m/s (Van Hooren 2023)",
        ),
        (
            "trunk, hip, knee angles",
            "RMSE 3.9 to 7.0° after clean-up",
            "six trackers, sprints (Gomez 2025)",
        ),
        ("legs exchanged after correction", "not published", "any open tool"),
    ),
)


def write_page(results: Mapping[str, SuiteResult], docs: Path, *, made: str) -> Path:
    """Write the page and its figures below ``docs``; ``made`` is the date it is made on."""
    drawn = figures.draw(results, docs / "images" / "validation")
    page = docs / "validation.md"
    page.write_text("\n".join(_page(results, drawn, made)) + "\n", encoding="utf-8")
    return page


def write_accuracy(results: Mapping[str, SuiteResult], path: Path) -> None:
    """Write each metric's measured accuracy for ``formcheck metrics`` and docs/metrics.md."""
    table = {
        metric: [
            {
                "suite": name,
                "n": int(result.facts[f"{name}/{metric}/n"]),
                "bias": float(f"{result.facts[f'{name}/{metric}/bias']:.3g}"),
                "rmse": float(f"{result.facts[f'{name}/{metric}/rmse']:.3g}"),
                "coverage": round(result.facts[f"{name}/{metric}/coverage"], 2),
            }
            for name, result in results.items()
            if result.facts.get(f"{name}/{metric}/n")
        ]
        for metric in METRICS
    }
    known = {metric: entries for metric, entries in table.items() if entries}
    path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def _page(results: Mapping[str, SuiteResult], drawn: Mapping[str, str], made: str) -> Iterator[str]:
    """Lines of the page."""
    yield "# How accurate formcheck is"
    yield ""
    yield "*Written by `make validation`; do not edit.*"
    yield ""
    yield (
        f"formcheck {__version__}, MediaPipe {metadata.version('mediapipe')}, Python "
        f"{platform.python_version()}, {made}. No earlier release exists to compare with."
    )
    yield ""
    yield (
        "Errors are found minus true: positive is late, long or large. Bias ± SD is over single "
        "events where nothing else is said. A slope, found over true, stands where the truths "
        "differ more than the errors."
    )
    yield ""
    yield from _gate_lines(results)
    for name, result in results.items():
        yield from _suite_lines(result, drawn.get(name))
    yield from _table_lines(ANCHORS)


def _gate_lines(results: Mapping[str, SuiteResult]) -> Iterator[str]:
    """Targets, gates and what was reached."""
    facts = {key: value for result in results.values() for key, value in result.facts.items()}
    rows = [_gate_row(gate, facts.get(gate.fact)) for gate in GATES]
    head = ("what", "target", "gate", "reached", "")
    yield from _table_lines(Table("Targets and gates", head, tuple(rows)))


def _gate_row(gate: Gate, value: float | None) -> tuple[str, ...]:
    """One gate beside the value reached."""
    sign = "≥" if gate.is_floor else "≤"
    unit = f" {gate.unit}".rstrip()
    bounds = tuple(f"{sign} {bound:g}{unit}" for bound in (gate.target, gate.limit))
    if value is None:
        return (gate.says, *bounds, "not measured here", "")
    state = "target reached" if gate.reaches_target(value) else "target missed"
    if not gate.holds(value):
        state = "**gate broken**"
    return (gate.says, *bounds, f"{value:.3g}{unit}", state)


def _suite_lines(result: SuiteResult, figure: str | None) -> Iterator[str]:
    """One suite."""
    yield f"## {result.title}"
    yield ""
    if result.absent:
        yield f"Not run: {result.absent}."
        yield ""
        return
    yield result.about
    yield ""
    for table in result.tables:
        yield from _table_lines(table)
    if result.confusion:
        yield from _confusion_lines(result.confusion)
    if figure:
        yield f"![{result.title}](images/validation/{figure})"
        yield ""


def _confusion_lines(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Strike class found against true."""
    classes = ("rearfoot", "midfoot", "forefoot")
    found_as = (*classes, "not rearfoot", "undetermined")
    rows = tuple(
        (
            true,
            *(str(sum(pair == (found, true) for pair in pairs)) for found in found_as),
        )
        for true in classes
    )
    head = ("true", *(f"found {name}" for name in found_as[:-1]), "undetermined")
    yield from _table_lines(Table("Strike class", head, rows))
    kappa = strike_kappa(pairs)
    agreed = "cannot be computed" if np.isnan(kappa) else f"{kappa:.2f}"
    yield f"Cohen's kappa of rearfoot or not, over stated classes: {agreed}."
    yield ""


def _table_lines(table: Table) -> Iterable[str]:
    """A table in Markdown."""
    yield f"### {table.title}"
    yield ""
    yield "| " + " | ".join(table.head) + " |"
    yield "|" + "---|" * len(table.head)
    for row in table.rows:
        yield "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |"
    yield ""

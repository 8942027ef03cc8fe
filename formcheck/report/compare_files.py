"""The folder of a comparison: compare.html, compare.json, compare.csv and the two clips."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from formcheck.compare import Result, Row, compare_results, read_summary, result_name
from formcheck.domain import ClipVerdict, as_cell
from formcheck.guidance.texts import safety_lines, safety_text
from formcheck.report import compare, refusal, staging
from formcheck.report.embed import video_uri
from formcheck.report.html import HtmlWriter, environment
from formcheck.report.options import PLAIN_REPORT, ReportOptions
from formcheck.report.overlay import NAME as ANNOTATED
from formcheck.report.plain import summary_dict
from formcheck.report.wording import DEFAULT_WORDING, Wording
from formcheck.report.writing import write_data, write_page
from formcheck.texts import DEFAULT_STYLE, ReportStyle
from formcheck.version import __version__

PAGE = "compare.html"
DATA = "compare.json"
TABLE = "compare.csv"
SCHEMA_VERSION = "1.1"
"""Of compare.json."""

_CLIPS = ("before.mp4", "after.mp4")
_MOST_SHOWN = 6  # cards of what really changed; the table has the rest
_COLUMNS = (
    "metric", "side", "unit", "from", "to", "before", "before_low", "before_high", "after",
    "after_low", "after_high", "difference", "mdc95", "outcome", "reason",
)  # fmt: skip


def write_comparison(
    results: Sequence[Result],
    folder: Path,
    *,
    force: bool = False,
    options: ReportOptions = PLAIN_REPORT,
) -> Path:
    """Compare two or more results, write the folder and return the path of the page.

    The clips of the first and the last result are copied beside the page or put into it; a result
    without an annotated clip has none. Raises OutputError when the folder holds anything (unless
    ``force`` and it is an earlier comparison), cannot be written, or cannot be printed.
    """
    wording = Wording(options.style)
    rows = compare_results(results)
    with staging.staged(folder, DATA, force=force) as place:
        clips = _clips(results, place, embed_video=options.embed_video)
        write_data(comparison(results, rows), place / DATA)
        _write_table(results, rows, place / TABLE)
        write_page(render(results, rows, clips, wording), place / PAGE, pdf=options.pdf)
    return folder / PAGE


def write_refused_comparison(
    refused: Mapping[Path, refusal.Refusal | None],
    folder: Path,
    *,
    force: bool = False,
    options: ReportOptions = PLAIN_REPORT,
) -> Path:
    """Write the page that says why there is nothing to compare; return its path.

    ``refused`` are the result folders of the clips that were refused, with the refusal where it is
    known again. Raises OutputError as ``write_comparison`` does.
    """
    wording = Wording(options.style)
    entries = [_entry(each, known, wording, folder) for each, known in refused.items()]
    data = {
        "schema_version": SCHEMA_VERSION,
        "formcheck_version": __version__,
        "verdict": ClipVerdict.REFUSED.value,
        "safety": safety_lines(),
        "clips": [],
        "refused": [
            {
                "name": result_name(each),
                "folder": str(each),
                "reasons": read_summary(each)["reasons"],
            }
            for each in refused
        ],
    }
    with staging.staged(folder, DATA, force=force) as place:
        write_data(data, place / DATA)
        page = refusal.render("compare", entries, options.style)
        write_page(page, place / PAGE, pdf=options.pdf)
    return folder / PAGE


def _entry(
    result: Path, known: refusal.Refusal | None, wording: Wording, folder: Path
) -> refusal.Entry:
    """A refused clip with pictures where the refusal is known, else what its summary.json says."""
    report = _report_of(result, folder)
    if known is None:
        summary = read_summary(result)
        return refusal.entry_of_summary(result_name(result), summary, wording, report)
    return refusal.entry(known, wording, refusal.pictures(known, wording), report)


def _report_of(result: Path, folder: Path) -> str:
    """Address of a result's own page from a page in another folder; empty where there is none."""
    page = result.resolve() / HtmlWriter.name
    if not page.is_file():
        return ""
    return Path(os.path.relpath(page, folder.resolve())).as_posix()


def check_place(folder: Path, *, force: bool = False) -> None:
    """Raise OutputError when a comparison could not be put there; nothing is created."""
    staging.check_output(folder, DATA, force=force)


def headline(results: Sequence[Result], style: ReportStyle = DEFAULT_STYLE) -> str:
    """Return what a comparison of results comes to."""
    return compare.headline(compare_results(results), Wording(style))


def _clips(results: Sequence[Result], place: Path, *, embed_video: bool) -> tuple[str, ...]:
    """Addresses of the first and the last clip as the page has them; empty when one is missing."""
    sources = [result.folder / ANNOTATED for result in (results[0], results[-1])]
    if not all(source.is_file() for source in sources):
        return ()
    if embed_video:
        return tuple(video_uri(source) for source in sources)
    for source, name in zip(sources, _CLIPS, strict=True):
        shutil.copyfile(source, place / name)
    return _CLIPS


def comparison(results: Sequence[Result], rows: Sequence[Row]) -> dict[str, Any]:
    """Return the whole comparison as plain data, in English; differences are later less first."""
    return {
        "schema_version": SCHEMA_VERSION,
        "formcheck_version": __version__,
        "headline": compare.headline(rows, DEFAULT_WORDING),
        "notes": list(compare.notes(results, DEFAULT_WORDING)),
        "safety": safety_lines(),
        "clips": [_clip(result) for result in results],
        "measurements": [
            {
                "metric": row.metric,
                "side": None if row.side is None else row.side.value,
                "unit": row.unit,
                "values": [summary_dict(value) for value in row.values],
                "changes": [
                    {"to": index, **compare.change_dict(change)}
                    for index, change in enumerate(row.changes, start=1)
                ],
            }
            for row in rows
        ],
    }


def _clip(result: Result) -> dict[str, Any]:
    keys = ("verdict", "view", "near_side")
    return {
        "name": result.name,
        "folder": str(result.folder),
        "video": result.summary["video"]["path"],
        "sha256": result.summary["video"]["sha256"],
        **{key: result.summary[key] for key in keys},
        "recorded_on": result.recorded_on,
        "speed_mps": result.speed_mps,
        "formcheck_version": result.version,
        "model_sha256": result.model_sha256,
    }


def _write_table(results: Sequence[Result], rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_COLUMNS)
        for row in rows:
            for index in range(1, len(results)):
                table.writerow(_cells(row, results, index))


def _cells(row: Row, results: Sequence[Result], index: int) -> list[str]:
    change = compare.change_dict(row.changes[index - 1])
    ends = [
        "" if value is None else f"{getattr(value, name):.4f}"
        for value in (row.values[0], row.values[index])
        for name in ("median", "low", "high")
    ]
    numbers = ["" if change[k] is None else f"{change[k]:.4f}" for k in ("difference", "mdc95")]
    return [
        row.metric, "" if row.side is None else row.side.value, row.unit,
        as_cell(results[0].name), as_cell(results[index].name), *ends, *numbers,
        change["outcome"], change["reason"] or "",
    ]  # fmt: skip


def render(
    results: Sequence[Result], rows: Sequence[Row], clips: tuple[str, ...], wording: Wording
) -> str:
    """Return the page; ``clips`` are the addresses of two clips, or empty."""
    shown = compare.lines(rows, wording)
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            t=wording.words("compare"),
            r=wording.words("report"),
            names=[result.name for result in results],
            days=[wording.day(r.recorded_on) if r.recorded_on else "" for r in results],
            headline=compare.headline(rows, wording),
            notes=compare.notes(results, wording),
            clips=clips,
            player=compare.player((results[0], results[-1])),
            real=compare.foremost(rows, wording),
            most_shown=_MOST_SHOWN,
            lines=shown,
            trends=compare.trends(rows, wording) if len(results) > 2 else (),
            facts=[(result.name, compare.clip_facts(result, wording)) for result in results],
            safety=safety_text(wording.style.language),
        )
    )

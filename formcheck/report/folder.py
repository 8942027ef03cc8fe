"""The result folder of one clip."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from formcheck.domain import Analysis, Progress, silent
from formcheck.report import overlay, staging
from formcheck.report.base import WRITERS
from formcheck.report.context import ReportContext
from formcheck.report.html import HtmlWriter
from formcheck.report.json import JsonWriter
from formcheck.report.log import run_log
from formcheck.texts import DEFAULT_STYLE, ReportStyle

LOG_NAME = "run.log"
"""Name of the log in the result folder."""

_MARK = JsonWriter.name  # a folder with this file is taken for one of ours


def write_report(
    analysis: Analysis,
    folder: Path,
    *,
    clip: Path | None,
    style: ReportStyle = DEFAULT_STYLE,
    force: bool = False,
    progress: Progress = silent,
) -> Path:
    """Write the whole result folder and return the path of report.html.

    Without ``clip`` there is no annotated clip and no key frame. ``style`` is how the page and the
    annotated clip are written; the other files are in English and metric. ``progress`` follows the
    frames of the second look at the clip. Raises OutputError when the folder exists and holds
    anything (unless ``force`` and it is an earlier result) or cannot be written, VideoError when
    the clip is not the one analysed.
    """
    with staging.staged(folder, _MARK, force=force) as place:
        _fill(place, ReportContext(analysis, style=style), clip, progress)
    return folder / HtmlWriter.name


def check_output(folder: Path, *, force: bool = False) -> None:
    """Raise OutputError when a report could not be put there; nothing is created.

    Worth asking before a long analysis.
    """
    staging.check_output(folder, _MARK, force=force)


def _fill(folder: Path, context: ReportContext, clip: Path | None, progress: Progress) -> None:
    """Write every file into an existing folder."""
    timings: dict[str, float] = {}
    started = time.perf_counter()
    if clip is not None:
        pictures = overlay.annotate(
            context.analysis,
            clip,
            folder / overlay.NAME,
            wording=context.wording,
            progress=progress,
        )
        context = replace(context, pictures=pictures, annotated_clip=overlay.NAME)
        timings[overlay.NAME] = time.perf_counter() - started
    for name, writer in WRITERS.items():
        started = time.perf_counter()
        writer.write(context, folder)
        timings[name] = time.perf_counter() - started
    (folder / LOG_NAME).write_text(run_log(context.analysis, timings), encoding="utf-8")

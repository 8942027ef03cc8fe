"""The result folder of one clip."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from formcheck.domain import Analysis
from formcheck.report import overlay, pdf, staging
from formcheck.report.base import WRITERS
from formcheck.report.context import ReportContext
from formcheck.report.embed import video_uri
from formcheck.report.html import HtmlWriter
from formcheck.report.json import JsonWriter
from formcheck.report.log import run_log
from formcheck.report.options import PLAIN_REPORT, ReportOptions
from formcheck.video.proxy import UNWATCHED, Reading

LOG_NAME = "run.log"
"""Name of the log in the result folder."""

_MARK = JsonWriter.name  # a folder with this file is taken for one of ours


def write_report(
    analysis: Analysis,
    folder: Path,
    *,
    clip: Path | None,
    options: ReportOptions = PLAIN_REPORT,
    force: bool = False,
    reading: Reading = UNWATCHED,
) -> Path:
    """Write the whole result folder and return the path of report.html.

    Without ``clip`` there is no annotated clip and no key frame. ``reading`` follows the frames
    of the second look at the clip, and may have small pictures of it. Raises OutputError when the
    folder exists and holds anything (unless ``force`` and it is an earlier result) or cannot be
    written, or when a PDF is asked for and cannot be printed; VideoError when the clip is not the
    one analysed.
    """
    write_folder(analysis, folder, clip=clip, options=options, force=force, reading=reading)
    return folder / HtmlWriter.name


def write_folder(
    analysis: Analysis,
    folder: Path,
    *,
    clip: Path | None,
    options: ReportOptions = PLAIN_REPORT,
    force: bool = False,
    reading: Reading = UNWATCHED,
) -> ReportContext:
    """Write the whole result folder and return what it was written from, pictures and all.

    Raises as ``write_report`` does.
    """
    with staging.staged(folder, _MARK, force=force) as place:
        context = ReportContext(analysis, style=options.style)
        return _fill(place, context, options, _Source(clip, reading))


def check_output(folder: Path, *, force: bool = False) -> None:
    """Raise OutputError when a report could not be put there; nothing is created.

    Worth asking before a long analysis.
    """
    staging.check_output(folder, _MARK, force=force)


@dataclass(frozen=True, slots=True)
class _Source:
    """The clip to look at again, and how."""

    clip: Path | None
    reading: Reading


def _fill(
    folder: Path, context: ReportContext, options: ReportOptions, source: _Source
) -> ReportContext:
    """Write every file into an existing folder."""
    timings: dict[str, float] = {}
    started = time.perf_counter()
    if source.clip is not None:
        context = _looked_again(folder, context, options, source.clip, source.reading)
        timings[overlay.NAME] = time.perf_counter() - started
    for name, writer in WRITERS.items():
        started = time.perf_counter()
        writer.write(context, folder)
        timings[name] = time.perf_counter() - started
    if options.pdf:
        started = time.perf_counter()
        timings[pdf.print_page(folder / HtmlWriter.name).name] = time.perf_counter() - started
    (folder / LOG_NAME).write_text(run_log(context.analysis, timings), encoding="utf-8")
    return context


def _looked_again(
    folder: Path, context: ReportContext, options: ReportOptions, clip: Path, reading: Reading
) -> ReportContext:
    """Write the annotated clip; the context with what is known from then on."""
    annotated = folder / overlay.NAME
    pictures = overlay.annotate(
        context.analysis, clip, annotated, wording=context.wording, reading=reading
    )
    address = video_uri(annotated) if options.embed_video else overlay.NAME
    return replace(context, pictures=pictures, annotated_clip=overlay.NAME, clip_address=address)

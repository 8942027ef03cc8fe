"""formcheck compare: what changed between clips."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli import jobs, options
from formcheck.cli.console import complain, exit_codes, said_path
from formcheck.compare import is_refused, load_result, read_summary
from formcheck.config import AnalysisConfig, load_config
from formcheck.errors import ConfigError, RefusedError
from formcheck.report import ReportOptions
from formcheck.report.compare_files import (
    check_place,
    headline,
    write_comparison,
    write_refused_comparison,
)
from formcheck.texts import text
from formcheck.video.read import file_sha256

Results = Annotated[list[Path], typer.Argument()]


def compare(
    results: Results,
    output: options.Output,
    embed_video: options.Embed = False,
    pdf: options.Pdf = False,
    speed_kmh: options.Speed = None,
    height_cm: options.Height = None,
    config: options.Config = None,
    language: options.ReportLanguage = None,
    units: options.ReportUnits = None,
    pace: options.Pace = None,
    quiet: options.Quiet = False,
    force: options.Force = False,
) -> None:
    """Compare results of the same runner: what really changed, and what is measurement error.

    Writes compare.html with both clips side by side, compare.json and compare.csv. Speed, height
    and settings are those of clips that are still to be analysed.
    """
    with exit_codes(language):
        if len(results) < 2:
            raise ConfigError(text("errors", "usage.two_results"))
        check_place(output, force=force)
        settings = load_config(
            config,
            speed_kmh=speed_kmh,
            height_cm=height_cm,
            report=options.style(language, units, pace),
        )
    with exit_codes(settings.report.language):
        options.check_pdf(is_wanted=pdf)
        folders = [_folder(given, settings, quiet) for given in results]
        refused = {folder: jobs.refused_again(folder) for folder in folders if is_refused(folder)}
        made = ReportOptions(settings.report, embed_video, pdf)
        if refused:
            page = write_refused_comparison(refused, output, force=force, options=made)
            lines = [said_path(page)]
        else:
            loaded = [load_result(folder) for folder in folders]
            page = write_comparison(loaded, output, force=force, options=made)
            lines = [said_path(page), headline(loaded, settings.report)]
        if not quiet:
            typer.echo("\n".join(lines))
    raise typer.Exit(RefusedError.exit_code if refused else 0)


def _folder(given: Path, settings: AnalysisConfig, quiet: bool) -> Path:
    """The result folder of an argument; a clip is analysed into the one beside it.

    A result of the same clip that is there already is taken as it is.
    """
    if not given.is_file():
        return given
    beside = jobs.folder_beside(given)
    if beside.is_dir() and read_summary(beside)["video"]["sha256"] == file_sha256(given):
        return beside
    (job,) = jobs.plan([given], None, force=False)
    way = jobs.Way(is_shown=not quiet, force=False)
    try:
        jobs.run(job, settings, None, way)
    except RefusedError as error:
        complain(error, given.name, settings.report)
        jobs.refuse(job, error, settings, None, way)
    return job.folder

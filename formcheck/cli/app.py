"""The commands and their options."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import tomli_w
import typer

from formcheck import __version__
from formcheck.cli import batch, cache, jobs, listing, models, options
from formcheck.cli.check import check
from formcheck.cli.compare import compare
from formcheck.cli.console import complain, exit_codes, said_path, say_caution
from formcheck.cli.headline import headline
from formcheck.cli.help import Command, commands
from formcheck.cli.profile import profile as ask_profile
from formcheck.cli.session import session
from formcheck.compare import read_summary
from formcheck.config import AnalysisConfig, load_config
from formcheck.cores import keep_opencv_to_one_thread
from formcheck.domain import Provenance
from formcheck.errors import ConfigError, OutputError, RefusedError, VideoError
from formcheck.guidance.plan import caution_of
from formcheck.guidance.profile import RunnerProfile, read_profile
from formcheck.report import refused_summary, summary
from formcheck.texts import text as text_of

app = commands(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def main() -> None:
    """Run the command line."""
    keep_opencv_to_one_thread()
    app()


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_say_version)] = False,
) -> None:
    """Hold the options that belong to no command."""


Clips = Annotated[list[Path], typer.Argument()]
Output = Annotated[Path | None, typer.Option("--output", "-o")]
Person = Annotated[int | None, typer.Option()]
RunnerAt = Annotated[str | None, typer.Option()]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1)]
Json = Annotated[bool, typer.Option("--json")]


@app.command(cls=Command)
def analyze(
    clips: Clips,
    output: Output = None,
    person: Person = None,
    runner_at: RunnerAt = None,
    speed_kmh: options.Speed = None,
    height_cm: options.Height = None,
    capture_fps: options.CaptureRate = None,
    incline_percent: options.Incline = None,
    model: options.Model = None,
    config: options.Config = None,
    rules: options.Rules = None,
    profile: options.Profile = None,
    privacy: options.Hide = None,
    embed_video: options.Embed = False,
    pdf: options.Pdf = False,
    language: options.ReportLanguage = None,
    units: options.ReportUnits = None,
    pace: options.Pace = None,
    n_jobs: Jobs = None,
    as_json: Json = False,
    quiet: options.Quiet = False,
    force: options.Force = False,
) -> None:
    """Analyse clips and write a report folder for each.

    Exit code: 0 done, 2 bad option or setting, 3 unreadable clip, 4 refused clip, 5 too few
    strides, 6 bad rules, 7 pose model, 8 output. Several clips: the first that is not 0.
    """
    with exit_codes(language):
        settings = load_config(
            config,
            person=person,
            runner_at=_point(runner_at),
            speed_kmh=speed_kmh,
            height_cm=height_cm,
            capture_fps=capture_fps,
            incline_percent=incline_percent,
            model=model,
            rules=rules,
            privacy=privacy,
            report=options.style(language, units, pace),
        )
        answers = None if profile is None else read_profile(profile)
        is_shown = not (as_json or quiet)
        say_caution(caution_of(answers), settings.report.language, is_shown=is_shown)
    with exit_codes(settings.report.language):
        planned = jobs.plan(clips, output, force=force)
        options.check_pdf(is_wanted=pdf)
        way = jobs.Way(is_shown, force, n_jobs, embed_video, pdf)
        results = [_one(job, settings, answers, way) for job in planned]
    if as_json:
        summaries = [result for result, _ in results]
        typer.echo(json.dumps(summaries[0] if len(clips) == 1 else summaries, indent=2))
    raise typer.Exit(next((code for _, code in results if code), 0))


def _point(text: str | None) -> tuple[float, ...] | None:
    """The numbers of an ``X,Y``; how many there are and in what range is checked with the rest."""
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise ConfigError(text_of("errors", "setting.no_point", text=text)) from error


def _one(
    job: jobs.Job, config: AnalysisConfig, profile: RunnerProfile | None, way: jobs.Way
) -> tuple[Mapping[str, Any], int]:
    """Analyse one clip; a clip that cannot be served does not stop the others."""
    try:
        return _served(job, config, profile, way)
    except OutputError as error:
        complain(error, job.clip.name, config.report)
        provenance = Provenance(__version__, None, config.as_dict())
        caution = None if profile is None else caution_of(profile)
        return refused_summary(error, job.clip, provenance, caution), error.exit_code


def _served(
    job: jobs.Job, config: AnalysisConfig, profile: RunnerProfile | None, way: jobs.Way
) -> tuple[Mapping[str, Any], int]:
    """Analyse one clip; one that was refused, or cannot be read, gets a page that says why."""
    try:
        analysis, report = jobs.run(job, config, profile, way)
    except (RefusedError, VideoError) as error:
        complain(error, job.clip.name, config.report)
        refusal, page = jobs.refuse(job, error, config, profile, way)
        if way.is_shown and page is not None:
            typer.echo(said_path(page))
        return refusal.summary(), error.exit_code
    result = summary(analysis)
    if way.is_shown:
        typer.echo("\n".join([said_path(report), *headline(result, config.report)]))
    return result, 0


@app.command(cls=Command)
def show(
    folder: Annotated[Path, typer.Argument()],
    language: options.ReportLanguage = None,
    units: options.ReportUnits = None,
) -> None:
    """Print the path of a report and its five-line summary again.

    Its sentences are those of summary.json, which is in English.
    """
    with exit_codes(language):
        style = load_config(None, report=options.style(language, units)).report
        lines = headline(read_summary(folder), style)
        typer.echo("\n".join([said_path(folder / "report.html"), *lines]))


@app.command("config", cls=Command)
def show_config(config: options.Config = None) -> None:
    """Print the settings in effect, as a file that --config takes."""
    with exit_codes():
        typer.echo(tomli_w.dumps(load_config(config).as_dict()), nl=False)


app.command(cls=Command)(check)
app.command(cls=Command)(compare)
app.command(cls=Command)(session)
app.command("profile", cls=Command)(ask_profile)
app.command(cls=Command)(batch.batch)
app.command(cls=Command)(listing.metrics)
app.command(cls=Command)(listing.rules)
app.add_typer(models.app, name="models")
app.add_typer(cache.app, name="cache")

"""``formcheck batch``: a folder of clips."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from formcheck.batch import BatchOptions, BatchResult, Engine, PoolEngine, run_batch
from formcheck.batch.needs import needs_of
from formcheck.batch.remote import is_url
from formcheck.batch.task import Recipe, recipe
from formcheck.cache import default_cache
from formcheck.cli import options
from formcheck.cli.batch_watch import batch_watch
from formcheck.cli.console import (
    INTERRUPTED,
    complain,
    ended_cleanly,
    leave_stdout,
    remarks,
    to_stderr,
)
from formcheck.config import load_config
from formcheck.cores import clips_at_once, usable_cores
from formcheck.errors import ConfigError, FormcheckError
from formcheck.texts import Language, ReportStyle, Words, text, words

logger = logging.getLogger(__name__)

LOCAL = "local"
NO_CACHE = "none"
NOTHING_DONE = 2

Sources = Annotated[list[str], typer.Argument()]
Output = Annotated[str, typer.Option("--output", "-o")]
Jobs = Annotated[int | None, typer.Option(min=1)]
Recursive = Annotated[bool, typer.Option("--recursive", "-r")]
Fresh = Annotated[bool, typer.Option("--fresh/--resume")]
Retry = Annotated[bool, typer.Option("--retry")]
Scheduler = Annotated[str, typer.Option()]
Timeout = Annotated[float, typer.Option(min=1)]
Annotate = Annotated[bool, typer.Option("--annotate/--no-annotate")]
Poses = Annotated[str | None, typer.Option()]


def batch(
    sources: Sources,
    output: Output,
    jobs: Jobs = None,
    recursive: Recursive = False,
    fresh: Fresh = False,
    retry: Retry = False,
    scheduler: Scheduler = LOCAL,
    timeout: Timeout = 3600,
    annotate: Annotate = True,
    poses: Poses = None,
    speed_kmh: options.Speed = None,
    height_cm: options.Height = None,
    capture_fps: options.CaptureRate = None,
    incline_percent: options.Incline = None,
    model: options.Model = None,
    config: options.Config = None,
    rules: options.Rules = None,
    privacy: options.Hide = None,
    language: options.ReportLanguage = None,
    units: options.ReportUnits = None,
    pace: options.Pace = None,
    quiet: options.Quiet = False,
) -> None:
    """Analyse many clips: a result folder each, batch.csv and batch.html for all of them.

    Run it again to go on where it was stopped. Exit code: 0 all analysed, 1 some refused or
    failed, or a folder could not be looked into, 2 nothing analysed or could not go on, 130
    interrupted.
    """
    known = ReportStyle(language or Language.EN)
    try:
        settings = load_config(
            config,
            speed_kmh=speed_kmh,
            height_cm=height_cm,
            capture_fps=capture_fps,
            incline_percent=incline_percent,
            model=model,
            rules=rules,
            privacy=privacy,
            report=options.style(language, units, pace),
        )
        known = settings.report
        made = recipe(settings, output, _poses(poses, output), is_annotated=annotate)
        plan = BatchOptions(tuple(sources), made, recursive, fresh, retry)
        shown = batch_watch(words("terminal", known), is_shown=not quiet)
        with ended_cleanly(), shown as watch, remarks(known, watch.remark):
            result = run_batch(plan, _engine(scheduler, jobs, timeout, made), watch)
    except FormcheckError as error:
        complain(error, style=known)
        raise typer.Exit(NOTHING_DONE) from error
    except (KeyboardInterrupt, BrokenPipeError) as interrupt:
        if isinstance(interrupt, BrokenPipeError):
            leave_stdout()
        to_stderr(words("terminal", known)("stopped.batch"))
        raise typer.Exit(INTERRUPTED) from interrupt
    if not quiet:
        typer.echo(_summary(result, output, words("terminal", known)))
    raise typer.Exit(_exit_code(result))


def _poses(asked: str | None, output: str) -> str | None:
    if asked == NO_CACHE:
        return None
    if asked is not None:
        return asked
    return f"{output.rstrip('/')}/poses" if is_url(output) else str(default_cache().folder)


def _jobs(n_clips: int) -> int:
    """Jobs where none are asked for; says so when memory allows fewer than there are cores."""
    fitting, wanted = clips_at_once(), min(usable_cores(), n_clips)
    if fitting < wanted:
        logger.warning(text("terminal", "batch.memory", n=fitting, cores=wanted))
    return fitting


def _engine(
    scheduler: str, jobs: int | None, timeout_s: float, made: Recipe
) -> Callable[[int], Engine]:
    """What makes the engine once the output folder is held."""

    def make(n_clips: int) -> Engine:
        if scheduler == LOCAL:
            return PoolEngine(min(jobs or _jobs(n_clips), n_clips), timeout_s)
        try:
            from formcheck.batch.cluster import DaskEngine  # noqa: PLC0415 - of an extra
        except ImportError as error:
            raise ConfigError(text("errors", "setting.cluster")) from error
        return DaskEngine(scheduler, timeout_s, needs_of(made.output))

    return make


def _summary(result: BatchResult, output: str, say: Words) -> str:
    counts = ", ".join(
        say("batch.states", count=number, state=state)
        for state, number in sorted(result.states.items())
    )
    if result.n_skipped:
        counts = say("batch.skipped", states=counts, count=result.n_skipped)
    if result.n_others:
        counts = say("batch.others", states=counts, n=result.n_others)
    if result.n_unseen:
        counts = say("batch.unseen", states=counts, n=result.n_unseen)
    place = output.rstrip("/") if is_url(output) else str(Path(output))
    return f"{counts}\n{place}/batch.html"


def _exit_code(result: BatchResult) -> int:
    if result.n_usable == 0:
        return NOTHING_DONE
    is_all = result.n_usable == sum(result.states.values()) and not result.n_unseen
    return 0 if is_all else 1

"""``formcheck check``: how fit a clip is for an analysis."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from formcheck.checkup import CheckupParams, judge, look
from formcheck.cli import options
from formcheck.cli.console import complain, exit_codes
from formcheck.config import AnalysisConfig, load_config
from formcheck.domain import Checkup, Fitness
from formcheck.errors import VideoError
from formcheck.texts import ReportStyle, tell, words

_MARKS = {Fitness.FIT: "fit", Fitness.LIMITED: "limited", Fitness.UNFIT: "unfit"}


def check(
    clips: Annotated[list[Path], typer.Argument()],
    capture_fps: options.CaptureRate = None,
    model: options.Model = None,
    language: options.ReportLanguage = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Look at clips for a few seconds and say what to film better.

    Exit code: 0 fit to be analysed, 1 usable with limits, 2 not usable; several clips: the worst.
    """
    with exit_codes(language):
        settings = load_config(
            None, capture_fps=capture_fps, model=model, report=options.style(language)
        )
    with exit_codes(settings.report.language):
        found = [_one(clip, settings, is_shown=not as_json) for clip in clips]
    if as_json:
        typer.echo(json.dumps([plain for plain, _ in found], indent=2))
    raise typer.Exit(max(code for _, code in found))


def _one(clip: Path, config: AnalysisConfig, *, is_shown: bool) -> tuple[Mapping[str, Any], int]:
    """Check one clip; one that cannot be read does not stop the others."""
    try:
        result = judge(look(clip, config), config, CheckupParams())
    except VideoError as error:
        complain(error, clip.name, config.report)
        unfit = Fitness.UNFIT
        return {"path": str(clip), "fitness": unfit.value, "error": str(error)}, unfit.severity
    if is_shown:
        typer.echo("\n".join(_lines(result, config.report)))
    return _plain(result), result.fitness.severity


def _lines(result: Checkup, style: ReportStyle) -> list[str]:
    names, say = words("names", style), words("checkup", style)
    lines = [f"{result.path}: {names(f'fitness.{result.fitness}')}"]
    for item in result.items:
        mark = say(f"mark.{_MARKS[item.fitness]}")
        lines.append(f"  {mark:<14}{tell(item.name, style) + ':':<17}{tell(item.seen, style)}")
        if item.advice:
            lines.append(f"{'':<33}-> {tell(item.advice, style)}")
    first = result.first_to_fix
    if first is None:
        return lines
    return [*lines, say("first_to_fix", advice=tell(first.advice, style))]


def _plain(result: Checkup) -> Mapping[str, Any]:
    first = result.first_to_fix
    return {
        "path": result.path,
        "fitness": result.fitness.value,
        "first_to_fix": None if first is None else first.advice,
        "items": [
            {
                "name": item.name,
                "fitness": item.fitness.value,
                "seen": item.seen,
                "advice": item.advice or None,
            }
            for item in result.items
        ],
    }

"""``formcheck cache``: what is kept from earlier runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cache import Cache, KeptFile, default_cache
from formcheck.cli import options
from formcheck.cli.console import exit_codes
from formcheck.cli.help import Command, commands
from formcheck.cli.language import usual_language
from formcheck.texts import Words, words

app = commands()

Folder = Annotated[Path | None, typer.Option("--folder")]
_MB = 1_000_000


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    """Show what is kept unless a sub-command is given."""
    if context.invoked_subcommand is None:
        show()


@app.command(cls=Command)
def show(folder: Folder = None, language: options.ReportLanguage = None) -> None:
    """Say where it is kept, how much, and how much this version can still use."""
    say = words("terminal", language or usual_language())
    cache = _cache(folder)
    with exit_codes(language):
        kept = cache.kept()
    usable = sum(entry.is_current for entry in kept)
    typer.echo(say("cache.kept", folder=str(cache.folder), amount=_amount(kept, say)))
    if kept:
        typer.echo(say("cache.usable", usable=usable, rest=len(kept) - usable))
        typer.echo(say("cache.used", first=_day(kept[0]), last=_day(kept[-1])))


@app.command(cls=Command)
def prune(
    folder: Folder = None,
    unused_days: Annotated[float | None, typer.Option(min=0)] = None,
    max_mb: Annotated[float | None, typer.Option(min=0)] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    language: options.ReportLanguage = None,
) -> None:
    """Remove what this version of formcheck cannot use, and more if asked for."""
    say = words("terminal", language or usual_language())
    cache = _cache(folder)
    limit = None if max_mb is None else round(max_mb * _MB)
    with exit_codes(language):
        gone = cache.prune(everything=everything, unused_days=unused_days, max_bytes=limit)
    typer.echo(say("cache.pruned", gone=_amount(gone, say), kept=_amount(cache.kept(), say)))


def _cache(folder: Path | None) -> Cache:
    return default_cache() if folder is None else Cache(folder)


def _amount(entries: Sequence[KeptFile], say: Words) -> str:
    n_poses = sum(entry.is_pose for entry in entries)
    return say(
        "cache.amount",
        poses=say("cache.poses", n=n_poses),
        observations=say("cache.observations", n=len(entries) - n_poses),
        mb=sum(entry.bytes for entry in entries) / _MB,
    )


def _day(entry: KeptFile) -> str:
    return f"{datetime.fromtimestamp(entry.used_unix_s, UTC):%Y-%m-%d}"

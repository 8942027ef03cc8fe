"""``formcheck cache``: the poses kept from earlier runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.console import exit_codes
from formcheck.pose.cache import KeptPose, PoseCache, default_cache

app = typer.Typer(help="Show or prune the poses kept from earlier runs.")

Folder = Annotated[Path | None, typer.Option("--folder", help="Another cache than the user's own.")]
_MB = 1_000_000


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    """Show what is kept unless a sub-command is given."""
    if context.invoked_subcommand is None:
        show()


@app.command()
def show(folder: Folder = None) -> None:
    """Say where poses are kept, how many, and how many this version can still use."""
    cache = _cache(folder)
    kept = cache.kept()
    usable = sum(entry.is_current for entry in kept)
    typer.echo(f"{cache.folder}: {_amount(kept)}")
    if kept:
        typer.echo(f"of use to this version: {usable}; to others, or to none: {len(kept) - usable}")
        typer.echo(f"last used: {_day(kept[0])} to {_day(kept[-1])}")


@app.command()
def prune(
    folder: Folder = None,
    unused_days: Annotated[
        float | None, typer.Option(min=0, help="Also remove what was not used for so many days.")
    ] = None,
    max_mb: Annotated[
        float | None, typer.Option(min=0, help="Also remove the longest unused beyond this size.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Remove every pose.")] = False,
) -> None:
    """Remove poses that this version of formcheck cannot use, and more if asked for."""
    cache = _cache(folder)
    limit = None if max_mb is None else round(max_mb * _MB)
    with exit_codes():
        gone = cache.prune(everything=everything, unused_days=unused_days, max_bytes=limit)
    typer.echo(f"removed {_amount(gone)}; kept {_amount(cache.kept())}")


def _cache(folder: Path | None) -> PoseCache:
    return default_cache() if folder is None else PoseCache(folder)


def _amount(entries: Sequence[KeptPose]) -> str:
    size = sum(entry.bytes for entry in entries) / _MB
    return f"{len(entries)} pose{'' if len(entries) == 1 else 's'}, {size:.1f} MB"


def _day(entry: KeptPose) -> str:
    return f"{datetime.fromtimestamp(entry.used_unix_s, UTC):%Y-%m-%d}"

"""What the terminal shows while a batch runs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from formcheck.batch.clips import Clip
from formcheck.batch.manifest import Record

_BAD = {"refused", "failed"}


@dataclass
class Tally:
    """How far a batch has come; time left is judged by the bytes still to do."""

    n_clips: int = 0
    n_done: int = 0
    n_bad: int = 0
    n_frames: int = 0
    bytes_all: int = 0
    bytes_done: int = 0
    begun_s: float = field(default_factory=time.monotonic)

    def add(self, clip: Clip, record: Record, frames: int | None) -> None:
        """Count a clip that was recorded."""
        self.n_done += 1
        self.n_bad += record.state in _BAD
        self.n_frames += frames or 0
        self.bytes_done += clip.bytes

    def words(self) -> str:
        """Frames per second, time left and failures."""
        elapsed_s = time.monotonic() - self.begun_s
        parts = [f"{self.n_frames / elapsed_s:.0f} frames/s"] if self.n_frames else []
        if self.bytes_done and self.n_done < self.n_clips:
            left_s = elapsed_s * (self.bytes_all - self.bytes_done) / self.bytes_done
            parts.append(f"about {duration(left_s)} left")
        parts.append(f"{self.n_bad} refused or failed")
        return ", ".join(parts)


class _Screen(Protocol):
    def begin(self, tally: Tally) -> None: ...

    def clip_done(self, tally: Tally, record: Record) -> None: ...


class TerminalWatch:
    """Follows a batch on stdout: a bar on a terminal, else a line per clip, else nothing."""

    def __init__(self, screen: _Screen | None) -> None:
        self._screen = screen
        self._tally = Tally()

    def begin(self, todo: Sequence[Clip], done_before: Sequence[Record]) -> None:
        """Say what there is to do."""
        self._tally = Tally(len(todo), bytes_all=sum(clip.bytes for clip in todo))
        if self._screen is None:
            return
        if done_before:
            failed = sum(record.state == "failed" for record in done_before)
            again = f" ({failed} of them failed; --retry tries them again)" if failed else ""
            typer.echo(f"{len(done_before)} clips were done before{again}; {len(todo)} to do")
        self._screen.begin(self._tally)

    def clip_done(self, clip: Clip, record: Record, frames: int | None) -> None:
        """Say what became of a clip."""
        self._tally.add(clip, record, frames)
        if self._screen is not None:
            self._screen.clip_done(self._tally, record)


@contextmanager
def batch_watch(*, is_shown: bool) -> Iterator[TerminalWatch]:
    """Follow a batch for as long as the block lasts."""
    console = Console()
    if not is_shown:
        yield TerminalWatch(None)
    elif not console.is_terminal:
        yield TerminalWatch(_Lines())
    else:
        columns = (BarColumn(), TextColumn("{task.completed} of {task.total} clips"),
                   TextColumn("{task.description}"))  # fmt: skip
        with Progress(*columns, console=console, transient=True) as bar:
            yield TerminalWatch(_Bar(bar))


class _Lines:
    """A line per clip, for files and pipes."""

    def begin(self, tally: Tally) -> None:
        """Say nothing."""

    def clip_done(self, tally: Tally, record: Record) -> None:
        """Print a line."""
        typer.echo(f"{tally.n_done}/{tally.n_clips} {_outcome(record)} [{tally.words()}]")


class _Bar:
    """A bar that stays in place; only clips without a result scroll past above it."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def begin(self, tally: Tally) -> None:
        """Set the length of the bar."""
        self._bar.update(self._task, total=tally.n_clips)

    def clip_done(self, tally: Tally, record: Record) -> None:
        """Move the bar."""
        if record.state in _BAD:
            self._bar.console.print(_outcome(record), markup=False, highlight=False)
        self._bar.update(self._task, completed=tally.n_done, description=tally.words())


def _outcome(record: Record) -> str:
    why = f": {record.reasons[0]}" if record.state in _BAD and record.reasons else ""
    return f"{record.clip}: {record.state} ({record.seconds:.1f} s){why}"


def duration(seconds: float) -> str:
    """Return a time to wait in words, coarser the longer it is."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

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
from formcheck.texts import Words

_BAD = {"refused", "failed"}


@dataclass
class Tally:
    """How far a batch has come.

    Time left is judged by the bytes still to do and what the clips took in which frames were seen:
    a damaged one is done with at once, whatever its size, and one that hangs never.
    """

    n_clips: int = 0
    n_done: int = 0
    n_bad: int = 0
    n_frames: int = 0
    bytes_all: int = 0
    bytes_done: int = 0
    bytes_seen: int = 0
    seen_s: float = 0.0
    worked_s: float = 0.0
    begun_s: float = field(default_factory=time.monotonic)

    def add(self, clip: Clip, record: Record, frames: int | None) -> None:
        """Count a clip that was recorded."""
        self.n_done += 1
        self.n_bad += record.state in _BAD
        self.n_frames += frames or 0
        self.bytes_done += clip.bytes
        self.worked_s += record.seconds
        if frames:
            self.bytes_seen += clip.bytes
            self.seen_s += record.seconds

    def words(self, say: Words) -> str:
        """Frames per second, time left and failures; ``say`` has the texts of terminal."""
        elapsed_s = time.monotonic() - self.begun_s
        parts = [say("bar.rate", rate=self.n_frames / elapsed_s)] if self.n_frames else []
        if self.bytes_seen and self.worked_s and self.n_done < self.n_clips:
            seen_s = elapsed_s * self.seen_s / self.worked_s
            left_s = seen_s * (self.bytes_all - self.bytes_done) / self.bytes_seen
            parts.append(say("batch.left", time=duration(left_s, say)))
        parts.append(say("batch.bad", count=self.n_bad))
        return ", ".join(parts)


class _Screen(Protocol):
    def begin(self, tally: Tally) -> None: ...

    def clip_done(self, tally: Tally, record: Record) -> None: ...


class TerminalWatch:
    """Follows a batch on stdout: a bar on a terminal, else a line per clip, else nothing."""

    def __init__(self, screen: _Screen | None, say: Words) -> None:
        self._screen = screen
        self._say = say
        self._tally = Tally()

    def begin(self, todo: Sequence[Clip], done_before: Sequence[Record]) -> None:
        """Say what there is to do."""
        self._tally = Tally(len(todo), bytes_all=sum(clip.bytes for clip in todo))
        if self._screen is None:
            return
        if done_before:
            failed = sum(record.state == "failed" for record in done_before)
            facts = {"count": len(done_before), "todo": len(todo)}
            said = self._say("batch.before", **facts)
            if failed:
                said = self._say("batch.before_failed", failed=failed, **facts)
            typer.echo(said)
        self._screen.begin(self._tally)

    def clip_done(self, clip: Clip, record: Record, frames: int | None) -> None:
        """Say what became of a clip."""
        self._tally.add(clip, record, frames)
        if self._screen is not None:
            self._screen.clip_done(self._tally, record)


@contextmanager
def batch_watch(say: Words, *, is_shown: bool) -> Iterator[TerminalWatch]:
    """Follow a batch for as long as the block lasts; ``say`` has the texts of terminal."""
    console = Console()
    if not is_shown:
        yield TerminalWatch(None, say)
    elif not console.is_terminal:
        yield TerminalWatch(_Lines(say), say)
    else:
        counted = say("batch.column", done="{task.completed}", total="{task.total}")
        columns = BarColumn(), TextColumn(counted), TextColumn("{task.description}")
        with Progress(*columns, console=console, transient=True) as bar:
            yield TerminalWatch(_Bar(bar, say), say)


class _Lines:
    """A line per clip, for files and pipes."""

    def __init__(self, say: Words) -> None:
        self._say = say

    def begin(self, tally: Tally) -> None:
        """Say nothing."""

    def clip_done(self, tally: Tally, record: Record) -> None:
        """Print a line."""
        outcome, told = _outcome(record, self._say), tally.words(self._say)
        typer.echo(f"{tally.n_done}/{tally.n_clips} {outcome} [{told}]")


class _Bar:
    """A bar that stays in place; only clips without a result scroll past above it."""

    def __init__(self, bar: Progress, say: Words) -> None:
        self._bar = bar
        self._say = say
        self._task = bar.add_task("", total=None)

    def begin(self, tally: Tally) -> None:
        """Set the length of the bar."""
        self._bar.update(self._task, total=tally.n_clips)

    def clip_done(self, tally: Tally, record: Record) -> None:
        """Move the bar."""
        if record.state in _BAD:
            outcome = _outcome(record, self._say)
            self._bar.console.print(outcome, markup=False, highlight=False)
        self._bar.update(self._task, completed=tally.n_done, description=tally.words(self._say))


def _outcome(record: Record, say: Words) -> str:
    facts = {"clip": record.clip, "state": record.state, "seconds": record.seconds}
    said = say("batch.outcome", **facts)
    reasons = record.row.get("said", {}).get("reasons") or record.reasons
    if record.state in _BAD and reasons:
        return say("batch.why", outcome=said, why=reasons[0])
    return said


def duration(seconds: float, say: Words) -> str:
    """Return a time to wait in words, coarser the longer it is."""
    if seconds < 90:
        return say("batch.seconds", value=seconds)
    if seconds < 90 * 60:
        return say("batch.minutes", value=seconds / 60)
    return say("batch.hours", value=seconds / 3600)

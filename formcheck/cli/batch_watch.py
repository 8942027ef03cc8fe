"""What the terminal shows while a batch runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column

from formcheck.batch.clips import Clip
from formcheck.batch.manifest import Record
from formcheck.cli.console import to_stderr
from formcheck.texts import Words

_BAD = {"refused", "failed"}
_WORDS_WIDE = 92  # letters beside the bar, in the language that takes more
_NARROWEST_BAR = 8
_SILENCE_S = 10.0  # without a line while clips are compared


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
    def compared(self, n_done: int, n_clips: int) -> None: ...

    def tell(self, said: str) -> None: ...

    def begin(self, tally: Tally) -> None: ...

    def clip_done(self, tally: Tally, record: Record) -> None: ...

    def remark(self, said: str) -> None: ...


class TerminalWatch:
    """Follows a batch on stdout: a bar on a terminal, else a line per clip, else nothing."""

    def __init__(self, screen: _Screen | None, say: Words) -> None:
        self._screen = screen
        self._say = say
        self._tally = Tally()

    def compared(self, n_done: int, n_clips: int) -> None:
        """Say how many clips were compared with what was done before."""
        if self._screen is not None:
            self._screen.compared(n_done, n_clips)

    def begin(self, todo: Sequence[Clip], done_before: Sequence[Record]) -> None:
        """Say what there is to do."""
        self._tally = Tally(len(todo), bytes_all=sum(clip.bytes for clip in todo))
        if self._screen is None:
            return
        if done_before:
            self._screen.tell(self._known(len(todo), done_before))
        self._screen.begin(self._tally)

    def _known(self, n_todo: int, done_before: Sequence[Record]) -> str:
        """What is done already."""
        facts = {"n": len(done_before), "todo": n_todo}
        failed = sum(record.state == "failed" for record in done_before)
        if failed:
            return self._say("batch.before_failed", failed=failed, **facts)
        return self._say("batch.before", **facts)

    def clip_done(self, clip: Clip, record: Record, frames: int | None) -> None:
        """Say what became of a clip."""
        self._tally.add(clip, record, frames)
        if self._screen is not None:
            self._screen.clip_done(self._tally, record)

    def remark(self, said: str) -> None:
        """Say what is worth knowing, on stderr."""
        if self._screen is None:
            to_stderr(said)
        else:
            self._screen.remark(said)


@contextmanager
def batch_watch(say: Words, *, is_shown: bool) -> Iterator[TerminalWatch]:
    """Follow a batch for as long as the block lasts; ``say`` has the texts of terminal."""
    console = Console()
    if not is_shown:
        yield TerminalWatch(None, say)
    elif not console.is_terminal:
        yield TerminalWatch(_Lines(say), say)
    else:
        bar = _Bar(console, say)
        try:
            yield TerminalWatch(bar, say)
        finally:
            bar.close()


class _Lines:
    """A line per clip, for files and pipes."""

    def __init__(self, say: Words) -> None:
        self._say = say
        self._next_s = time.monotonic() + _SILENCE_S

    def compared(self, n_done: int, n_clips: int) -> None:
        """Print a line now and then."""
        if time.monotonic() >= self._next_s:
            typer.echo(self._say("batch.compared", done=n_done, total=n_clips))
            self._next_s = time.monotonic() + _SILENCE_S

    def tell(self, said: str) -> None:
        """Print a line."""
        typer.echo(said)

    def begin(self, tally: Tally) -> None:
        """Say nothing."""

    def clip_done(self, tally: Tally, record: Record) -> None:
        """Print a line."""
        outcome, told = _outcome(record, self._say), tally.words(self._say)
        typer.echo(f"{tally.n_done}/{tally.n_clips} {outcome} [{told}]")

    def remark(self, said: str) -> None:
        """Print a line on stderr."""
        to_stderr(said)


class _Bar:
    """A bar that stays in place; only clips without a result scroll past above it.

    It appears when there is something to count, with the time since then, which goes on while a
    long clip is worked on.
    """

    def __init__(self, console: Console, say: Words) -> None:
        self._say = say
        self._console = console
        self._bar: Progress | None = None
        self._key = ""

    def _counting(self, n_clips: int, key: str) -> tuple[Progress, TaskID]:
        """The bar of so many clips; another one takes the place of that of another count."""
        if self._bar is not None and self._key == key:
            return self._bar, self._bar.task_ids[0]
        self.close()
        self._bar = Progress(*self._columns(n_clips, key), console=self._console, transient=True)
        self._key = key
        self._bar.start()
        return self._bar, self._bar.add_task("", total=n_clips)

    def _columns(self, n_clips: int, key: str) -> tuple[ProgressColumn, ...]:
        """On a narrow terminal the bar goes first, then the end of the description."""
        room = min(40, self._console.width - _WORDS_WIDE)
        widest = len(self._say(key, done=n_clips, total=n_clips))
        counted = self._say(key, done="{task.completed}", total="{task.total}")
        return (
            *([BarColumn(room)] if room >= _NARROWEST_BAR else []),
            TextColumn(counted, table_column=Column(min_width=widest)),
            TimeElapsedColumn(table_column=Column(min_width=len("0:00:00"))),
            TextColumn("{task.description}"),
        )

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def compared(self, n_done: int, n_clips: int) -> None:
        """Move the bar of clips that are compared."""
        bar, task = self._counting(n_clips, "batch.compared")
        bar.update(task, completed=n_done)

    def tell(self, said: str) -> None:
        """Print a line in place of the bar that was there."""
        self.close()
        typer.echo(said)

    def begin(self, tally: Tally) -> None:
        """Show the bar of clips that are analysed, if there is one to be analysed."""
        self.close()
        if tally.n_clips:
            self._counting(tally.n_clips, "batch.column")

    def clip_done(self, tally: Tally, record: Record) -> None:
        """Move the bar."""
        bar, task = self._counting(tally.n_clips, "batch.column")
        if record.state in _BAD:
            bar.console.print(_outcome(record, self._say), markup=False, highlight=False)
        bar.update(task, completed=tally.n_done, description=tally.words(self._say))

    def remark(self, said: str) -> None:
        """Print a line above the bar, or on stderr where that is somewhere else."""
        if self._bar is not None and sys.stderr.isatty():
            self._bar.console.print(f"formcheck: {said}", markup=False, highlight=False)
        else:
            to_stderr(said)


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

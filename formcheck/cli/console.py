"""What the terminal shows while an analysis runs and when one fails."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from formcheck.cli.language import usual_language
from formcheck.domain import Caution, printable, silent
from formcheck.domain import Progress as FrameProgress
from formcheck.errors import FormcheckError
from formcheck.guidance.texts import safety_text
from formcheck.texts import DEFAULT_STYLE, Language, ReportStyle, Words, tell, words

logger = logging.getLogger("formcheck")

INTERRUPTED = 130  # the shell's code for a process ended by Ctrl-C


class FrameRateColumn(ProgressColumn):
    """Frames per second so far; ``say`` has the texts of terminal."""

    def __init__(self, say: Words) -> None:
        super().__init__()
        self._say = say

    def render(self, task: Task) -> Text:
        """Return the rate, or a dash before the first frames."""
        return Text("-" if task.speed is None else self._say("bar.rate", rate=task.speed))


@contextmanager
def frame_bar(title: str, say: Words, *, is_shown: bool) -> Iterator[FrameProgress]:
    """Show a bar on stdout while frames are worked through; nothing unless it is a terminal."""
    console = Console()
    if not (is_shown and console.is_terminal):
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), FrameRateColumn(say))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def say_caution(caution: Caution, language: Language, *, is_shown: bool) -> None:
    """Say first what a runner's answers ask for, whatever becomes of the clip.

    It goes to stderr where stdout is to hold nothing, or nothing else.
    """
    if caution is Caution.NONE:
        return
    t = words("plan", language)
    lines = [f"{t(f'caution.{caution}.heading')}. {t(f'caution.{caution}.text')}"]
    lines += [part.said for part in safety_text(language, caution)]
    typer.echo("\n\n".join(lines) + "\n", err=not is_shown)


def said_path(path: Path) -> str:
    """A path for stdout, which may take no bytes that are no text, as old file names hold."""
    return printable(str(path))


def complain(
    error: FormcheckError, about: str = "", style: ReportStyle | Language = DEFAULT_STYLE
) -> None:
    """Write one line to stderr: what was seen and what to do."""
    known = ReportStyle(style) if isinstance(style, Language) else style
    said = " ".join(tell(error.said, known).split())
    subject = f"{about}: " if about and about not in said else ""
    to_stderr(f"{subject}{said}")


class _Remarks(logging.Handler):
    """Says what is worth knowing and no error, on stderr, in the reader's language."""

    def __init__(self, style: ReportStyle, write: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._style = style
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg if isinstance(record.msg, str) and not record.args else ""
        self._write(tell(said, self._style) or record.getMessage())


def to_stderr(said: str) -> None:
    """Write a line of formcheck's to stderr."""
    typer.echo(f"formcheck: {said}", err=True)


def leave_stdout() -> None:
    """Write to stdout no more: who read it is gone, as after ``| head``."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


@contextmanager
def remarks(style: ReportStyle, write: Callable[[str], None] = to_stderr) -> Iterator[None]:
    """Say warnings of formcheck itself while something is done, by ``write``."""
    handler = _Remarks(style, write)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """For as long as the block lasts, a polite request to end (SIGTERM) is taken as Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def exit_codes(language: Language | None = None) -> Iterator[None]:
    """Turn an error raised on purpose into one line and its exit code, Ctrl-C into 130."""
    style = ReportStyle(language or usual_language())
    try:
        with remarks(style):
            yield
    except FormcheckError as error:
        complain(error, style=style)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as interrupt:
        typer.echo(f"formcheck: {words('terminal', style)('stopped.one')}", err=True)
        raise typer.Exit(INTERRUPTED) from interrupt

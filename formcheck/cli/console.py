"""What the terminal shows while an analysis runs and when one fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from formcheck.domain import Caution, silent
from formcheck.domain import Progress as FrameProgress
from formcheck.errors import FormcheckError
from formcheck.texts import Language, words

INTERRUPTED = 130  # the shell's code for a process ended by Ctrl-C


class FrameRateColumn(ProgressColumn):
    """Frames per second so far."""

    def render(self, task: Task) -> Text:
        """Return the rate, or a dash before the first frames."""
        return Text("-" if task.speed is None else f"{task.speed:.0f} frames/s")


@contextmanager
def frame_bar(title: str, *, is_shown: bool) -> Iterator[FrameProgress]:
    """Show a bar on stdout while frames are worked through; nothing unless it is a terminal."""
    console = Console()
    if not (is_shown and console.is_terminal):
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), FrameRateColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def say_caution(caution: Caution, language: Language) -> None:
    """Say first what a runner's answers ask for, whatever becomes of the clip."""
    if caution is not Caution.NONE:
        t = words("plan", language)
        typer.echo(f"{t(f'caution.{caution}.heading')}. {t(f'caution.{caution}.text')}", err=True)


def complain(error: FormcheckError, about: str = "") -> None:
    """Write one line to stderr: what was seen and what to do."""
    message = " ".join(str(error).split())
    subject = f"{about}: " if about and about not in message else ""
    typer.echo(f"formcheck: {subject}{message}", err=True)


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn an error raised on purpose into one line and its exit code, Ctrl-C into 130."""
    try:
        yield
    except FormcheckError as error:
        complain(error)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as interrupt:
        typer.echo("formcheck: interrupted; nothing was written", err=True)
        raise typer.Exit(INTERRUPTED) from interrupt

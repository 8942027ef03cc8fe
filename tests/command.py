"""The command line as the tests call it, and clips made for it."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.domain import RgbImage
from formcheck.video.read import open_video
from formcheck.video.write import ClipWriter

FPS = 30.0

# A shell starts what runs in the background with Ctrl-C ignored, and children inherit that.
LISTENING_TO_CTRL_C = """
import signal
from formcheck.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


@dataclass(frozen=True)
class Outcome:
    """What one call of the command line did."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def complaint(self) -> str:
        """The only line on stderr."""
        lines = self.stderr.splitlines()
        assert len(lines) == 1, self.stderr
        return lines[0]


Cli = Callable[..., Outcome]


class Terminal:
    """The command line in a process of its own, with a terminal for its stdout."""

    def __init__(self, *arguments: str | Path) -> None:
        self._reader, writer = os.openpty()
        command = [sys.executable, "-c", LISTENING_TO_CTRL_C, *map(str, arguments)]
        self.process = subprocess.Popen(
            command, stdout=writer, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        os.close(writer)
        self.shown = ""

    def read_until(self, text: str) -> None:
        """Read what is shown until it holds ``text`` or the process ends."""
        while text not in self.shown:
            try:
                self.shown += os.read(self._reader, 4096).decode(errors="replace")
            except OSError:  # Linux: the other end was closed
                return

    def end(self) -> Outcome:
        """Read the rest and wait."""
        self.read_until("\0")
        os.close(self._reader)
        _, stderr = self.process.communicate(timeout=120)
        return Outcome(self.process.returncode, self.shown, stderr)


def tree(folder: Path) -> set[Path]:
    """Everything in a folder."""
    return set(folder.rglob("*"))


def write_clip(path: Path, pictures: list[RgbImage]) -> Path:
    """Write pictures at 30 frames per second."""
    height, width, _ = pictures[0].shape
    with ClipWriter(path, width, height, fps=FPS) as clip:
        for index, picture in enumerate(pictures):
            clip.write(picture, index / FPS)
    return path


def middle_of(clip: Path, seconds: float) -> list[RgbImage]:
    """Every second picture of the first seconds of a clip, but for a quarter at both sides."""
    pictures = frames_of(clip, seconds, every=2)
    width = pictures[0].shape[1]
    return [np.ascontiguousarray(each[:, width // 4 : -width // 4]) for each in pictures]


def frames_of(clip: Path, seconds: float, *, every: int = 1) -> list[RgbImage]:
    """The pictures of the first seconds of a clip, all of them or one in ``every``."""
    with open_video(clip) as video:
        wanted = itertools.takewhile(lambda frame: frame.time_s < seconds, video)
        return [frame.rgb for frame in itertools.islice(wanted, 0, None, every)]

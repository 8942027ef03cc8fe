"""Functions for engines to run: good ones, and all that may go wrong with one."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

RAISES, KILLED, EXITS, NO_MEMORY = "raises", "killed", "exits", "no memory"
HANGS = "sleeps:3600"
KILLED_ONCE = "killed once"  # followed by a colon and the path of a mark


def upper(task: str) -> str:
    """Return the task in capitals, or fail in the way it asks for."""
    kind, _, path = task.partition(":")
    match kind:
        case "raises":
            raise RuntimeError("no such luck")
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "killed once" if not Path(path).exists():
            Path(path).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case "exits":
            os._exit(3)
        case "sleeps":
            time.sleep(float(path))
        case "waits":
            wait_for(Path(path))
        case "no memory":
            bytearray(1 << 60)
    return task.upper()


def wait_for(path: Path) -> None:
    """Come back when there is such a file."""
    while not path.exists():
        time.sleep(0.05)


def leave_mark(path: str) -> str:
    """Write the process number, wait, and write a second line: an end that may never come."""
    mark = Path(path)
    mark.write_text(f"{os.getpid()}\n", encoding="utf-8")
    time.sleep(5)
    mark.write_text("done\n", encoding="utf-8")
    return path


def own_threads(task: str) -> tuple[str | None, int]:
    """How many threads linear algebra and pictures are worked on with."""
    import cv2  # noqa: PLC0415 - a process that only fails needs none

    return os.environ.get("OMP_NUM_THREADS"), cv2.getNumThreads()

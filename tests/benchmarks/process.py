"""A command in a process of its own: seconds by the clock, processor time, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.rendered import ROOT

_LIBRARIES = "import mediapipe.tasks.python.vision, scipy.signal, formcheck.cli"
_EVERY_S = 0.5  # each look costs the process watched some milliseconds


@dataclass(frozen=True)
class Run:
    """What a command took; memory is that of it and all processes it started.

    ``began_s`` is when it did, in seconds since 1970.
    """

    began_s: float
    seconds: float
    cpu_s: float
    peak_mb: float
    stdout: str


def run(command: Sequence[object]) -> Run:
    """Run a Python module's command line.

    Libraries and clips have been read just before: some systems forget files within seconds, and
    what is compared should not depend on what ran last. Raises CalledProcessError when it ends with
    another exit code than 0 or 1 (a batch with refusals).
    """
    words = [sys.executable, "-m", *map(str, command)]
    # A relative path would not hold for what is started elsewhere.
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    _read_files(command, environment)
    began_s, started = time.time(), time.perf_counter()
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env=environment,
    ) as process:  # fmt: skip
        watch = _Memory(process.pid)
        stdout = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Run(began_s, seconds, usage.ru_utime + usage.ru_stime, watch.stopped_mb(), stdout)


def _read_files(command: Sequence[object], environment: Mapping[str, str]) -> None:
    """Have the system read the libraries, and the clips a command names."""
    subprocess.run([sys.executable, "-c", _LIBRARIES], check=True, cwd=ROOT, env=environment)
    for path in (word for word in command if isinstance(word, Path)):
        for file in [path, *path.rglob("*")]:
            if file.is_file():
                file.read_bytes()


def answer(command: Sequence[object]) -> tuple[Run, dict[str, Any]]:
    """Run a command whose last line is JSON."""
    done = run(command)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return done, found


class _Memory:
    """Watches a process and its children from a thread."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._peak = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stopped_mb(self) -> float:
        """End watching and return the peak in MB (10^6 bytes)."""
        self._is_over.set()
        self._thread.join()
        return self._peak / 1e6

    def _watch(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            try:
                family = [self._process, *self._process.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self._peak = max(self._peak, sum(map(_bytes, family)))


def _bytes(process: psutil.Process) -> int:
    """Memory of a process, what it shares divided by the number of those it shares it with.

    Where that is not told (not Linux), all of it.
    """
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    try:
        if rollup.exists():
            lines = rollup.read_text(encoding="ascii").splitlines()
            return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return int(process.memory_info().rss)
    except (psutil.Error, OSError, StopIteration):  # it has just ended
        return 0

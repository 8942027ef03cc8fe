"""Keep a native library's remarks off the user's terminal without losing them."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

logger = logging.getLogger(__name__)

_STDERR = 2  # the descriptor native code writes to, whatever sys.stderr is


class _Detour:
    """Leads stderr into the log while at least one thread wants it; there is one per process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._undo = ExitStack()

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1 and _has_stderr():
                self._undo.enter_context(_stderr_to_log())

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._undo.close()


_DETOUR: Final = _Detour()


@contextmanager
def native_remarks_logged() -> Iterator[None]:
    """Send what native code writes to stderr inside the block to the log, at level DEBUG.

    Affects the whole process, so the block should be short. Several threads may be inside.
    """
    _DETOUR.enter()
    try:
        yield
    finally:
        _DETOUR.leave()


@contextmanager
def _stderr_to_log() -> Iterator[None]:
    if sys.stderr is not None:
        sys.stderr.flush()
    kept = os.dup(_STDERR)
    with tempfile.TemporaryFile() as remarks:
        os.dup2(remarks.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
            remarks.seek(0)
            for line in remarks.read().decode(errors="replace").splitlines():
                logger.debug("%s", line)


def _has_stderr() -> bool:
    """Whether the process has a stderr at all (a windowed program may have none)."""
    try:
        os.fstat(_STDERR)
    except OSError:
        return False
    return True

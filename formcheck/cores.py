"""How many cores there are, what they have memory for, and what works in which thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import cv2

JOB_BYTES = 500_000_000
"""Memory of a job of a batch; one with a 4K clip took 0.6 GB with the process that directs it."""
PART_BYTES = 200_000_000
"""Memory of a part of a 4K clip worked on beside others; one of a 1080p clip takes 0.13 GB."""

_SPARE_PARTS = 2
"""Parts more than cores, see ``parts_at_once``."""

P = ParamSpec("P")
T = TypeVar("T")


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def clips_at_once() -> int:
    """Return how many clips to work on at once: one a core, as far as there is memory for them.

    What a container may use less than the machine has is not seen.
    """
    return _fitting(usable_cores(), JOB_BYTES)


def parts_at_once() -> int:
    """Return how many parts of a clip to work on at once, so that no core waits.

    A part waits at times, for Python's lock or for the next picture: two parts keep 1.85 of two
    cores busy, four keep 1.95. There are fewer where memory is short.
    """
    cores = usable_cores()
    return 1 if cores == 1 else _fitting(cores + _SPARE_PARTS, PART_BYTES)


def _fitting(wanted: int, each_bytes: int) -> int:
    """As many of what is wanted as there is memory for, one at least."""
    import psutil  # noqa: PLC0415 - takes 30 ms, and most commands do not ask

    return max(1, min(wanted, int(psutil.virtual_memory().available // each_bytes)))


def keep_opencv_to_one_thread() -> None:
    """Let OpenCV work in the thread that calls it.

    Other threads have use for the other cores, and its own wait by spinning: 15 % of a core while
    pictures are drawn.
    """
    cv2.setNumThreads(1)


def beside(name: str, *, is_overlapped: bool) -> Executor:
    """Return what does one thing after the other in a thread; or, not overlapped, at once."""
    if is_overlapped:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"formcheck-{name}")
    return _AtOnce()


class _AtOnce(Executor):
    """Does what is submitted before ``submit`` returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - raised by result(), as from a thread
            future.set_exception(error)
        return future

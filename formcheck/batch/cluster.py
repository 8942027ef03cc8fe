"""Workers on other machines, with Dask distributed.

Dask brings the tasks of a lost worker to another one and tries again what failed by accident. It
does not end a task that hangs: that is done from here, by restarting its worker.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

import cv2
import distributed

from formcheck.batch.engine import Failure, Outcome, Outcomes, raised, timed_out
from formcheck.errors import FormcheckError
from formcheck.texts import text

T = TypeVar("T")
R = TypeVar("R")

_RETRIES = 2  # of a task that raised: a store that did not answer, a full disk
_LONGEST_WAIT_S = 1.0
_CONNECT_S = 30
_AHEAD = 2  # tasks given out per thread, so that a cluster that grows by itself sees some wait
_FEWEST_AHEAD = 8


class DaskEngine:
    """Engine of all workers of a Dask scheduler; each should have one thread.

    A task that takes longer than ``timeout_s`` on its worker is ended.
    """

    def __init__(self, address: str, timeout_s: float | None = None) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Outcomes[T, R]:
        """Yield one outcome per task. Raises FormcheckError when no scheduler answers."""
        with self._client() as client:
            work = _Work[T, R](client, function, self._timeout_s)
            waiting = iter(tasks)
            try:
                while True:
                    work.submit(islice(waiting, max(0, work.room())))
                    if not work.running:
                        return
                    yield from work.ended()
            finally:
                work.stop()

    def _client(self) -> Any:
        try:
            return distributed.Client(self._address, timeout=_CONNECT_S)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            facts = {"address": self._address, "why": str(error)}
            raise FormcheckError(text("errors", "batch.no_scheduler", **facts)) from error


@dataclass(slots=True)
class _Running(Generic[T]):
    """A task, its future, and when and where it was begun last."""

    task: T
    future: Any
    begun_s: float | None = None
    worker: str = ""
    is_late: bool = False


@dataclass
class _Work(Generic[T, R]):
    """The tasks a cluster is at."""

    client: Any
    function: Callable[[T], R]
    timeout_s: float | None
    topic: str = field(default_factory=lambda: f"formcheck-{secrets.token_hex(8)}")
    running: dict[str, _Running[T]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client.subscribe_topic(self.topic, self._note)

    def _note(self, event: tuple[float, dict[str, str]]) -> None:
        """A worker says that it begins a task, for the first time or after another was lost."""
        _, told = event
        known = self.running.get(told["key"])
        if known is not None:
            known.begun_s, known.worker = time.monotonic(), told["worker"]

    def room(self) -> int:
        """How many more tasks the cluster should have at hand."""
        threads: int = sum(self.client.nthreads().values())
        return max(_FEWEST_AHEAD, _AHEAD * threads) - len(self.running)

    def submit(self, tasks: Iterable[T]) -> None:
        """Give out tasks."""
        for task in tasks:
            key = f"{self.topic}-{secrets.token_hex(8)}"
            future = self.client.submit(
                _announced, self.function, task, self.topic, key, key=key, retries=_RETRIES
            )
            self.running[key] = _Running(task, future)

    def ended(self) -> list[Outcome[T, R]]:
        """Wait until something ends, a second at most, and return what did."""
        futures = [entry.future for entry in self.running.values()]
        with contextlib.suppress(TimeoutError):
            distributed.wait(  # type: ignore[no-untyped-call]
                futures, timeout=_LONGEST_WAIT_S, return_when="FIRST_COMPLETED"
            )
        self._end_late()
        ended = [key for key, entry in self.running.items() if entry.is_late or entry.future.done()]
        return [self._outcome(self.running.pop(key)) for key in ended]

    def _end_late(self) -> None:
        for entry in self.running.values():
            if self.timeout_s is None or entry.begun_s is None or entry.future.done():
                continue
            if time.monotonic() - entry.begun_s > self.timeout_s:
                entry.is_late = True
                entry.future.cancel(force=True)
                self.client.restart_workers([entry.worker], raise_for_error=False)

    def _outcome(self, entry: _Running[T]) -> Outcome[T, R]:
        seconds = 0.0 if entry.begun_s is None else time.monotonic() - entry.begun_s
        if entry.is_late:
            return Outcome(entry.task, None, timed_out(self.timeout_s or 0.0), seconds)
        if entry.future.status == "finished":
            return Outcome(entry.task, entry.future.result(), None, seconds)
        error = None if entry.future.cancelled() else entry.future.exception()
        return Outcome(entry.task, None, _failure(error), seconds)

    def stop(self) -> None:
        """Take back what still runs."""
        self.client.unsubscribe_topic(self.topic)
        self.client.cancel([entry.future for entry in self.running.values()], force=True)


def _failure(error: BaseException | None) -> Failure:
    if error is None:
        return Failure("worker-lost", "the cluster lost it; its scheduler may have been restarted")
    if isinstance(error, distributed.KilledWorker):
        return Failure("worker-lost", "every worker that tried it died, as when memory runs out")
    return raised(error)


def _announced(function: Callable[[T], R], task: T, topic: str, key: str) -> R:
    """Run a task on a worker, after telling the one who waits for it."""
    cv2.setNumThreads(1)  # a worker has one core; the linear algebra is limited by Dask itself
    worker = distributed.get_worker()
    worker.log_event(topic, {"key": key, "worker": worker.address})
    return function(task)

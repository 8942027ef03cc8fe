"""Workers on other machines, with Dask distributed.

Dask brings the tasks of a lost worker to another one and tries again what failed by accident. It
does not end a task that hangs: that is done from here, by restarting its worker.
"""

from __future__ import annotations

import contextlib
import logging
import math
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

import distributed

from formcheck.batch.engine import Failure, Outcome, Outcomes, raised, timed_out
from formcheck.batch.needs import Needs
from formcheck.cores import keep_opencv_to_one_thread
from formcheck.errors import FormcheckError
from formcheck.texts import text

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

_RETRIES = 2  # of a task that raised: a store that did not answer, a full disk
_LONGEST_WAIT_S = 1.0
_CONNECT_S = 30
_CANCEL_S = 10.0
_POLL_S = 0.01
_PATIENCE_S = 3.0  # a worker that was just started takes as long to connect
_AHEAD = 2  # tasks given out per thread, so that a cluster that grows by itself sees some wait
_FEWEST_AHEAD = 8


class DaskEngine:
    """Engine of all workers of a Dask scheduler; each should have one thread.

    A task that takes longer than ``timeout_s`` on its worker is ended. Workers that lack what
    ``needs`` says are refused. A warning is logged when there is no worker to wait for.
    """

    def __init__(
        self,
        address: str,
        timeout_s: float | None = None,
        needs: Needs | None = None,
    ) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._needs = needs

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Outcomes[T, R]:
        """Yield one outcome per task.

        Raises FormcheckError when no scheduler answers, or a worker is not fit for the tasks.
        """
        with self._client() as client:
            if self._needs is not None:
                _require_fit_workers(client, self._needs)
                _tell_of_rounding(client, self._needs)
            work = _Work[T, R](client, function, self._timeout_s, self._needs)
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
        logging.getLogger("tornado.application").addFilter(_is_no_stumble)  # once, however often
        try:
            return distributed.Client(self._address, timeout=_CONNECT_S)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            facts = {"address": self._address, "why": str(error)}
            raise FormcheckError(text("errors", "batch.no_scheduler", **facts)) from error


def _is_no_stumble(record: logging.LogRecord) -> bool:
    """Whether a record is more than what Dask stumbles over at Ctrl-C just as it begins to wait.

    Its ``utils.sync`` then cancels a future that is not there yet, a NameError.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], NameError))


def _require_fit_workers(client: Any, needs: Needs) -> None:
    """Raise FormcheckError when a worker that is there lacks something; others tell it later."""
    found = client.run(needs.lacking, on_error="return")
    unfit = sorted((worker, why) for worker, why in found.items() if why is not None)
    if unfit:
        worker, why = unfit[0]
        if isinstance(why, BaseException):
            why = text("errors", "batch.no_formcheck", why=str(why))
        facts = {"count": len(unfit), "all": len(found), "worker": worker, "why": why}
        raise FormcheckError(text("errors", "batch.unfit", **facts))


def _tell_of_rounding(client: Any, needs: Needs) -> None:
    """Log a warning when workers that are there may round otherwise than this machine does."""
    found = client.run(needs.rounding, on_error="ignore")
    others = sorted((worker, libraries) for worker, libraries in found.items() if libraries)
    if others:
        worker, libraries = others[0]
        facts = {"count": len(others), "all": len(found), "worker": worker, "libraries": libraries}
        logger.warning(text("errors", "batch.rounding", **facts))


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
    needs: Needs | None
    alone_since_s: float = math.inf
    has_told: bool = False
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
        self._tell_when_alone(threads)
        return max(_FEWEST_AHEAD, _AHEAD * threads) - len(self.running)

    def _tell_when_alone(self, threads: int) -> None:
        """Say once that no worker is there, unless one comes soon."""
        if threads:
            self.alone_since_s, self.has_told = math.inf, False
            return
        self.alone_since_s = min(self.alone_since_s, time.monotonic())
        if not self.has_told and time.monotonic() - self.alone_since_s > _PATIENCE_S:
            self.has_told = True
            address = self.client.scheduler.address
            logger.warning(text("errors", "batch.no_worker_yet", address=address))

    def submit(self, tasks: Iterable[T]) -> None:
        """Give out tasks."""
        for task in tasks:
            key = f"{self.topic}-{secrets.token_hex(8)}"
            future = self.client.submit(
                _announced, self.function, task, self.needs, self.topic, key,
                key=key, retries=_RETRIES,
            )  # fmt: skip
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
                self._end(entry)

    def _end(self, entry: _Running[T]) -> None:
        """End a task with its worker; one whose worker was lost begins anew with another."""
        if entry.worker not in self.client.nthreads():
            entry.begun_s = None
            return
        entry.is_late = True
        self._take_back(entry.future)
        try:
            self.client.restart_workers([entry.worker], raise_for_error=False)
        except KeyError:  # it was lost in the meantime
            logger.info("%s is gone already", entry.worker)
        except ValueError:  # nobody is there to start it again
            logger.warning(text("errors", "batch.no_nanny", worker=entry.worker))

    def _take_back(self, future: Any) -> None:
        """Cancel a task and wait until the scheduler has done so.

        Its messages take other ways than those that restart a worker: if the worker were gone
        first, another one would be given the task that hangs, and nobody would end it there.
        """
        future.cancel(force=True)
        deadline_s = time.monotonic() + _CANCEL_S
        while any(future.key in keys for keys in self.client.processing().values()):
            if time.monotonic() > deadline_s:
                logger.info("%s could not be taken back", future.key)
                return
            time.sleep(_POLL_S)

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
        return Failure("worker-lost", text("errors", "batch.lost"))
    if isinstance(error, distributed.KilledWorker):
        return Failure("worker-lost", text("errors", "batch.died"))
    if isinstance(error, FormcheckError):
        return Failure("worker-unfit", error.said)
    return raised(error)


def _announced(function: Callable[[T], R], task: T, needs: Needs | None, topic: str, key: str) -> R:
    """Run a task on a worker, after telling the one who waits for it."""
    why = None if needs is None else needs.lacking()
    if why is not None:
        facts = {"worker": distributed.get_worker().address, "why": why}
        raise FormcheckError(text("errors", "batch.unfit_late", **facts))
    keep_opencv_to_one_thread()  # linear algebra is limited by Dask itself
    worker = distributed.get_worker()
    worker.log_event(topic, {"key": key, "worker": worker.address})
    return function(task)

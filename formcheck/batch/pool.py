"""Worker processes on this machine.

Every worker is a ``concurrent.futures`` process pool of its own with one process. A pool breaks as
a whole when a process of it dies; with one process there is no doubt whose task it was, and nobody
else's is lost. docs/decisions/0020 has what else was looked at.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from formcheck.batch.engine import Failure, Outcome, Outcomes, raised, timed_out
from formcheck.cores import keep_opencv_to_one_thread
from formcheck.errors import FormcheckError
from formcheck.texts import text

T = TypeVar("T")
R = TypeVar("R")

_LONGEST_WAIT_S = 1.0
_GONE_S = 10.0  # by then the system has said how a dead process ended
_STARTS = 3  # of a process that is killed before it has anything to do, as when memory runs out
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class PoolEngine:
    """Engine of ``jobs`` processes, each of which keeps to one core of this machine.

    A task that takes longer than ``timeout_s`` is ended with its process.
    """

    def __init__(self, jobs: int, timeout_s: float | None = None) -> None:
        self.jobs = jobs
        self.timeout_s = timeout_s

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Outcomes[T, R]:
        """Yield one outcome per task. Raises FormcheckError when processes cannot be started."""
        workers: list[_Worker[T, R]] = []
        busy: dict[Future[R], _Worker[T, R]] = {}
        try:
            workers += [_Worker() for _ in range(self.jobs)]
            idle = workers.copy()
            for task in tasks:
                if not idle:
                    worker, outcome = next(self._ended(busy))
                    idle.append(worker)
                    yield outcome
                worker = idle.pop()
                busy[worker.begin(function, task)] = worker
            while busy:
                for _, outcome in self._ended(busy):
                    yield outcome
        finally:
            with _undisturbed():  # by who presses Ctrl-C again: a worker left would do its clip
                for worker in workers:
                    worker.close()

    def _ended(
        self, busy: dict[Future[R], _Worker[T, R]]
    ) -> Iterator[tuple[_Worker[T, R], Outcome[T, R]]]:
        """Wait until a task ends, take it out of ``busy`` and yield its worker and outcome."""
        done: set[Future[R]] = set()
        while not done:
            done = wait(busy, timeout=_LONGEST_WAIT_S, return_when=FIRST_COMPLETED).done
            for worker in busy.values():
                worker.end_if_older_than(self.timeout_s)
        for future in done:
            worker = busy.pop(future)
            yield worker, worker.outcome(future, self.timeout_s)


class _Worker(Generic[T, R]):
    """One process and the task it is at."""

    def __init__(self) -> None:
        self._was_late = False
        self._future: Future[R] | None = None
        self._start()

    def _start(self) -> None:
        others = set(multiprocessing.active_children())
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _prepare)
        try:
            with _without_interrupts(), _one_thread():
                self._pid = self._pool.submit(os.getpid)
        except OSError as error:
            raise FormcheckError(text("errors", "batch.no_workers")) from error
        started = set(multiprocessing.active_children()) - others
        self._process = started.pop() if started else None

    def begin(self, function: Callable[[T], R], task: T) -> Future[R]:
        """Start a task once the process is up; one that died with nothing to do is replaced.

        Raises FormcheckError when no process comes up.
        """
        self._task, self._was_late = task, False
        for _ in range(_STARTS):
            try:
                self._pid.result()
                self._begun_s = time.monotonic()
                self._future = self._pool.submit(function, task)
            except BrokenProcessPool:
                self._replace()
            else:
                return self._future
        raise FormcheckError(text("errors", "batch.no_workers"))

    def _replace(self) -> None:
        self._pool.shutdown()
        self._start()

    def end_if_older_than(self, timeout_s: float | None) -> None:
        """Kill the process when its task has taken too long."""
        is_late = timeout_s is not None and time.monotonic() - self._begun_s > timeout_s
        if is_late and self._is_busy():
            self._was_late = True
            self._kill()

    def outcome(self, future: Future[R], timeout_s: float | None) -> Outcome[T, R]:
        """What became of the task that ended; a process that died with it is replaced."""
        seconds = time.monotonic() - self._begun_s
        error = future.exception()
        if error is None:
            return Outcome(self._task, future.result(), None, seconds)
        failure = raised(error)
        if isinstance(error, BrokenProcessPool):
            is_late = self._was_late and timeout_s is not None
            failure = timed_out(timeout_s or 0.0) if is_late else _death(self._process)
            self._replace()
        return Outcome(self._task, None, failure, seconds)

    def close(self) -> None:
        """End the process, in the middle of its task or of its start if need be."""
        if self._is_busy() or not self._pid.done():
            self._kill()
        self._pool.shutdown(cancel_futures=True)

    def _is_busy(self) -> bool:
        return self._future is not None and not self._future.done()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()


def _death(process: BaseProcess | None) -> Failure:
    """How a process ended that nobody asked to."""
    deadline = time.monotonic() + _GONE_S
    while process is not None and process.exitcode is None and time.monotonic() < deadline:
        time.sleep(0.01)
    code = None if process is None else process.exitcode
    if code is None or code >= 0:
        return Failure("crashed", text("errors", "batch.ended", code=str(code)))
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    which = "killed" if name == "SIGKILL" else "signalled"
    return Failure("crashed", text("errors", f"batch.{which}", signal=name))


def _prepare() -> None:
    """Set up a new worker process."""
    keep_opencv_to_one_thread()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process at once when the one that started it is gone, killed or not.

    It must not go on writing where the next run already works.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM are for the main thread, which does not hear them inside."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started inside never see Ctrl-C or SIGTERM: they are for the one who ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started inside take one thread for linear algebra, unless told otherwise."""
    added = [name for name in _THREAD_VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]

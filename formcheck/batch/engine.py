"""What runs a function over many tasks, somewhere else, and survives whatever one of them does."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from formcheck.domain import Text
from formcheck.texts import text

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task has no result: a stable ``code``, a sentence, and a traceback if there is one."""

    code: str
    message: Text
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T, R]):
    """What became of a task: a ``value``, or None and the ``failure``; ``seconds`` it took."""

    task: T
    value: R | None
    failure: Failure | None
    seconds: float


Outcomes = Generator[Outcome[T, R], None, None]


class Engine(Protocol):
    """Runs a picklable function over tasks on several processes."""

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Outcomes[T, R]:
        """Yield one outcome per task, in the order they end.

        A task that raises, kills its process, runs out of memory or hangs is an outcome like any
        other. Closing the iterator ends what still runs; its tasks have no outcome.
        """


def raised(error: BaseException) -> Failure:
    """Return the failure of a task that raised; memory that ran out is said as such."""
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return Failure("out-of-memory", text("errors", "batch.memory"), detail)
    said = f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
    return Failure("unexpected-error", text("errors", "batch.unexpected", said=said), detail)


def timed_out(timeout_s: float) -> Failure:
    """Return the failure of a task that was ended because it took too long."""
    return Failure("timed-out", text("errors", "batch.timeout", seconds=timeout_s))

"""Whatever a task does to its process is its own affair."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from formcheck.batch import Outcome, PoolEngine
from formcheck.errors import FormcheckError
from tests.batch import work
from tests.rendered import ROOT

LONG_S = 30.0  # on any machine longer than what is not waited for


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome[str, str]]:
    tasks = [
        "good:1", work.KILLED, work.HANGS, work.RAISES, "good:2", work.EXITS, work.NO_MEMORY,
        "good:3", "good:4",
    ]  # fmt: skip
    engine = PoolEngine(2, timeout_s=3.0)
    return {outcome.task: outcome for outcome in engine.run(work.upper, tasks)}


def test_every_task_has_an_outcome_and_good_ones_their_value(
    outcomes: dict[str, Outcome[str, str]],
) -> None:
    assert len(outcomes) == 9
    good = [f"good:{number}" for number in (1, 2, 3, 4)]
    assert [outcomes[task].value for task in good] == [task.upper() for task in good]
    assert all(outcomes[task].failure is None for task in good)


@pytest.mark.parametrize(
    ("task", "code", "said"),
    [
        (work.KILLED, "crashed", "SIGKILL, as the system does when memory runs out"),
        (work.EXITS, "crashed", "exit code 3"),
        (work.HANGS, "timed-out", "3 s"),
        (work.NO_MEMORY, "out-of-memory", "fewer jobs"),
        (work.RAISES, "unexpected-error", "RuntimeError: no such luck"),
    ],
)
def test_a_failure_says_what_happened(
    outcomes: dict[str, Outcome[str, str]], task: str, code: str, said: str
) -> None:
    failure = outcomes[task].failure
    assert failure is not None
    assert failure.code == code
    assert said in failure.message


def test_a_task_that_raised_brings_its_traceback(outcomes: dict[str, Outcome[str, str]]) -> None:
    failure = outcomes[work.RAISES].failure
    assert failure is not None
    assert "work.py" in failure.detail


@contextmanager
def met_while_starting(what: signal.Signals, times: int) -> Iterator[None]:
    """The first so many processes that this one starts get a signal before they do anything."""
    is_over = threading.Event()
    met: list[int] = []

    def meet() -> None:
        while len(met) < times and not is_over.wait(0.005):
            children = {child.pid or 0 for child in multiprocessing.active_children()}
            for process in sorted(children.difference(met))[: times - len(met)]:
                met.append(process)
                with suppress(ProcessLookupError):
                    os.kill(process, what)

    thread = threading.Thread(target=meet)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_a_worker_that_is_killed_while_it_starts_is_started_again() -> None:
    with met_while_starting(signal.SIGKILL, 1):
        (outcome,) = PoolEngine(1).run(work.upper, ["good:1"])
    assert outcome.value == "GOOD:1"


def test_workers_that_never_start_are_given_up() -> None:
    with (
        met_while_starting(signal.SIGKILL, 1000),
        pytest.raises(FormcheckError, match="cannot be started"),
    ):
        list(PoolEngine(1).run(work.upper, ["good:1"]))


def test_ending_does_not_wait_for_workers_that_are_starting() -> None:
    outcomes = PoolEngine(4).run(work.upper, ["good:1"])
    with met_while_starting(signal.SIGSTOP, 3), closing(outcomes):
        next(outcomes)
        children = [psutil.Process(child.pid) for child in multiprocessing.active_children()]
        stopped = [each for each in children if each.status() == psutil.STATUS_STOPPED]
        assert len(stopped) == 3
        at_last = threading.Timer(LONG_S, lambda: [each.resume() for each in stopped])
        at_last.start()
    assert not at_last.finished.is_set()
    at_last.cancel()
    assert multiprocessing.active_children() == []


def test_a_worker_keeps_to_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    (outcome,) = PoolEngine(1).run(work.own_threads, ["any"])
    assert outcome.value == ("1", 1)
    assert "OMP_NUM_THREADS" not in os.environ


LISTENING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
RUN = """
import sys
from formcheck.batch import PoolEngine
from tests.batch import work
for outcome in PoolEngine(len(sys.argv) - 1).run(work.leave_mark, sys.argv[1:]):
    print(outcome)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_no_worker_outlives_a_killed_batch(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    process = subprocess.Popen([sys.executable, "-c", RUN, str(mark)], cwd=ROOT)
    while not (mark.exists() and mark.read_text(encoding="utf-8")):
        time.sleep(0.05)
    worker = int(mark.read_text(encoding="utf-8"))
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{worker}/cmdline").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.1)
    assert mark.read_text(encoding="utf-8") == f"{worker}\n"
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_worker_that_was_starting_ends_by_itself_and_begins_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    process = subprocess.Popen([sys.executable, "-c", RUN, str(mark)], cwd=ROOT)
    while not (workers := workers_of(process.pid)):
        time.sleep(0.005)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []
    assert not mark.exists()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_who_interrupts_again_and_again_waits_for_no_task(tmp_path: Path) -> None:
    marks = [tmp_path / "one", tmp_path / "two"]
    command = [sys.executable, "-c", LISTENING + RUN, *map(str, marks)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    while not all(mark.exists() and mark.read_text(encoding="utf-8") for mark in marks):
        time.sleep(0.05)
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        time.sleep(0.001)
    process.communicate(timeout=30)
    assert not [mark for mark in marks if mark.read_text(encoding="utf-8") == "done\n"]


def workers_of(process: int) -> list[psutil.Process]:
    children = psutil.Process(process).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

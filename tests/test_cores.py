"""What works beside the rest gives the same as what works at once, errors too."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import SimpleNamespace

import psutil
import pytest

from formcheck import cores
from formcheck.cores import (
    JOB_BYTES,
    PART_BYTES,
    beside,
    clips_at_once,
    parts_at_once,
    usable_cores,
)


@pytest.mark.parametrize("is_overlapped", [True, False])
def test_work_is_done_in_order_and_errors_come_with_the_result(is_overlapped: bool) -> None:
    done: list[int] = []

    def work(number: int) -> float:
        done.append(number)
        return 1 / number

    with beside("test", is_overlapped=is_overlapped) as pool:
        found = [pool.submit(work, number) for number in (4, 2, 0, 1)]
    assert done == [4, 2, 0, 1]
    assert [found[k].result() for k in (0, 1, 3)] == [0.25, 0.5, 1.0]
    with pytest.raises(ZeroDivisionError):
        found[2].result()


@pytest.mark.parametrize("is_overlapped", [True, False])
def test_a_thread_of_its_own_only_overlapped(is_overlapped: bool) -> None:
    with beside("test", is_overlapped=is_overlapped) as pool:
        thread = pool.submit(threading.current_thread).result()
    assert (thread is not threading.current_thread()) == is_overlapped


def test_there_is_a_core() -> None:
    assert usable_cores() >= 1


def give(monkeypatch: pytest.MonkeyPatch, n_cores: int, available: float) -> None:
    """A machine of so many cores and bytes of memory."""
    free = SimpleNamespace(available=int(available))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    monkeypatch.setattr(cores, "usable_cores", lambda: n_cores)


@pytest.mark.parametrize(
    ("n_cores", "fitting", "expected"),
    [(1, 100, 1), (2, 100, 4), (16, 100, 18), (16, 5.5, 5), (2, 0.9, 1)],
)
def test_a_core_alone_takes_one_part_and_several_a_few_to_spare_that_fit_into_memory(
    n_cores: int, fitting: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, n_cores, fitting * PART_BYTES)
    assert parts_at_once() == expected


@pytest.mark.parametrize(("fitting", "expected"), [(100, 8), (7.9, 7), (2, 2), (0.4, 1), (0, 1)])
def test_there_is_a_job_a_core_as_far_as_there_is_memory(
    fitting: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, 8, fitting * JOB_BYTES)
    assert clips_at_once() == expected


def test_the_command_line_keeps_opencv_to_one_thread() -> None:
    program = (
        "import sys, cv2; cv2.setNumThreads(2); from formcheck.cli import main; "
        "sys.argv = ['formcheck', '--version']\n"
        "try: main()\nfinally: print(cv2.getNumThreads())"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "1"

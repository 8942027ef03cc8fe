"""Items made in a thread: in order, errors included, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from formcheck.video.prefetch import Prefetched


def numbers(made: list[int], *, fail_at: int | None = None) -> Generator[int, None, None]:
    try:
        for number in range(100):
            if number == fail_at:
                raise ArithmeticError("no more numbers")
            made.append(number)
            yield number
    finally:
        made.append(-1)


def test_items_come_in_order() -> None:
    assert list(Prefetched(numbers([]), depth=3)) == list(range(100))


def test_no_more_than_the_allowed_number_is_made_ahead() -> None:
    made: list[int] = []
    items = Prefetched(numbers(made), depth=3)
    next(items)
    items.close()
    assert max(made) <= 3


def test_making_begins_before_the_first_item_is_asked_for() -> None:
    begun = threading.Event()

    def items() -> Generator[int, None, None]:
        begun.set()
        yield 1

    made = Prefetched(items(), depth=1)
    assert begun.wait(timeout=10)
    made.close()


def test_nothing_comes_after_the_end() -> None:
    items = Prefetched(numbers([], fail_at=0), depth=2)
    with pytest.raises(ArithmeticError):
        next(items)
    assert list(items) == []


def test_an_error_comes_after_the_items_made_before_it() -> None:
    items = Prefetched(numbers([], fail_at=2), depth=4)
    assert [next(items), next(items)] == [0, 1]
    with pytest.raises(ArithmeticError, match="no more numbers"):
        next(items)


def test_closing_ends_the_thread_and_the_source() -> None:
    made: list[int] = []
    items = Prefetched(numbers(made), depth=3)
    next(items)
    items.close()
    assert made[-1] == -1
    assert not [thread for thread in threading.enumerate() if "prefetch" in thread.name]

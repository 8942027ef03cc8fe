"""Make items in a thread, a few ahead of whoever uses them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")


class _End:
    """What comes after the last item."""


_END: Final = _End()


def prefetch(items: Generator[T, None, None], *, depth: int) -> Generator[T, None, None]:
    """Yield ``items``, made in a background thread at most ``depth`` ahead.

    An error of ``items`` is raised here, after the items made before it. Closing this generator
    ends the thread and closes ``items``, however many were used.
    """
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="formcheck-prefetch")

    def make() -> T | _End:
        return next(items, _END)

    try:
        pending = deque(pool.submit(make) for _ in range(depth))
        while not isinstance(item := pending.popleft().result(), _End):
            pending.append(pool.submit(make))
            yield item
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        items.close()

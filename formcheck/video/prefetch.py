"""Make items in a thread, a few ahead of whoever uses them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from typing import Final, Self, TypeVar

from formcheck.cores import beside

T = TypeVar("T")


class _End:
    """What comes after the last item."""


_END: Final = _End()


class Prefetched(Iterator[T]):
    """Hands out ``items``, made in a thread from now on, at most ``depth`` ahead.

    An error of ``items`` is raised here, after the items made before it. ``close`` ends the thread
    and closes ``items``, however many were used; so do the last item and an error. Not overlapped,
    items are made when they are asked for, or the one before them.
    """

    def __init__(
        self, items: Generator[T, None, None], *, depth: int, is_overlapped: bool = True
    ) -> None:
        self._items = items
        self._pool = beside("prefetch", is_overlapped=is_overlapped)
        self._pending = deque(self._submit() for _ in range(depth if is_overlapped else 1))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        """The next item."""
        if not self._pending:
            raise StopIteration
        try:
            item = self._pending.popleft().result()
        except BaseException:
            self.close()
            raise
        if isinstance(item, _End):
            self.close()
            raise StopIteration
        self._pending.append(self._submit())
        return item

    def close(self) -> None:
        """End the thread; nothing more is handed out."""
        self._pending.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._items.close()

    def _submit(self) -> Future[T | _End]:
        return self._pool.submit(self._make)

    def _make(self) -> T | _End:
        return next(self._items, _END)

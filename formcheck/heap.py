"""Memory: what a finished part of the work has freed, and arrays that grow with a clip."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

_M_ARENA_MAX = -8
_ARENAS = 2
_BLOCK_ROWS = 256


def give_back() -> None:
    """Return freed memory to the system.

    glibc keeps what a pose model held, a piece in every thread's arena: 130 MB more by the end of
    a long clip, measured, whose segments each load one. Elsewhere nothing happens.
    """
    function = _of_glibc("malloc_trim")
    if function is not None:
        function(0)


def few_arenas() -> None:
    """Let threads share two arenas of the heap: what one frees, another can take."""
    function = _of_glibc("mallopt")
    if function is not None:
        function(_M_ARENA_MAX, _ARENAS)


@functools.cache
def _of_glibc(name: str) -> Any:
    """A function that only glibc has, None elsewhere."""
    try:
        return getattr(ctypes.CDLL(None), name, None)
    except (OSError, TypeError):  # no such library, or Windows, which wants a name
        return None


class Rows:
    """An array made row by row, in blocks.

    A list of small arrays takes twice the memory, and is strewn over the heap among what is freed:
    that keeps the freed from being given back.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._dtype = dtype
        self._blocks: list[NDArray[Any]] = []
        self._left = 0  # rows of the last block that are free

    def __len__(self) -> int:
        return sum(map(len, self._blocks)) - self._left

    def append(self, row: ArrayLike) -> None:
        """Add a row; all rows have one shape."""
        if self._left == 0:
            self._blocks.append(np.empty((_BLOCK_ROWS, *np.shape(row)), self._dtype))
            self._left = _BLOCK_ROWS
        self._blocks[-1][-self._left] = row
        self._left -= 1

    def extend(self, rows: NDArray[Any]) -> None:
        """Add several rows, ``(n, ...)``."""
        if self._left:
            self._blocks[-1] = self._blocks[-1][: -self._left]
        self._blocks.append(rows.astype(self._dtype))
        self._left = 0

    def array(self) -> NDArray[Any]:
        """All rows, ``(n_rows, ...)``. Raises ValueError when there is none."""
        if not len(self):
            raise ValueError("there is no row")
        *full, last = self._blocks
        return np.concatenate([*full, last[: len(last) - self._left]])

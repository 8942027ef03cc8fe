"""Memory of the C library that a finished part of the work has freed."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

_M_ARENA_MAX = -8
_ARENAS = 2


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

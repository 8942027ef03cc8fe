"""Memory that was freed goes back to the system."""

from __future__ import annotations

import gc
import platform
from pathlib import Path

import numpy as np
import pytest

from formcheck.heap import Rows, few_arenas, give_back

PIECES, PIECE_BYTES = 2000, 50_000


def resident_bytes() -> int:
    return 4096 * int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_pieces_between_what_is_kept_are_given_back() -> None:
    few_arenas()
    pieces = [np.ones(PIECE_BYTES, dtype=np.uint8) for _ in range(PIECES)]
    kept = pieces[::50]  # without them the heap would shrink by itself
    held = resident_bytes()
    del pieces
    gc.collect()
    give_back()
    assert resident_bytes() < held - 0.5 * PIECES * PIECE_BYTES
    assert all(piece.all() for piece in kept)


def test_rows_come_back_in_order_whatever_the_blocks() -> None:
    wanted = np.arange(3 * 700, dtype=np.float32).reshape(700, 3)
    rows = Rows(np.float32)
    for row in wanted[:300]:
        rows.append(row)
    rows.extend(wanted[300:600])
    for row in wanted[600:]:
        rows.append(row)
    assert len(rows) == 700
    assert np.array_equal(rows.array(), wanted)


def test_no_rows_are_no_array() -> None:
    with pytest.raises(ValueError, match="no row"):
        Rows(np.float64).array()

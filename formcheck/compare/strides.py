"""Strides two players can be shown side by side by."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray

_EVEN = 0.25
"""A stride that differs by more from the usual one hides a contact that was not found; a runner's
strides vary by one or two percent (biomechanics 4.9)."""


def even_contacts_s(contacts_s: FloatArray) -> FloatArray:
    """Return the longest run of contacts without a gap, ascending, (m,).

    ``contacts_s`` (n,) are those of one foot; m is 0 when there is no whole stride.
    """
    strides_s = np.diff(contacts_s)
    if len(strides_s) == 0:
        return contacts_s[:0]
    usual_s = float(np.median(strides_s))
    is_even = np.abs(strides_s - usual_s) <= _EVEN * usual_s
    start, stop = _longest_run(is_even)
    return contacts_s[start : stop + 1] if stop > start else contacts_s[:0]


def _longest_run(marks: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[int, int]:
    """First index of the longest run of True and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marks, [False])).astype(int)))
    starts, stops = edges[::2], edges[1::2]
    if len(starts) == 0:
        return 0, 0
    longest = int(np.argmax(stops - starts))
    return int(starts[longest]), int(stops[longest])

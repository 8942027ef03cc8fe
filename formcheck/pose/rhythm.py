"""The stride frequency of a clip: the spectral peak of the distance between the ankles."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray

MAX_STRIDES_HZ = 4.0
"""Twice what a sprinter reaches: faster is noise, and a file does not play faster than life."""
MIN_SHARE = 0.35
"""Least share of the ankle-distance power that must lie near the stride frequency."""


def stride_rhythm(time_s: FloatArray, ankle_gap: FloatArray) -> tuple[float, float] | None:
    """Stride frequency, hertz of the given clock, and the share of power near it.

    ``ankle_gap`` (n_frames,) horizontal distance left minus right ankle, NaN where unknown.
    Returns None when too little is known to tell.
    """
    known = np.isfinite(ankle_gap)
    if known.sum() < 16:
        return None
    grid, gap = even_grid(time_s, ankle_gap)
    step = grid[1] - grid[0]
    gap = gap - gap.mean()
    padded = 8 * len(gap)
    power = np.abs(np.fft.rfft(gap * np.hanning(len(gap)), padded)) ** 2
    hertz = np.fft.rfftfreq(padded, step)
    least = 1.0 / (grid[-1] - grid[0])
    candidates = (hertz >= least) & (hertz <= MAX_STRIDES_HZ)
    if not candidates.any() or not power[candidates].any():
        return None
    peak = float(hertz[candidates][np.argmax(power[candidates])])
    near = (hertz > 0.6 * peak) & (hertz < 1.4 * peak)
    return peak, float(power[near].sum() / power.sum())


def even_grid(time_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values on an even grid between the first and last known sample, gaps bridged linearly."""
    known = np.flatnonzero(np.isfinite(values))
    first, last = time_s[known[0]], time_s[known[-1]]
    step = float(np.median(np.diff(time_s)))
    grid = np.arange(first, last, step)
    even: FloatArray = np.interp(grid, time_s[known], values[known])
    return grid, even

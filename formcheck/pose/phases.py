"""Where in the stride every frame is: the cheapest path through a ring of phases (Viterbi).

A frame costs how far its two drawn limbs are, kept or exchanged, from the typical ones at a phase,
each point's cost capped. The path advances with the rhythm of the clip and drifts slowly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, IntArray
from formcheck.pose.typical import BINS

MAX_SHIFT = 2
"""Bins the phase may drift from the steady rhythm between two frames."""
_CHUNK = 128
"""Frames whose costs are made at once: their table stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a path costs: ``spread`` is the distance at which a point begins to count as astray.

    ``cap`` is the most a point may cost, ``swap`` the price of taking a frame's limbs as exchanged,
    ``drift`` that of a bin of drift.
    """

    spread: float
    cap: float
    swap: float
    drift: float


def find_phases(
    time_s: FloatArray, pair: FloatArray, typical: FloatArray, hertz: float, prices: Prices
) -> tuple[FloatArray, float]:
    """Return the phase of every frame, radians and unwrapped ``(n,)``, and the mean cost of one.

    ``pair`` (n, 2, n_points, 2) are the drawn limbs, ``typical`` (2, BINS, n_points, 2) the limbs
    at every phase, ``hertz`` the rhythm on the clock of ``time_s``.
    """
    steady = (time_s - time_s[0]) * hertz * BINS
    places = (np.arange(BINS) + np.round(steady).astype(int)[:, None]) % BINS
    cost = np.take_along_axis(_costs(pair, typical, prices), places, axis=1)
    advance = np.maximum(np.diff(steady), 1e-6)
    bins, total = _cheapest_drift(cost, prices.drift / np.sqrt(advance))
    drift = np.unwrap(bins * 2 * np.pi / BINS)
    return drift + 2 * np.pi * hertz * (time_s - time_s[0]), total / len(time_s)


def _costs(pair: FloatArray, typical: FloatArray, prices: Prices) -> FloatArray:
    """Cost of every frame at every phase, ``(n, BINS)``."""
    cost = np.empty((len(pair), BINS))
    scale = 1 / (np.sqrt(2) * prices.spread)
    for start in range(0, len(pair), _CHUNK):
        part = pair[start : start + _CHUNK]
        drawn = scale * part.reshape(-1, *part.shape[2:])
        wanted = scale * typical.reshape(-1, *typical.shape[2:])
        of_limb = _capped_squares(drawn, wanted, prices.cap).reshape(len(part), 2, 2, BINS)
        keep = of_limb[:, 0, 0] + of_limb[:, 1, 1]
        swap = of_limb[:, 1, 0] + of_limb[:, 0, 1] + prices.swap
        np.minimum(keep, swap, out=cost[start : start + _CHUNK])
    return cost


def _capped_squares(drawn: FloatArray, wanted: FloatArray, cap: float) -> FloatArray:
    """Squared distances of all pairs of limbs, each point's capped, ``(n_drawn, n_wanted)``.

    A point that is not known costs half the cap.
    """
    total = np.zeros((len(drawn), len(wanted)))
    for point in range(drawn.shape[1]):
        known = np.isfinite(drawn[:, point, 0])
        here = np.where(known[:, None], drawn[:, point], 0.0)
        there = wanted[:, point]
        # The square of a difference as a product of matrices.
        rows = np.column_stack((here, np.square(here).sum(axis=1), np.ones(len(here))))
        columns = np.stack((*(-2 * there.T), np.ones(len(there)), np.square(there).sum(axis=1)))
        cost = rows @ columns
        np.minimum(cost, cap, out=cost)
        cost[~known] = 0.5 * cap
        total += cost
    return total


def _cheapest_drift(cost: FloatArray, price: FloatArray) -> tuple[IntArray, float]:
    """Viterbi over a ring of bins, ``cost`` (n, BINS); ``price`` (n - 1,) of one bin of drift."""
    shifts = np.arange(-MAX_SHIFT, MAX_SHIFT + 1)
    ring = (np.arange(BINS)[None] - shifts[:, None]) % BINS
    drift = price[:, None] * np.abs(shifts)
    best, arrived = np.empty(cost.shape), np.empty(ring.shape)
    best[0] = cost[0]
    for before, step, own, after in zip(best, drift[:, :, None], cost[1:], best[1:], strict=False):
        before.take(ring, out=arrived, mode="clip")  # the mode that needs no second buffer
        np.add(arrived, step, out=arrived)
        np.minimum.reduce(arrived, axis=0, out=after)
        np.add(after, own, out=after)
    path = np.empty(len(cost), dtype=np.intp)
    path[-1] = np.argmin(best[-1])
    for frame in range(len(cost) - 1, 0, -1):
        origins = ring[:, path[frame]]
        path[frame - 1] = origins[(best[frame - 1].take(origins) + drift[frame - 1]).argmin()]
    return path, float(best[-1].min())

"""Scores: found against true. An empty result scores as failure, never as zero error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, IntArray

LIMITS = 1.96
"""Half-width of Bland & Altman's 95 % limits of agreement, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class EventScore:
    """Events found against true ones, one to one.

    ``error_s`` (n_matched,) found minus true; ``n_missed`` true events without a partner and
    ``n_extra`` found ones without.
    """

    error_s: FloatArray
    n_missed: int
    n_extra: int

    @property
    def recall(self) -> float:
        """Share of true events found; NaN when there were none."""
        return _share(len(self.error_s), len(self.error_s) + self.n_missed)

    @property
    def precision(self) -> float:
        """Share of found events that are true; 0 when nothing was found but should have been."""
        found = len(self.error_s) + self.n_extra
        return _share(len(self.error_s), found) if found else (0.0 if self.n_missed else np.nan)

    @property
    def bias_s(self) -> float:
        """Mean error; NaN when nothing matched."""
        return _mean(self.error_s)

    @property
    def sd_s(self) -> float:
        """Standard deviation of the error; NaN with fewer than two matches."""
        return _sd(self.error_s)

    @property
    def limits_s(self) -> tuple[float, float]:
        """95 % limits of agreement."""
        return self.bias_s - LIMITS * self.sd_s, self.bias_s + LIMITS * self.sd_s


def match_events(found_s: FloatArray, true_s: FloatArray, tolerance_s: float) -> EventScore:
    """Pair events one to one, closest pairs first, none farther apart than the tolerance.

    NaN in ``found_s`` counts as not found. Of two found events at the same distance from a true
    one the earlier is taken.
    """
    found = np.sort(found_s[np.isfinite(found_s)])
    apart = np.abs(found[:, None] - true_s[None, :])
    rows, columns = _closest_pairs(apart, tolerance_s)
    errors = found[rows] - true_s[columns]
    return EventScore(errors, len(true_s) - len(columns), len(found) - len(rows))


def _closest_pairs(apart: FloatArray, tolerance: float) -> tuple[IntArray, IntArray]:
    """Greedy one-to-one pairing of rows and columns by rising distance."""
    order = np.argsort(apart, axis=None, kind="stable")
    rows, columns = np.unravel_index(order, apart.shape)
    free_row, free_column = (np.ones(size, dtype=bool) for size in apart.shape)
    pairs: list[tuple[int, int]] = []
    for row, column in zip(rows, columns, strict=True):
        if apart[row, column] > tolerance:
            break
        if free_row[row] and free_column[column]:
            free_row[row] = free_column[column] = False
            pairs.append((int(row), int(column)))
    table = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def pooled(scores: Sequence[EventScore]) -> EventScore:
    """All events of several clips as one score."""
    errors = [score.error_s for score in scores] or [np.empty(0)]
    return EventScore(
        np.concatenate(errors),
        sum(score.n_missed for score in scores),
        sum(score.n_extra for score in scores),
    )


@dataclass(frozen=True, slots=True)
class ValueScore:
    """Measured against true values over clips.

    ``n`` measured pairs and ``n_missing`` truths without a measurement; ``slope`` and ``offset``
    of measured over true by least squares. All numbers NaN when nothing was measured.
    """

    n: int
    n_missing: int
    bias: float
    sd: float
    mae: float
    rmse: float
    slope: float
    offset: float


def score_values(measured: FloatArray, true: FloatArray) -> ValueScore:
    """Score paired values, ``(n,)`` each; NaN in ``measured`` counts as missing."""
    known = np.isfinite(measured)
    error = measured[known] - true[known]
    slope, offset = _line(true[known], measured[known])
    return ValueScore(
        n=int(known.sum()),
        n_missing=int((~known).sum()),
        bias=_mean(error),
        sd=_sd(error),
        mae=_mean(np.abs(error)),
        rmse=float(np.sqrt(_mean(error**2))),
        slope=slope,
        offset=offset,
    )


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Slope and offset of y over x; NaN when x varies less than the two differ.

    Such a slope is one of the errors: truths of 10.0 and 10.1 degrees tell nothing about it.
    """
    if len(x) < 2 or np.ptp(x) == 0 or np.std(x) < np.std(y - x):
        return float("nan"), float("nan")
    slope, offset = np.polyfit(x, y, 1)
    return float(slope), float(offset)


def coverage(low: FloatArray, high: FloatArray, true: FloatArray) -> float:
    """Share of stated intervals that hold the truth; NaN when none was stated.

    Intervals with a NaN bound were not stated and do not count.
    """
    stated = np.isfinite(low) & np.isfinite(high)
    return _mean(((low <= true) & (true <= high))[stated].astype(np.float64))


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Agreement of two raters beyond chance; NaN without cases or when chance explains all."""
    if len(first) != len(second):
        raise ValueError("both raters must have judged the same cases")
    if not first:
        return float("nan")
    classes = sorted({*first, *second})
    table = np.zeros((len(classes), len(classes)))
    for one, two in zip(first, second, strict=True):
        table[classes.index(one), classes.index(two)] += 1
    share = table / table.sum()
    observed, chance = np.trace(share), float(share.sum(axis=1) @ share.sum(axis=0))
    return float("nan") if chance == 1 else float((observed - chance) / (1 - chance))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _mean(values: FloatArray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _sd(values: FloatArray) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")

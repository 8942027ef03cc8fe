"""The rhythm of the whole body: legs, arms and trunk together.

A stride shows in five places at once: the ankles and the knees pass each other and the arms swing
against them, once a stride; hips and shoulders go up and down, twice. Where the feet are hidden,
out of the picture or drawn on a treadmill, the others still tell. The stride frequency is the one
at which all three groups have their power; each group counts with its better part.

The same signals tell running from walking without any moment of contact (biomechanics 3.5, check
5): a runner is lowest while the feet pass each other, a walker highest. ``bounce`` is the
correlation of body height with the distance between the feet, +1 running, -1 walking. On the
labelled real clips runners have +0.45 to +0.88, walkers -0.3 to -0.8, and drills, starts and
sprints with a panning camera -0.25 to +0.17.

Limits: at least one stride; a frequency from fewer than four strides is good to 10 % only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, IntArray, PoseSequence, Side
from formcheck.geometry import crossings, low_pass

LIMBS = (("ankle", "knee"), ("wrist", "elbow"))
TRUNK = ("hip", "shoulder")
MAX_STRIDES_HZ = 4.0
"""Twice what a sprinter reaches: faster is noise, and a file does not play faster than life."""
MIN_SAMPLES = 16
MIN_CUTS = 4
"""Strides from which the passing of the legs cuts a record."""
NEAR = 0.25
"""Power within this share of a frequency belongs to it: a rhythm drifts."""
ARMS_OPPOSE_LEGS = -1.0
CALM = 1.8
"""Cut-off over the stride frequency: one crossing a stride also with jitter."""


@dataclass(frozen=True, slots=True, eq=False)
class BodyRhythm:
    """Rhythm on the file's own clock.

    ``sharpness`` (0-1) is the share of power at the stride frequency, mean of legs, arms and
    trunk. ``n_strides`` is how many strides the record holds. ``time_s`` (n,) an even grid and
    ``swing`` (n,) the left limbs ahead of the right in the picture (pixels to the right, in
    standard deviations, arms turned to fit the legs).
    """

    frequency_hz: float
    sharpness: float
    bounce: float
    time_s: FloatArray
    swing: FloatArray

    @property
    def n_strides(self) -> float:
        """Strides in the record."""
        return float((self.time_s[-1] - self.time_s[0]) * self.frequency_hz)

    def cycles_s(self, side: Side, facing: Side) -> list[tuple[float, float]]:
        """Whole leg cycles of one side, file seconds, cut where its leg passes the other backward.

        A record of few strides is cut evenly from its start: the moments at its ends are unsure.
        """
        if self.n_strides < MIN_CUTS:
            cuts = self.time_s[0] + np.arange(int(self.n_strides) + 1) / self.frequency_hz
            return list(pairwise(cuts.tolist()))
        ahead = self.swing if side is Side.LEFT else -self.swing
        rate_hz = 1.0 / (self.time_s[1] - self.time_s[0])
        calm = low_pass(ahead - np.median(ahead), rate_hz, CALM * self.frequency_hz)
        cuts = crossings(self.time_s, calm, 0.0, rising=facing is Side.LEFT)
        return list(pairwise(cuts.tolist()))


def body_rhythm(pose: PoseSequence) -> BodyRhythm | None:
    """Rhythm of the part of a clip that shows somebody; None when too little is known."""
    seen = np.flatnonzero(np.isfinite(pose.midpoint_px("hip")[:, 0]))
    if len(seen) < MIN_SAMPLES:
        return None
    step = float(np.median(np.diff(pose.time_s)))
    grid = np.arange(pose.time_s[seen[0]], pose.time_s[seen[-1]], step)
    limbs = [_on_grid(pose, grid, _gap_px(pose, part)) for group in LIMBS for part in group]
    heights = [_on_grid(pose, grid, -pose.midpoint_px(part)[:, 1]) for part in TRUNK]
    hertz = np.asarray(np.fft.rfftfreq(8 * len(grid), step), dtype=np.float64)
    candidates = np.flatnonzero(
        (hertz >= 1.0 / (grid[-1] - grid[0])) & (hertz <= MAX_STRIDES_HZ) & (hertz > 0)
    )
    if len(candidates) == 0:
        return None
    shares = np.stack(
        [_shares(limb, hertz, candidates, 1) for limb in limbs]
        + [_shares(height, hertz, candidates, 2) for height in heights]
    )
    sharpness = shares.reshape(3, 2, -1).max(axis=1).mean(axis=0)
    best = int(np.argmax(sharpness))
    frequency = _refined(limbs, heights, hertz, float(hertz[candidates[best]]))
    weights = shares[: len(limbs), best] * np.repeat([1.0, ARMS_OPPOSE_LEGS], 2)
    swing = np.sum([w * _standard(limb) for w, limb in zip(weights, limbs, strict=True)], axis=0)
    window = max(3, round(1.0 / (frequency * step)))
    bounce = np.mean([_correlation(height, np.abs(swing), window) for height in heights])
    return BodyRhythm(frequency, float(sharpness[best]), float(bounce), grid, swing)


def _gap_px(pose: PoseSequence, part: str) -> FloatArray:
    """How far the left part is to the right of the right one, ``(n_frames,)``."""
    gap: FloatArray = (pose.track_px(f"left_{part}") - pose.track_px(f"right_{part}"))[:, 0]
    return gap


def _on_grid(pose: PoseSequence, grid: FloatArray, values: FloatArray) -> FloatArray:
    """Values on an even grid without their slow trend, gaps bridged linearly, ``(n,)``."""
    known = np.isfinite(values)
    if known.sum() < MIN_SAMPLES // 2:
        return np.zeros(len(grid))
    even = np.interp(grid, pose.time_s[known], values[known])
    middle = grid - grid.mean()
    level: FloatArray = even - np.polyval(np.polyfit(middle, even, 2), middle)
    return level


def _power(values: FloatArray) -> FloatArray:
    """Spectrum of a tapered record as shares of its power, ``(4 n + 1,)``."""
    power = np.abs(np.fft.rfft(values * np.hanning(len(values)), 8 * len(values))) ** 2
    total = power.sum()
    share: FloatArray = power / total if total > 0 else power
    return share


def _shares(
    values: FloatArray, hertz: FloatArray, candidates: IntArray, harmonic: int
) -> FloatArray:
    """Share of power near a harmonic of every candidate frequency, ``(n_candidates,)``."""
    running = np.concatenate(([0.0], np.cumsum(_power(values))))
    middle = harmonic * hertz[candidates]
    low, high = (np.searchsorted(hertz, (1 + sign * NEAR) * middle) for sign in (-1, 1))
    share: FloatArray = running[high] - running[low]
    return share


def _refined(
    limbs: list[FloatArray], heights: list[FloatArray], hertz: FloatArray, coarse_hz: float
) -> float:
    """Peak of all spectra together near a coarse frequency."""
    near = (hertz > (1 - NEAR) * coarse_hz) & (hertz < (1 + NEAR) * coarse_hz)
    total = np.zeros(int(near.sum()))
    for harmonic, group in ((1, limbs), (2, heights)):
        for values in group:
            power = np.interp(harmonic * hertz[near], hertz, _power(values))
            total += power * power.sum()  # a part without this rhythm has no say
    return float(hertz[near][np.argmax(total)])


def _standard(values: FloatArray) -> FloatArray:
    """Values over their standard deviation; zeros stay zeros."""
    spread = float(values.std())
    return values / spread if spread > 0 else values


def _correlation(first: FloatArray, second: FloatArray, window: int) -> float:
    """Correlation of what is left when each loses its running mean; NaN without movement."""
    ones = np.ones(window)
    counts = np.convolve(np.ones(len(first)), ones, "same")
    left, right = (x - np.convolve(x, ones, "same") / counts for x in (first, second))
    size = float(np.sqrt((left @ left) * (right @ right)))
    return float(left @ right) / size if size > 0 else float("nan")

"""The runner's own typical leg cycle, and how far every frame is from it.

Strides of steady running resemble each other and the legs move in anti-phase, so the clip itself
says where a leg should be. Method: the stride frequency is the spectral peak of the horizontal
distance between the ankles; its band-passed analytic signal gives a phase to every frame; the
typical leg is the median position (relative to mid-hip, in leg lengths) at each phase over both
legs, the right one half a cycle later. Short spells of exchanged or garbage legs barely move
phase or median, so the cycle tells what is wrong in them.

Limits: needs about three strides; a clip without a clear rhythm has no cycle (None).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from formcheck.domain import FloatArray
from formcheck.pose.rhythm import MIN_SHARE, even_grid, stride_rhythm

BINS = 48
MIN_STRIDES = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class LegCycle:
    """Typical leg: ``phase`` (n_frames,) of the left leg, radians; ``typical`` (BINS, n_points, 2).

    ``frequency_hz`` is strides per second of the file's own timeline, ``share`` the part of the
    ankle-distance power near that frequency (1: perfectly rhythmic).
    """

    phase: FloatArray
    typical: FloatArray
    frequency_hz: float
    share: float

    def expected(self, lag: float) -> FloatArray:
        """Typical position of a leg that lags the left one by ``lag`` radians, per frame."""
        place = ((self.phase - lag) / (2 * np.pi) * BINS) % BINS
        low = np.floor(place).astype(int) % BINS
        share = (place - np.floor(place))[:, None, None]
        blend: FloatArray = (1 - share) * self.typical[low] + share * self.typical[(low + 1) % BINS]
        return blend


def leg_cycle(time_s: FloatArray, left: FloatArray, right: FloatArray) -> LegCycle | None:
    """Find the typical leg of a clip; None without a clear rhythm.

    ``left`` and ``right`` are (n_frames, n_points, 2) relative to mid-hip in leg lengths, NaN
    where unknown; the second point must be the ankle.
    """
    gap = left[:, 1, 0] - right[:, 1, 0]
    rhythm = stride_rhythm(time_s, gap)
    if rhythm is None:
        return None
    frequency, share = rhythm
    if share < MIN_SHARE or (time_s[-1] - time_s[0]) * frequency < MIN_STRIDES:
        return None
    phase = _phase(time_s, gap, frequency)
    typical = _typical(phase, left, right)
    return LegCycle(phase, typical, frequency, share)


def _phase(time_s: FloatArray, gap: FloatArray, frequency_hz: float) -> FloatArray:
    """Phase of the stride rhythm at every frame, radians, unwrapped."""
    grid, even = even_grid(time_s, gap)
    rate = 1.0 / (grid[1] - grid[0])
    band = np.clip(np.array([0.6, 1.5]) * frequency_hz / (rate / 2), 1e-4, 0.95)
    sections = signal.butter(2, band, btype="band", output="sos")
    # One stride of odd reflection at either end keeps the end phases usable.
    pad = min(len(even) - 1, int(rate / frequency_hz))
    narrow = signal.sosfiltfilt(sections, even - even.mean(), padlen=pad)
    extended = np.concatenate((-narrow[pad:0:-1], narrow, -narrow[-2 : -pad - 2 : -1]))
    analytic = signal.hilbert(extended)[pad : pad + len(narrow)]
    window = max(3, round(rate / frequency_hz))
    angle = _steady(_straight_ends(np.unwrap(np.angle(analytic)), window), window)
    phase: FloatArray = np.interp(time_s, grid, angle)
    return phase


def _straight_ends(angle: FloatArray, window: int) -> FloatArray:
    """Phase whose first and last stride, which the band-pass bends, continue the next two."""
    if len(angle) < 4 * window:
        return angle
    out = angle.copy()
    index = np.arange(len(angle))
    for end, inside in (
        (index < window, slice(window, 3 * window)),
        (index >= len(angle) - window, slice(-3 * window, -window)),
    ):
        out[end] = np.polyval(np.polyfit(index[inside], angle[inside], 1), index[end])
    return out


def _steady(angle: FloatArray, window: int) -> FloatArray:
    """Phase averaged over one stride, because a runner's rhythm changes slowly.

    The ends are continued by point reflection, so that a straight line stays itself.
    """
    half = min(window // 2, len(angle) - 1)
    before = 2 * angle[0] - angle[half:0:-1]
    after = 2 * angle[-1] - angle[-2 : -half - 2 : -1]
    longer = np.concatenate((before, angle, after))
    steady: FloatArray = np.convolve(longer, np.full(2 * half + 1, 1 / (2 * half + 1)), "valid")
    return steady


def _typical(phase: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Median leg position in every phase bin, ``(BINS, n_points, 2)``."""
    place = np.concatenate((phase, phase - np.pi)) % (2 * np.pi)
    legs = np.concatenate((left, right))
    known = np.isfinite(legs[:, :, 0]).all(axis=1)
    place, legs = place[known], legs[known]
    typical = np.empty((BINS, *legs.shape[1:]))
    centres = np.arange(BINS) * 2 * np.pi / BINS
    for index, centre in enumerate(centres):
        apart = np.abs((place - centre + np.pi) % (2 * np.pi) - np.pi)
        width = max(1.5 * 2 * np.pi / BINS, float(np.partition(apart, 4)[4]))
        typical[index] = np.median(legs[apart <= width], axis=0)
    return typical

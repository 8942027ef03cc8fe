"""The family of a runner's own strides: what each leg looks like at every moment of a stride.

Strides of steady running resemble each other and the legs take turns, so a clip itself says where
each leg should be. The model has a phase for every frame and a typical leg for either side at every
phase; both are found by turns (a robust form of expectation maximisation):

1. the phase: the cheapest path through BINS phases (Viterbi) that advances with the rhythm of the
   clip and drifts slowly; a frame costs how far its two drawn legs are, kept or exchanged, from the
   typical ones, each point's cost capped;
2. the typical legs: mean of the drawn ones at each phase, weighted by how well they fit, so that a
   leg thrown onto something else has no say.

It begins with the leg of an average runner (``typical.py``), first only bent to the clip's
proportions, then replaced by what is seen there. That beginning is what garbage cannot move: on a
phone clip in which the model throws the near leg onto the treadmill's console in 28 % of the frames
a plain median over strides has the console in it. Facing left or right, an easy run or nearly a
sprint, and half or double the rhythm are tried; the cheapest is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Side
from formcheck.pose.phases import Prices, find_phases
from formcheck.pose.rhythm import stride_rhythm
from formcheck.pose.typical import BINS, SPEEDS_MPS, average_leg

RIDGE = 0.05
"""Share of the evidence with which a harmonic is held at zero."""
WIDTH = 2 * np.pi / 40
"""Spread of the window a typical point is averaged over, radians of the stride."""
_FEW_NEAR = 5
"""Limbs that are looked at for a typical one, nearer than ``WIDTH`` or not."""


@dataclass(frozen=True, slots=True)
class FamilyParams:
    """How the strides' family is searched; lengths in thigh plus shank.

    ``spreads`` are the distances at which a point begins to count as astray, round by round; the
    first ``n_bent`` rounds only stretch the typical leg. ``swap_cost`` is the price of taking
    a frame's legs as exchanged, ``drift_cost`` that of a bin of drift.
    """

    spreads: tuple[float, ...] = (0.20, 0.18, 0.16, 0.14, 0.12, 0.09, 0.07, 0.06)
    n_bent: int = 4
    point_cost_cap: float = 3.0
    swap_cost: float = 1.0
    drift_cost: float = 1.0
    frames_per_stride: int = 40
    max_trial_frames: int = 300
    family_distance: float = 0.12
    min_family_share: float = 0.65  # phone clips of runners 0.75-0.91, drills and crowds below 0.64
    min_ankle_swing: float = 0.4
    min_strides: float = 1.5

    def prices(self, spread: float) -> Prices:
        """What a path of phases costs while points count as astray from ``spread`` on."""
        return Prices(spread, self.point_cost_cap, self.swap_cost, self.drift_cost)


@dataclass(frozen=True, slots=True, eq=False)
class StrideFamily:
    """Typical legs and where in the stride every frame is.

    ``phase`` (n_frames,) radians of the left leg from its contact, unwrapped; ``typical``
    (2, BINS, n_points, 2) left and right leg at the left leg's phase, relative to mid-hip, x right,
    y down, in leg lengths. ``cost`` is the mean cost of a frame, ``frequency_hz`` strides per
    second of the file's own timeline.
    """

    phase: FloatArray
    typical: FloatArray
    facing: Side
    frequency_hz: float
    cost: float

    def expected(self) -> FloatArray:
        """Where both legs should be in every frame, ``(n_frames, 2, n_points, 2)``."""
        return at_phase(self.typical, self.phase)

    def renamed(self) -> StrideFamily:
        """The same family with left and right exchanged."""
        typical = np.roll(self.typical[::-1], BINS // 2, axis=1)
        return replace(self, phase=self.phase + np.pi, typical=typical)


def at_phase(typical: FloatArray, phase: FloatArray) -> FloatArray:
    """Typical points of both limbs at some phases, ``(n, 2, n_points, 2)``."""
    place = phase / (2 * np.pi) * BINS
    low = np.floor(place).astype(int)
    share = (place - low)[:, None, None, None]
    by_bin = np.swapaxes(typical, 0, 1)
    blend: FloatArray = (1 - share) * by_bin[low % BINS] + share * by_bin[(low + 1) % BINS]
    return blend


def find_family(time_s: FloatArray, pair: FloatArray, params: FamilyParams) -> StrideFamily | None:
    """Find the family of a clip's strides; None when its legs do not move as a runner's do.

    ``pair`` (n_frames, 2, 4, 2) are the drawn left and right leg relative to mid-hip in leg
    lengths, NaN where unknown.
    """
    rhythms = list(_rhythms(time_s, pair, params))
    if not rhythms:
        return None

    def trial(hertz: float, facing: Side, speed_mps: float) -> StrideFamily:
        return _trial(time_s, pair, hertz, facing, average_leg(facing, speed_mps), params)

    one_way = [trial(rhythms[0], facing, SPEEDS_MPS[0]) for facing in Side]
    best = min(one_way, key=lambda family: family.cost)
    others = list(product(rhythms, SPEEDS_MPS))[1:]
    trials = [best, *(trial(hertz, best.facing, speed) for hertz, speed in others)]
    first = min(trials, key=lambda family: family.cost)
    rounds = range(params.n_bent, len(params.spreads))
    family = _fit(time_s, pair, first, rounds, params)
    return family if _is_believable(pair, family, params) else None


def _rhythms(time_s: FloatArray, pair: FloatArray, params: FamilyParams) -> Iterator[float]:
    """Stride frequencies worth a trial."""
    rhythm = stride_rhythm(time_s, pair[:, 0, 1, 0] - pair[:, 1, 1, 0])
    if rhythm is None:
        return
    for factor in (1.0, 0.5, 2.0):  # legs named by who is in front have twice the rhythm
        if (time_s[-1] - time_s[0]) * rhythm[0] * factor >= params.min_strides:
            yield rhythm[0] * factor


def _trial(
    time_s: FloatArray,
    pair: FloatArray,
    hertz: float,
    facing: Side,
    leg: FloatArray,
    params: FamilyParams,
) -> StrideFamily:
    """The bent rounds from an average leg, on few frames."""
    typical = np.stack([leg, np.roll(leg, BINS // 2, axis=0)])
    start = StrideFamily(2 * np.pi * hertz * time_s, typical, facing, hertz, np.inf)
    spare = max(0, len(time_s) - _every(time_s, hertz, params) * params.max_trial_frames) // 2
    middle = slice(spare, len(time_s) - spare)
    return _fit(time_s[middle], pair[middle], start, range(params.n_bent), params)


def _every(time_s: FloatArray, hertz: float, params: FamilyParams) -> int:
    """Which frames are enough: slow motion has hundreds a stride."""
    return max(1, int(1.0 / (hertz * float(np.median(np.diff(time_s))) * params.frames_per_stride)))


def _fit(
    time_s: FloatArray, pair: FloatArray, start: StrideFamily, rounds: range, params: FamilyParams
) -> StrideFamily:
    """Phases and typical legs by turns; the result has a phase for every frame of ``time_s``."""
    hertz = start.frequency_hz
    every = _every(time_s, hertz, params)
    times, legs = time_s[::every], pair[::every]
    half_stride = round(0.5 / (hertz * float(np.median(np.diff(times)))))
    typical, phase, cost = start.typical, np.zeros(len(times)), np.inf
    for number in rounds:
        spread = params.spreads[number]
        phase, cost = find_phases(times, legs, typical, hertz, params.prices(spread))
        phase = _steady(phase, half_stride)
        expected = at_phase(typical, phase)
        true = in_order(legs, exchanged(legs, expected, spread, params))
        if number < params.n_bent:
            typical = _bent(typical, phase, true, spread, number + 1)
        else:
            typical = refined(typical, phase, true, spread)
    full = np.interp(time_s, times, phase)
    beyond = time_s > times[-1]
    full[beyond] += 2 * np.pi * hertz * (time_s[beyond] - times[-1])
    return StrideFamily(full, typical, start.facing, hertz, cost)


def point_costs(
    drawn: FloatArray, wanted: FloatArray, spread: float | FloatArray, cap: float
) -> FloatArray:
    """Capped cost of drawn points, summed over the points of a limb, ``(...)``.

    ``drawn`` and ``wanted`` are (..., n_points, 2) and broadcast; ``spread`` is one number or
    (..., n_points). A point that is not known costs half the cap.
    """
    width = np.broadcast_to(spread, wanted.shape[:-1]) if np.ndim(spread) else spread
    total: FloatArray | None = None
    for point in range(drawn.shape[-2]):  # a few; a sum over a short last axis is slow
        scale = width[..., point] if isinstance(width, np.ndarray) else width
        cost = np.square(drawn[..., point, 0] - wanted[..., point, 0])
        cost += np.square(drawn[..., point, 1] - wanted[..., point, 1])
        cost /= 2 * scale**2
        np.minimum(cost, cap, out=cost)
        cost[np.isnan(cost)] = 0.5 * cap
        total = cost if total is None else np.add(total, cost, out=total)
    return np.zeros(wanted.shape[:-2]) if total is None else total


def exchanged(
    pair: FloatArray, expected: FloatArray, spread: float, params: FamilyParams
) -> BoolArray:
    """Frames whose limbs fit better the other way round, each on its own, ``(n,)``."""
    keep = point_costs(pair, expected, spread, params.point_cost_cap).sum(axis=-1)
    swap = point_costs(pair[:, ::-1], expected, spread, params.point_cost_cap).sum(axis=-1)
    return np.asarray(swap + params.swap_cost < keep, dtype=np.bool_)


def in_order(pair: FloatArray, swapped: BoolArray) -> FloatArray:
    """Limb pairs with the chosen frames exchanged."""
    return np.where(swapped[:, None, None, None], pair[:, ::-1], pair)


def _steady(angle: FloatArray, window: int) -> FloatArray:
    """Running mean, continued at the ends by point reflection: a straight line stays itself."""
    half = min(window // 2, len(angle) - 1)
    if half < 1:
        return angle
    before = 2 * angle[0] - angle[half:0:-1]
    after = 2 * angle[-1] - angle[-2 : -half - 2 : -1]
    longer = np.concatenate((before, angle, after))
    mean: FloatArray = np.convolve(longer, np.full(2 * half + 1, 1 / (2 * half + 1)), "valid")
    return mean


def _weights(apart: FloatArray, spread: float) -> FloatArray:
    """How much points count, ``(n, 2, n_points)``: little when they or their limb are astray."""
    squared = np.nan_to_num(np.sum(apart**2, axis=-1), nan=np.inf)
    limb = np.mean(np.minimum(squared, (3 * spread) ** 2), axis=-1, keepdims=True)
    weight = (1 + squared / spread**2) ** -2 * (1 + limb / spread**2) ** -2
    return np.where(squared > (3 * spread) ** 2, 0.0, weight)


def _bent(
    typical: FloatArray, phase: FloatArray, pair: FloatArray, spread: float, harmonics: int
) -> FloatArray:
    """Typical limbs moved by a few harmonics of the stride, both sides alike, to fit the clip.

    What most phases show carries over to those in which hardly a limb is drawn right.
    """
    apart = pair - at_phase(typical, phase)
    weight = _weights(apart, spread)
    basis = _harmonics(np.concatenate([phase, phase - np.pi]), harmonics)
    by_point = np.swapaxes(weight, 0, 1).reshape(-1, weight.shape[-1]).T  # (point, left then right)
    weighted = by_point[:, None] * basis.T
    gram = weighted @ basis
    gram += RIDGE * by_point.sum(axis=1)[:, None, None] * np.eye(basis.shape[-1])
    moved = np.nan_to_num(apart).transpose(2, 1, 0, 3).reshape(len(by_point), -1, 2)
    bend = np.linalg.solve(gram + 1e-9 * np.eye(basis.shape[-1]), weighted @ moved)
    places = np.arange(BINS) * 2 * np.pi / BINS
    at_bins = _harmonics(np.stack([places, places - np.pi]), harmonics)
    bent: FloatArray = typical + np.einsum("sbh,phc->sbpc", at_bins, bend)
    return bent


def _harmonics(phase: FloatArray, count: int) -> FloatArray:
    """1, cosines and sines of a phase up to a harmonic, ``(..., 1 + 2 count)``."""
    turns = phase[..., None] * np.arange(1, count + 1)
    return np.concatenate([np.ones((*phase.shape, 1)), np.cos(turns), np.sin(turns)], axis=-1)


def refined(typical: FloatArray, phase: FloatArray, pair: FloatArray, spread: float) -> FloatArray:
    """Typical limbs moved to what was seen at each phase, sides drawn towards each other."""
    window = _windows(phase)
    apart = pair - at_phase(typical, phase)
    weight = _weights(apart, spread)
    mass = _gathered(window, weight)[..., None]
    moved = _gathered(window, weight[..., None] * np.nan_to_num(apart))
    strides = max(1.0, (phase[-1] - phase[0]) / (2 * np.pi))
    one = window.sum() / BINS / strides  # what one whole stride weighs
    half = BINS // 2
    together = moved[0] + np.roll(moved[1], -half, axis=0)
    shared = together / (mass[0] + np.roll(mass[1], -half, axis=0) + 0.5 * one)
    both = np.stack([shared, np.roll(shared, half, axis=0)])
    better: FloatArray = typical + (moved + 2 * one * both) / (mass + 2 * one)
    return better


def _windows(phase: FloatArray) -> FloatArray:
    """How much every frame counts at every bin of the stride, ``(BINS, n)``."""
    weight: FloatArray = np.exp(-0.5 * (_from_bins(phase) / WIDTH) ** 2)
    return weight


def _from_bins(phase: FloatArray) -> FloatArray:
    """How far phases are from each bin of the stride, radians, ``(BINS, n)``."""
    centres = np.arange(BINS) * 2 * np.pi / BINS
    apart = np.abs(centres[:, None] - phase % (2 * np.pi))
    shorter: FloatArray = np.minimum(apart, 2 * np.pi - apart)
    return shorter


def _gathered(window: FloatArray, values: FloatArray) -> FloatArray:
    """Sums over frames at every bin: ``(n, 2, ...)`` to ``(2, BINS, ...)``."""
    total = (window @ values.reshape(len(values), -1)).reshape(BINS, *values.shape[1:])
    return np.swapaxes(total, 0, 1)


def _is_believable(pair: FloatArray, family: StrideFamily, params: FamilyParams) -> bool:
    """Whether the typical leg swings as in running or walking and most drawn legs belong to it."""
    swing = np.ptp(family.typical[:, :, 1, 0], axis=1).mean()
    return bool(swing >= params.min_ankle_swing) and belongs(pair, family.expected(), params)


def belongs(pair: FloatArray, expected: FloatArray, params: FamilyParams) -> bool:
    """Whether most drawn limbs are where they should be, kept or exchanged."""
    true = in_order(pair, exchanged(pair, expected, params.spreads[-1], params))
    seen = np.isfinite(pair[:, :, :, 0]).any(axis=(1, 2))
    apart = np.sqrt(np.sum((true - expected)[seen] ** 2, axis=-1))
    near = np.nan_to_num(apart, nan=np.inf) < params.family_distance
    return bool(near.mean() >= params.min_family_share)


def typical_limbs(phase: FloatArray, pair: FloatArray, params: FamilyParams) -> FloatArray | None:
    """Typical limbs of a pair whose phases are known (arms), ``(2, BINS, n_points, 2)``.

    Begins with the median over both limbs, half a stride apart, and goes on as for legs. None
    where hardly any limb was drawn.
    """
    both = np.concatenate((pair[:, 0], pair[:, 1]))
    place = np.concatenate((phase, phase + np.pi))
    known = np.isfinite(both[:, :, 0]).all(axis=1)
    if known.sum() < _FEW_NEAR:
        return None
    both, apart = both[known], _from_bins(place[known])
    typical = np.empty((BINS, *both.shape[1:]))
    for index, turn in enumerate(apart):
        close = turn <= WIDTH
        if close.sum() < _FEW_NEAR:
            close = turn <= np.partition(turn, _FEW_NEAR - 1)[_FEW_NEAR - 1]
        typical[index] = np.median(both[close], axis=0)
    # A right limb at the left one's phase is half a stride ahead of itself.
    pairs = np.stack([typical, np.roll(typical, BINS // 2, axis=0)])
    for spread in params.spreads[params.n_bent :]:
        swapped = exchanged(pair, at_phase(pairs, phase), spread, params)
        pairs = refined(pairs, phase, in_order(pair, swapped), spread)
    return pairs

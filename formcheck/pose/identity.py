"""Which of two drawn limbs is left and which right, and which are drawn on something else.

A hidden Markov model over the whole clip with eight states a frame: the pair kept or exchanged, and
either limb good or bad. A good limb costs how far its points are from where the runner's other
strides have them (family) and how much that difference jumps between frames (motion: where limbs
cross, their places coincide, but each keeps its own small difference). A bad limb costs a constant.
Exchanging, and every change of state, has a price. The cheapest path (Viterbi) says what is done,
the posterior (forward-backward) how sure it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import BoolArray, FloatArray, IntArray
from formcheck.pose.chain import chances, cheapest_path
from formcheck.pose.family import point_costs

STATES = np.array([(swap, left, right) for swap in (0, 1) for left in (0, 1) for right in (0, 1)])
"""Exchanged, left limb bad, right limb bad."""


@dataclass(frozen=True, slots=True)
class IdentityParams:
    """Costs are negative log likelihoods.

    ``spread_range`` bounds what the limb's own strides say about the spread of a point (leg
    lengths); ``bad_cost`` is per point. Set on a rendered clip and held against hand labels: of
    the legs kept on rendered and hand-labelled clips 99.9 % are right, the mean of their
    probabilities is 99.8 %.
    """

    spread_range: tuple[float, float] = (0.045, 0.07)
    point_cost_cap: float = 8.0
    bad_cost: float = 4.0
    swap_cost: float = 0.5
    swap_change_cost: float = 3.0
    bad_change_cost: float = 1.0
    motion_cost_cap: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """What was decided about a pair of limbs in every frame.

    ``swapped`` (n,): left and right were exchanged; ``bad`` (n, 2) left and right limb after that;
    ``probability`` (n, 2) that what is then drawn is that limb.
    """

    swapped: BoolArray
    bad: BoolArray
    probability: FloatArray


def own_spread(apart: FloatArray, params: IdentityParams) -> FloatArray:
    """Spread of each point about its typical place, ``(2, n_points)``.

    ``apart`` (n, 2, n_points, 2). From the median, which garbage in less than half leaves alone;
    the widest for a point that was never drawn.
    """
    distance = np.sqrt(np.sum(apart**2, axis=-1))
    distance[:, ~np.isfinite(distance).any(axis=0)] = np.inf
    # Median distance of a round normal scatter is 1.18 spreads.
    spread: FloatArray = np.clip(np.nanmedian(distance, axis=0) / 1.18, *params.spread_range)
    return spread


def identify(pair: FloatArray, expected: FloatArray, params: IdentityParams) -> Identity:
    """Decide every frame of a clip.

    ``pair`` and ``expected`` (n, 2, n_points, 2): limbs as drawn and as they should be, left first.
    """
    spread = own_spread(pair - expected, params)
    either = np.stack([pair, pair[:, ::-1]], axis=1) - expected[:, None]  # (n, state, side, p, 2)
    own = _frame_costs(either, spread, params)
    change = _change_costs(either, spread, params)
    states = STATES[cheapest_path(own, change)]
    chance = chances(own, change)
    probability = np.stack([_limb_chance(chance, states, side) for side in (0, 1)], axis=-1)
    return Identity(states[:, 0] == 1, states[:, 1:] == 1, probability)


def _frame_costs(either: FloatArray, spread: FloatArray, params: IdentityParams) -> FloatArray:
    """Cost of every state in every frame, ``(n, 8)``."""
    good = point_costs(
        either, np.zeros_like(either), spread, params.point_cost_cap
    )  # (n, swap, side)
    bad = params.bad_cost * spread.shape[-1]
    swap, *is_bad = STATES.T
    cost: FloatArray = params.swap_cost * swap[None].astype(np.float64)
    for side in (0, 1):
        cost = cost + np.where(is_bad[side] == 1, bad, good[:, swap, side])
    return cost


def _change_costs(either: FloatArray, spread: FloatArray, params: IdentityParams) -> FloatArray:
    """Cost of every pair of successive states, ``(n - 1, 8, 8)``."""
    before, after = either[:-1, :, None], either[1:, None]  # (n - 1, from, to, side, point, 2)
    moved = point_costs(after, before, spread, params.motion_cost_cap)
    swap, *is_bad = STATES.T
    changed = (swap[:, None] != swap[None])[None]
    cost: FloatArray = params.swap_change_cost * changed.astype(np.float64)
    for side in (0, 1):
        cost = cost + params.bad_change_cost * (is_bad[side][:, None] != is_bad[side][None])
        both_good = (is_bad[side][:, None] == 0) & (is_bad[side][None] == 0)
        cost = cost + np.where(both_good, moved[:, swap[:, None], swap[None], side], 0.0)
    return cost


def _limb_chance(chance: FloatArray, states: IntArray, side: int) -> FloatArray:
    """Chance that a limb is good and the pair as decided, ``(n,)``."""
    agrees = (STATES[None, :, 0] == states[:, None, 0]) & (STATES[None, :, 1 + side] == 0)
    return np.asarray(np.where(agrees, chance, 0.0).sum(axis=1), dtype=np.float64)

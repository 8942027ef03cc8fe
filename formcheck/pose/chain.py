"""The cheapest path through a chain of few states, and the chance of every state on the way.

Frames are taken in blocks, the blocks side by side: first what every block makes of each state it
may begin with, then the blocks one after the other. That is the same as going from frame to frame,
in far fewer steps.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.domain import FloatArray, IntArray

Combine = Callable[[FloatArray, FloatArray], FloatArray]
"""Joins steps, ``(..., n, n) x (..., n, n)``: the first before the second."""


def cheapest_path(own: FloatArray, change: FloatArray) -> IntArray:
    """State of every frame on the cheapest path, ``(n,)`` (Viterbi).

    ``own`` (n, n_states) is what a state costs in a frame, ``change`` (n - 1, n_states, n_states)
    what it costs to go from one to another.
    """
    best = _along(own[0], change + own[1:, None], _cheaper)
    choice = np.argmin(best[:-1, :, None] + change, axis=1).tolist()
    path = [int(np.argmin(best[-1]))]
    for came_from in reversed(choice):
        path.append(came_from[path[-1]])
    return np.array(path[::-1], dtype=np.intp)


def chances(own: FloatArray, change: FloatArray) -> FloatArray:
    """Chance of every state in every frame, ``(n, n_states)``; rows sum to 1 (forward-backward).

    Costs as in ``cheapest_path``, as negative logarithms of likelihoods.
    """
    costs = change + own[1:, None]
    steps = np.exp(costs.min(axis=(1, 2), keepdims=True) - costs)
    ahead = _along(np.exp(own[0].min() - own[0]), steps, _likelier)
    backward = steps[::-1].swapaxes(1, 2)
    behind = _along(np.ones(own.shape[1]), backward, _likelier)[::-1]
    chance: FloatArray = ahead * behind
    chance /= chance.sum(axis=1, keepdims=True)
    return chance


def _cheaper(first: FloatArray, then: FloatArray) -> FloatArray:
    """Cheapest way through two steps."""
    return np.asarray((first[..., :, None] + then[..., None, :, :]).min(axis=-2))


def _likelier(first: FloatArray, then: FloatArray) -> FloatArray:
    """Likelihoods of two steps, up to a factor that keeps them from vanishing."""
    both = first @ then
    both /= both.max(axis=(-2, -1), keepdims=True)
    return both


def _along(start: FloatArray, steps: FloatArray, combine: Combine) -> FloatArray:
    """What becomes of ``start`` (n_states,) after every step, ``(n_steps + 1, n_states)``.

    ``steps`` (n_steps, n_states, n_states).
    """
    if len(steps) == 0:
        return start[None]
    length = int(np.ceil(np.sqrt(len(steps))))
    count = -(-len(steps) // length)
    padding = np.repeat(steps[-1:], count * length - len(steps), axis=0)
    blocks = np.concatenate([steps, padding]).reshape(count, length, *steps.shape[1:])
    within = [blocks[:, 0]]
    for place in range(1, length):
        within.append(combine(within[-1], blocks[:, place]))
    starts = [start[None]]
    for whole in within[-1][:-1]:
        starts.append(combine(starts[-1], whole))
    found = combine(np.stack(starts)[:, None], np.stack(within, axis=1))
    return np.concatenate([start[None], found.reshape(-1, len(start))[: len(steps)]])

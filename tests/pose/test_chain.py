"""Chains of few states against every path there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from formcheck.domain import FloatArray
from formcheck.pose.chain import chances, cheapest_path

N_STATES = 3


def costs(n_frames: int, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    return 3 * rng.random((n_frames, N_STATES)), rng.random((n_frames - 1, N_STATES, N_STATES))


def paths(own: FloatArray, change: FloatArray) -> dict[tuple[int, ...], float]:
    """Every path with its cost."""
    return {
        path: float(
            sum(own[frame, state] for frame, state in enumerate(path))
            + sum(change[k, path[k], path[k + 1]] for k in range(len(change)))
        )
        for path in product(range(N_STATES), repeat=len(own))
    }


@pytest.mark.parametrize("n_frames", [1, 2, 3, 7])
def test_no_other_path_is_cheaper(n_frames: int) -> None:
    own, change = costs(n_frames)
    by_path = paths(own, change)
    assert tuple(cheapest_path(own, change)) == min(by_path, key=by_path.__getitem__)


@pytest.mark.parametrize("n_frames", [1, 2, 3, 7])
def test_the_chance_of_a_state_is_that_of_all_paths_through_it(n_frames: int) -> None:
    own, change = costs(n_frames, seed=1)
    wanted = np.zeros(own.shape)
    for path, cost in paths(own, change).items():
        wanted[np.arange(n_frames), path] += np.exp(-cost)
    wanted /= wanted.sum(axis=1, keepdims=True)
    assert chances(own, change) == pytest.approx(wanted, abs=1e-12)


def test_a_long_chain_of_dear_frames_keeps_its_chances() -> None:
    own, change = costs(5000, seed=2)
    found = chances(30 * own, change)
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(1.0)


def test_a_state_that_is_hardly_ever_left_bridges_what_speaks_against_it() -> None:
    own = np.zeros((40, 2))
    own[:, 1] = 1.0
    own[19:21] = [2.0, 0.0]  # two frames say the other
    staying = np.zeros((39, 2, 2)) + 5.0 * (1 - np.eye(2))
    assert not cheapest_path(own, staying).any()
    assert list(np.flatnonzero(cheapest_path(own, 0.1 * staying))) == [19, 20]

"""Phases of a runner whose phases are known."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, Side
from formcheck.pose.family import at_phase
from formcheck.pose.phases import Prices, find_phases
from formcheck.pose.typical import BINS, average_leg

HERTZ = 1.4
TIME_S = np.arange(300) / 60.0
PRICES = Prices(spread=0.08, cap=3.0, swap=1.0, drift=1.0)
ONE_BIN = 2 * np.pi / BINS


def typical() -> FloatArray:
    leg = average_leg(Side.RIGHT, 3.0)
    return np.stack([leg, np.roll(leg, BINS // 2, axis=0)])


def off(found: FloatArray, true: FloatArray) -> FloatArray:
    """Distance of phases on the circle."""
    return np.asarray(np.abs(np.angle(np.exp(1j * (found - true)))))


def test_the_phases_of_steady_strides_are_found() -> None:
    true = 2 * np.pi * HERTZ * TIME_S + 1.0
    phase, cost = find_phases(TIME_S, at_phase(typical(), true), typical(), HERTZ, PRICES)
    assert off(phase, true).max() < ONE_BIN
    assert cost < 0.2
    assert np.diff(phase).min() > 0  # unwrapped


def test_strides_that_slow_down_a_little_are_followed() -> None:
    true = 2 * np.pi * HERTZ * (TIME_S + 0.05 * np.sin(TIME_S))
    phase, _ = find_phases(TIME_S, at_phase(typical(), true), typical(), HERTZ, PRICES)
    assert off(phase, true).max() < 2 * ONE_BIN


def test_exchanged_and_unknown_limbs_do_not_change_the_phase() -> None:
    true = 2 * np.pi * HERTZ * TIME_S
    pair = at_phase(typical(), true)
    pair[50:90] = pair[50:90, ::-1]
    pair[120:124] = np.nan
    pair[200:204, 0, 2] = np.nan
    phase, _ = find_phases(TIME_S, pair, typical(), HERTZ, PRICES)
    assert off(phase, true).max() < ONE_BIN


def test_an_unknown_point_costs_half_the_cap() -> None:
    true = 2 * np.pi * HERTZ * TIME_S
    pair = at_phase(typical(), true)
    _, known = find_phases(TIME_S, pair, typical(), HERTZ, PRICES)
    pair[:, :, 3] = np.nan
    _, partly = find_phases(TIME_S, pair, typical(), HERTZ, PRICES)
    assert partly == pytest.approx(known + 2 * 0.5 * PRICES.cap, abs=0.1)

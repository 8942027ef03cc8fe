"""Jitter of landmarks and the smoothing it asks for."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import BoolArray, FloatArray, Motion
from formcheck.gait.frame import SmoothingParams, at_rate, jitter_ll, smooth_motion
from tests.synthetic.made import STEADY, seen_exactly


def jittered(sd_ll: float, rate_hz: float = 120.0) -> Motion:
    """A runner whose every landmark jumps by ``sd_ll`` from frame to frame."""
    motion, _ = seen_exactly(STEADY, rate_hz)
    noise = np.random.default_rng(5).normal(0.0, sd_ll, motion.position_ll.shape)
    return Motion(motion.time_s, motion.position_ll + noise, motion.filled)


def every(motion: Motion) -> BoolArray:
    """All landmarks chosen."""
    return np.ones(len(motion.landmarks), dtype=bool)


def knee_speed(motion: Motion) -> FloatArray:
    """Forward speed of a knee, without the ends."""
    return np.diff(motion.track("left_knee")[30:-30, 0]) * motion.rate_hz


@pytest.mark.parametrize("sd_ll", [0.001, 0.004, 0.02])
def test_white_jitter_is_found_as_it_is(sd_ll: float) -> None:
    motion = jittered(sd_ll)
    assert jitter_ll(motion, every(motion)) == pytest.approx(sd_ll, rel=0.06)


def test_a_runner_without_jitter_shows_hardly_any() -> None:
    motion = jittered(0.0)
    assert jitter_ll(motion, every(motion)) < 0.0001


def test_jitter_of_tracks_that_are_too_short_or_bridged_is_unknown() -> None:
    motion = jittered(0.004)
    short = Motion(motion.time_s[:4], motion.position_ll[:4], motion.filled[:4])
    bridged = Motion(motion.time_s, motion.position_ll, np.ones_like(motion.filled))
    assert np.isnan(jitter_ll(short, every(short)))
    assert np.isnan(jitter_ll(bridged, every(bridged)))


def test_legs_that_jitter_are_smoothed_as_ever_and_those_that_do_not_hardly() -> None:
    params = SmoothingParams()
    ever = SmoothingParams(clean_hz=at_rate(params.legs_hz, 120.0))
    noisy, clean = jittered(0.004), jittered(0.0)
    assert np.array_equal(
        smooth_motion(noisy, params).position_ll, smooth_motion(noisy, ever).position_ll
    )
    own = knee_speed(clean)
    kept, lost = (
        np.abs(knee_speed(smooth_motion(clean, each)) - own).max() for each in (params, ever)
    )
    assert kept < lost / 3


def test_the_trunk_is_smoothed_alike_whatever_the_jitter() -> None:
    clean = jittered(0.0)
    ever = SmoothingParams(clean_hz=0.0)
    now, before = (
        smooth_motion(clean, each).track("left_hip") for each in (SmoothingParams(), ever)
    )
    assert np.array_equal(now, before)

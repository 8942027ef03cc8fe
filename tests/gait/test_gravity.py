"""Gravity tells how fast a clip plays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Motion, Side, Stride
from formcheck.gait.gravity import GRAVITY_MPS2, MARKER_BIAS, gravity_time_scale
from formcheck.validation.forceplate import Condition, load_trials, marker_pose
from tests.rendered import SHARED

LEG_M = 0.90
STEP_S = 0.35
RATE_HZ = 240.0


def bouncing(contact: float, slower: float = 1.0) -> tuple[Motion, list[Stride]]:
    """Hips of a body under half-sine ground forces, by integration, and its strides."""
    time_s = np.arange(0, 20 * STEP_S, 1 / RATE_HZ)
    phase = time_s % STEP_S / (contact * STEP_S)
    force = np.where(phase < 1, np.pi / (2 * contact) * np.sin(np.pi * phase), 0.0)
    speed = np.cumsum((force - 1) * GRAVITY_MPS2) / RATE_HZ
    height = np.cumsum(speed - speed.mean()) / RATE_HZ / LEG_M
    position = np.zeros((len(time_s), 33, 2))
    position[:, :, 1] = height[:, None]
    filled = np.zeros(position.shape[:2], dtype=bool)
    stride_s = 2 * STEP_S * slower
    strides = [
        Stride(
            Side.RIGHT, k * stride_s, np.nan, (k + contact / 2) * stride_s, (k + 1) * stride_s, 0
        )
        for k in range(8)
    ]
    return Motion(time_s * slower, position, filled), strides


@pytest.mark.parametrize("contact", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("slower", [1.0, 2.0, 8.0])
def test_a_body_under_gravity_tells_how_slowly_it_is_played(contact: float, slower: float) -> None:
    motion, strides = bouncing(contact, slower)
    found = gravity_time_scale(motion, strides, Side.RIGHT, LEG_M)
    assert found is not None
    assert found * MARKER_BIAS == pytest.approx(slower, rel=0.06)


def test_a_longer_leg_falls_longer() -> None:
    motion, strides = bouncing(0.7)
    short, tall = (gravity_time_scale(motion, strides, Side.RIGHT, leg) for leg in (0.8, 1.0))
    assert short is not None
    assert tall is not None
    assert short / tall == pytest.approx((1.0 / 0.8) ** 0.5)


def test_without_toe_offs_gravity_is_not_asked() -> None:
    motion, strides = bouncing(0.7)
    blind = [replace(stride, toe_off_s=float("nan")) for stride in strides]
    assert gravity_time_scale(motion, blind, Side.RIGHT, LEG_M) is None
    assert gravity_time_scale(motion, [], Side.RIGHT, LEG_M) is None


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "rbds").exists(), reason="the force-plate trials are not here")
def test_on_force_plate_trials_gravity_finds_real_time_within_a_quarter() -> None:
    found = [_found(trial_number) for trial_number in range(0, 54, 7)]
    assert np.mean(found) == pytest.approx(1.0, abs=0.06)
    assert min(found) > 0.75
    assert max(found) < 1.25


def _found(trial_number: int) -> float:
    trial = list(load_trials(Path(SHARED / "rbds")))[trial_number]
    rng = np.random.default_rng(trial_number)
    pose, _ = marker_pose(trial, Condition(60.0, 0.008), rng, duration_s=8.0)
    gait = analyze_pose(pose, AnalysisConfig(speed_kmh=3.6 * trial.speed_mps)).gait
    scale = gravity_time_scale(gait.motion, gait.strides, gait.near_side, LEG_M)
    assert scale is not None
    return scale

"""Trunk and arms of a body in a known pose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.metrics.arms import elbow_flexion_deg
from formcheck.metrics.posture import trunk_lean_deg
from tests.metrics.made import N_STRIDES, RATE_HZ, STRIDE_S, gait_of, motion_of


def at_angle(angle_deg: float, length: float = 0.5) -> tuple[float, float]:
    """Forward and up of something leaning forward by an angle."""
    angle = np.radians(angle_deg)
    return length * float(np.sin(angle)), length * float(np.cos(angle))


@pytest.mark.parametrize("lean", [-5.0, 0.0, 8.0, 25.0])
def test_trunk_lean_is_the_angle_from_vertical_positive_forward(lean: float) -> None:
    forward, up = at_angle(lean)
    values = trunk_lean_deg(gait_of({"shoulder": (forward, 1.0 + up)}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, lean))


def test_shoulders_that_swing_with_the_stride_leave_the_mean_lean() -> None:
    time_s = motion_of({}).time_s
    swing = 0.05 * np.sin(2 * np.pi * time_s / STRIDE_S)
    moving = np.stack([swing, np.full_like(swing, 1.5)], axis=-1)
    values = trunk_lean_deg(gait_of({"shoulder": moving}))
    # A stride is no whole number of samples: one sample more or less of +-6 degrees.
    assert np.abs(values).max() < 6.0 / (STRIDE_S * RATE_HZ) + 0.05


@pytest.mark.parametrize("flexion", [0.0, 45.0, 90.0, 120.0])
def test_elbow_flexion_is_0_straight_and_90_at_a_right_angle(flexion: float) -> None:
    forward, down = at_angle(flexion, 0.28)
    points = {"elbow": (0.0, 1.20), "wrist": (forward, 1.20 - down)}
    values = elbow_flexion_deg(gait_of(points))
    assert values == pytest.approx(np.full(2 * N_STRIDES, flexion), abs=1e-6)


@pytest.mark.parametrize("turn", [-30.0, 20.0])
def test_elbow_flexion_does_not_hang_on_where_the_arm_points(turn: float) -> None:
    upper = np.radians(turn)
    elbow = (0.35 * np.sin(upper), 1.55 - 0.35 * np.cos(upper))
    fore = upper + np.radians(90)
    wrist = (elbow[0] + 0.28 * np.sin(fore), elbow[1] - 0.28 * np.cos(fore))
    values = elbow_flexion_deg(gait_of({"elbow": elbow, "wrist": wrist}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, 90.0))


def test_each_side_has_its_own_elbow() -> None:
    gait = gait_of()
    position = np.array(gait.motion.position_ll)
    position[:, gait.motion.landmarks.index("left_wrist")] = (0.0, 0.92)
    values = elbow_flexion_deg(replace(gait, motion=replace(gait.motion, position_ll=position)))
    by_side = dict(zip(gait.sides(), values, strict=True))
    assert by_side["left"] == pytest.approx(0.0, abs=1e-6)
    assert by_side["right"] == pytest.approx(90.0)

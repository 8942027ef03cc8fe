"""Arms of a body in a known pose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import FloatArray
from formcheck.metrics import arms
from formcheck.metrics.arms import elbow_flexion_deg, elbow_from_right_angle_deg
from tests.metrics.made import N_STRIDES, STRIDE_S, at_angle, gait_of, motion_of


@pytest.mark.parametrize("flexion", [0.0, 45.0, 90.0, 120.0])
def test_elbow_flexion_is_0_straight_and_90_at_a_right_angle(flexion: float) -> None:
    forward, down = at_angle(flexion, 0.28)
    points = {"elbow": (0.0, 1.20), "wrist": (forward, 1.20 - down)}
    gait = gait_of(points)
    assert elbow_flexion_deg(gait) == pytest.approx(np.full(2 * N_STRIDES, flexion), abs=1e-6)
    off = np.full(2 * N_STRIDES, abs(flexion - 90.0))
    assert elbow_from_right_angle_deg(gait) == pytest.approx(off, abs=1e-6)


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


def swinging(mean: float, amplitude: float) -> FloatArray:
    """An angle that swings once a stride, degrees."""
    wave = np.cos(2 * np.pi * motion_of({}).time_s / STRIDE_S)
    return np.asarray(mean + amplitude * wave)


def hung(
    joint: FloatArray | tuple[float, float], angle_deg: FloatArray, length: float
) -> FloatArray:
    """End of a segment that hangs from a joint at an angle, positive forward."""
    angle = np.radians(angle_deg)
    return np.asarray(joint + length * np.stack([np.sin(angle), -np.cos(angle)], axis=-1))


@pytest.mark.parametrize(("metric", "expected"), [("min", 60.0), ("max", 110.0)])
def test_the_elbows_ends_are_those_of_a_stride(metric: str, expected: float) -> None:
    elbow = (0.0, 1.20)
    gait = gait_of({"elbow": elbow, "wrist": hung(elbow, swinging(85.0, 25.0), 0.28)})
    values = getattr(arms, f"elbow_flexion_{metric}_deg")(gait)
    assert values == pytest.approx(np.full(2 * N_STRIDES, expected), abs=0.1)


def test_arm_swing_is_from_end_to_end() -> None:
    gait = gait_of({"elbow": hung((0.0, 1.55), swinging(-20.0, 30.0), 0.35)})
    assert arms.arm_swing_deg(gait) == pytest.approx(np.full(2 * N_STRIDES, 60.0), abs=0.2)


def test_a_trunk_that_nods_with_a_hanging_arm_swings_it_against_the_trunk() -> None:
    lean = np.radians(swinging(8.0, 5.0))
    shoulder = np.stack([0.55 * np.sin(lean), 1.0 + 0.55 * np.cos(lean)], axis=-1)
    gait = gait_of({"shoulder": shoulder, "elbow": shoulder - (0.0, 0.35)})
    assert arms.arm_swing_deg(gait) == pytest.approx(np.full(2 * N_STRIDES, 10.0), abs=0.1)


def test_wrist_travel_is_against_the_own_shoulder() -> None:
    sway = np.stack([swinging(0.0, 0.05), np.full_like(swinging(0.0, 0.05), 1.55)], axis=-1)
    wrist = sway + np.stack([swinging(0.1, 0.2), np.full(len(sway), -0.3)], axis=-1)
    gait = gait_of({"shoulder": sway, "wrist": wrist})
    expected = np.full(2 * N_STRIDES, 0.4)
    assert arms.wrist_travel_leg_lengths(gait) == pytest.approx(expected, abs=2e-3)

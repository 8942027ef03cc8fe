"""Trunk of a body in a known pose."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.metrics import posture
from formcheck.metrics.posture import trunk_lean_deg
from tests.metrics.made import (
    MID_STANCE_S,
    N_STRIDES,
    RATE_HZ,
    STANCE_S,
    STRIDE_S,
    at_angle,
    gait_of,
    motion_of,
)

BETWEEN_SAMPLES = 10.0 / RATE_HZ


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


@pytest.mark.parametrize(
    ("metric", "moment_s"),
    [
        ("trunk_lean_contact_deg", 0.0),
        ("trunk_lean_mid_stance_deg", MID_STANCE_S),
        ("trunk_lean_toe_off_deg", STANCE_S),
    ],
)
def test_the_lean_of_a_moment_is_read_at_that_moment(metric: str, moment_s: float) -> None:
    time_s = motion_of({}).time_s
    lean = 10.0 + 10.0 * (time_s % (STRIDE_S / 2))
    shoulder = np.stack([np.tan(np.radians(lean)), np.full_like(lean, 2.0)], axis=-1)
    values = getattr(posture, metric)(gait_of({"shoulder": shoulder}))
    steps = 10.0 + 10.0 * (moment_s % (STRIDE_S / 2))
    # Between two samples the lean is a straight line, but for the jump at every contact.
    assert values[1:] == pytest.approx(np.full(2 * N_STRIDES - 1, steps), abs=BETWEEN_SAMPLES)


def test_the_range_is_the_largest_less_the_smallest_lean_of_a_stride() -> None:
    time_s = motion_of({}).time_s
    lean = np.radians(8.0 + 4.0 * np.cos(4 * np.pi * time_s / STRIDE_S))
    shoulder = np.stack([0.5 * np.sin(lean), 1.0 + 0.5 * np.cos(lean)], axis=-1)
    values = posture.trunk_range_deg(gait_of({"shoulder": shoulder}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, 8.0), abs=0.1)


@pytest.mark.parametrize(("whole", "bend"), [(6.0, 0.0), (3.0, 12.0), (0.0, -8.0)])
def test_lean_is_told_apart_into_ankle_and_waist(whole: float, bend: float) -> None:
    forward, up = at_angle(whole, 1.45)
    shoulder = np.array([0.1 + forward, 0.10 + up])
    trunk = np.array(at_angle(whole + bend))
    gait = gait_of({"shoulder": tuple(shoulder), "hip": tuple(shoulder - trunk)})
    assert posture.lean_from_ankle_deg(gait) == pytest.approx(np.full(2 * N_STRIDES, whole))
    assert posture.waist_bend_deg(gait) == pytest.approx(np.full(2 * N_STRIDES, bend))

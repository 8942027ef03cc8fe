"""Where the foot lands, on a leg in a known pose."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import Scale, Side
from formcheck.metrics import measure
from formcheck.metrics.leg import (
    ankle_ahead_of_hip_leg_lengths,
    heel_ahead_of_hip_cm,
    overstride_z,
    shank_angle_deg,
)
from formcheck.metrics.norms import norms
from formcheck.metrics.uncertainty import uncertainties
from formcheck.reasons import reason
from tests.metrics.made import N_STRIDES, STRIDE_S, gait_of, motion_of


@pytest.mark.parametrize("angle", [-10.0, 0.0, 12.0])
def test_the_shank_angle_is_positive_with_the_ankle_ahead_of_the_knee(angle: float) -> None:
    lean = np.radians(angle)
    ankle = (0.1 + 0.45 * float(np.sin(lean)), 0.55 - 0.45 * float(np.cos(lean)))
    values = shank_angle_deg(gait_of({"ankle": ankle}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, angle))


@pytest.mark.parametrize("ahead", [-0.05, 0.2])
def test_the_ankle_is_measured_from_the_hip_of_its_own_leg(ahead: float) -> None:
    values = ankle_ahead_of_hip_leg_lengths(gait_of({"ankle": (ahead, 0.1)}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, ahead))


def test_the_heel_is_measured_in_centimetres_of_a_known_leg() -> None:
    values = heel_ahead_of_hip_cm(gait_of({"hip": (0.05, 1.0), "heel": (0.25, 0.02)}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, 100 * 0.2 * 0.93))


def test_without_a_scale_there_are_no_centimetres_and_the_reason_is_said() -> None:
    why = reason("speed_unknown")
    gait = gait_of(scale=Scale(300.0, None, None, None, 3.0, 0.2), withheld={"length": why})
    (heel,) = (m for m in measure(gait) if m.metric == "heel_ahead_of_hip_cm")
    assert not heel.summaries
    assert heel.not_measured == why.seen


def test_values_are_read_at_contact_not_at_the_nearest_frame() -> None:
    time_s = motion_of({}).time_s
    moving = np.stack([0.3 - 3.0 * (time_s % STRIDE_S), np.full_like(time_s, 0.1)], axis=-1)
    gait = gait_of({"ankle": moving})
    values = ankle_ahead_of_hip_leg_lengths(gait)
    right = np.array([side is Side.RIGHT for side in gait.sides()])
    assert values[right] == pytest.approx(0.3 - 3.0 * STRIDE_S / 2, abs=1e-9)


def usual(speed: float, *, ankle_sd: float = 0.0, shank_sd: float = 0.0) -> np.ndarray:
    """Overstride of a runner so many SD off the usual ankle and shank, with usual strides.

    As it is read at 60 frames per second, the known bias of both included.
    """
    ahead, shank = norms()["ankle_ahead_of_hip_leg_lengths"], norms()["shank_angle_deg"]
    forward = ahead.expected(speed) + ankle_sd * ahead.sd
    forward += uncertainties()["ankle_ahead_of_hip_leg_lengths"].bias[1]
    angle = np.radians(shank.expected(speed) + shank_sd * shank.sd)
    angle += np.radians(uncertainties()["shank_angle_deg"].bias[1])
    knee = (forward - 0.45 * float(np.sin(angle)), 0.1 + 0.45 * float(np.cos(angle)))
    scale = Scale(300.0, None, speed, "given", speed, 0.1)
    return overstride_z(gait_of({"ankle": (forward, 0.1), "knee": knee}, scale=scale))


def speed_of_usual_cadence() -> float:
    cadence = norms()["cadence_spm"]
    return (120 / STRIDE_S - cadence.intercept) / cadence.slope


def test_a_usual_runner_has_no_overstride() -> None:
    assert usual(speed_of_usual_cadence()) == pytest.approx(0.0, abs=1e-6)


def test_two_signs_together_are_overstride_and_one_alone_is_none() -> None:
    speed = speed_of_usual_cadence()
    assert usual(speed, ankle_sd=2.0, shank_sd=2.0) == pytest.approx(2.0)
    assert usual(speed, ankle_sd=3.0) == pytest.approx(0.0, abs=1e-6)


def test_without_a_speed_nobody_can_be_compared() -> None:
    unknown = Scale(300.0, None, None, None, None, None)
    assert np.isnan(overstride_z(gait_of(scale=unknown))).all()

"""Knee, thigh and ankle: signs on a leg in a known pose, values on runners with known angles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import FloatArray, Side
from formcheck.metrics import METRICS, joints, measure
from formcheck.metrics.registry import StrideMetric
from formcheck.synthetic import RunnerKind, RunnerSpec
from tests.metrics.made import N_STRIDES, gait_of
from tests.synthetic.made import exact_gait

ANGLES = (
    "knee_at_contact_deg",
    "knee_peak_stance_deg",
    "knee_excursion_deg",
    "knee_peak_swing_deg",
    "thigh_at_toe_off_deg",
    "thigh_most_extended_deg",
    "thigh_most_flexed_deg",
    "ankle_dorsiflexion_peak_deg",
    "ankle_at_toe_off_deg",
    "late_stance_extension_deg",
)


def below(point: tuple[float, float], angle_deg: float, length: float) -> tuple[float, float]:
    """End of a segment that hangs from a point, turned forward by an angle."""
    angle = np.radians(angle_deg)
    return point[0] + length * float(np.sin(angle)), point[1] - length * float(np.cos(angle))


def leg(thigh_deg: float, shank_deg: float, foot_deg: float) -> dict[str, tuple[float, float]]:
    """A leg with these segment angles; its flat foot is level."""
    knee = below((0.0, 1.0), thigh_deg, 0.45)
    ankle = below(knee, shank_deg, 0.45)
    heel = (ankle[0] - 0.05, ankle[1] - 0.05)
    turn = np.radians(foot_deg)
    toe = (heel[0] + 0.28 * float(np.cos(turn)), heel[1] + 0.28 * float(np.sin(turn)))
    return {"knee": knee, "ankle": ankle, "heel": heel, "foot_index": toe}


def value(name: str, points: dict[str, tuple[float, float]]) -> FloatArray:
    return np.asarray(getattr(joints, name)(gait_of(points)))


@pytest.mark.parametrize(("thigh", "shank"), [(25.0, 5.0), (10.0, -30.0), (-20.0, -35.0)])
def test_the_knee_is_thigh_less_shank_and_bends_positive(thigh: float, shank: float) -> None:
    points = leg(thigh, shank, 0.0)
    everywhere = np.full(2 * N_STRIDES, thigh - shank)
    for name in ("knee_at_contact_deg", "knee_peak_stance_deg", "knee_peak_swing_deg"):
        assert value(name, points) == pytest.approx(everywhere)
    assert value("knee_excursion_deg", points) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("thigh", [-25.0, 15.0])
def test_the_thigh_is_negative_behind_the_hip(thigh: float) -> None:
    for name in ("thigh_at_toe_off_deg", "thigh_most_extended_deg", "thigh_most_flexed_deg"):
        assert value(name, leg(thigh, -30.0, 0.0)) == pytest.approx(thigh)


@pytest.mark.parametrize(("shank", "foot"), [(-25.0, 0.0), (0.0, -20.0), (5.0, 15.0)])
def test_the_ankle_is_foot_less_shank_and_dorsiflexes_positive(shank: float, foot: float) -> None:
    for name in ("ankle_dorsiflexion_peak_deg", "ankle_at_toe_off_deg"):
        assert value(name, leg(10.0, shank, foot)) == pytest.approx(foot - shank)


@pytest.mark.parametrize("lean", [-5.0, 0.0, 10.0])
def test_late_stance_extension_is_the_thigh_behind_the_trunk_line(lean: float) -> None:
    up = np.radians(lean)
    points = leg(-25.0, -40.0, 0.0)
    points["shoulder"] = (0.55 * float(np.sin(up)), 1.0 + 0.55 * float(np.cos(up)))
    assert value("late_stance_extension_deg", points) == pytest.approx(25.0 - lean)


def test_the_lumbar_proxy_is_called_one() -> None:
    assert "proxy" in METRICS["late_stance_extension_deg"].label


@pytest.mark.parametrize("speed", [2.5, 3.5, 4.5])
def test_joint_angles_of_a_known_runner_are_exact_to_a_degree(speed: float) -> None:
    gait, truth = exact_gait(RunnerSpec(speed_mps=speed), 120.0, RunnerKind.ANGLES)
    sides = np.array(gait.sides())
    for name in ANGLES:
        entry = METRICS[name]
        assert isinstance(entry, StrideMetric)
        values = entry.compute(gait)
        for side in Side:
            found = float(np.median(values[sides == side]))
            assert found == pytest.approx(truth.value(name, side), abs=1.0), (name, side)


def test_a_stride_without_toe_off_has_no_stance_peak() -> None:
    gait = gait_of(strides=tuple(replace(stride, toe_off_s=np.nan) for stride in gait_of().strides))
    for name in ("knee_peak_stance_deg", "knee_peak_swing_deg", "thigh_at_toe_off_deg"):
        measured = next(m for m in measure(gait) if m.metric == name)
        assert not measured.summaries
        assert measured.not_measured

"""The rhythm of a clip and the runner's typical leg."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, PoseSequence, Side
from formcheck.pose.cycle import leg_cycle
from formcheck.pose.rhythm import stride_rhythm
from formcheck.pose.sides import LEG_PARTS
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import record

LEG_PX = Camera().px_per_m * 0.469 * 1.76


def ankle_gap(pose: PoseSequence) -> FloatArray:
    gap: FloatArray = pose.track_px("left_ankle")[:, 0] - pose.track_px("right_ankle")[:, 0]
    return gap


def legs(pose: PoseSequence) -> tuple[FloatArray, FloatArray]:
    hip = 0.5 * (pose.track_px("left_hip") + pose.track_px("right_hip"))
    left, right = (
        (pose.xy_px[:, [pose.index(f"{side}_{part}") for part in LEG_PARTS]] - hip[:, None])
        / LEG_PX
        for side in (Side.LEFT, Side.RIGHT)
    )
    return left, right


@pytest.mark.parametrize("speed", [2.0, 3.5, 5.5])
@pytest.mark.parametrize("fps", [24.0, 60.0, 240.0])
def test_the_rhythm_is_that_of_the_strides(speed: float, fps: float) -> None:
    pose, truth = record(RunnerSpec(speed_mps=speed), fps=fps)
    rhythm = stride_rhythm(pose.time_s, ankle_gap(pose))
    assert rhythm is not None
    assert 1 / rhythm[0] == pytest.approx(truth.value("stride_time_s", Side.LEFT), rel=0.01)
    assert rhythm[1] > 0.9


@pytest.mark.parametrize("known", [0, 15])
def test_too_few_frames_have_no_rhythm(known: int) -> None:
    gap = np.full(600, np.nan)
    gap[:known] = np.sin(np.arange(known))
    assert stride_rhythm(np.arange(600) / 60, gap) is None


def test_ankles_that_never_move_have_no_rhythm() -> None:
    assert stride_rhythm(np.arange(600) / 60, np.zeros(600)) is None


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_every_leg_lies_on_its_typical_cycle_up_to_the_ends_of_the_clip(fps: float) -> None:
    pose, _ = record(RunnerSpec(variability=1.0), fps=fps)
    left, right = legs(pose)
    cycle = leg_cycle(pose.time_s, left, right)
    assert cycle is not None
    for leg, lag in ((left, 0.0), (right, np.pi)):
        apart = np.hypot(*np.moveaxis(leg - cycle.expected(lag), -1, 0))
        assert apart.max() < 0.12


def test_the_cycle_tells_left_from_right() -> None:
    pose, _ = record()
    left, right = legs(pose)
    cycle = leg_cycle(pose.time_s, left, right)
    assert cycle is not None
    own = np.abs(left - cycle.expected(0.0)).mean(axis=(1, 2))
    other = np.abs(left - cycle.expected(np.pi)).mean(axis=(1, 2))
    assert np.mean(own < other) > 0.99


def test_exchanged_bursts_hardly_move_the_cycle() -> None:
    clean, _ = record()
    pose, _ = corrupt.swap_legs(clean, 0.10, seed=1)
    cycle = leg_cycle(pose.time_s, *legs(pose))
    assert cycle is not None
    left, _ = legs(clean)
    apart = np.hypot(*np.moveaxis(left - cycle.expected(0.0), -1, 0))
    assert np.median(apart) < 0.04


def test_the_phase_advances_one_turn_a_stride_without_turning_back() -> None:
    pose, truth = record(RunnerSpec(variability=1.0))
    cycle = leg_cycle(pose.time_s, *legs(pose))
    assert cycle is not None
    assert np.all(np.diff(cycle.phase) > 0)
    turns = (cycle.phase[-1] - cycle.phase[0]) / (2 * np.pi)
    strides = pose.time_s[-1] / truth.value("stride_time_s", Side.LEFT)
    assert turns == pytest.approx(strides, abs=0.15)


def test_two_strides_are_too_few_for_a_cycle() -> None:
    pose, _ = record(duration_s=1.5)
    assert leg_cycle(pose.time_s, *legs(pose)) is None

"""The rhythm of the whole body, and what its bounce says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import PoseSequence, Side
from formcheck.gait.rhythm import BodyRhythm, body_rhythm
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import NATURAL, record

WALKER = RunnerSpec(is_walking=True, variability=1.0)


def found(pose: PoseSequence) -> BodyRhythm:
    rhythm = body_rhythm(pose)
    assert rhythm is not None
    return rhythm


def without_legs(pose: PoseSequence) -> PoseSequence:
    """Knees and everything below never seen."""
    xy = np.array(pose.xy_px)
    for part in ("knee", "ankle", "heel", "foot_index"):
        for side in Side:
            xy[:, pose.index(f"{side}_{part}")] = np.nan
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("fps", [24.0, 60.0])
@pytest.mark.parametrize("speed", [2.0, 3.0, 5.5])
def test_the_stride_frequency_is_half_the_cadence(speed: float, fps: float) -> None:
    pose, truth = record(RunnerSpec(speed_mps=speed, variability=1.0), fps=fps)
    rhythm = found(pose)
    assert 120 * rhythm.frequency_hz == pytest.approx(truth.value("cadence_spm"), rel=0.01)
    assert rhythm.sharpness > 0.9


def test_arms_and_trunk_tell_the_rhythm_when_the_legs_are_hidden() -> None:
    pose, truth = record(NATURAL)
    rhythm = found(without_legs(pose))
    assert 120 * rhythm.frequency_hz == pytest.approx(truth.value("cadence_spm"), rel=0.01)
    assert rhythm.bounce > 0.6


def test_exchanged_and_jittering_legs_do_not_change_the_rhythm() -> None:
    pose, truth = record(NATURAL, fps=30.0)
    swapped, _ = corrupt.swap_legs(pose, 0.2, seed=1)
    noisy = corrupt.correlated_jitter(swapped, 0.015 * Camera().px_per_m, seed=1)
    assert 120 * found(noisy).frequency_hz == pytest.approx(truth.value("cadence_spm"), rel=0.02)


@pytest.mark.parametrize("speed", [2.0, 3.0, 5.5])
@pytest.mark.parametrize("yaw", [0.0, 40.0])
def test_a_runner_is_lowest_while_the_feet_pass(speed: float, yaw: float) -> None:
    pose, _ = record(RunnerSpec(speed_mps=speed), Camera(yaw_deg=yaw))
    assert found(pose).bounce > 0.6


@pytest.mark.parametrize("walking_speed", [1.1, 1.4, 1.7])
def test_a_walker_is_not(walking_speed: float) -> None:
    pose, _ = record(replace(WALKER, walking_speed_mps=walking_speed))
    assert found(pose).bounce < 0.0


def test_slow_motion_slows_the_rhythm_and_leaves_the_bounce() -> None:
    pose, _ = record(NATURAL)
    plain, slow = found(pose), found(corrupt.slowed(pose, 4.0))
    assert slow.frequency_hz == pytest.approx(plain.frequency_hz / 4, rel=1e-3)
    assert slow.bounce == pytest.approx(plain.bounce, abs=1e-6)


@pytest.mark.parametrize("side", Side)
def test_cycles_begin_where_the_leg_passes_under_the_body(side: Side) -> None:
    pose, truth = record(camera=Camera(side=side))
    rhythm = found(pose)
    period = 1 / rhythm.frequency_hz
    contacts = truth.events.initial_contact_s[side]
    starts = np.array([start for start, _ in rhythm.cycles_s(side, facing=side)])
    assert len(starts) >= int(rhythm.n_strides) - 1
    after = [float(start - contacts[contacts < start][-1]) for start in starts[1:]]
    # Mid-stance: 0.05 to 0.25 of a stride after contact.
    assert 0.05 * period < np.median(after) < 0.25 * period


def test_few_strides_are_cut_evenly_into_all_whole_cycles() -> None:
    pose, _ = record(duration_s=1.7)
    rhythm = found(pose)
    cycles = rhythm.cycles_s(Side.LEFT, Side.RIGHT)
    assert len(cycles) == int(rhythm.n_strides) == 2
    assert cycles[0][0] == pose.time_s[0]
    assert all(stop - start == pytest.approx(1 / rhythm.frequency_hz) for start, stop in cycles)


def test_a_handful_of_frames_has_no_rhythm() -> None:
    pose, _ = record()
    xy = np.array(pose.xy_px)
    xy[10:] = np.nan
    assert body_rhythm(replace(pose, xy_px=xy)) is None

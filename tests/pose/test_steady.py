"""Only strides at one rate, in one shot, are steady running."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import FloatArray, IntArray, PoseSequence, Scene
from formcheck.pose.steady import steady_parts
from formcheck.pose.track import TrackParams, longest_stretch
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import NATURAL, record

N_FRAMES = 600
STRIDE_FRAMES = 43  # 168 steps a minute, 60 frames a second


BLINK_S = 0.4


def parts(pose: PoseSequence) -> IntArray:
    return steady_parts(pose, BLINK_S)


def standing_until(pose: PoseSequence, frame: int) -> PoseSequence:
    """A runner who stands on the belt first, swaying by 2 px."""
    xy = np.array(pose.xy_px)
    sway: FloatArray = 2.0 * np.sin(np.arange(frame) / 15.0)
    xy[:frame] = xy[frame]
    xy[:frame, :, 0] += sway[:, None]
    return replace(pose, xy_px=xy)


def quiet_scene(n_frames: int, cut: int) -> Scene:
    zero = np.zeros(n_frames)
    marks = np.arange(n_frames) == cut
    return Scene(marks, marks & False, zero, np.zeros((n_frames, 2)), zero, zero, zero)


@pytest.mark.parametrize("yaw_deg", [0.0, 90.0])
@pytest.mark.parametrize("spec", [NATURAL, RunnerSpec(speed_mps=2.2, variability=1.0)])
def test_steady_running_is_one_part_from_the_side_and_from_the_front(
    spec: RunnerSpec, yaw_deg: float
) -> None:
    pose, _ = record(spec, Camera(yaw_deg=yaw_deg))
    assert len(set(parts(pose))) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pose: corrupt.swap_legs(pose, 0.1, seed=2)[0],
        lambda pose: corrupt.slowed(pose, 8.0),
        lambda pose: corrupt.correlated_jitter(pose, 4.0, seed=2),
        lambda pose: corrupt.lose_frames(pose, 0.1, seed=2),
    ],
    ids=["exchanged legs", "slow motion", "jitter", "lost frames"],
)
def test_what_spoils_a_pose_does_not_end_a_part(
    spoil: Callable[[PoseSequence], PoseSequence],
) -> None:
    assert len(set(parts(spoil(record(NATURAL)[0])))) == 1


@pytest.mark.parametrize("start", [150, 300])
def test_standing_before_running_is_left_out(start: int) -> None:
    part = parts(standing_until(record(NATURAL)[0], start))
    first = int(np.flatnonzero(part == part[-1])[0])
    assert abs(first - start) <= STRIDE_FRAMES
    assert part[0] != part[-1]


def test_a_ramp_into_slow_motion_ends_a_part() -> None:
    pose, _ = record(NATURAL)
    times = np.array(pose.time_s)
    times[300:] = times[299] + 8.0 * (times[300:] - times[299])
    kept, coverage = longest_stretch(replace(pose, time_s=times), 1.0, TrackParams())
    shown = np.flatnonzero(np.isfinite(kept.xy_px[:, 0, 0]))
    # Told to one stride in slow motion, which lasts as long as eight before.
    assert 300 - 8 * STRIDE_FRAMES / 2 < shown[0] <= 300 + STRIDE_FRAMES
    assert coverage.stop_s == pytest.approx(times[-1])


def test_a_cut_ends_a_part_even_when_the_runner_goes_on() -> None:
    pose, _ = record(NATURAL)
    part = parts(replace(pose, scene=quiet_scene(N_FRAMES, 350)))
    assert list(np.flatnonzero(np.diff(part))) == [349]
    _, coverage = longest_stretch(
        replace(pose, scene=quiet_scene(N_FRAMES, 350)), 1.0, TrackParams()
    )
    assert coverage.start_s == 0.0
    assert coverage.stop_s == pytest.approx(pose.time_s[349])


@pytest.mark.parametrize("change", ["place", "size"])
def test_somebody_elsewhere_or_of_another_size_is_another_part(change: str) -> None:
    pose, _ = record(NATURAL)
    xy = np.array(pose.xy_px)
    xy[200:] = xy[200:] - (400.0, 0.0) if change == "place" else 0.5 * xy[200:] + (300.0, 180.0)
    part = parts(replace(pose, xy_px=xy))
    assert list(np.flatnonzero(np.diff(part))) == [199]


def test_a_body_lost_for_a_moment_comes_back_to_the_same_part() -> None:
    pose, _ = record(NATURAL)
    xy = np.array(pose.xy_px)
    xy[200:215, :, 0] -= 500.0
    assert len(set(parts(replace(pose, xy_px=xy)))) == 1


def test_a_runner_who_comes_nearer_is_steady_all_the_way() -> None:
    pose, _ = record(NATURAL)
    scale = np.linspace(0.35, 1.0, len(pose.time_s))[:, None, None]
    nearer = (pose.xy_px - (640.0, 600.0)) * scale + (640.0, 600.0)
    assert len(set(parts(replace(pose, xy_px=nearer)))) == 1


def test_nobody_and_people_without_a_rhythm_are_not_judged() -> None:
    pose, _ = record(NATURAL)
    nobody = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    assert set(parts(nobody)) == {0}
    assert set(parts(standing_until(pose, N_FRAMES - 1))) == {0}

"""The camera: where things appear, and what mirrors what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import LANDMARKS, FloatArray, Side
from formcheck.synthetic import Camera, RunnerSpec, WorldMotion, film, make_runner, world_motion
from formcheck.synthetic.spec import HALF_HIPS
from tests.synthetic.made import STEADY, record

TIMES = np.arange(0.0, 2.0, 1 / 60)
BODY = world_motion(make_runner(STEADY, 2.0, 1), TIMES)


def mirrored(motion: WorldMotion) -> WorldMotion:
    """The runner in a mirror: left is right."""
    other = {"left": "right", "right": "left"}

    def partner(name: str) -> int:
        words = [other.get(word, word) for word in name.split("_")]
        return LANDMARKS.index("_".join(words))

    order = [partner(name) for name in LANDMARKS]
    position = motion.position_m[:, order] * np.array([1.0, 1.0, -1.0])
    return WorldMotion(motion.time_s, position)


@pytest.mark.parametrize("yaw", [0.0, 12.0, -30.0])
def test_the_other_side_of_a_mirrored_runner_is_the_flipped_picture(yaw: float) -> None:
    camera = Camera(yaw_deg=yaw, roll_deg=2.0)
    right = film(BODY, camera)
    flipped = replace(camera, side=Side.LEFT, roll_deg=-2.0)
    left = film(mirrored(BODY), flipped)
    other = [
        LANDMARKS.index(
            "_".join({"left": "right", "right": "left"}.get(w, w) for w in name.split("_"))
        )
        for name in LANDMARKS
    ]
    expected = left.xy_px[:, other] * np.array([-1, 1]) + np.array([camera.width_px, 0])
    assert right.xy_px == pytest.approx(expected)
    assert right.depth_px == pytest.approx(left.depth_px[:, other])


@pytest.mark.parametrize("side", Side)
def test_the_runner_faces_the_edge_that_shows_the_filmed_side(side: Side) -> None:
    pose, _ = record(camera=Camera(side=side))
    nose_ahead = np.median(pose.track_px("nose")[:, 0] - pose.track_px(f"{side}_ear")[:, 0])
    assert np.sign(nose_ahead) == (1 if side is Side.RIGHT else -1)


@pytest.mark.parametrize("side", Side)
def test_the_filmed_side_is_nearer_larger_and_surer(side: Side) -> None:
    pose, _ = record(camera=Camera(side=side))
    near, far = (pose.index(f"{each}_knee") for each in (side, side.other))
    assert np.all(pose.depth_px[:, near] < pose.depth_px[:, far])
    assert np.all(pose.visibility[:, near] > pose.visibility[:, far])
    thigh = [
        np.hypot(*(pose.track_px(f"{each}_knee") - pose.track_px(f"{each}_hip")).T).max()
        for each in (side, side.other)
    ]
    shift = HALF_HIPS * STEADY.height_m
    assert thigh[0] / thigh[1] == pytest.approx((4 + shift) / (4 - shift), rel=1e-3)


def test_hips_seen_from_the_side_are_0_9_leg_lengths_apart_in_depth() -> None:
    pose, _ = record()
    apart = pose.depth_px[:, pose.index("left_hip")] - pose.depth_px[:, pose.index("right_hip")]
    assert np.median(apart) / (Camera().px_per_m * STEADY.leg_length_m) == pytest.approx(
        0.9, abs=0.05
    )


def still_point(right_m: float, forward_m: float) -> FloatArray:
    return np.array([forward_m, 0.0, right_m])


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("roll", [3.0, -3.0])
def test_ground_rise_is_the_slope_of_the_ground_in_running_direction(
    side: Side, roll: float
) -> None:
    camera = Camera(side=side, roll_deg=roll)
    back, front = (camera.project(still_point(0.0, x))[0] for x in (-0.5, 0.5))
    run, rise = front - back
    assert np.degrees(np.arctan2(-rise, abs(run))) == pytest.approx(camera.ground_rise_deg)


@pytest.mark.parametrize(("yaw", "sign"), [(90.0, 1), (-90.0, -1)])
def test_the_left_shoulder_is_on_the_right_of_a_front_view_and_left_of_a_rear_view(
    yaw: float, sign: int
) -> None:
    pose, _ = record(camera=Camera(yaw_deg=yaw))
    width = pose.track_px("left_shoulder")[:, 0] - pose.track_px("right_shoulder")[:, 0]
    assert np.all(np.sign(width) == sign)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (1920, 1080)])
def test_the_whole_runner_is_in_the_picture(size: tuple[int, int]) -> None:
    pose, _ = record(
        RunnerSpec(speed_mps=5.5), Camera(width_px=size[0], height_px=size[1]), duration_s=3.0
    )
    assert np.all(pose.xy_px > 0)
    assert np.all(pose.xy_px < np.array(size))


def test_a_longer_focal_length_enlarges_about_the_middle() -> None:
    wide, long = (film(BODY, Camera(focal_px=f)).xy_px - [640, 360] for f in (1000.0, 2000.0))
    assert long == pytest.approx(2 * wide)


def test_the_clip_starts_at_0_and_says_its_rate() -> None:
    pose, _ = record(fps=50.0)
    assert pose.time_s[0] == 0
    assert pose.video.fps == pytest.approx(50.0)
    assert pose.video.n_frames == len(pose.time_s) == 500
    assert pose.video.duration_s == pytest.approx(10.0)
    assert not pose.video.is_variable_rate

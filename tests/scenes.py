"""Recorded poses made from what was rendered, with nothing of a pose model in them."""

from __future__ import annotations

import numpy as np

from formcheck.domain import LANDMARKS, FloatArray, PoseSequence, VideoInfo
from tests.rendered import UPRIGHT, truth_of

WIDTH_PX, HEIGHT_PX, FPS = 1280, 720, 60.0
PX_PER_M = 300.0
GROUND_PX = 640.0
LEG_M = 0.84
NEAREST = {"foot_index": "toe", "pinky": "index", "thumb": "index", "mouth": "nose"}
NAMES = {"eye_inner": "eye", "eye_outer": "eye"}


def running_from_the_side() -> PoseSequence:
    """The rendered runner as the camera saw them."""
    points = _points_m()
    return _pose(points[..., 0], points[..., 1], depth_m=-points[..., 2])


def running_towards_the_camera() -> PoseSequence:
    """The same runner from the front: the runner's left is on the right of the picture."""
    points = _points_m()
    return _pose(-points[..., 2], points[..., 1], depth_m=-points[..., 0])


def standing() -> PoseSequence:
    """The runner frozen in one frame, swaying by half a centimetre."""
    points = np.repeat(_points_m()[:1], 360, axis=0)
    sway = 0.005 * np.sin(np.arange(360) / FPS)[:, None]
    return _pose(points[..., 0] + sway, points[..., 1], depth_m=-points[..., 2])


def walking(speed_mps: float = 1.4, strides_per_s: float = 0.9) -> PoseSequence:
    """An upright walker on a belt, hips highest over the standing foot, 62 % of a stride on it."""
    time_s = np.arange(round(7 * FPS)) / FPS
    ankles = {
        side: _walking_ankle_m(time_s * strides_per_s + shift, speed_mps / strides_per_s)
        for side, shift in (("left", 0.0), ("right", 0.5))
    }
    forward = np.stack([np.abs(ankle[:, 0]) for ankle in ankles.values()]).min(axis=0)
    hip = np.stack([np.zeros(len(time_s)), 0.09 + np.sqrt(LEG_M**2 - forward**2)], axis=-1)
    points = np.zeros((len(time_s), len(LANDMARKS), 3))
    points[..., :2] = hip[:, None] + _upper_body_m()
    for side, ankle in ankles.items():
        _put_leg(points, side, hip, ankle)
    return _pose(points[..., 0], points[..., 1], depth_m=-_side_m())


def _upper_body_m() -> FloatArray:
    """Head, trunk and hanging arms relative to the hip, ``(n_landmarks, 2)``: forward, up."""
    places = {
        "shoulder": (0.02, 0.5), "elbow": (0.0, 0.22), "wrist": (0.08, -0.02),
        "pinky": (0.1, -0.1), "index": (0.11, -0.1), "thumb": (0.1, -0.08),
    }  # fmt: skip
    head, leg = (0.1, 0.65), (0.0, 0.0)
    first_of_body = LANDMARKS.index("left_shoulder")
    return np.array(
        [
            head if index < first_of_body else places.get(name.split("_")[1], leg)
            for index, name in enumerate(LANDMARKS)
        ]
    )


def _walking_ankle_m(phase: FloatArray, stride_m: float) -> FloatArray:
    """Ankle relative to the hip's place on the belt: back at belt speed, then forward and up."""
    stance = 0.62
    phase = phase % 1.0
    swing = np.clip((phase - stance) / (1 - stance), 0, 1)
    back = stride_m * (stance / 2 - phase)
    ahead = stride_m * stance * (-0.5 + (1 - np.cos(np.pi * swing)) / 2)
    forward = np.where(phase < stance, back, ahead)
    return np.stack([forward, 0.09 + 0.08 * np.sin(np.pi * swing) ** 2], axis=-1)


def _put_leg(points: FloatArray, side: str, hip: FloatArray, ankle: FloatArray) -> None:
    """Knee where two equal bones meet, in front; a foot that stays level."""
    line = ankle - hip
    length = np.minimum(np.hypot(*line.T), LEG_M)
    bend = np.sqrt(np.maximum((LEG_M / 2) ** 2 - (length / 2) ** 2, 0.0))
    normal = np.stack([-line[:, 1], line[:, 0]], axis=-1) / np.hypot(*line.T)[:, None]
    knee = hip + line / 2 + normal * bend[:, None]
    for name, place in {
        "hip": hip, "knee": knee, "ankle": ankle, "heel": ankle + np.array((-0.05, -0.07)),
        "foot_index": ankle + np.array((0.17, -0.07)),
    }.items():  # fmt: skip
        points[:, LANDMARKS.index(f"{side}_{name}"), :2] = place


def _side_m() -> FloatArray:
    """How far each landmark lies to the runner's right, towards the camera."""
    return np.array([0.15 * ("right" in name) - 0.15 * ("left" in name) for name in LANDMARKS])


def _points_m() -> FloatArray:
    """Landmarks of the rendered runner, ``(n_frames, n_landmarks, 3)``: forward, up, right."""
    frames = truth_of(UPRIGHT).raw["frames"]
    names = [_rendered_name(name) for name in LANDMARKS]
    left_up_forward = np.array([[frame["p"][name][:3] for name in names] for frame in frames])
    return left_up_forward[..., ::-1] * (1, 1, -1)


def _rendered_name(landmark: str) -> str:
    side = "l" if "left" in landmark else "r"
    part = landmark.replace("left_", "").replace("right_", "").replace("_left", "")
    part = part.replace("_right", "")
    part = NAMES.get(part, NEAREST.get(part, part))
    return part if part == "nose" else f"{part}_{side}"


def _pose(across_m: FloatArray, up_m: FloatArray, *, depth_m: FloatArray) -> PoseSequence:
    frames = len(across_m)
    xy_px = np.stack([WIDTH_PX / 2 + PX_PER_M * across_m, GROUND_PX - PX_PER_M * up_m], axis=-1)
    video = VideoInfo(
        "gone.mp4", WIDTH_PX, HEIGHT_PX, FPS, frames, frames / FPS, 0, 1.0, False, "h264", "0" * 64
    )
    return PoseSequence(
        time_s=np.arange(frames) / FPS,
        xy_px=xy_px,
        depth_px=np.broadcast_to(PX_PER_M * depth_m, xy_px.shape[:2]),
        visibility=np.full(xy_px.shape[:2], 0.99),
        video=video,
    )

"""Kinematic people for the linking and the choice: a runner, copies, and people who stand."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, PoseSequence
from formcheck.pose.choose import Picture
from formcheck.pose.link import Track
from formcheck.synthetic import corrupt
from tests import scenes
from tests.synthetic.made import record

HIP_X = 640.0  # where the recorded runner's hips are


def bodies(pose: PoseSequence) -> FloatArray:
    """Landmarks of every frame, ``(n_frames, n_landmarks, 4)``."""
    columns = (pose.xy_px, pose.depth_px[..., None], pose.visibility[..., None])
    return np.concatenate(columns, axis=-1)


def runner() -> FloatArray:
    return bodies(record()[0])


def slow_motion_runner() -> tuple[FloatArray, Picture]:
    """The runner at a tenth of the speed, and the clip."""
    pose = corrupt.slowed(record()[0], 10.0)
    return bodies(pose), Picture(pose.video.width_px, pose.video.height_px, pose.time_s)


def walker() -> FloatArray:
    walking = bodies(scenes.walking(speed_mps=1.6, strides_per_s=1.0))
    return np.resize(walking, runner().shape)


def stander() -> FloatArray:
    """The runner frozen, swaying by 3 px."""
    still = np.repeat(runner()[:1], len(runner()), axis=0)
    still[:, :, 0] += 3.0 * np.sin(np.arange(len(still)) / 20)[:, None]
    return still


def put(person: FloatArray, x_px: float, scale: float = 1.0) -> FloatArray:
    """A person with the hips at ``x_px``, larger or smaller, standing on the same ground."""
    ground = np.percentile(person[:, :, 1], 99)
    placed = person.copy()
    placed[..., 0] = x_px + scale * (person[..., 0] - HIP_X)
    placed[..., 1] = ground + scale * (person[..., 1] - ground)
    return placed


def picture() -> Picture:
    pose, _ = record()
    return Picture(pose.video.width_px, pose.video.height_px, pose.time_s)


def track(person: FloatArray, start: int = 0, stop: int | None = None) -> Track:
    frames = np.arange(len(person))[start:stop]
    return Track(frames, person[frames])

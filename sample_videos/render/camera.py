"""A pinhole camera, held still or in a hand.

A hand turns the camera and does not carry it anywhere, so every frame is the picture of a fixed
camera seen through one plane homography. The fixed picture has a margin for that.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from sample_videos.render.raster import Bytes
from sample_videos.render.rotations import Array, about_x, about_y, about_z, unit

OVERSAMPLING = 2  # pixels of the fixed picture along a side of one of the clip
_SHAKE_HZ = (0.37, 0.9, 2.3, 4.7)
_SHAKE_SHARES = (0.8, 0.5, 0.3, 0.12)


@dataclass(frozen=True)
class Shake:
    """How a hand trembles, roughly the standard deviation of each angle."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0


@dataclass(frozen=True)
class Camera:
    """Where a camera stands, what it looks at (metres) and how it is held."""

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    focal_px: float
    width_px: int
    height_px: int
    roll_deg: float = 0.0  # the picture turns clockwise
    shake: Shake = Shake()
    seed: int = 0

    @property
    def margin_px(self) -> int:
        """Extra pixels of the fixed picture on every side."""
        turn = max(self.shake.yaw_deg, self.shake.pitch_deg)
        roll = abs(self.roll_deg) + 2.5 * self.shake.roll_deg
        half = max(self.width_px, self.height_px) / 2
        reach = self.focal_px * np.deg2rad(2.5 * turn) + half * np.deg2rad(roll)
        return int(np.ceil(reach)) + 8 if reach > 0 else 0

    @property
    def fixed_size(self) -> tuple[int, int]:
        """Width and height of the fixed picture in its own, finer pixels."""
        margin = 2 * self.margin_px
        return (
            (self.width_px + margin) * OVERSAMPLING,
            (self.height_px + margin) * OVERSAMPLING,
        )

    @property
    def axes(self) -> Array:
        """Rows: right, down and forward of the fixed camera in the world."""
        forward = unit(np.subtract(self.target, self.position))
        right = unit(np.cross(forward, (0.0, 1.0, 0.0)))
        return np.stack([right, -np.cross(right, forward), forward])

    def fixed(self, points: Array) -> tuple[Array, Array]:
        """Fine pixels (n, 2) of world points (n, 3) in the fixed picture, and their depth (n,)."""
        seen = (points - self.position) @ self.axes.T
        depth = seen[..., 2]
        centre = np.array(self.fixed_size) / 2
        pixel = self.focal_px * OVERSAMPLING * seen[..., :2] / depth[..., None] + centre
        return pixel, depth

    def held_deg(self, time_s: float) -> Array:
        """Yaw, pitch and roll of the hand at a time."""
        rng = np.random.default_rng(self.seed)
        phase = rng.uniform(0, 2 * np.pi, (3, len(_SHAKE_HZ)))
        waves = np.sqrt(2) * np.sin(2 * np.pi * np.multiply(_SHAKE_HZ, time_s) + phase)
        shake = waves @ _SHAKE_SHARES
        size = (self.shake.yaw_deg, self.shake.pitch_deg, self.shake.roll_deg)
        held: Array = shake * size + (0, 0, self.roll_deg)
        return held

    def homography(self, time_s: float) -> Array:
        """From fine pixels of the fixed picture to pixels of the clip."""
        yaw, pitch, roll = np.deg2rad(self.held_deg(time_s))
        turn = about_z(roll) @ about_x(pitch) @ about_y(yaw)
        width, height = self.fixed_size
        lens = np.diag([self.focal_px, self.focal_px, 1.0])
        into = np.array([[1, 0, self.width_px / 2], [0, 1, self.height_px / 2], [0, 0, 1]])
        back = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, OVERSAMPLING]])
        whole: Array = into @ lens @ turn @ np.linalg.inv(lens) @ back
        return whole

    def seen(self, points: Array, time_s: float) -> Array:
        """Pixels (n, 2) of world points (n, 3) in the clip."""
        pixel = np.column_stack([self.fixed(points)[0], np.ones(len(points))])
        turned = pixel @ self.homography(time_s).T
        place: Array = turned[:, :2] / turned[:, 2:]
        return place

    def take(self, fixed_picture: Bytes, time_s: float) -> Bytes:
        """What the held camera shows of the fixed picture."""
        size = (self.width_px, self.height_px)
        if self.margin_px > 0:
            fine = np.diag([OVERSAMPLING, OVERSAMPLING, 1.0])
            # Pixel centres lie at half pixels; OpenCV counts from the middle of the first one.
            half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
            turn = np.linalg.inv(half) @ fine @ self.homography(time_s) @ half
            fine_size = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
            fixed_picture = cv2.warpPerspective(fixed_picture, turn, fine_size).astype(np.uint8)
        return cv2.resize(fixed_picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def rays(camera: Camera) -> Array:
    """Directions of the fixed picture's pixels, (height, width, 3), of depth 1."""
    width, height = camera.fixed_size
    fine = camera.focal_px * OVERSAMPLING
    x, y = np.meshgrid(np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2)
    directions: Array = np.stack([x / fine, y / fine, np.ones_like(x)], axis=-1) @ camera.axes
    return directions

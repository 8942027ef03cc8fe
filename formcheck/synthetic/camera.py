"""A pinhole camera beside the treadmill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import (
    LANDMARKS,
    FloatArray,
    PoseSequence,
    Side,
    VideoInfo,
)
from formcheck.geometry import rotate
from formcheck.synthetic.body import WorldMotion
from formcheck.synthetic.spec import REFERENCE_HEIGHT_M

NEAR_VISIBILITY, FAR_VISIBILITY = 0.98, 0.70
DEPTH_GAIN = 4.2
"""Pose models exaggerate depth: hips seen from the side come out 0.9 leg lengths apart."""
FILL_HEIGHT, FILL_WIDTH = 0.75, 0.85
STRIDE_REACH_M = 1.5
"""Room a running body needs in the picture, foot tip to foot tip."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands and what it records.

    ``side`` is the runner's side it films; ``yaw_deg`` carries it around the runner from exactly
    there towards the front (90: front view, -90: rear view), ``roll_deg`` turns the picture's
    content counter-clockwise. ``height_m`` is above the belt, the optical axis horizontal.
    ``focal_px`` None frames the runner.
    """

    distance_m: float = 4.0
    height_m: float = 0.9
    yaw_deg: float = 0.0
    roll_deg: float = 0.0
    side: Side = Side.RIGHT
    width_px: int = 1280
    height_px: int = 720
    focal_px: float | None = None

    @property
    def px_per_m(self) -> float:
        """Pixels per metre in the plane of the runner's middle."""
        if self.focal_px is not None:
            return self.focal_px / self.distance_m
        by_height = FILL_HEIGHT * self.height_px / REFERENCE_HEIGHT_M
        return min(by_height, FILL_WIDTH * self.width_px / STRIDE_REACH_M)

    @property
    def ground_rise_deg(self) -> float:
        """Tilt of the ground in the picture, positive when it rises in the running direction."""
        return self.roll_deg if self.side is Side.RIGHT else -self.roll_deg

    def project(self, position_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Pixels (x right, y down), ``(..., 2)``, and depth from the middle, metres, ``(...)``."""
        yaw = np.radians(self.yaw_deg)
        outward = 1.0 if self.side is Side.RIGHT else -1.0
        forward, up, right = np.moveaxis(position_m, -1, 0)
        across = outward * forward * np.cos(yaw) - right * np.sin(yaw)
        depth = -forward * np.sin(yaw) - outward * right * np.cos(yaw)
        scale = self.px_per_m * self.distance_m / (self.distance_m + depth)
        plane = scale[..., None] * np.stack([across, up - self.height_m], axis=-1)
        plane = rotate(plane, self.roll_deg) * np.array([1.0, -1.0])
        return plane + 0.5 * np.array([self.width_px, self.height_px]), depth


def film(motion: WorldMotion, camera: Camera) -> PoseSequence:
    """The pose a perfect pose model finds; file times are real times."""
    xy, depth_m = camera.project(motion.position_m)
    hips = [LANDMARKS.index(f"{side}_hip") for side in Side]
    middle = depth_m[:, hips].mean(axis=1, keepdims=True)
    depth = DEPTH_GAIN * camera.px_per_m * (depth_m - middle)
    # Landmarks of the far half of the body are less sure.
    typical = np.median(depth_m, axis=0)
    visible = np.where(typical > 0.02, FAR_VISIBILITY, NEAR_VISIBILITY)
    time_s = motion.time_s - motion.time_s[0]
    return PoseSequence(
        time_s=time_s,
        xy_px=xy,
        depth_px=depth,
        visibility=np.broadcast_to(visible, xy.shape[:2]),
        video=video_info(time_s, camera),
    )


def video_info(time_s: FloatArray, camera: Camera) -> VideoInfo:
    """Facts of the file these frames would be stored in."""
    steps = np.diff(time_s)
    return VideoInfo(
        path="synthetic.mp4",
        width_px=camera.width_px,
        height_px=camera.height_px,
        fps=float(1.0 / steps.mean()),
        n_frames=len(time_s),
        duration_s=float(time_s[-1] + steps.mean()),
        rotation_deg=0,
        time_scale=1.0,
        is_variable_rate=bool(np.ptp(steps) > 0.1 * steps.mean()),
        codec="none",
        sha256="0" * 64,
    )

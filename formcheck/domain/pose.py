"""A video and the body found in it, in image pixels (x right, y down)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np

from formcheck.domain.basics import LANDMARKS, BoolArray, FloatArray, frozen_array
from formcheck.domain.scene import Scene


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """Facts about a video file.

    Width and height are those of the upright picture. ``fps`` is measured from the presentation
    times (frames per second of the file's own timeline). ``time_scale`` is capture rate divided
    by file rate: 1 for an ordinary clip, 8 for 240 fps played at 30. ``recorded_on`` is the day the
    file says it was recorded (``2026-11-23``), None when it does not.
    """

    path: str
    width_px: int
    height_px: int
    fps: float
    n_frames: int
    duration_s: float
    rotation_deg: int
    time_scale: float
    is_variable_rate: bool
    codec: str
    sha256: str
    recorded_on: str | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which pose model made a pose: ``origin`` is official, built or custom."""

    name: str
    sha256: str
    origin: str
    backend: str


class Legs(StrEnum):
    """What the legs of a person in a clip do; the values are words for people."""

    CYCLE = "legs cycle"
    MOVE = "legs move without a rhythm"
    REST = "legs rest"
    UNSEEN = "feet not in the picture"


class Choice(StrEnum):
    """Why a person was followed; the values are words for people."""

    ALONE = "nobody else was found"
    RUNS = "the one whose legs cycle most"
    LARGEST = "nobody's legs cycle; the one seen largest and longest"
    ASKED = "as asked for"
    UNDECIDED = "several people's legs cycle alike; the one seen largest and longest"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody seen in a clip.

    ``number`` counts from 1, from left to right by where each is first seen. ``box_px`` is left,
    top, right, bottom in the upright picture at ``box_s`` and ``where`` the third of it in words
    (left, middle, right); ``first_s`` and ``last_s`` say when the
    person is seen, on the file's clock. ``foot_lift_ll`` is how far the foot that is lifted less
    moves up and down, in leg lengths (0 when the feet are not in the picture).
    """

    number: int
    box_px: tuple[int, int, int, int]
    box_s: float
    where: str
    first_s: float
    last_s: float
    legs: Legs
    foot_lift_ll: float
    is_followed: bool


@dataclass(frozen=True, slots=True, eq=False)
class PoseSequence:
    """Landmarks of one person in every frame of a clip.

    ``time_s`` (n_frames,) presentation times of the file, strictly increasing, first frame 0;
    ``xy_px`` (n_frames, n_landmarks, 2) x right, y down, pixels of the upright picture, NaN where
    unknown; ``depth_px`` (n_frames, n_landmarks) smaller is nearer, relative to mid-hip;
    ``visibility`` (n_frames, n_landmarks) 0-1, NaN where nobody was found. ``people`` describes
    everybody who was tracked and ``choice`` why this person was followed (None: nobody was found);
    ``scene`` is what else the pictures show (None when nobody looked).
    """

    time_s: FloatArray
    xy_px: FloatArray
    depth_px: FloatArray
    visibility: FloatArray
    video: VideoInfo
    model: ModelInfo | None = None
    people: tuple[Person, ...] = ()
    choice: Choice | None = None
    scene: Scene | None = None
    landmarks: tuple[str, ...] = LANDMARKS

    def __post_init__(self) -> None:
        frames, count = len(self.time_s), len(self.landmarks)
        shapes = {
            "time_s": (frames,),
            "xy_px": (frames, count, 2),
            "depth_px": (frames, count),
            "visibility": (frames, count),
        }
        for name, shape in shapes.items():
            object.__setattr__(self, name, frozen_array(getattr(self, name), *shape, name=name))
        if self.scene is not None and self.scene.n_frames != frames:
            raise ValueError(f"the scene has {self.scene.n_frames} frames, the pose {frames}")
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("time_s must increase strictly")

    def only(self, kept: BoolArray) -> Self:
        """Some of the frames, ``kept`` (n_frames,), at their own times, of the same file."""
        return replace(
            self,
            time_s=self.time_s[kept],
            xy_px=self.xy_px[kept],
            depth_px=self.depth_px[kept],
            visibility=self.visibility[kept],
            scene=None if self.scene is None else self.scene.only(kept),
        )

    def index(self, landmark: str) -> int:
        """Column of a landmark."""
        return self.landmarks.index(landmark)

    def track_px(self, landmark: str) -> FloatArray:
        """Pixel track of a landmark, ``(n_frames, 2)``."""
        return self.xy_px[:, self.index(landmark)]

    def midpoint_px(self, part: str) -> FloatArray:
        """Track of the point halfway between the left and right ``part``, ``(n_frames, 2)``."""
        return 0.5 * (self.track_px(f"left_{part}") + self.track_px(f"right_{part}"))

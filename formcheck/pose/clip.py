"""A clip that is being looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from formcheck.domain import LANDMARKS, FloatArray, Progress, RgbImage
from formcheck.pose.people import BodyFinder
from formcheck.video.read import Video

_COLUMNS = 4  # x, y, depth, visibility
Follower: TypeAlias = Callable[[], AbstractContextManager[BodyFinder]]
"""Makes what finds one person and follows them from picture to picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What every look needs.

    ``search`` finds several people in each picture, without memory.
    """

    video: Video
    follower: Follower
    search: BodyFinder
    max_side_px: int
    progress: Progress

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        return self.video.width_px, self.video.height_px

    @property
    def to_px(self) -> FloatArray:
        """Turns fractions of the picture into pixels; depth is on the scale of x."""
        width, height = self.size
        return np.array([width, height, width, 1.0])

    def frames(self, max_side_px: int | None) -> Iterator[tuple[int, RgbImage, float]]:
        """Number, picture and time of every frame; tells the progress."""
        for index, frame in enumerate(self.video.frames(max_side_px=max_side_px)):
            yield index, frame.rgb, frame.time_s
            self.progress(index + 1, self.video.n_frames_hint)


def nobody() -> FloatArray:
    """Landmarks of a frame in which nobody was found, ``(n_landmarks, 4)``."""
    return np.full((len(LANDMARKS), _COLUMNS), np.nan)

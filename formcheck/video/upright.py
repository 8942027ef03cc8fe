"""Stored pictures as they are meant to be seen: upright, with square pixels, in RGB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from formcheck.domain import RgbImage

PLANES = "yuv420p"
"""Format of scaled frames: colour at half the resolution, so half the bytes of RGB."""

_TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One upright picture: ``rgb`` (height, width, 3) contiguous, ``time_s`` since the first."""

    time_s: float
    rgb: RgbImage


@dataclass(frozen=True, slots=True)
class Picture:
    """How stored pictures become upright ones: size shown (square pixels) and quarter turns."""

    width_px: int
    height_px: int
    quarter_turns: int

    def shown_size(self, max_side_px: int | None) -> tuple[int, int]:
        """Width and height of the upright picture, its longer side ``max_side_px`` at most."""
        longest = max(self.width_px, self.height_px)
        scale = 1.0 if max_side_px is None else min(1.0, max_side_px / longest)
        return max(1, round(self.width_px * scale)), max(1, round(self.height_px * scale))

    def stored_size(self, max_side_px: int | None) -> tuple[int, int]:
        """Width and height to convert to before turning."""
        size = self.shown_size(max_side_px)
        return size if self.quarter_turns % 2 == 0 else (size[1], size[0])


class Upright:
    """Turns stored frames into upright RGB pictures of at most a certain size, in one thread."""

    def __init__(self, picture: Picture, max_side_px: int | None) -> None:
        self._size = picture.stored_size(max_side_px)
        self._quarter_turns = picture.quarter_turns
        self._is_smaller = self._size != picture.stored_size(None)
        self._scaler, self._painter = VideoReformatter(), VideoReformatter()

    def scaled(self, stored: av.VideoFrame) -> av.VideoFrame:
        """A stored frame in the size of the picture, in planes of brightness and colour if smaller.

        Scaling before the conversion to RGB takes 1.8 ms of processor time from 1080p to 720p, in
        one step it takes 4.2 ms.
        """
        if not self._is_smaller:
            return stored
        return self._scaler.reformat(stored, *self._size, PLANES, interpolation="AREA")

    def rgb(self, scaled: av.VideoFrame) -> RgbImage:
        """The picture of a scaled frame."""
        rgb = self._painter.reformat(scaled, *self._size, "rgb24", interpolation="AREA")
        return _turned(rgb, self._quarter_turns)


def picture_of(frame: av.VideoFrame, stream: VideoStream) -> Picture:
    """Size and turn of the upright picture, from the first frame."""
    aspect = float(stream.sample_aspect_ratio or 1)
    width, height = max(1, round(frame.width * aspect)), frame.height
    turns = round(frame.rotation / 90) % 4
    if turns % 2:
        width, height = height, width
    return Picture(width, height, turns)


def _turned(stored: av.VideoFrame, quarter_turns: int) -> RgbImage:
    """Pixels of an RGB frame after counter-clockwise quarter turns, without gaps between rows.

    PyAV may hand out rows padded to a multiple of 64 bytes, which MediaPipe reads as pixels.
    """
    rgb = np.ascontiguousarray(cast("RgbImage", stored.to_ndarray()))
    if quarter_turns == 0:
        return rgb
    return np.asarray(cv2.rotate(rgb, _TURNS[quarter_turns]), np.uint8)

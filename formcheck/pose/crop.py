"""A second look at one person on a window that moves along with them.

The window is cut from the picture at its full size, so a runner who is small in the picture gets
as many pixels as the film has, and most of what is around them stays outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.domain import FloatArray, RgbImage
from formcheck.pose.link import Track, apart, box_of, height

_WINDOW_HEIGHTS = 2.2  # window over body height: arms, a stride, and room for the detector
_SMOOTH_S = 0.3  # the window moves more calmly than the body
_HOLD_S = 0.5  # how long a window waits where somebody was first or last seen
_MAX_WINDOW_PX = 640  # larger windows are scaled down: the model looks at 256 pixels of them
_SAME_TRUNKS = 1.0  # bodies further apart than this are two people


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the picture, pixels: left, top, and the two sides."""

    left: int
    top: int
    width: int
    height: int

    def cut(self, rgb: RgbImage) -> RgbImage:
        """The part of a picture, scaled down when it is large."""
        part = rgb[self.top : self.top + self.height, self.left : self.left + self.width]
        scale = min(1.0, _MAX_WINDOW_PX / max(self.width, self.height))
        if scale < 1.0:
            new = max(1, round(self.width * scale)), max(1, round(self.height * scale))
            part = cv2.resize(part, new, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        return np.ascontiguousarray(part)

    def place(self, body: FloatArray) -> FloatArray:
        """A body in fractions of the window, in pixels of the picture; depth goes with x."""
        placed: FloatArray = body * np.array([self.width, self.height, self.width, 1.0])
        placed[..., :2] += (self.left, self.top)
        return placed


def window_around(centre: FloatArray, body_height: float, picture: tuple[int, int]) -> Window:
    """Window for a body of a given height, inside a picture of a given width and height."""
    side = max(round(_WINDOW_HEIGHTS * body_height), 16)
    width, tall = min(side, picture[0]), min(side, picture[1])
    left = int(np.clip(round(centre[0] - width / 2), 0, picture[0] - width))
    top = int(np.clip(round(centre[1] - tall / 2), 0, picture[1] - tall))
    return Window(left, top, width, tall)


def windows_along(
    track: Track, time_s: FloatArray, picture: tuple[int, int]
) -> list[Window | None]:
    """A window for every frame in which a tracked person may be seen; None for the others."""
    boxes = track.boxes()
    seen_s = time_s[track.frames]
    step_s = float(np.median(np.diff(time_s)))
    half = max(1, round(_SMOOTH_S / step_s / 2))
    centre = _calm(time_s, seen_s, 0.5 * (boxes[:, :2] + boxes[:, 2:]), half)
    tall = _calm(time_s, seen_s, (boxes[:, 3] - boxes[:, 1])[:, None], 3 * half)[:, 0]
    near = (time_s >= seen_s[0] - _HOLD_S) & (time_s <= seen_s[-1] + _HOLD_S)
    return [
        window_around(centre[frame], float(tall[frame]), picture) if near[frame] else None
        for frame in range(len(time_s))
    ]


def _calm(time_s: FloatArray, seen_s: FloatArray, values: FloatArray, half: int) -> FloatArray:
    """Values at all times, bridged, held at the ends and averaged over ``2 * half + 1`` frames."""
    even = np.stack([np.interp(time_s, seen_s, column) for column in values.T], axis=1)
    padded = np.concatenate((np.repeat(even[:1], half, 0), even, np.repeat(even[-1:], half, 0)))
    kernel = np.full(2 * half + 1, 1 / (2 * half + 1))
    calm: FloatArray = np.stack(
        [np.convolve(column, kernel, "valid") for column in padded.T], axis=1
    )
    return calm


def is_same(body: FloatArray, known: FloatArray | None, window: Window) -> bool:
    """Whether a body found in a window is the person who is followed.

    ``known`` is that person's body in the same frame, None when nothing is known; then the body
    must be near the middle of the window and fill as much of it as it should.
    """
    if known is not None:
        return apart(body, known) < _SAME_TRUNKS
    box = box_of(body)
    middle = 0.5 * np.array([box[0] + box[2], box[1] + box[3]])
    off = np.abs(middle - (window.left + window.width / 2, window.top + window.height / 2))
    tall = height(box) * _WINDOW_HEIGHTS / max(window.width, window.height)
    return bool(off[0] < window.width / 4 and 0.5 < tall < 1.8)

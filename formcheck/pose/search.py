"""Find people who are too small in the picture for the detector, on parts of it at full size.

The detector sees any picture at 224 x 224 pixels and finds people from about a fifth of the longer
side up (measured; decision 7). So a few frames are cut into overlapping squares of half and a
quarter of the longer side. Once somebody is found, the following frames are searched on a window
around them, until they are lost for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from formcheck.domain import FloatArray, RgbImage
from formcheck.pose.choose import Picture
from formcheck.pose.crop import Window, window_around
from formcheck.pose.link import Track, box_of, distinct, height, link
from formcheck.pose.people import BodyFinder, Schedule

_SHARES = (1 / 2, 1 / 4)  # side of the squares, of the longer side of the picture
_LOST_S = 0.5  # after which the window is given up


def search(
    frames: Iterable[tuple[int, RgbImage, float]],
    find: BodyFinder,
    picture: Picture,
) -> list[Track]:
    """People found on parts of the picture, linked over time; empty when there is nobody.

    ``frames`` are number, picture at full size and time.
    """
    seen: list[list[FloatArray]] = [[] for _ in picture.time_s]
    schedule = Schedule()
    window: Window | None = None
    seen_s = 0.0
    for index, rgb, time_s in frames:
        is_due = schedule.is_due(time_s)
        if window is not None:
            seen[index] = _found(find, rgb, [window])
        elif is_due:
            seen[index] = _found(find, rgb, list(squares(picture.width_px, picture.height_px)))
        if seen[index]:
            window, seen_s = _around(seen[index][0], picture), time_s
        elif time_s - seen_s > _LOST_S:
            window = None
    return link(seen, picture.time_s)


def _found(find: BodyFinder, rgb: RgbImage, windows: list[Window]) -> list[FloatArray]:
    """Different people on some windows, tallest first, pixels of the picture."""
    return distinct(window.place(body) for window in windows for body in find(window.cut(rgb)))


def _around(body: FloatArray, picture: Picture) -> Window:
    box = box_of(body)
    centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    return window_around(centre, height(box), (picture.width_px, picture.height_px))


def squares(width_px: int, height_px: int) -> Iterator[Window]:
    """Squares of each size that cover a picture, half over each other, in reading order."""
    for share in _SHARES:
        side = round(share * max(width_px, height_px))
        wide, tall = min(side, width_px), min(side, height_px)
        for top in _starts(height_px, tall):
            for left in _starts(width_px, wide):
                yield Window(left, top, wide, tall)


def _starts(length: int, side: int) -> list[int]:
    """Evenly spaced starts of parts that overlap by at least half and reach both ends."""
    room = length - side
    count = 1 if room == 0 else 1 + int(np.ceil(room / (side / 2)))
    return [round(start) for start in np.linspace(0, room, count)]

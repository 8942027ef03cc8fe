"""Somebody too small for the detector is found on a part of the picture and followed from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from formcheck.domain import FloatArray, RgbImage
from formcheck.pose.choose import Picture
from formcheck.pose.search import search, squares
from tests.pose.made_people import put, runner

WIDTH, HEIGHT = 1280, 720
LEAST_SHARE = 0.21  # of the longer side: what the detector needs, decision 7


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (500, 500)])
def test_anybody_of_a_quarter_of_a_square_lies_whole_in_one(width: int, height: int) -> None:
    parts = list(squares(width, height))
    reach = max(width, height) // 8
    for x in range(0, width - reach, 37):
        for y in range(0, height - reach, 37):
            assert any(
                part.left <= x
                and x + reach <= part.left + part.width
                and part.top <= y
                and y + reach <= part.top + part.height
                for part in parts
            )


class Detector:
    """Finds the person only where they fill as much of a picture as the real detector needs.

    Pictures carry their place: red and green of a pixel are its column and row over 8.
    """

    def __init__(self, person: FloatArray, shown: range) -> None:
        self._person = person
        self._shown = shown
        self.frame = 0
        self.n_looks = 0

    def find(self, rgb: RgbImage) -> Sequence[FloatArray]:
        self.n_looks += 1
        low, high = 8.0 * rgb[0, 0, :2], 8.0 * rgb[-1, -1, :2] + 7.0
        body = self._person[self.frame]
        xy = body[:, :2]
        is_inside = bool(np.all((xy > low) & (xy < high)))
        share = np.ptp(xy[:, 1]) / float(np.max(high - low))
        if self.frame not in self._shown or not is_inside or share < LEAST_SHARE:
            return []
        found = body.copy()
        found[:, :2] = (xy - low) / (high - low)
        return [found]

    def frames(self, time_s: FloatArray) -> Iterator[tuple[int, RgbImage, float]]:
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] // 8
        rgb = np.stack([columns, rows, 0 * rows], axis=-1).astype(np.uint8)
        for index, at in enumerate(time_s):
            self.frame = index
            yield index, rgb, float(at)


def test_a_small_runner_is_found_and_followed() -> None:
    person = put(runner(), 300.0, 0.25)[:150]
    person[:, :, 0] += np.linspace(0, 400, 150)[:, None]
    clip = Picture(WIDTH, HEIGHT, np.arange(150) / 30)
    detector = Detector(person, range(20, 150))
    (track,) = search(detector.frames(clip.time_s), detector.find, clip)
    assert list(track.frames) == list(range(int(track.frames[0]), 150))
    assert track.frames[0] < 70  # the second look
    assert np.abs(track.bodies[:, :, :2] - person[track.frames, :, :2]).max() < 8


def test_nobody_is_nobody_and_costs_only_the_looks() -> None:
    clip = Picture(WIDTH, HEIGHT, np.arange(150) / 30)
    detector = Detector(runner()[:150], range(0))
    assert search(detector.frames(clip.time_s), detector.find, clip) == []
    assert detector.n_looks == 4 * len(list(squares(WIDTH, HEIGHT)))

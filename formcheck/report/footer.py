"""The bar below the annotated picture: current angles, and when each foot was on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from formcheck.domain import (
    Analysis,
    FloatArray,
    Gait,
    Motion,
    RgbImage,
    Side,
    interpolate,
)
from formcheck.gait import angles, frontal_angles
from formcheck.report import paint
from formcheck.report.context import found_contacts_s, is_from_behind
from formcheck.report.paint import Colour
from formcheck.report.wording import Wording
from formcheck.texts import Words

_PAGE_S = 12.0  # longer clips turn a page, so that single contacts stay visible
_SMALLEST_PX, _LARGEST_PX = 11, 18
"""Of the letters; a portrait clip is shown as high as others are wide, so its height counts."""
_OF_NAMES = 0.8  # how large the letters of a name are beside those of its value
GROUND: Colour = (24, 28, 34)
_LANE: Colour = (44, 50, 58)
_GREY: Colour = (168, 174, 182)


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """Angles over the frames of a clip: ``values_deg`` (n_frames, n_angles), NaN = unknown."""

    names: tuple[str, ...]
    values_deg: FloatArray


def readout(analysis: Analysis, say: Words) -> Readout:
    """Return the angles shown while the clip plays, those of the clip's view, and their names."""
    gait = analysis.gait
    shown = _from_behind(gait.motion, say) if is_from_behind(gait) else _from_the_side(gait, say)
    real_s = analysis.pose.time_s / gait.time_base.scale
    series = np.stack(list(shown.values()), axis=-1)
    return Readout(tuple(shown), interpolate(real_s, gait.motion.time_s, series))


def _from_the_side(gait: Gait, say: Words) -> dict[str, FloatArray]:
    """Trunk, and elbow and knee of the near side."""
    near = gait.near_side
    return {
        say("footer.trunk"): angles.trunk_lean_deg(gait.motion),
        say("footer.elbow", side=near): angles.elbow_flexion_deg(gait.motion, near),
        say("footer.knee", side=near): angles.knee_flexion_deg(gait.motion, near),
    }


def _from_behind(motion: Motion, say: Words) -> dict[str, FloatArray]:
    """Pelvis and trunk, positive where the right is higher and where the trunk leans right."""
    return {
        say("footer.pelvis"): frontal_angles.pelvis_tilt_deg(motion),
        say("footer.side_lean"): frontal_angles.trunk_side_lean_deg(motion),
    }


def stances(analysis: Analysis, side: Side) -> list[tuple[float, float]]:
    """Return start and end of each stance of a side, seconds of the file's own timeline."""
    to_file, events = analysis.gait.time_base.file_s, analysis.gait.events
    ends = zip(events.initial_contact_s[side], events.toe_off_s[side], strict=True)
    return [
        (float(to_file(start)), float(to_file(end)))
        for start, end in ends
        if np.isfinite(start) and np.isfinite(end)
    ]


class Footer:
    """Draws the bar for any frame of one clip, into the rows below the picture."""

    def __init__(self, analysis: Analysis, width_px: int, wording: Wording) -> None:
        self._wording = wording
        self._say = wording.words("pictures")
        self._width = width_px
        self._readout = readout(analysis, self._say)
        shape = analysis.video.height_px / analysis.video.width_px
        largest = int(np.clip(round(width_px * max(1.0, shape) / 36), _SMALLEST_PX, _LARGEST_PX))
        sizes = range(largest, _SMALLEST_PX, -1)
        self._font = next((size for size in sizes if self._fits(size)), _SMALLEST_PX)
        self._near = analysis.gait.near_side
        self._stances = {side: stances(analysis, side) for side in Side}
        to_file = analysis.gait.time_base.file_s
        self._contacts = {side: to_file(found_contacts_s(analysis, side)) for side in Side}
        self._duration_s = analysis.video.duration_s
        self._page = -1
        self._still = np.zeros((self.height_px, width_px, 3), np.uint8)

    @cached_property
    def height_px(self) -> int:
        """Height of the bar."""
        return self._row_px * (1 if self._one_row else 2)

    @property
    def _row_px(self) -> int:
        return round(2.4 * self._font)

    @cached_property
    def _one_row(self) -> bool:
        return self._width >= max(48 * self._font, sum(self._needed_px) / 0.6)

    @property
    def _text_px(self) -> int:
        """Width of the part that the angles have."""
        return max(self._width // 2, sum(self._needed_px)) if self._one_row else self._width

    def _fits(self, font_px: int) -> bool:
        """Whether all angles have room side by side in letters of a size."""
        return sum(self._needed(font_px)) <= self._width

    def _names(self, font_px: int) -> tuple[int, ...]:
        """Width of each name beside values in letters of a size."""
        small = round(_OF_NAMES * font_px)
        return tuple(paint.letters(name, small).shape[1] for name in self._readout.names)

    def _needed(self, font_px: int) -> tuple[int, ...]:
        """Width of each name with the widest value behind it, and a gap."""
        value = paint.letters(self._wording.amount(-100.0, "deg"), font_px, bold=True).shape[1]
        return tuple(name + value + font_px for name in self._names(font_px))

    @cached_property
    def _name_px(self) -> tuple[int, ...]:
        return self._names(self._font)

    @cached_property
    def _needed_px(self) -> tuple[int, ...]:
        return self._needed(self._font)

    @property
    def _page_s(self) -> float:
        return self._duration_s if self._duration_s <= 1.25 * _PAGE_S else _PAGE_S

    @property
    def _lanes(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the two lanes."""
        left = self._text_px if self._one_row else 0
        top = self.height_px - self._row_px
        edge = self._font // 3
        return left + 2 * self._font, top + edge, self._width - self._font, self.height_px - edge

    def draw(self, bar: RgbImage, frame_index: int, file_time_s: float) -> None:
        """Fill ``bar`` (height_px, width_px, 3) for a frame."""
        page = int(file_time_s / self._page_s)
        if page != self._page:
            self._still, self._page = self._draw_page(page), page
        bar[:] = self._still
        self._draw_values(bar, frame_index)
        left, top, right, bottom = self._lanes
        x = left + round((file_time_s / self._page_s - page) * (right - left))
        cv2.line(bar, (x, top - 2), (x, bottom + 1), paint.PAPER, 2)

    def _draw_values(self, bar: RgbImage, frame_index: int) -> None:
        for at, value in zip(self._columns(), self._readout.values_deg[frame_index], strict=True):
            mask = paint.letters(self._wording.amount(float(value), "deg"), self._font, bold=True)
            paint.blend(bar, mask, at, paint.PAPER)

    def _columns(self) -> list[tuple[int, int]]:
        """Top left corner of each value; its name stands before it."""
        spare = max(self._text_px - sum(self._needed_px), 0) // len(self._needed_px)
        starts = np.cumsum([self._font // 2, *(needed + spare for needed in self._needed_px[:-1])])
        top = (self._row_px - paint.letters("0", self._font).shape[0]) // 2
        return [
            (int(start) + name + self._font // 3, top)
            for start, name in zip(starts, self._name_px, strict=True)
        ]

    @property
    def _small(self) -> int:
        return round(_OF_NAMES * self._font)

    def _draw_page(self, page: int) -> RgbImage:
        bar = np.full((self.height_px, self._width, 3), GROUND, np.uint8)
        for (x, _), name in zip(self._columns(), self._readout.names, strict=True):
            mask = paint.letters(name, self._small)
            corner = x - self._font // 3 - mask.shape[1], (self._row_px - mask.shape[0]) // 2
            paint.blend(bar, mask, corner, _GREY)
        for row, side in enumerate((self._near, self._near.other)):
            self._draw_lane(bar, side, row, page)
        return bar

    def _draw_lane(self, bar: RgbImage, side: Side, row: int, page: int) -> None:
        left, top, right, bottom = self._lanes
        half = (bottom - top) // 2
        first, last = top + row * half, top + (row + 1) * half - 2
        colour = paint.NEAR if side is self._near else paint.FAR
        cv2.rectangle(bar, (left, first), (right, last), _LANE, -1)
        letter = paint.letters(self._say(f"footer.{side}"), self._small, bold=True)
        corner = left - letter.shape[1] - 4, (first + last - letter.shape[0]) // 2 + 1
        paint.blend(bar, letter, corner, colour)
        for start_s, end_s in self._stances[side]:
            ends = [self._x(at, page) for at in (start_s, end_s)]
            if ends[0] < right and ends[1] > left:
                spot = (max(ends[0], left), first), (min(ends[1], right), last)
                cv2.rectangle(bar, *spot, tuple(int(0.62 * c) for c in colour), -1)
        for at in self._contacts[side]:
            if left <= self._x(float(at), page) <= right:
                x = self._x(float(at), page)
                cv2.rectangle(bar, (x - 1, first), (x, last), colour, -1)

    def _x(self, file_time_s: float, page: int) -> int:
        left, _, right, _ = self._lanes
        return left + round((file_time_s / self._page_s - page) * (right - left))

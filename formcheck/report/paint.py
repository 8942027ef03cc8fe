"""Lines, marks and letters on RGB pictures, legible on any background."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from formcheck.domain import FloatArray, RgbImage

Colour = tuple[int, int, int]
"""Red, green, blue, 0-255."""

Mask = NDArray[np.uint8]
"""Coverage of each pixel, 0-255."""

# Orange and blue of the Okabe-Ito palette, told apart with any colour vision; near is the brighter.
NEAR: Colour = (255, 176, 0)
FAR: Colour = (86, 150, 214)
BODY: Colour = (245, 245, 240)
INK: Colour = (16, 20, 26)
PAPER: Colour = (250, 250, 248)

SHIFT = 4
"""OpenCV draws to a sixteenth of a pixel with this."""
_ONE = 1 << SHIFT
_FAR_PX = 20_000.0  # beyond it OpenCV's sub-pixel integers overflow


class Pen(NamedTuple):
    """Colour and width in pixels of a line that gets a dark rim."""

    colour: Colour
    width: int
    rim: int = 2


def is_known(*points: FloatArray) -> bool:
    """Whether every coordinate of every point is a number."""
    return all(math.isfinite(x) and math.isfinite(y) for x, y in points)


def fixed(point: FloatArray | Sequence[float]) -> tuple[int, int]:
    """Return a point in OpenCV's sub-pixel integers, kept within what OpenCV can take."""
    x, y = (min(max(float(value), -_FAR_PX), _FAR_PX) for value in point)
    return round(x * _ONE), round(y * _ONE)


def line(picture: RgbImage, start: FloatArray, end: FloatArray, pen: Pen) -> None:
    """Draw a line with a dark rim; nothing when an end is unknown."""
    if not is_known(start, end):
        return
    ends = fixed(start), fixed(end)
    cv2.line(picture, *ends, INK, pen.width + 2 * pen.rim, cv2.LINE_AA, SHIFT)
    cv2.line(picture, *ends, pen.colour, pen.width, cv2.LINE_AA, SHIFT)


def lines(picture: RgbImage, segments: Sequence[tuple[FloatArray, FloatArray]], pen: Pen) -> None:
    """Draw lines that share one rim, so that joints look whole."""
    ends = [(fixed(start), fixed(end)) for start, end in segments if is_known(start, end)]
    for width, colour in ((pen.width + 2 * pen.rim, INK), (pen.width, pen.colour)):
        for start, end in ends:
            cv2.line(picture, start, end, colour, width, cv2.LINE_AA, SHIFT)


def dashed(picture: RgbImage, start: FloatArray, end: FloatArray, pen: Pen, dash_px: float) -> None:
    """Draw a dashed line with a dark rim; nothing when an end is unknown."""
    if not is_known(start, end):
        return
    count = max(1, round(float(np.hypot(*(end - start))) / (2.0 * dash_px)))
    for k in range(count):
        first, last = (start + (end - start) * (k + part) / count for part in (0.0, 0.55))
        line(picture, first, last, pen)


def dot(picture: RgbImage, centre: FloatArray, radius_px: float, pen: Pen) -> None:
    """Draw a filled disc with a dark rim."""
    if not is_known(centre):
        return
    at = fixed(centre)
    for radius, colour in ((radius_px + pen.rim, INK), (radius_px, pen.colour)):
        cv2.circle(picture, at, round(radius * _ONE), colour, -1, cv2.LINE_AA, SHIFT)


def ring(picture: RgbImage, centre: FloatArray, size_px: tuple[float, float], pen: Pen) -> None:
    """Draw an upright ellipse of half axes ``size_px`` with a dark rim."""
    if not is_known(centre):
        return
    at, size = fixed(centre), (round(size_px[0] * _ONE), round(size_px[1] * _ONE))
    for width, colour in ((pen.width + 2 * pen.rim, INK), (pen.width, pen.colour)):
        cv2.ellipse(picture, at, size, 0, 0, 360, colour, width, cv2.LINE_AA, SHIFT)


def arc(
    picture: RgbImage, vertex: FloatArray, towards: tuple[FloatArray, FloatArray], pen: Pen
) -> None:
    """Draw the arc between two directions ``(2,)`` from a vertex, the short way round.

    Its radius is the length of the first direction.
    """
    first, second = towards
    if not is_known(vertex, first, second):
        return
    start = np.arctan2(first[1], first[0])
    turn = float(np.angle(np.exp(1j * (np.arctan2(second[1], second[0]) - start))))
    angle = start + np.linspace(0.0, turn, max(2, round(abs(turn) / 0.06)))
    radius = np.hypot(*first)
    points = vertex + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    lines(picture, list(pairwise(points)), pen)


@cache
def _font(size_px: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, size_px)


@lru_cache(maxsize=2048)
def letters(text: str, size_px: int, *, bold: bool = False) -> Mask:
    """Return the coverage of a line of text, as high as the font's own line."""
    font = _font(size_px, bold=bold)
    ascent, descent = font.getmetrics()
    image = Image.new("L", (max(1, round(font.getlength(text)) + 2), ascent + descent))
    ImageDraw.Draw(image).text((1, 0), text, fill=255, font=font)
    return np.asarray(image)


def blend(picture: RgbImage, mask: Mask, at: tuple[int, int], colour: Colour) -> None:
    """Lay a colour on a picture through a mask whose top left corner is at (x, y)."""
    x, y = at
    top, left = max(0, -y), max(0, -x)
    target = picture[max(0, y) : y + mask.shape[0], max(0, x) : x + mask.shape[1]]
    part = mask[top : top + target.shape[0], left : left + target.shape[1], None]
    if target.size == 0 or part.size == 0:
        return
    weight = part.astype(np.uint16)
    mixed = target * (255 - weight) + np.array(colour, dtype=np.uint16) * weight
    target[:] = (mixed // 255).astype(np.uint8)


def label(picture: RgbImage, text: str, centre: tuple[float, float], size_px: int) -> None:
    """Write dark text on a light plate, moved inside the picture when it would leave it."""
    _plate(picture, text, centre, size_px, (INK, PAPER))


def tag(
    picture: RgbImage, text: str, centre: tuple[float, float], size_px: int, colour: Colour
) -> None:
    """Write coloured text on a dark plate, moved inside the picture when it would leave it."""
    _plate(picture, text, centre, size_px, (colour, INK))


def _plate(
    picture: RgbImage,
    text: str,
    centre: tuple[float, float],
    size_px: int,
    colours: tuple[Colour, Colour],
) -> None:
    """Text and plate in their ``colours``."""
    mask = letters(text, size_px, bold=True)
    pad = size_px // 3
    height, width = mask.shape[0] + pad, mask.shape[1] + 2 * pad
    x = round(min(max(centre[0] - width / 2, 2), max(2, picture.shape[1] - width - 2)))
    y = round(min(max(centre[1] - height / 2, 2), max(2, picture.shape[0] - height - 2)))
    cv2.rectangle(picture, (x - 1, y - 1), (x + width, y + height), INK, -1)
    cv2.rectangle(picture, (x, y), (x + width - 1, y + height - 1), colours[1], -1)
    blend(picture, mask, (x + pad, y + pad // 2), colours[0])

"""A small picture of the runner for the page of all clips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from formcheck.domain import Analysis, FloatArray, RgbImage
from formcheck.report import overlay
from formcheck.report.context import KeyFrame
from formcheck.report.keyframes import encode_jpeg, nearest_frame
from formcheck.report.refusal import Refusal
from formcheck.video.read import open_video

NAME = "thumbnail.jpg"
"""Name of the picture in a result folder."""

_HEIGHT_PX = 160
_WIDTH_PX = 120
_MARGIN = 0.12  # of the height of the runner


def thumbnail(analysis: Analysis, folder: Path) -> bytes:
    """Return the runner, as drawn in the annotated clip of a result folder, as a JPEG file.

    Taken at the first frame in which the near foot lands, so that little has to be decoded.
    """
    frame_index = _first_contact(analysis)
    with open_video(folder / overlay.NAME) as video:
        rgb = next(islice(video.frames(), frame_index, None)).rgb
    return _cut(rgb, analysis.pose.xy_px[frame_index], analysis.video.width_px)


def refused_thumbnail(refusal: Refusal, taken: Sequence[KeyFrame]) -> bytes | None:
    """Return a picture of a clip that was refused as a JPEG file; None where its page has none.

    It is one of those on the page, so that nothing is seen here that is hidden there.
    """
    seen = refusal.seen
    if not taken or seen is None or seen.video is None:
        return None
    picture = taken[len(taken) // 2]
    found = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    body_px = np.empty((0, 2))
    if seen.pose is not None:
        body_px = seen.pose.xy_px[nearest_frame(seen.pose.time_s, picture.file_time_s)]
    return _cut(np.asarray(found, np.uint8), body_px, seen.video.width_px)


def _cut(rgb: RgbImage, xy_px: FloatArray, width_px: int) -> bytes:
    """The body alone; ``xy_px`` (n, 2) are points of it in a picture ``width_px`` wide."""
    left, top, right, bottom = _box(xy_px * rgb.shape[1] / width_px, *rgb.shape[:2])
    size = max(1, round(_HEIGHT_PX * (right - left) / (bottom - top))), _HEIGHT_PX
    small = cv2.resize(rgb[top:bottom, left:right], size, interpolation=cv2.INTER_AREA)
    return encode_jpeg(np.asarray(small, np.uint8))


def _first_contact(analysis: Analysis) -> int:
    gait = analysis.gait
    contacts = gait.events.initial_contact_s[gait.near_side]
    known = contacts[np.isfinite(contacts)]
    if len(known) == 0:
        return 0
    return nearest_frame(analysis.pose.time_s, float(gait.time_base.file_s(known[0])))


def _box(xy_px: FloatArray, rows: int, columns: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a cut around the known points, upright and inside the picture."""
    known = xy_px[np.isfinite(xy_px).all(axis=1)]
    if len(known) == 0:
        return 0, 0, columns, rows
    low, high = known.min(axis=0), known.max(axis=0)
    height = min(float(rows), (high[1] - low[1]) * (1 + 2 * _MARGIN))
    width = min(float(columns), max(height * _WIDTH_PX / _HEIGHT_PX, high[0] - low[0]))
    centre = 0.5 * (low + high)
    left = min(max(0.0, centre[0] - width / 2), columns - width)
    top = min(max(0.0, centre[1] - height / 2), rows - height)
    return round(left), round(top), round(left + width), round(top + height)

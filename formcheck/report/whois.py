"""The still that shows who was followed, and who else was there."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from formcheck.domain import FloatArray, Person, PoseSequence, RgbImage
from formcheck.report import paint
from formcheck.report.context import KeyFrame
from formcheck.report.keyframes import encode_jpeg, nearest_frame
from formcheck.report.paint import Pen
from formcheck.texts import Words

METRIC = "who_was_followed"
"""Name under which the still is kept among the key frames."""

_LONGEST_PX = 640
_LABEL_PX = 22


def still_frame(pose: PoseSequence) -> int | None:
    """Return the frame to show: where the boxes are; None when nobody else was there."""
    if len(pose.people) < 2:
        return None
    return nearest_frame(pose.time_s, _followed(pose.people).box_s)


def still_of(pose: PoseSequence, rgb: RgbImage, say: Words) -> KeyFrame:
    """Outline the people in the frame of ``still_frame``: who is followed in full colour.

    ``say`` has the texts of pictures.
    """
    followed = _followed(pose.people)
    at_s = followed.box_s
    shown = [person for person in pose.people if person.box_s == at_s]
    scale = min(1.0, _LONGEST_PX / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    picture: RgbImage = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(
        np.uint8, copy=False
    )
    for person in sorted(shown, key=lambda person: person.is_followed):
        outline(picture, person, size[0] / pose.video.width_px)
    numbers = ", ".join(str(person.number) for person in shown)
    return KeyFrame(
        metric=METRIC,
        side=None,
        file_time_s=at_s,
        width_px=size[0],
        height_px=size[1],
        jpeg=encode_jpeg(picture),
        alt=say("followed", at_s=at_s, number=followed.number, numbers=numbers),
    )


def _followed(people: Sequence[Person]) -> Person:
    return next(person for person in people if person.is_followed)


def outline(picture: RgbImage, person: Person, scale: float) -> None:
    """Draw a person's box, kept inside the picture, and the number at its top.

    ``scale`` is what one pixel of the clip is in the picture.
    """
    height, width = picture.shape[:2]
    edge = 3.0
    left, top, right, bottom = (scale * side for side in person.box_px)
    left, right = (float(np.clip(x, edge, width - edge)) for x in (left, right))
    top, bottom = (float(np.clip(y, edge, height - edge)) for y in (top, bottom))
    corners = [np.array(c) for c in ((left, top), (right, top), (right, bottom), (left, bottom))]
    sides: list[tuple[FloatArray, FloatArray]] = list(
        zip(corners, [*corners[1:], corners[0]], strict=True)
    )
    pen = Pen(paint.NEAR, 4, 2) if person.is_followed else Pen(paint.FAR, 2, 1)
    paint.lines(picture, sides, pen)
    # Above the head, which the landmarks end below, if there is room.
    at = max(top - 1.5 * _LABEL_PX, 0.8 * _LABEL_PX)
    paint.label(picture, str(person.number), ((left + right) / 2, at), _LABEL_PX)

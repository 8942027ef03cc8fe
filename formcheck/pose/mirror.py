"""Every runner is shown to the pose model facing right.

The model is not the same to both sides: of one rendered clip and its mirror image it made contact
times of 0.25 and 0.27 s, strike angles of 10 and 14 degrees and knees of 19 and 13 degrees at
contact. So that a mirrored copy gives the same numbers, and runners the same errors whichever way
they run, pictures of people who face left are mirrored before the model sees them, and the
landmarks are mirrored back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Protocol

import cv2
import numpy as np

from formcheck.domain import LANDMARKS, FloatArray, RgbImage
from formcheck.pose.link import box_of, height
from formcheck.pose.people import BodyFinder
from formcheck.video.read import Video

_LOOKS = 6
_EVERY_S = 0.4
_OTHER = {"left": "right", "right": "left"}
_PARTNER = [
    LANDMARKS.index("_".join(_OTHER.get(word, word) for word in name.split("_")))
    for name in LANDMARKS
]


class PoseModel(Protocol):
    """Makes body finders; each is for one clip and used as a context manager."""

    def follower(self) -> AbstractContextManager[BodyFinder]:
        """Finds one person and follows them from picture to picture."""

    def searcher(self) -> AbstractContextManager[BodyFinder]:
        """Finds several people in each picture, without memory."""


class MirroredModel:
    """Shows the pictures to another model mirrored, and mirrors its landmarks back."""

    def __init__(self, model: PoseModel) -> None:
        self._model = model

    @contextmanager
    def follower(self) -> Iterator[BodyFinder]:
        """Finds one person and follows them from picture to picture."""
        with self._model.follower() as find:
            yield _mirrored(find)

    @contextmanager
    def searcher(self) -> Iterator[BodyFinder]:
        """Finds several people in each picture, without memory."""
        with self._model.searcher() as find:
            yield _mirrored(find)


def facing_right(model: PoseModel, video: Video, max_side_px: int) -> PoseModel:
    """The model as it is, or mirrored when the people at the start of the clip face left.

    Raises VideoError when the file cannot be read on.
    """
    with model.searcher() as find:
        votes = [_turn(find(rgb)) for rgb in _first_pictures(video, max_side_px)]
    return MirroredModel(model) if sum(votes) < 0 else model


def _first_pictures(video: Video, max_side_px: int) -> Iterator[RgbImage]:
    """A few pictures from the first seconds of a clip."""
    with closing(video.glances(_EVERY_S, _LOOKS, max_side_px=max_side_px)) as frames:
        for frame in frames:
            yield frame.rgb


def _turn(bodies: Sequence[FloatArray]) -> float:
    """Where the tallest person faces: more than 0 to the right, 0 when nobody is there."""
    if not bodies:
        return 0.0
    tallest = max(bodies, key=lambda body: height(box_of(body)))
    x = dict(zip(LANDMARKS, tallest[:, 0], strict=True))
    feet = [x[f"{side}_foot_index"] - x[f"{side}_heel"] for side in ("left", "right")]
    head = x["nose"] - 0.5 * (x["left_ear"] + x["right_ear"])
    return float(np.sign(feet).sum() + 2 * np.sign(head))


def _mirrored(find: BodyFinder) -> BodyFinder:
    def find_mirrored(rgb: RgbImage) -> Sequence[FloatArray]:
        return [_back(body) for body in find(np.asarray(cv2.flip(rgb, 1), dtype=np.uint8))]

    return find_mirrored


def _back(body: FloatArray) -> FloatArray:
    """Landmarks of a mirrored picture in the picture itself: sides and x exchanged."""
    back = body[_PARTNER].copy()
    back[:, 0] = 1.0 - back[:, 0]
    return back

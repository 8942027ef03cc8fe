"""Every runner is shown to the pose model facing right.

The model is not the same to both sides: of one rendered clip and its mirror image it made contact
times of 0.25 and 0.27 s, strike angles of 10 and 14 degrees and knees of 19 and 13 degrees at
contact. So that a mirrored copy gives the same numbers, and runners the same errors whichever way
they run, pictures of people who face left are mirrored before the model sees them, and the
landmarks are mirrored back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import cv2
import numpy as np

from formcheck.domain import LANDMARKS, FloatArray, RgbImage
from formcheck.pose.clip import Clip, Follower
from formcheck.pose.link import box_of, height
from formcheck.pose.people import BodyFinder
from formcheck.video.prefetch import Prefetched
from formcheck.video.read import Video
from formcheck.video.upright import Frame

_LOOKS = 6
_EVERY_S = 0.4
_MOST = 4.0  # votes of one picture
_OTHER = {"left": "right", "right": "left"}
_PARTNER = [
    LANDMARKS.index("_".join(_OTHER.get(word, word) for word in name.split("_")))
    for name in LANDMARKS
]


def first_pictures(video: Video, max_side_px: int) -> Prefetched[Frame]:
    """A few frames from the first seconds of a clip, which are decoded from now on."""
    return video.glances(_EVERY_S, _LOOKS, max_side_px=max_side_px)


def facing_right(clip: Clip, pictures: Iterable[Frame]) -> Clip:
    """The clip as it is, or mirrored for the model when the people in ``pictures`` face left."""
    if not _is_facing_left(clip.search, pictures):
        return clip
    return replace(clip, follower=_mirrored_each(clip.follower), search=mirrored(clip.search))


def _is_facing_left(find: BodyFinder, pictures: Iterable[Frame]) -> bool:
    """Ask picture after picture, until those left cannot change the answer."""
    votes = 0.0
    for number, frame in enumerate(pictures, 1):
        votes += _turn(find(frame.rgb))
        open_votes = _MOST * (_LOOKS - number)
        if not -open_votes <= votes < open_votes:
            break
    return votes < 0


def _turn(bodies: Sequence[FloatArray]) -> float:
    """Where the tallest person faces: more than 0 to the right, 0 when nobody is there."""
    if not bodies:
        return 0.0
    tallest = max(bodies, key=lambda body: height(box_of(body)))
    x = dict(zip(LANDMARKS, tallest[:, 0], strict=True))
    feet = [x[f"{side}_foot_index"] - x[f"{side}_heel"] for side in ("left", "right")]
    head = x["nose"] - 0.5 * (x["left_ear"] + x["right_ear"])
    return float(np.sign(feet).sum() + 2 * np.sign(head))


def _mirrored_each(follower: Follower) -> Follower:
    @contextmanager
    def mirrored_follower() -> Iterator[BodyFinder]:
        with follower() as find:
            yield mirrored(find)

    return mirrored_follower


def mirrored(find: BodyFinder) -> BodyFinder:
    """Shows the pictures to another finder mirrored, and mirrors its landmarks back."""

    def find_mirrored(rgb: RgbImage) -> Sequence[FloatArray]:
        return [_back(body) for body in find(np.asarray(cv2.flip(rgb, 1), dtype=np.uint8))]

    return find_mirrored


def _back(body: FloatArray) -> FloatArray:
    """Landmarks of a mirrored picture in the picture itself: sides and x exchanged."""
    back = body[_PARTNER].copy()
    back[:, 0] = 1.0 - back[:, 0]
    return back

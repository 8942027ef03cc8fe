"""Every runner faces right to the model, and a mirrored copy gives mirrored landmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import LANDMARKS, FloatArray, RgbImage
from formcheck.pose.mirror import MirroredModel, facing_right
from formcheck.pose.people import BodyFinder
from formcheck.video.read import open_video
from tests.copies import copy, mirrored
from tests.rendered import UPRIGHT

LEFT_KNEE, RIGHT_KNEE = LANDMARKS.index("left_knee"), LANDMARKS.index("right_knee")


class BrightSpot:
    """A model that puts its left knee, and nothing else, on the brightest column."""

    @contextmanager
    def follower(self) -> Iterator[BodyFinder]:
        yield self._find

    searcher = follower

    def _find(self, rgb: RgbImage) -> Sequence[FloatArray]:
        body = np.full((len(LANDMARKS), 4), 0.5)
        body[LEFT_KNEE, 0] = (np.argmax(rgb[0, :, 0]) + 0.5) / rgb.shape[1]
        return [body]


def test_what_is_left_in_the_mirror_is_right_and_where_it_really_is() -> None:
    rgb = np.zeros((4, 10, 3), np.uint8)
    rgb[:, 2] = 255
    with MirroredModel(BrightSpot()).follower() as find:
        (body,) = find(rgb)
    assert body[RIGHT_KNEE, 0] == pytest.approx(0.25)
    assert body[LEFT_KNEE, 0] == pytest.approx(0.5)


class Facing(BrightSpot):
    """A model that sees a person facing one way in every picture."""

    def __init__(self, sign: float) -> None:
        self._sign = sign

    def _find(self, _rgb: RgbImage) -> Sequence[FloatArray]:
        body = np.full((len(LANDMARKS), 4), 0.5)
        for name in ("left_foot_index", "right_foot_index", "nose"):
            body[LANDMARKS.index(name), 0] += 0.1 * self._sign
        return [body]


class Empty(BrightSpot):
    """A model that sees nobody."""

    def _find(self, _rgb: RgbImage) -> Sequence[FloatArray]:
        return []


@pytest.mark.parametrize(
    ("model", "is_turned"), [(Facing(1.0), False), (Facing(-1.0), True), (Empty(), False)]
)
def test_only_who_faces_left_is_turned(model: BrightSpot, is_turned: bool) -> None:
    with open_video(UPRIGHT) as video:
        chosen = facing_right(model, video, 640)
    assert isinstance(chosen, MirroredModel) is is_turned


def test_a_mirrored_clip_is_turned_back(tmp_path: Path) -> None:
    flipped = copy(UPRIGHT, tmp_path / "flipped.mp4", picture=mirrored)
    with open_video(UPRIGHT) as one, open_video(flipped) as other:
        first, second = next(one.frames()).rgb, next(other.frames()).rgb
    assert np.abs(first.astype(int) - second[:, ::-1].astype(int)).mean() < 3.0

"""Every runner faces right to the model, and a mirrored copy gives mirrored landmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import LANDMARKS, FloatArray, RgbImage, silent
from formcheck.pose.clip import Clip
from formcheck.pose.mirror import facing_right, first_pictures
from formcheck.pose.mirror import mirrored as mirrored_finder
from formcheck.pose.people import BodyFinder
from formcheck.video.read import open_video
from tests.copies import copy, mirrored
from tests.rendered import UPRIGHT

LEFT_KNEE, RIGHT_KNEE = LANDMARKS.index("left_knee"), LANDMARKS.index("right_knee")


def bright_spot(rgb: RgbImage) -> Sequence[FloatArray]:
    """A model that puts its left knee, and nothing else, on the brightest column."""
    body = np.full((len(LANDMARKS), 4), 0.5)
    body[LEFT_KNEE, 0] = (np.argmax(rgb[0, :, 0]) + 0.5) / rgb.shape[1]
    return [body]


def test_what_is_left_in_the_mirror_is_right_and_where_it_really_is() -> None:
    rgb = np.zeros((4, 10, 3), np.uint8)
    rgb[:, 2] = 255
    (body,) = mirrored_finder(bright_spot)(rgb)
    assert body[RIGHT_KNEE, 0] == pytest.approx(0.25)
    assert body[LEFT_KNEE, 0] == pytest.approx(0.5)


class Facing:
    """A model that sees a person facing to one side after the other; nobody at 0."""

    def __init__(self, *signs: int) -> None:
        self._signs = iter(signs)
        self.n_looks = 0

    def __call__(self, rgb: RgbImage) -> Sequence[FloatArray]:
        self.n_looks += 1
        sign = next(self._signs)
        body = np.full((len(LANDMARKS), 4), 0.5)
        for name in ("left_foot_index", "right_foot_index", "nose"):
            body[LANDMARKS.index(name), 0] += 0.1 * sign
        return [body] if sign and rgb.size else []

    @contextmanager
    def follower(self) -> Iterator[BodyFinder]:
        yield self


@pytest.mark.parametrize(
    ("signs", "is_turned", "n_looks"),
    [
        ((1, 1, 1), False, 3),
        ((-1, -1, -1, -1), True, 4),
        ((0, 0, 0, 0, 0, 0), False, 6),
        ((0, -1, 0, 0, 0, -1), True, 6),
        ((1, -1, 1, -1, 1, -1), False, 5),
    ],
)
def test_only_who_faces_left_is_turned(
    signs: tuple[int, ...], is_turned: bool, n_looks: int
) -> None:
    model = Facing(*signs)
    with open_video(UPRIGHT) as video:
        clip = Clip(video, model.follower, model, 640, silent)
        chosen = facing_right(clip, first_pictures(video, 640))
    assert (chosen is not clip) is is_turned
    assert model.n_looks == n_looks


def test_a_mirrored_clip_is_turned_back(tmp_path: Path) -> None:
    flipped = copy(UPRIGHT, tmp_path / "flipped.mp4", seconds=0.1, picture=mirrored)
    with open_video(UPRIGHT) as one, open_video(flipped) as other:
        first, second = next(one.frames()).rgb, next(other.frames()).rgb
    assert np.abs(first.astype(int) - second[:, ::-1].astype(int)).mean() < 3.0

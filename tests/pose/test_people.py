"""A few looks tell whether anybody else is there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from formcheck.domain import FloatArray, RgbImage
from formcheck.pose.people import Look, Looks, Schedule, others_share
from tests.pose.made_people import put, runner, stander

PICTURE: RgbImage = np.zeros((4, 4, 3), np.uint8)
SIZE = np.array([1280.0, 720.0, 1280.0, 1.0])
FOLLOWED = put(runner(), 900.0)


def looks(*bodies_per_look: Sequence[FloatArray]) -> list[Look]:
    return [Look(10 * index, bodies) for index, bodies in enumerate(bodies_per_look)]


def followed(index: int) -> FloatArray:
    body: FloatArray = FOLLOWED[10 * index]
    return body


def other(scale: float) -> FloatArray:
    body: FloatArray = put(stander(), 300.0, scale)[0]
    return body


@pytest.mark.parametrize(("scale", "share"), [(0.5, 0.0), (0.7, 1.0), (1.6, 1.0)])
def test_people_of_similar_size_are_those_not_much_smaller_than_the_one_followed(
    scale: float, share: float
) -> None:
    seen = looks([followed(0), other(scale)])
    assert others_share(seen, FOLLOWED, similar=True) == share
    assert others_share(seen, FOLLOWED, similar=False) == 1.0


def test_the_one_followed_is_nobody_else() -> None:
    assert others_share(looks([followed(0)], [followed(1)]), FOLLOWED, similar=False) == 0.0


def test_the_share_is_of_the_looks_that_show_anybody() -> None:
    seen = looks([followed(0), other(1.0)], [followed(1)], [])
    assert others_share(seen, FOLLOWED, similar=True) == 0.5
    assert others_share([], FOLLOWED, similar=True) == 0.0


def test_where_the_one_followed_is_lost_two_people_are_needed() -> None:
    lost = np.full_like(FOLLOWED, np.nan)
    assert others_share(looks([other(1.0)]), lost, similar=True) == 0.0
    assert others_share(looks([other(1.0), followed(0)]), lost, similar=True) == 1.0


def test_looks_are_in_pixels_in_order_and_know_their_frame() -> None:
    found = iter([[other(1.0) / SIZE], []])
    with Looks(lambda _: next(found), SIZE) as seen:
        for frame in range(50):
            seen.see(frame, PICTURE, frame / 20)
        results = seen.results()
    assert [(look.frame, len(look.bodies)) for look in results] == [(6, 1), (31, 0)]
    assert results[0].bodies[0] == pytest.approx(other(1.0))


@pytest.mark.parametrize(("duration_s", "most"), [(10, 8), (60, 16), (600, 27)])
def test_looks_get_rarer_as_the_clip_gets_longer(duration_s: float, most: int) -> None:
    schedule = Schedule()
    count = sum(schedule.is_due(number / 30) for number in range(int(duration_s * 30)))
    assert most // 2 <= count <= most


def test_a_clip_shorter_than_the_first_look_has_none() -> None:
    assert not Schedule().is_due(0.1)

"""People are counted once each, and only those about as tall as the tallest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from formcheck.domain import FloatArray, RgbImage
from formcheck.pose.people import PeopleCounter, count_similar

PICTURE: RgbImage = np.zeros((4, 4, 3), np.uint8)


def body(left: float, height: float) -> FloatArray:
    return np.array([(left, 0.0), (left + 0.4 * height, height)])


def counted(bodies_per_look: list[list[FloatArray]], times_s: Sequence[float]) -> int | None:
    """People counted when each look finds the next of the given lists."""
    looks = iter(bodies_per_look)
    with PeopleCounter(lambda _: next(looks)) as counter:
        for time_s in times_s:
            counter.see(PICTURE, time_s)
        return counter.people()


def test_two_people_side_by_side_are_two() -> None:
    assert count_similar([(0, 0, 1, 3), (2, 0, 3, 3)]) == 2


def test_one_person_found_twice_is_one() -> None:
    assert count_similar([(0, 0, 1, 3), (0.1, 0, 1.1, 3)]) == 1


@pytest.mark.parametrize(("height", "people"), [(0.59, 1), (0.61, 2)])
def test_shorter_people_in_the_background_do_not_count(height: float, people: int) -> None:
    assert count_similar([(0, 0, 1, 1), (2, 0, 3, height)]) == people


def test_nobody_is_nobody() -> None:
    assert count_similar([]) == 0


def test_a_passer_by_in_a_minority_of_looks_does_not_count() -> None:
    alone, passed = [body(0, 1)], [body(0, 1), body(2, 1)]
    assert counted([alone, passed, alone, passed], [0.5, 2, 4, 6]) == 1
    assert counted([passed, passed, alone], [0.5, 2, 4]) == 2


def test_looks_that_show_nobody_do_not_outvote_the_others() -> None:
    assert counted([[], [], [body(0, 1), body(2, 1)]], [0.5, 2, 4]) == 2


def test_a_clip_too_short_to_look_at_has_no_count() -> None:
    assert counted([], [0.0, 0.1]) is None


@pytest.mark.parametrize(("duration_s", "most"), [(10, 8), (60, 16), (600, 27)])
def test_looks_get_rarer_as_the_clip_gets_longer(duration_s: float, most: int) -> None:
    looks: list[int] = []

    def look(rgb: RgbImage) -> list[FloatArray]:
        looks.append(1)
        return []

    with PeopleCounter(look) as counter:
        for number in range(int(duration_s * 30)):
            counter.see(PICTURE, number / 30)
        assert counter.people() == 0
    assert most // 2 <= len(looks) <= most

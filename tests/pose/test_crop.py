"""A window moves along with a runner, and what is found in it is placed in the picture."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import RgbImage
from formcheck.pose.crop import Window, is_same, window_around, windows_along
from formcheck.pose.link import Track, box_of
from tests.pose.made_people import picture, put, runner, stander, track

SIZE = (1280, 720)


def test_a_point_of_a_window_is_placed_where_it_was_cut() -> None:
    scene: RgbImage = np.zeros((720, 1280, 3), np.uint8)
    scene[301, 502] = 255
    window = Window(400, 200, 300, 250)
    part = window.cut(scene)
    row, column = np.argwhere(part[:, :, 0])[0]
    body = np.array([[(column + 0.5) / part.shape[1], (row + 0.5) / part.shape[0], 0.1, 0.9]])
    assert window.place(body)[0] == pytest.approx([502.5, 301.5, 30.0, 0.9])


def test_large_windows_are_scaled_down_to_what_the_model_can_use() -> None:
    part = Window(0, 0, 1280, 720).cut(np.zeros((720, 1280, 3), np.uint8))
    assert part.shape == (360, 640, 3)
    assert part.flags.c_contiguous


@pytest.mark.parametrize("centre", [(0.0, 0.0), (1280.0, 720.0), (640.0, 300.0)])
def test_windows_stay_inside_the_picture(centre: tuple[float, float]) -> None:
    window = window_around(np.array(centre), 200.0, SIZE)
    assert (window.width, window.height) == (440, 440)
    assert 0 <= window.left <= SIZE[0] - window.width
    assert 0 <= window.top <= SIZE[1] - window.height


def test_the_window_holds_a_runner_who_crosses_the_picture() -> None:
    crossing = put(runner(), 640.0, 0.3)
    crossing[:, :, 0] += np.linspace(-500, 500, len(crossing))[:, None]
    for body, window in zip(
        crossing, windows_along(track(crossing), picture().time_s, SIZE), strict=True
    ):
        assert window is not None
        left, top, right, bottom = box_of(body)
        assert window.left <= left < right <= window.left + window.width
        assert window.top <= top < bottom <= window.top + window.height


def test_gaps_are_bridged_and_a_window_waits_only_a_moment_at_either_end() -> None:
    person, time_s = runner(), picture().time_s
    frames = np.r_[120:200, 260:400]
    windows = windows_along(Track(frames, person[frames]), time_s, SIZE)
    has_window = np.array([window is not None for window in windows])
    assert has_window[120:400].all()
    assert time_s[has_window][0] == pytest.approx(time_s[120] - 0.5, abs=0.02)
    assert time_s[has_window][-1] == pytest.approx(time_s[399] + 0.5, abs=0.02)


def test_somebody_else_in_the_window_is_not_the_one_followed() -> None:
    body, other = put(runner(), 600.0)[0], put(stander(), 900.0)[0]
    window = window_around(np.array([600.0, 400.0]), 500.0, SIZE)
    assert is_same(body, body, window)
    assert not is_same(other, body, window)


def test_without_an_earlier_look_the_body_must_be_in_the_middle_and_of_the_right_size() -> None:
    body = put(runner(), 600.0, 0.6)[0]
    left, top, right, bottom = box_of(body)
    window = window_around(np.array([(left + right) / 2, 400.0]), bottom - top, SIZE)
    assert is_same(body, None, window)
    assert not is_same(put(runner(), 900.0, 0.6)[0], None, window)
    assert not is_same(put(runner(), 600.0, 0.2)[0], None, window)

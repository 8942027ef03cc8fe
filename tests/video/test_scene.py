"""What is seen in pictures beside the runner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.domain import FloatArray, RgbImage, Scene
from formcheck.video.read import open_video
from formcheck.video.scene import SceneWatcher, watch
from formcheck.video.write import ClipWriter
from tests.rendered import OVERSTRIDE, UPRIGHT

WIDTH_PX, HEIGHT_PX = 640, 360
NOBODY = np.full((33, 2), np.nan)
RUNNER = (260, 80, 380, 330)  # left, top, right, bottom


def wall(seed: int = 1, *, brightness: int = 120) -> RgbImage:
    """A large textured background, twice the size of the picture."""
    noise = np.random.default_rng(seed).normal(0, 60, (2 * HEIGHT_PX, 3 * WIDTH_PX))
    grey = np.clip(brightness + 4 * cv2.GaussianBlur(noise, (0, 0), 3), 0, 255)
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


@dataclass(frozen=True)
class Runner:
    """A flickering box before the background, where the landmarks are."""

    box: tuple[int, int, int, int] = RUNNER

    @property
    def body_px(self) -> FloatArray:
        left, top, right, bottom = self.box
        return np.array([(left, top), (right, bottom)], dtype=np.float64)

    def draw(self, rgb: RgbImage, seed: int) -> None:
        left, top, right, bottom = self.box
        size = bottom - top, right - left, 1
        rgb[top:bottom, left:right] = np.random.default_rng(seed).integers(0, 255, size)


def film(places_px: Sequence[tuple[float, float]], background: RgbImage) -> list[RgbImage]:
    """Pictures of the background; a place is the upper left corner of the window on it."""
    pictures = []
    for x, y in places_px:
        move = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y]])
        picture = cv2.warpAffine(background, move, (WIDTH_PX, HEIGHT_PX))
        pictures.append(np.ascontiguousarray(picture.astype(np.uint8)))
    return pictures


def scene_of(pictures: Sequence[RgbImage], runner: Runner | None = None) -> Scene:
    body_px = NOBODY if runner is None else runner.body_px
    return watch(pictures, [body_px] * len(pictures), WIDTH_PX)


def with_runner(pictures: list[RgbImage]) -> list[RgbImage]:
    for seed, picture in enumerate(pictures):
        Runner().draw(picture, seed)
    return pictures


@pytest.mark.parametrize("speed_px", [(0.0, 0.0), (4.0, 0.0), (-11.3, 0.0), (0.7, -2.4)])
def test_the_background_moves_against_the_camera(speed_px: tuple[float, float]) -> None:
    places = [(WIDTH_PX + k * speed_px[0], 180 + k * speed_px[1]) for k in range(12)]
    scene = scene_of(with_runner(film(places, wall())), Runner())
    np.testing.assert_allclose(scene.shift_px[1:], -np.array([speed_px] * 11), atol=0.25)
    np.testing.assert_allclose(scene.parallax_px, 0.0, atol=0.15)


def test_shifts_are_in_pixels_of_the_upright_picture_whatever_size_is_looked_at() -> None:
    pictures = film([(WIDTH_PX + 6.0 * k, 180) for k in range(6)], wall())
    scene = watch(pictures, [NOBODY] * 6, 3 * WIDTH_PX)
    np.testing.assert_allclose(scene.shift_px[1:, 0], -18.0, atol=0.5)


def test_a_camera_that_travels_moves_what_is_near_more() -> None:
    far = film([(WIDTH_PX + 2.0 * k, 180) for k in range(8)], wall(1))
    near = film([(WIDTH_PX + 8.0 * k, 180) for k in range(8)], wall(2))
    for low, high in zip(near, far, strict=True):
        high[HEIGHT_PX // 2 :] = low[HEIGHT_PX // 2 :]
    scene = scene_of(far)
    np.testing.assert_allclose(scene.parallax_px[1:], -6.0, atol=0.3)


def test_a_player_bar_that_stays_does_not_hide_that_the_camera_moves() -> None:
    pictures = film([(WIDTH_PX + 8.0 * k, 180) for k in range(12)], wall(1))
    bar = film([(0, 0)], wall(2))[0]
    for picture in pictures:
        picture[-150:] = bar[-150:]
    np.testing.assert_allclose(scene_of(pictures).shift_px[2:, 0], -8.0, atol=0.3)


def test_a_plain_wall_tells_nothing_about_the_camera() -> None:
    plain = [np.full((HEIGHT_PX, WIDTH_PX, 3), 90, np.uint8)] * 5
    assert np.isnan(scene_of(with_runner([p.copy() for p in plain]), Runner()).shift_px[1:]).all()


def test_a_new_background_is_a_cut_and_a_quick_pan_is_none() -> None:
    quick = [(500 + 25.0 * k, 180) for k in range(20)]
    scene = scene_of(film(quick, wall(1)) + film(quick, wall(2, brightness=60)))
    assert np.flatnonzero(scene.is_cut).tolist() == [20]


def test_a_flash_is_no_cut() -> None:
    pictures = film([(WIDTH_PX, 180)] * 30, wall(1))
    pictures[15] = np.minimum(pictures[15], 195) + np.uint8(60)
    assert not scene_of(pictures).is_cut.any()


def test_a_picture_shown_twice_is_a_repeat() -> None:
    pictures = with_runner(film([(WIDTH_PX, 180)] * 20, wall()))
    doubled = [picture for picture in pictures for _ in range(2)]
    scene = scene_of(doubled, Runner())
    assert scene.is_repeat.tolist() == [False, True] * 20


def test_a_frozen_start_is_repeated_and_the_cameras_movement_is_not() -> None:
    pictures = with_runner(film([(WIDTH_PX + 3.0 * k, 180) for k in range(40)], wall()))
    scene = scene_of([pictures[0]] * 15 + pictures, Runner())
    assert np.flatnonzero(scene.is_repeat).tolist() == list(range(1, 16))


def test_a_sharp_runner_has_more_edges_than_a_blurred_one() -> None:
    sharp = with_runner(film([(WIDTH_PX, 180)] * 11, wall()))
    blurred = [cv2.GaussianBlur(picture, (0, 0), 4).astype(np.uint8) for picture in sharp]
    one, other = scene_of(sharp, Runner()).sharpness, scene_of(blurred, Runner()).sharpness
    assert np.flatnonzero(np.isfinite(one)).tolist() == [0, 10]
    assert np.nanmin(one) > 20 * np.nanmax(other)


def test_brightness_is_the_runners() -> None:
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 200, np.uint8)
    left, top, right, bottom = RUNNER
    picture[top:bottom, left:right] = 30
    assert scene_of([picture] * 2, Runner()).brightness == pytest.approx(30.0)
    assert scene_of([picture] * 2).brightness[0] > 150


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (50, 40)])
def test_pictures_of_any_size_can_be_watched(size: tuple[int, int]) -> None:
    watcher = SceneWatcher()
    for level in (10, 90, 30):
        watcher.see(np.full((*size, 3), level, np.uint8), NOBODY)
    assert watcher.scene(100).n_frames == 3


def test_no_frames_are_no_scene() -> None:
    with pytest.raises(ValueError, match="no frame"):
        SceneWatcher().scene(100)


def rendered(clip: Path, n_frames: int) -> list[RgbImage]:
    with open_video(clip) as video:
        return [frame.rgb for frame, _ in zip(video.frames(), range(n_frames), strict=False)]


FILMED = Runner((440, 60, 840, 700))


def written(path: Path, pictures: Sequence[RgbImage]) -> Scene:
    """The scene of a real file with these pictures, the runner in the middle."""
    height_px, width_px = pictures[0].shape[:2]
    with ClipWriter(path, width_px, height_px, fps=30.0) as writer:
        for number, picture in enumerate(pictures):
            writer.write(picture, number / 30)
    with open_video(path) as video:
        shown = [frame.rgb for frame in video]
    return watch(shown, [FILMED.body_px] * len(shown), width_px)


def test_a_filmed_runner_before_a_still_camera_has_no_cut_no_repeat_and_no_shift() -> None:
    pictures = rendered(UPRIGHT, 60)
    scene = watch(pictures, [FILMED.body_px] * 60, pictures[0].shape[1])
    assert not scene.is_cut.any()
    assert not scene.is_repeat.any()
    np.testing.assert_allclose(scene.shift_px, 0.0, atol=0.2)


def test_a_clip_encoded_again_with_a_cut_and_copies_shows_both(tmp_path: Path) -> None:
    first = rendered(UPRIGHT, 25)
    second = [np.ascontiguousarray(rgb[::-1]) for rgb in rendered(OVERSTRIDE, 25)]
    pictures = [*first, *[p for p in second for _ in range(2)]]
    scene = written(tmp_path / "clip.mp4", pictures)
    assert np.flatnonzero(scene.is_cut).tolist() == [25]
    assert scene.is_repeat[25:].tolist() == [False, True] * 25


def test_a_panned_copy_of_a_clip_moves_by_the_pan(tmp_path: Path) -> None:
    pictures = [
        np.ascontiguousarray(rgb[:, 8 * k : 8 * k + 900])
        for k, rgb in enumerate(rendered(UPRIGHT, 40))
    ]
    scene = written(tmp_path / "clip.mp4", pictures)
    assert np.nanmedian(scene.shift_px[1:, 0]) == pytest.approx(-8.0, abs=0.4)

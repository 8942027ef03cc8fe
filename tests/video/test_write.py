"""The annotated clip keeps the input's times and starts with its index."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.domain import RgbImage, VideoInfo
from formcheck.errors import OutputError
from formcheck.video.read import open_video
from formcheck.video.upright import Frame
from formcheck.video.write import ClipWriter
from tests.video.clips import marked_picture, red_quarter, steady


def write(path: Path, times_s: list[float], picture: RgbImage) -> tuple[list[Frame], VideoInfo]:
    height_px, width_px = picture.shape[:2]
    with ClipWriter(path, width_px, height_px, fps=30.0) as writer:
        for time_s in times_s:
            writer.write(picture, time_s)
    with open_video(path) as video:
        return list(video), video.info


@pytest.mark.parametrize(
    "times_s",
    [steady(30, 60), steady(30, 30_000 / 1001), [0.0, 0.033, 0.1, 0.117, 0.15, 0.25]],
    ids=["60 fps", "29.97 fps", "uneven"],
)
def test_frame_times_are_kept_to_a_tenth_of_a_millisecond(
    tmp_path: Path, times_s: list[float]
) -> None:
    frames, info = write(tmp_path / "clip.mp4", times_s, marked_picture(64, 48))
    assert [frame.time_s for frame in frames] == pytest.approx(times_s, abs=1e-4)
    assert info.n_frames == len(times_s)


def test_the_file_lasts_as_long_as_the_input(tmp_path: Path) -> None:
    """The last picture stays for one frame interval, as in the input."""
    write(tmp_path / "clip.mp4", steady(60, 60), marked_picture(64, 48))
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert container.duration == pytest.approx(1.0 * av.time_base, abs=1000)
        assert container.start_time == 0


def test_the_index_stands_before_the_pictures(tmp_path: Path) -> None:
    write(tmp_path / "clip.mp4", steady(10, 30), marked_picture(64, 48))
    content = (tmp_path / "clip.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_the_codec_is_one_every_browser_plays(tmp_path: Path) -> None:
    write(tmp_path / "clip.mp4", steady(10, 30), marked_picture(64, 48))
    with av.open(str(tmp_path / "clip.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")


def test_colours_and_orientation_survive(tmp_path: Path) -> None:
    frames, _ = write(tmp_path / "clip.mp4", steady(5, 30), marked_picture(640, 480))
    assert red_quarter(frames[-1].rgb) == "upper left"
    middle = frames[-1].rgb[100:140, 100:140].reshape(-1, 3).mean(axis=0)
    assert middle == pytest.approx((220, 30, 30), abs=6)


@pytest.mark.parametrize(("width_px", "height_px"), [(63, 48), (64, 47), (63, 47)])
def test_odd_sizes_grow_by_one_pixel(tmp_path: Path, width_px: int, height_px: int) -> None:
    frames, _ = write(tmp_path / "clip.mp4", steady(3, 30), marked_picture(width_px, height_px))
    assert frames[0].rgb.shape == (48, 64, 3)


def test_a_picture_may_be_changed_after_it_was_written(tmp_path: Path) -> None:
    picture = marked_picture(640, 480)
    with ClipWriter(tmp_path / "clip.mp4", 640, 480, fps=30.0) as writer:
        writer.write(picture, 0.0)
        picture[:] = 0
        writer.write(picture, 0.1)
    with open_video(tmp_path / "clip.mp4") as video:
        first, second = (frame.rgb.max() for frame in video)
    assert first > 200
    assert second < 20


@pytest.mark.parametrize("time_s", [0.5, 0.2])
def test_times_must_increase(tmp_path: Path, time_s: float) -> None:
    with ClipWriter(tmp_path / "clip.mp4", 64, 48, fps=30.0) as writer:
        writer.write(marked_picture(64, 48), 0.5)
        with pytest.raises(ValueError, match="does not increase"):
            writer.write(marked_picture(64, 48), time_s)


def test_another_size_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with ClipWriter(tmp_path / "clip.mp4", 64, 48, fps=30.0) as writer:
        writer.write(marked_picture(64, 48), 0.0)
        with pytest.raises(ValueError, match="shape"):
            writer.write(np.zeros((48, 60, 3), np.uint8), 1.0)


def test_a_folder_that_is_missing_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        ClipWriter(tmp_path / "missing" / "clip.mp4", 64, 48, fps=30.0)


@pytest.mark.parametrize("height_px", [120, 122, 124, 126])
def test_colours_stay_where_they_are_at_every_height(tmp_path: Path, height_px: int) -> None:
    picture = np.zeros((height_px, 160, 3), dtype=np.uint8)
    picture[: height_px // 2, :, 0] = 200
    picture[height_px // 2 :, :, 2] = 200
    with ClipWriter(tmp_path / "c.mp4", 160, height_px, fps=30.0) as clip:
        for index in range(3):
            clip.write(picture, index / 30)
    with open_video(tmp_path / "c.mp4") as video:
        seen = next(iter(video)).rgb
    assert seen.shape == picture.shape
    edge = np.abs(np.arange(height_px) - height_px // 2) > 3  # where the colours meet they blend
    assert np.abs(seen[edge].astype(int) - picture[edge]).max() < 20

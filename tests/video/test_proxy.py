"""Small pictures kept while a clip is read are those a second decoding would give."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import RgbImage
from formcheck.video.proxy import Proxy, Reading
from formcheck.video.read import Video, open_video
from formcheck.video.segments import plan, read
from formcheck.video.upright import Frame
from tests.batch.test_full_disk import files_of_at_most
from tests.video.clips import Clip, red_quarter, steady, write_clip

UNEVEN_S = [0.0, 0.033, 0.1, 0.117, 0.15, 0.25]
COLOUR_STEP = 1  # grey levels that a colour may be off by


def read_into(proxy: Proxy, clip: Path, max_side_px: int | None = None) -> list[Frame]:
    with open_video(clip, reading=Reading(proxy=proxy)) as video:
        return list(video.frames(max_side_px=max_side_px))


@contextmanager
def kept(clip: Path, folder: Path) -> Iterator[tuple[Proxy, Video]]:
    """A clip opened to be read into a proxy."""
    with Proxy(32, folder=folder) as proxy, open_video(clip, reading=Reading(proxy=proxy)) as video:
        yield proxy, video


def times(frames: list[Frame]) -> list[float]:
    return [frame.time_s for frame in frames]


def assert_alike(one: RgbImage, other: RgbImage) -> None:
    """The middles of the quarters: colour at half the resolution blurs the edges between them."""
    assert one.shape == other.shape
    height, width, _ = one.shape
    for row in (height // 4, 3 * height // 4):
        for column in (width // 4, 3 * width // 4):
            block = slice(row - 2, row + 3), slice(column - 2, column + 3)
            off = one[block].astype(int) - other[block].astype(int)
            assert np.abs(off).max() <= COLOUR_STEP


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(192, 128), (196, 132), (260, 100)])
@pytest.mark.parametrize(
    ("matrix", "pixel_format"),
    [("bt470bg", "yuv420p"), ("bt709", "yuv420p"), ("bt709", "yuvj420p")],
)
def test_frames_are_the_small_ones_of_a_second_decoding(
    matrix: str, pixel_format: str, size: tuple[int, int], rotation_deg: int, tmp_path: Path
) -> None:
    options = {"x264-params": f"colormatrix={matrix}"}
    facts = Clip(
        UNEVEN_S, *size, pixel_format=pixel_format, rotation_deg=rotation_deg, options=options
    )
    clip = write_clip(tmp_path / "clip.mp4", facts)
    with Proxy(95, folder=tmp_path) as proxy:
        full = read_into(proxy, clip, 120)
        assert proxy.holds(np.array(times(full)))
        small = [Frame(frame.time_s, frame.rgb.copy()) for frame in proxy.frames()]
    with open_video(clip) as video:
        expected = list(video.frames(max_side_px=95))
    assert times(small) == times(expected)
    for one, other in zip(small, expected, strict=True):
        assert_alike(one.rgb, other.rgb)
        assert red_quarter(one.rgb) == red_quarter(other.rgb)


def test_the_file_has_no_name_and_goes_with_the_proxy(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    folder = tmp_path / "spare"
    folder.mkdir()
    with Proxy(32, folder=folder) as proxy:
        frames = read_into(proxy, clip)
        assert list(folder.iterdir()) == []
        assert proxy.holds(np.array(times(frames)))
    assert not proxy.holds(np.array(times(frames)))


def test_parts_read_at_the_same_time_make_a_whole(tmp_path: Path) -> None:
    options = {"g": "60", "preset": "ultrafast"}
    clip = write_clip(tmp_path / "clip.mp4", Clip(steady(1200, 60.0), options=options))
    with kept(clip, tmp_path) as (proxy, video):
        planned = plan(video)
        assert planned is not None
        assert len(planned.segments) > 1
        threads = [
            threading.Thread(target=lambda part=part: list(read(video, planned, part, 64)))
            for part in planned.segments
        ]
        for thread in reversed(threads):
            thread.start()
        for thread in threads:
            thread.join()
        assert proxy.holds(planned.time_s)
        assert times(list(proxy.frames())) == planned.time_s.tolist()


def test_frames_that_are_missing_are_noticed(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    with kept(clip, tmp_path) as (proxy, video):
        list(video.glances(0.1, 2, max_side_px=64))
        assert not proxy.holds(np.array(UNEVEN_S))


@pytest.mark.parametrize(("max_side_px", "frames_of_room"), [(64, 100), (32, 5)])
def test_a_small_clip_or_a_long_one_is_not_kept(
    max_side_px: int, frames_of_room: int, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    room = frames_of_room * 32 * 24 * 3 // 2
    with Proxy(max_side_px, folder=tmp_path, most_bytes=room) as proxy:
        assert not proxy.holds(np.array(times(read_into(proxy, clip))))


def test_a_clip_that_is_longer_than_it_says_is_let_go(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = write_clip(tmp_path / "clip.mkv", Clip(UNEVEN_S))
    with open_video(clip) as video:
        assert video.n_frames_hint is None
    room = 5 * 32 * 24 * 3 // 2
    with caplog.at_level(logging.INFO), Proxy(32, folder=tmp_path, most_bytes=room) as proxy:
        frames = read_into(proxy, clip)
        assert not proxy.holds(np.array(times(frames)))
    assert len(frames) == len(UNEVEN_S)
    assert "more than 5 frames" in caplog.text


def test_a_disk_without_room_costs_no_more_than_a_second_decoding(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    with caplog.at_level(logging.INFO), Proxy(32, folder=tmp_path) as proxy:
        with files_of_at_most(3 * 32 * 24 * 3 // 2 + 100):
            frames = read_into(proxy, clip)
        assert len(frames) == len(UNEVEN_S)
        assert not proxy.holds(np.array(times(frames)))
    assert "decoded again" in caplog.text


def test_a_folder_that_is_not_there_means_no_proxy(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    with Proxy(32, folder=tmp_path / "nowhere") as proxy:
        assert not proxy.holds(np.array(times(read_into(proxy, clip))))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the list of open files")
def test_temporary_files_go_where_the_user_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)  # what was found before
    with Proxy(32) as proxy:
        read_into(proxy, clip)
        open_files = [str(each.resolve()) for each in Path("/proc/self/fd").iterdir()]
        assert any(name.startswith(f"{tmp_path}/") for name in open_files)

"""A part of a video, thinned out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import VideoError
from formcheck.video.excerpt import Excerpt, frame_times
from formcheck.video.read import open_video
from tests.rendered import UPRIGHT


def times_of(path: Path) -> list[float]:
    with open_video(path) as video:
        return [frame.time_s for frame in video]


def test_packet_times_are_those_of_the_decoded_frames() -> None:
    assert frame_times(UPRIGHT) == pytest.approx(times_of(UPRIGHT))


def test_an_excerpt_holds_every_nth_frame_of_its_stretch_and_the_same_pictures() -> None:
    with open_video(UPRIGHT) as video:
        whole = [(frame.time_s, frame.rgb) for frame in video]
    wanted = [(t, rgb) for t, rgb in whole if 1.0 <= t < 2.0][::3]
    with Excerpt(UPRIGHT, start_s=1.0, stop_s=2.0, step=3) as excerpt:
        found = [(frame.time_s, frame.rgb) for frame in excerpt]
    assert [t for t, _ in found] == pytest.approx([t - wanted[0][0] for t, _ in wanted])
    for (_, one), (_, other) in zip(found, wanted, strict=True):
        assert np.array_equal(one, other)


def test_an_excerpt_describes_itself() -> None:
    with open_video(UPRIGHT) as video, Excerpt(UPRIGHT, start_s=1.0, stop_s=2.0, step=2) as excerpt:
        rate = 1 / np.median(np.diff([frame.time_s for frame in video]))
        count = sum(1 for _ in excerpt)
        assert excerpt.info.n_frames == count
        assert excerpt.info.fps == pytest.approx(rate / 2, rel=0.01)
        assert (excerpt.info.width_px, excerpt.info.height_px) == (video.width_px, video.height_px)


def test_a_stretch_behind_the_end_has_no_frames() -> None:
    with Excerpt(UPRIGHT, start_s=1e3, stop_s=1e4, step=1) as excerpt, pytest.raises(VideoError):
        list(excerpt)


def test_what_is_no_video_has_no_frame_times(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("not a film")
    with pytest.raises(VideoError):
        frame_times(tmp_path / "a.mp4")

"""A long clip is cut by its file alone, and read in parts it gives the frames it has."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.video.read import open_video
from formcheck.video.segments import LEAD_FRAMES, NotAsPlannedError, Plan, plan, read
from formcheck.video.upright import Frame
from tests.video.clips import Clip, steady, write_clip

TASKS = Path("/proc/self/task")

FPS = 60.0
N_FRAMES = 1260
GOP = {"g": "60", "bf": "3", "preset": "ultrafast"}


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip long enough to be cut, with B-frames and a key frame a second."""
    folder = tmp_path_factory.mktemp("long")
    return write_clip(folder / "clip.mp4", Clip(steady(N_FRAMES, FPS), options=GOP))


@pytest.fixture(scope="module")
def planned(long_clip: Path) -> Plan:
    with open_video(long_clip) as video:
        found = plan(video)
    assert found is not None
    return found


def frames_of(clip: Path, planned: Plan, number: int) -> list[Frame]:
    with open_video(clip) as video:
        return list(read(video, planned, planned.segments[number], 1280))


def test_segments_cover_every_frame_once_after_a_lead(planned: Plan) -> None:
    first, *others = planned.segments
    assert (first.lead, first.first) == (0, 0)
    assert others
    assert [s.first for s in others] == [s.stop for s in planned.segments[:-1]]
    assert planned.segments[-1].stop == len(planned.time_s) == N_FRAMES
    assert all(s.first - s.lead == LEAD_FRAMES for s in others)


def test_times_of_the_plan_are_those_of_the_frames(long_clip: Path, planned: Plan) -> None:
    with open_video(long_clip) as video:
        times = [frame.time_s for frame in video]
    assert planned.time_s.tolist() == times


def test_segments_read_apart_give_the_frames_of_the_clip(long_clip: Path, planned: Plan) -> None:
    for number, segment in enumerate(planned.segments):
        frames = frames_of(long_clip, planned, number)
        expected = planned.time_s[segment.lead : segment.stop]
        assert [frame.time_s for frame in frames] == expected.tolist()


def test_a_short_clip_is_not_cut(tmp_path: Path) -> None:
    short = write_clip(tmp_path / "clip.mp4", Clip(steady(300, FPS), options=GOP))
    with open_video(short) as video:
        assert plan(video) is None


@pytest.mark.parametrize(
    ("suffix", "options"),
    [(".mkv", GOP), (".mp4", GOP | {"g": "100000", "sc_threshold": "0"})],
    ids=["no index to seek by", "one key frame"],
)
def test_a_clip_that_cannot_be_entered_is_not_cut(
    tmp_path: Path, suffix: str, options: dict[str, str]
) -> None:
    clip = write_clip(tmp_path / f"clip{suffix}", Clip(steady(N_FRAMES, FPS), options=options))
    with open_video(clip) as video:
        assert plan(video) is None


def test_frames_that_differ_from_the_plan_are_noticed(long_clip: Path, planned: Plan) -> None:
    time_s = np.delete(planned.time_s, 700)  # a frame the index does not know
    with pytest.raises(NotAsPlannedError, match="no frame at"):
        frames_of(long_clip, replace(planned, time_s=time_s), 1)


@pytest.mark.skipif(not TASKS.is_dir(), reason="needs the list of threads")
def test_a_part_is_decoded_by_one_thread(long_clip: Path, planned: Plan) -> None:
    """Frames are decoded several at once where a clip is read in one go: more memory each."""
    with open_video(long_clip) as video:
        segment = planned.segments[1]
        with closing(read(video, planned, segment, 64)) as frames:
            next(frames)
            names = [(task / "comm").read_text() for task in TASKS.iterdir()]
    assert [name for name in names if name.startswith("av:")] == []

"""A recorded pose comes back as it was; other files are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import (
    LANDMARKS,
    SCENE_ARRAYS,
    Choice,
    Legs,
    ModelInfo,
    Person,
    PoseSequence,
    Scene,
    VideoInfo,
)
from formcheck.errors import OutputError, VideoError
from formcheck.pose.recorded import load_pose, save_pose

N_FRAMES = 40
PEOPLE = (
    Person(1, (-3, 60, 60, 330), 2.0, "left", 0.0, 4.0, Legs.UNSEEN, 0.0, is_followed=False),
    Person(2, (100, 50, 220, 350), 2.0, "middle", 0.5, 4.0, Legs.CYCLE, 0.41, is_followed=True),
)


@pytest.fixture
def pose() -> PoseSequence:
    """A pose with gaps, in a large picture, at uneven times."""
    random = np.random.default_rng(7)
    shape = (N_FRAMES, len(LANDMARKS))
    xy_px = random.uniform(0, 4000, (*shape, 2))
    xy_px[5:9] = np.nan
    return PoseSequence(
        time_s=np.cumsum(random.uniform(0.01, 0.05, N_FRAMES)),
        xy_px=xy_px,
        depth_px=random.normal(0, 300, shape),
        visibility=random.uniform(0, 1, shape),
        video=VideoInfo(
            "läufer.mp4", 4000, 3000, 29.97, N_FRAMES, 1.3, 90, 8.0, True, "hevc", "ab" * 32
        ),
        model=ModelInfo("full", "cd" * 32, "built", "mediapipe 1.2.2"),
        people=PEOPLE,
        choice=Choice.RUNS,
    )


def test_everything_comes_back(pose: PoseSequence, tmp_path: Path) -> None:
    save_pose(pose, tmp_path / "pose.npz")
    back = load_pose(tmp_path / "pose.npz")
    assert np.array_equal(back.time_s, pose.time_s)
    np.testing.assert_allclose(back.xy_px, pose.xy_px, rtol=0, atol=0.001)
    np.testing.assert_allclose(back.depth_px, pose.depth_px, rtol=0, atol=0.001)
    np.testing.assert_allclose(back.visibility, pose.visibility, rtol=0, atol=1e-6)
    assert (back.video, back.model) == (pose.video, pose.model)
    assert (back.people, back.choice) == (PEOPLE, Choice.RUNS)
    assert back.landmarks == LANDMARKS


def made_scene(n_frames: int) -> Scene:
    random = np.random.default_rng(3)
    cut, repeat, change, parallax, sharpness, brightness = random.normal(0, 5, (6, n_frames))
    sharpness[3] = np.nan
    shift = random.normal(0, 5, (n_frames, 2))
    return Scene(cut > 0, repeat > 0, change, shift, parallax, sharpness, brightness)


def test_the_scene_comes_back_and_one_nobody_saw_stays_unknown(
    pose: PoseSequence, tmp_path: Path
) -> None:
    scene = made_scene(N_FRAMES)
    save_pose(replace(pose, scene=scene), tmp_path / "pose.npz")
    back = load_pose(tmp_path / "pose.npz").scene
    assert back is not None
    for name in SCENE_ARRAYS:
        np.testing.assert_array_equal(getattr(back, name), getattr(scene, name))
    save_pose(pose, tmp_path / "pose.npz")
    assert load_pose(tmp_path / "pose.npz").scene is None


def test_a_scene_of_another_clip_is_not_taken(pose: PoseSequence) -> None:
    with pytest.raises(ValueError, match="frames"):
        replace(pose, scene=made_scene(N_FRAMES + 1))


def test_unknown_model_and_choice_stay_unknown(pose: PoseSequence, tmp_path: Path) -> None:
    save_pose(replace(pose, model=None, people=(), choice=None), tmp_path / "pose.npz")
    back = load_pose(tmp_path / "pose.npz")
    assert back.model is None
    assert (back.people, back.choice) == ((), None)


def test_a_pose_read_and_kept_again_does_not_change(pose: PoseSequence, tmp_path: Path) -> None:
    save_pose(pose, tmp_path / "first.npz")
    save_pose(load_pose(tmp_path / "first.npz"), tmp_path / "second.npz")
    first, second = load_pose(tmp_path / "first.npz"), load_pose(tmp_path / "second.npz")
    assert np.array_equal(first.xy_px, second.xy_px, equal_nan=True)


def foreign_npz(path: Path) -> None:
    np.savez(path, xy=np.zeros(3))


def single_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def newer_version(path: Path) -> None:
    about = json.dumps({"format": "formcheck-pose", "version": 99})
    empty = np.zeros(0)
    np.savez(path, about=about, time_s=empty, xy_px=empty, depth_px=empty, visibility=empty)


def pickled(path: Path) -> None:
    np.savez(path, about=np.array([{"format": "formcheck-pose"}], dtype=object))


@pytest.mark.parametrize(
    "make",
    [
        foreign_npz,
        single_array,
        newer_version,
        pickled,
        lambda path: path.write_text("hello"),
        lambda path: path.touch(),
        lambda path: path.write_bytes(b"PK\x03\x04 torn"),
    ],
    ids=["npz", "npy", "newer", "pickled", "text", "empty", "torn zip"],
)
def test_other_files_are_refused(make: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "pose.npz"
    make(path)
    with pytest.raises(VideoError, match="not a recorded pose"):
        load_pose(path)


def test_a_truncated_pose_is_refused(pose: PoseSequence, tmp_path: Path) -> None:
    path = tmp_path / "pose.npz"
    save_pose(pose, path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(VideoError, match="not a recorded pose"):
        load_pose(path)


def test_a_missing_pose_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"pose\.npz cannot be read"):
        load_pose(tmp_path / "pose.npz")


def test_a_folder_that_is_missing_is_an_output_error(pose: PoseSequence, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        save_pose(pose, tmp_path / "missing" / "pose.npz")

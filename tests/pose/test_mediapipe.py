"""The real pose model on rendered runners: where, when and how many."""

from __future__ import annotations

import itertools
import logging
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.domain import LANDMARKS, Choice, Legs, ModelInfo, PoseSequence
from formcheck.errors import ModelFileError
from formcheck.pose import mediapipe
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.pose.mediapipe import MediaPipeBackend, PoseParams
from formcheck.video.read import open_video
from formcheck.video.write import ClipWriter
from tests.rendered import UPRIGHT, truth_of

pytestmark = pytest.mark.mediapipe

N_FRAMES = 150  # 2.5 s: seven steps
MOST_LAG_FRAMES = 0.15
FPS = 60.0
NEAR = {"right_ankle": "ankle_r", "right_heel": "heel_r"}


@pytest.fixture(scope="module")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of a rendered clip."""
    return write_clip(tmp_path_factory.mktemp("clip") / "short.mp4", UPRIGHT, N_FRAMES)


def write_clip(path: Path, source: Path, n_frames: int, *, copies: int = 1) -> Path:
    """The beginning of a clip; its middle ``copies`` times side by side in the same width."""
    with open_video(source) as video:
        width_px = video.width_px // copies
        left = (video.width_px - width_px) // 2
        with ClipWriter(path, copies * width_px, video.height_px, fps=FPS) as writer:
            for frame in itertools.islice(video, n_frames):
                middle = frame.rgb[:, left : left + width_px]
                writer.write(np.tile(middle, (1, copies, 1)), frame.time_s)
    return path


def estimate(path: Path, model: tuple[Path, ModelInfo], wanted: Wanted = ANYBODY) -> PoseSequence:
    with open_video(path) as video:
        return MediaPipeBackend(*model, PoseParams()).estimate(video, wanted=wanted)


@pytest.fixture(scope="module")
def pose(short_clip: Path, pose_model: tuple[Path, ModelInfo]) -> PoseSequence:
    """The pose in the beginning of the clip."""
    return estimate(short_clip, pose_model)


def lag_frames(pose: PoseSequence) -> float:
    """Frames by which the near foot trails the rendered one: mean of ankle and heel.

    Each alone is off by up to 0.15, early or late, because the model's idea of where the landmark
    sits moves with the tilt of the foot.
    """
    return float(np.mean([landmark_lag_frames(pose, landmark) for landmark in NEAR]))


def landmark_lag_frames(pose: PoseSequence, landmark: str) -> float:
    """Frames by which a landmark trails the rendered point, from its horizontal track.

    The delay of the truth, in steps of 1/20 frame, with the least median distance, after removing
    the constant offset that the model's idea of the landmark has.
    """
    frames = truth_of(UPRIGHT).raw["frames"][: len(pose.time_s)]
    truth_px = np.array([frame["p"][NEAR[landmark]][3] for frame in frames])
    seen_px = pose.track_px(landmark)[:, 0]
    number = np.arange(len(truth_px), dtype=float)
    inner = slice(10, -10)  # delays look beyond the ends

    def misfit(lag: float) -> float:
        delayed = np.interp(number - lag, number, truth_px)
        difference = (seen_px - delayed)[inner]
        return float(np.median(np.abs(difference - np.median(difference))))

    delays = np.arange(-3.0, 3.0, 0.05)
    return float(delays[np.argmin([misfit(lag) for lag in delays])])


def test_landmarks_do_not_trail_the_runner(pose: PoseSequence) -> None:
    assert abs(lag_frames(pose)) < MOST_LAG_FRAMES


def test_true_timestamps_would_let_landmarks_trail(
    short_clip: Path, pose_model: tuple[Path, ModelInfo], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: at true intervals the landmarker's own filter delays them."""
    monkeypatch.setattr(mediapipe, "_FRAME_GAP_MS", round(1000 / FPS))
    smoothed = estimate(short_clip, pose_model)
    assert lag_frames(smoothed) > 2 * MOST_LAG_FRAMES


def test_the_runner_is_found_where_it_was_rendered(pose: PoseSequence) -> None:
    frames = truth_of(UPRIGHT).raw["frames"][: len(pose.time_s)]
    hip_px = np.array([frame["p"]["hip_r"][3:5] for frame in frames])
    distance_px = np.hypot(*(pose.track_px("right_hip") - hip_px).T)
    assert np.isfinite(pose.xy_px).all()
    assert np.median(distance_px) < 20  # of a leg of 260


def test_times_and_facts_are_those_of_the_file(
    pose: PoseSequence, pose_model: tuple[Path, ModelInfo]
) -> None:
    assert pose.time_s == pytest.approx(np.arange(N_FRAMES) / FPS, abs=1e-4)
    assert (pose.video.width_px, pose.video.height_px) == (1280, 720)
    assert pose.model == pose_model[1]
    assert pose.landmarks == LANDMARKS
    assert ((pose.visibility >= 0) & (pose.visibility <= 1)).all()


def test_the_pictures_were_watched_while_the_runner_was_followed(pose: PoseSequence) -> None:
    scene = pose.scene
    assert scene is not None
    assert scene.n_frames == N_FRAMES
    assert not (scene.is_cut | scene.is_repeat).any()
    np.testing.assert_allclose(scene.shift_px, 0.0, atol=0.3)


def test_a_clip_always_gives_the_same_pose(
    pose: PoseSequence, short_clip: Path, pose_model: tuple[Path, ModelInfo]
) -> None:
    again = estimate(short_clip, pose_model)
    assert np.array_equal(pose.xy_px, again.xy_px)
    assert pose.people == again.people


def test_one_runner_alone_is_nobody_to_choose(pose: PoseSequence) -> None:
    assert pose.choice is Choice.ALONE
    (only,) = pose.people
    assert (only.number, only.legs, only.is_followed) == (1, Legs.CYCLE, True)


def test_two_runners_side_by_side_are_left_to_the_user(
    tmp_path: Path, pose_model: tuple[Path, ModelInfo]
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", UPRIGHT, 45, copies=2)
    undecided = estimate(clip, pose_model)
    assert undecided.choice is Choice.UNDECIDED
    assert [person.legs for person in undecided.people] == [Legs.CYCLE, Legs.CYCLE]
    half_px = undecided.video.width_px / 2
    for wanted, on_the_right in ((Wanted(person=1), False), (Wanted(at=(0.75, 0.5)), True)):
        asked = estimate(clip, pose_model, wanted)
        assert asked.choice is Choice.ASKED
        hips_px = asked.midpoint_px("hip")[:, 0]
        assert np.all((hips_px > half_px) == on_the_right)


def write_bystander_in_front(path: Path, *, n_frames: int) -> Path:
    """The runner at the right and, nearer and a third taller, a frozen copy at the left."""
    with open_video(UPRIGHT) as video, ClipWriter(path, 1280, 720, fps=FPS) as writer:
        still = None
        for frame in itertools.islice(video, n_frames):
            if still is None:
                large = cv2.resize(frame.rgb, (1707, 960))
                still = large[200:920, 603:1103]
            picture = np.concatenate((still, frame.rgb[:, 250:1030]), axis=1)
            writer.write(np.ascontiguousarray(picture), frame.time_s)
    return path


@pytest.fixture(scope="module")
def in_front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bystander_in_front(tmp_path_factory.mktemp("front") / "clip.mp4", n_frames=90)


def test_a_nearer_and_taller_bystander_is_not_the_runner(
    in_front: Path, pose: PoseSequence, pose_model: tuple[Path, ModelInfo]
) -> None:
    found = estimate(in_front, pose_model)
    assert found.choice is Choice.RUNS
    assert [person.is_followed for person in found.people] == [False, True]
    moved_px = found.midpoint_px("hip") - pose.midpoint_px("hip")[: len(found.time_s)]
    distance_px = np.hypot(*(moved_px - (250.0, 0.0)).T)
    assert np.max(distance_px) < 26  # a tenth of the leg


def write_far_away(path: Path, *, n_frames: int) -> Path:
    """The runner 0.15 of the width tall, at rest in a large, grey, still picture."""
    with open_video(UPRIGHT) as video, ClipWriter(path, 2560, 1440, fps=FPS) as writer:
        for frame in itertools.islice(video, n_frames):
            picture = np.full((1440, 2560, 3), 120, np.uint8)
            picture[600:1140, 1200:2160] = cv2.resize(
                frame.rgb, (960, 540), interpolation=cv2.INTER_AREA
            )
            writer.write(picture, frame.time_s)
    return path


def test_a_runner_too_small_for_the_detector_is_found_on_parts_of_the_picture(
    tmp_path: Path, pose: PoseSequence, pose_model: tuple[Path, ModelInfo]
) -> None:
    found = estimate(write_far_away(tmp_path / "clip.mp4", n_frames=60), pose_model)
    seen = np.isfinite(found.xy_px[:, 0, 0])
    assert seen[30:].all()
    expected_px = 0.75 * pose.track_px("right_hip")[: len(found.time_s)] + (1200.0, 600.0)
    distance_px = np.hypot(*(found.track_px("right_hip") - expected_px).T)
    assert np.nanmedian(distance_px) < 5  # of a leg of 195


@pytest.mark.parametrize("width_px", [1278, 853])
def test_rows_that_are_no_multiple_of_64_bytes_do_not_hide_the_runner(
    tmp_path: Path, width_px: int, pose_model: tuple[Path, ModelInfo]
) -> None:
    path = tmp_path / "clip.mp4"
    with open_video(UPRIGHT) as video, ClipWriter(path, width_px, 720, fps=FPS) as writer:
        for frame in itertools.islice(video, 5):
            writer.write(frame.rgb[:, :width_px], frame.time_s)
    assert np.isfinite(estimate(path, pose_model).xy_px).all()


def test_an_empty_picture_holds_nobody(tmp_path: Path, pose_model: tuple[Path, ModelInfo]) -> None:
    path = tmp_path / "clip.mp4"
    with ClipWriter(path, 320, 240, fps=10.0) as writer:
        for number in range(12):
            writer.write(np.full((240, 320, 3), 90, np.uint8), number / 10)
    pose = estimate(path, pose_model)
    assert np.isnan(pose.xy_px).all()
    assert np.isnan(pose.visibility).all()
    assert (pose.people, pose.choice) == ((), None)


def test_progress_counts_every_frame(tmp_path: Path, pose_model: tuple[Path, ModelInfo]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", UPRIGHT, 6)
    seen: list[tuple[int, int | None]] = []
    with open_video(clip) as video:
        backend = MediaPipeBackend(*pose_model, PoseParams())
        backend.estimate(video, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 6) for done in range(1, 7)]


def test_mediapipe_stays_off_the_terminal_and_goes_to_the_log(
    tmp_path: Path,
    pose_model: tuple[Path, ModelInfo],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", UPRIGHT, 30)
    capfd.readouterr()
    with caplog.at_level(logging.DEBUG, logger="formcheck.pose.quiet"):
        estimate(clip, pose_model)
    assert capfd.readouterr() == ("", "")
    assert caplog.records


def test_an_image_left_half_made_is_let_go_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    kind = mediapipe._image_type()
    kind.__new__(kind)
    assert said == []


def test_a_model_that_does_not_load_is_a_model_error(
    tmp_path: Path, pose_model: tuple[Path, ModelInfo]
) -> None:
    (tmp_path / "mine.task").write_bytes(b"no model")
    backend = MediaPipeBackend(tmp_path / "mine.task", pose_model[1], PoseParams())
    with open_video(UPRIGHT) as video, pytest.raises(ModelFileError, match="not a model"):
        backend.estimate(video)

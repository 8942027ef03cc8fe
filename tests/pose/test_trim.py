"""What is left out of the landmark network changes no landmark."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import FloatArray, ModelInfo
from formcheck.pose import mediapipe
from formcheck.pose.mediapipe import MediaPipeBackend, PoseParams
from formcheck.pose.trim import without_silhouette
from formcheck.video.read import open_video
from tests.rendered import UPRIGHT

pytestmark = pytest.mark.mediapipe


def landmarks(model: tuple[Path, ModelInfo]) -> FloatArray:
    """What is found in a few frames, followed and searched."""
    backend = MediaPipeBackend(*model, PoseParams())
    with (
        open_video(UPRIGHT) as video,
        backend.follower() as follow,
        backend.searcher() as search,
    ):
        frames = list(itertools.islice(video, 12))
        found = [*(follow(frame.rgb)[0] for frame in frames), search(frames[-1].rgb)[0]]
    return np.stack(found)


def test_landmarks_are_the_same_bit_for_bit(
    pose_model: tuple[Path, ModelInfo], monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter = landmarks(pose_model)
    monkeypatch.setattr(mediapipe, "without_silhouette", lambda _: None)
    assert np.array_equal(shorter, landmarks(pose_model))


def test_the_model_has_a_silhouette_to_leave_out(pose_model: tuple[Path, ModelInfo]) -> None:
    shorter = without_silhouette(pose_model[0])
    assert shorter is not None
    assert shorter != pose_model[0].read_bytes()


def test_a_file_that_is_no_bundle_is_left_to_the_runtime(tmp_path: Path) -> None:
    path = tmp_path / "mine.task"
    path.write_bytes(b"no model")
    assert without_silhouette(path) is None

"""MediaPipe's Tasks PoseLandmarker as a pose backend; the only analysis code that imports it.

The landmarker runs in VIDEO mode: it tracks the runner from frame to frame, which is faster and
steadier than searching each frame anew. That mode also smooths the landmarks over time, which
delays them and flattens fast movements. The smoothing gets weaker the further timestamps lie apart,
so frames are fed 100 s apart: nothing is left of it, and the tracking, which does not look at
time, stays. The frames' true times are kept beside the landmarks. docs/decisions/0007 has the
frame size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.domain import FloatArray, ModelInfo, PoseSequence, Progress, RgbImage, silent
from formcheck.errors import ModelFileError
from formcheck.heap import few_arenas, give_back
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.pose.clip import Clip
from formcheck.pose.follow import Followed, follow_runner
from formcheck.pose.mirror import facing_right, first_pictures
from formcheck.pose.people import BodyFinder
from formcheck.pose.quiet import native_remarks_logged
from formcheck.pose.trim import without_silhouette
from formcheck.texts import text
from formcheck.video.read import Video

_FRAME_GAP_MS = 100_000  # fed to the landmarker; true intervals would let its filter take hold
_MOST_PEOPLE = 4  # searched for in one picture


@dataclass(frozen=True, slots=True)
class PoseParams:
    """How frames are given to the landmarker and how sure it must be.

    ``max_side_px``: longer pictures are scaled down first. The confidences (0-1) are MediaPipe's
    own: for finding somebody, for a body being in the tracked region, and for going on tracking.
    """

    max_side_px: int = 1280
    min_detection_confidence: float = 0.5
    min_presence_confidence: float = 0.5
    min_tracking_confidence: float = 0.5


class MediaPipeBackend:
    """Pose backend that runs one model file; every clip gets a fresh landmarker."""

    def __init__(self, model_path: Path, info: ModelInfo, params: PoseParams) -> None:
        self._model_path = model_path
        self._info = info
        self._params = params

    @property
    def name(self) -> str:
        """Name and version of the software, for provenance."""
        return self._info.backend

    @property
    def model(self) -> ModelInfo:
        """The model in use."""
        return self._info

    def estimate(
        self,
        video: Video,
        *,
        wanted: Wanted = ANYBODY,
        progress: Progress = silent,
        jobs: int = 1,
    ) -> PoseSequence:
        """Landmarks of the runner in every frame, in pixels of the upright picture.

        Up to ``jobs`` parts of a long clip are worked on at once; the landmarks are the same.

        Raises VideoError when the file cannot be read on, ModelFileError when the model does not
        load, NoRunnerError when the person wanted is not there.
        """
        longest = self._params.max_side_px
        with ExitStack() as ends:
            # These pictures are decoded while the model is loaded.
            with closing(first_pictures(video, longest)) as pictures:
                search = ends.enter_context(self.searcher())
                clip = facing_right(Clip(video, self.follower, search, longest, progress), pictures)
            followed = follow_runner(clip, wanted, jobs)
        return self._sequence(followed, video)

    @contextmanager
    def follower(self) -> Iterator[BodyFinder]:
        """Finds one person and follows them from picture to picture."""
        with self._landmarker("VIDEO", 1) as landmarker:
            yield _Follower(landmarker)

    @contextmanager
    def searcher(self) -> Iterator[BodyFinder]:
        """Finds several people in each picture, without memory."""
        with self._landmarker("IMAGE", _MOST_PEOPLE) as landmarker:
            yield lambda rgb: _everybody(landmarker, rgb)

    @contextmanager
    def _landmarker(self, mode: str, num_poses: int) -> Iterator[Any]:
        """A MediaPipe landmarker. Raises ModelFileError when it does not load the model."""
        few_arenas()
        with native_remarks_logged():
            landmarker = self._create(mode, num_poses)
        try:
            with landmarker:
                yield landmarker
        finally:
            give_back()

    def _create(self, mode: str, num_poses: int) -> Any:
        try:
            from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415 - takes seconds
        except ImportError as error:
            raise _cannot_start(error) from error
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(**self._model_asset),
            running_mode=vision.RunningMode[mode],
            num_poses=num_poses,
            min_pose_detection_confidence=self._params.min_detection_confidence,
            min_pose_presence_confidence=self._params.min_presence_confidence,
            min_tracking_confidence=self._params.min_tracking_confidence,
        )
        try:
            return vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            facts = {"path": str(self._model_path), "why": str(error)}
            raise ModelFileError(text("errors", "model.not_loaded", **facts)) from error
        except OSError as error:
            raise _cannot_start(error) from error

    @cached_property
    def _model_asset(self) -> dict[str, Any]:
        """Where MediaPipe finds the model: in memory when a part of it is left out."""
        shorter = without_silhouette(self._model_path)
        if shorter is None:
            return {"model_asset_path": str(self._model_path)}
        return {"model_asset_buffer": shorter}

    def _sequence(self, followed: Followed, video: Video) -> PoseSequence:
        """Pose in single precision, the model's own, so that a recorded one loses nothing."""
        columns = followed.bodies.astype(np.float32).astype(np.float64)
        return PoseSequence(
            time_s=followed.time_s,
            xy_px=columns[:, :, :2],
            depth_px=columns[:, :, 2],
            visibility=columns[:, :, 3],
            video=video.info,
            model=self._info,
            people=followed.people,
            choice=followed.choice,
            scene=followed.scene,
        )


class _Follower:
    """Follows one person from picture to picture."""

    def __init__(self, landmarker: Any) -> None:
        self._landmarker = landmarker
        self._n_frames = 0
        self._has_found = False

    def __call__(self, rgb: RgbImage) -> Sequence[FloatArray]:
        """The person in the next picture, or nobody."""
        fed_ms = self._n_frames * _FRAME_GAP_MS
        self._n_frames += 1
        # The first body found makes MediaPipe talk; later calls are left alone.
        with nullcontext() if self._has_found else native_remarks_logged():
            found = self._landmarker.detect_for_video(_image(rgb), fed_ms).pose_landmarks
        self._has_found |= bool(found)
        return [_body(person) for person in found]


def _cannot_start(error: Exception) -> ModelFileError:
    return ModelFileError(text("errors", "model.no_start", why=str(error)))


def _everybody(landmarker: Any, rgb: RgbImage) -> Sequence[FloatArray]:
    with native_remarks_logged():
        found = landmarker.detect(_image(rgb)).pose_landmarks
    return [_body(person) for person in found]


def _body(landmarks: Sequence[Any]) -> FloatArray:
    """x, y (fractions of the picture), depth and visibility, ``(n_landmarks, 4)``."""
    return np.array([(point.x, point.y, point.z, point.visibility) for point in landmarks])


def _image(rgb: RgbImage) -> Any:
    from mediapipe import ImageFormat  # noqa: PLC0415 - takes seconds

    return _image_type()(image_format=ImageFormat.SRGB, data=rgb)


@cache
def _image_type() -> Any:
    """MediaPipe's image, such that Ctrl-C while one is made brings no traceback as it is let go."""
    from mediapipe import Image  # noqa: PLC0415 - takes seconds

    return type("Image", (Image,), {"_image_ptr": None})

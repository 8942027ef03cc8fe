"""What every pose backend offers."""

from __future__ import annotations

from typing import Protocol

from formcheck.domain import ModelInfo, PoseSequence, Progress, silent
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.video.read import Video


class PoseBackend(Protocol):
    """Finds the runner's landmarks in every frame of a video."""

    @property
    def name(self) -> str:
        """Name and version of the software, for provenance."""

    @property
    def model(self) -> ModelInfo:
        """The model in use."""

    def estimate(
        self,
        video: Video,
        *,
        wanted: Wanted = ANYBODY,
        progress: Progress = silent,
        jobs: int = 1,
    ) -> PoseSequence:
        """Landmarks of one person in every frame, in pixels of the upright picture.

        Up to ``jobs`` parts of the video may be worked on at once, without any effect on the
        result; ``progress`` may then be told by another thread.

        Raises VideoError when the file cannot be read on, ModelFileError when the model does not
        load, NoRunnerError when the person wanted is not there.
        """

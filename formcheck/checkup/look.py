"""The facts a quick look gathers: the clock of the whole file, the pose of a few seconds of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.config import AnalysisConfig
from formcheck.domain import FloatArray, PoseSequence
from formcheck.pose.mediapipe import MediaPipeBackend
from formcheck.pose.model_files import find_model
from formcheck.video.excerpt import Excerpt, frame_times
from formcheck.video.read import open_video

LOOK_S = 8.0
"""From the middle of the clip: enough strides to hear a rhythm, also in four-fold slow motion."""
LOOK_FPS = 20.0
"""At most: twelve pictures a stride and more, and the look stays within seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """``time_s`` (n_frames,) are the times of all frames, ``pose`` that of the excerpt."""

    path: Path
    time_s: FloatArray
    rotation_deg: int
    pose: PoseSequence

    @property
    def fps(self) -> float:
        """Frames per second of the file's own timeline."""
        return float((len(self.time_s) - 1) / self.time_s[-1])

    @property
    def duration_s(self) -> float:
        """Length of the clip on its own timeline."""
        return float(self.time_s[-1] + np.median(np.diff(self.time_s)))


def look(path: Path, config: AnalysisConfig) -> Glance:
    """Gather the facts within a few seconds.

    Raises VideoError for a file that cannot be read, ModelFileError without a pose model.
    """
    with open_video(path) as video:
        rotation = video.rotation_deg
        times = frame_times(path)
        if len(times) < 2:
            times = np.array([frame.time_s for frame in video])
    fps = (len(times) - 1) / times[-1]
    middle = 0.5 * times[-1]
    start, stop = max(0.0, middle - 0.5 * LOOK_S), middle + 0.5 * LOOK_S
    step = max(1, int(np.ceil(fps / LOOK_FPS)))
    model_path, info = find_model(config.model)
    backend = MediaPipeBackend(model_path, info, config.pose)
    with Excerpt(path, start_s=start, stop_s=stop, step=step) as excerpt:
        pose = backend.estimate(excerpt)
    return Glance(path, times, rotation, pose)

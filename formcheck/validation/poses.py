"""Poses of the clips that validation runs on, from the user's cache."""

from __future__ import annotations

from pathlib import Path

from formcheck.cache import default_cache
from formcheck.config import AnalysisConfig
from formcheck.domain import PoseSequence
from formcheck.pipeline import estimate_pose


def cached_pose(clip: Path, config: AnalysisConfig) -> PoseSequence:
    """Pose of a clip, estimated once per clip, model, settings and code of the pose stage.

    Raises VideoError for a clip that cannot be read and ModelFileError without a model.
    """
    return estimate_pose(clip, config, store=default_cache())

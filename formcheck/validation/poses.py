"""Poses of clips, estimated once per clip and model and kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

from formcheck.config import AnalysisConfig
from formcheck.domain import PoseSequence
from formcheck.pose.mediapipe import MediaPipeBackend
from formcheck.pose.model_files import find_model
from formcheck.pose.recorded import load_pose, save_pose
from formcheck.video.read import open_video


def cached_pose(clip: Path, config: AnalysisConfig) -> PoseSequence:
    """Pose of a clip, from the cache when this clip was seen with this model before.

    Raises VideoError for a clip that cannot be read and ModelFileError without a model.
    """
    model_path, info = find_model(config.model)
    folder = Path(platformdirs.user_cache_dir("formcheck")) / "poses"
    with clip.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    kept = folder / f"{sha256[:32]}-{info.sha256[:16]}-{config.pose.max_side_px}.npz"
    if kept.exists():
        return load_pose(kept)
    with open_video(clip) as video:
        pose = MediaPipeBackend(model_path, info, config.pose).estimate(video)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f".{os.getpid()}-{kept.name}")
    save_pose(pose, fresh)
    fresh.replace(kept)
    return pose

"""Keep a pose in a file, so that a clip can be analysed again without the pose model.

The file is NumPy's compressed .npz: ``time_s`` in double precision, coordinates and visibility in
single precision (that of the pose model; 0.0003 px at 4000 px), and ``about``, a JSON text with
the format's name and version, the video, the model, the people seen and the landmarks' names. The
arrays of the scene are beside them, ``scene_`` before their names, when the scene is known.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.domain import (
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
from formcheck.texts import text

_FORMAT = "formcheck-pose"
VERSION = 2
"""Of the file format, and of what a pose says about the people in the clip."""
_ARRAYS = ("xy_px", "depth_px", "visibility")
_OF_SCENE = "scene_"


def save_pose(pose: PoseSequence, path: Path) -> None:
    """Write a pose to a file. Raises OutputError when it cannot be written."""
    try:
        path.write_bytes(pose_bytes(pose))
    except OSError as error:
        facts = {"path": str(path), "why": error.strerror}
        raise OutputError(text("errors", "pose.unwritable", **facts)) from error


def load_pose(path: Path) -> PoseSequence:
    """Read a pose from a file made by ``save_pose``.

    Raises VideoError when the file is missing, is not such a file, or is of a newer version.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        facts = {"path": str(path), "why": error.strerror or str(error)}
        raise VideoError(text("errors", "pose.unreadable", **facts)) from error
    return pose_of_bytes(content, str(path))


def pose_bytes(pose: PoseSequence) -> bytes:
    """Return a pose as the bytes of a file."""
    about = {
        "format": _FORMAT,
        "version": VERSION,
        "video": asdict(pose.video),
        "model": None if pose.model is None else asdict(pose.model),
        "people": [asdict(person) for person in pose.people],
        "choice": pose.choice,
        "landmarks": pose.landmarks,
    }
    arrays = {"about": np.array(json.dumps(about)), "time_s": pose.time_s}
    arrays |= {name: getattr(pose, name).astype(np.float32) for name in _ARRAYS}
    if pose.scene is not None:
        arrays |= {f"{_OF_SCENE}{name}": getattr(pose.scene, name) for name in SCENE_ARRAYS}
    file = io.BytesIO()
    # Not compressed: that saves a fifth of the room, and takes a tenth of an analysis.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, values, allow_pickle=False)
    return file.getvalue()


def pose_of_bytes(content: bytes, name: str) -> PoseSequence:
    """Return the pose of the bytes of a file called ``name``.

    Raises VideoError when they are not those of such a file, or of one of a newer version.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {key: file[key] for key in ("about", "time_s", *_ARRAYS)}
            scene = {key: file[f"{_OF_SCENE}{key}"] for key in _scene_arrays(file)}
        return _pose(json.loads(str(arrays.pop("about"))), arrays, scene)
    except (ValueError, TypeError, LookupError, AttributeError, EOFError) as error:
        raise _not_ours(name) from error
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        raise _not_ours(name) from error


def _scene_arrays(names: Iterable[str]) -> tuple[str, ...]:
    """The arrays of the scene a file holds: all, or none when nobody looked."""
    return SCENE_ARRAYS if any(name.startswith(_OF_SCENE) for name in names) else ()


def _pose(
    about: Mapping[str, Any], arrays: Mapping[str, Any], scene: Mapping[str, Any]
) -> PoseSequence:
    if about["format"] != _FORMAT or about["version"] != VERSION:
        raise ValueError("another format or version")
    model = about["model"]
    return PoseSequence(
        **arrays,
        video=VideoInfo(**about["video"]),
        model=None if model is None else ModelInfo(**model),
        people=tuple(_person(person) for person in about["people"]),
        choice=None if about["choice"] is None else Choice(about["choice"]),
        scene=Scene(**scene) if scene else None,
        landmarks=tuple(about["landmarks"]),
    )


def _person(about: Mapping[str, Any]) -> Person:
    left, top, right, bottom = (int(edge) for edge in about["box_px"])
    return Person(
        **{**about, "box_px": (left, top, right, bottom), "legs": Legs(about["legs"])},
    )


def _not_ours(path: str) -> VideoError:
    return VideoError(text("errors", "pose.not_ours", path=path, version=str(VERSION)))

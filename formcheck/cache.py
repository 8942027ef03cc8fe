"""What was found in a clip, kept by what it was made of: made again only when that changes.

Two things are kept, each a file:

- the **pose**, so that the pose model sees a clip only once: it is found again by the bytes of the
  clip and of the model, the settings of the backend, the person wanted, and the code that turns
  frames into landmarks;
- the **observation**, the limbs and the gait found in a pose: by the pose itself, what the user
  said of clip and runner, the settings of those stages, and the code of these stages. Metrics,
  rules, a runner's answers and the language of a report are not in it.

The code counts by a hash of the package's own sources (``code.py``), so that nobody has to remember
to count a version up.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import platformdirs

from formcheck.code import observation_version, pose_version, short_digest
from formcheck.domain import SCENE_ARRAYS, ModelInfo, PoseSequence
from formcheck.errors import OutputError, VideoError
from formcheck.gait.observation import (
    Observation,
    ObservationParams,
    pack_observation,
    unpack_observation,
)
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.pose.mediapipe import PoseParams
from formcheck.pose.recorded import pose_bytes, pose_of_bytes
from formcheck.texts import text

logger = logging.getLogger(__name__)
T = TypeVar("T")

POSE, OBSERVATION = ".npz", ".gait"
"""What the names of the two kinds of files end in."""
_VERSIONS: Mapping[str, Callable[[], str]] = {POSE: pose_version, OBSERVATION: observation_version}
_NAME = re.compile(
    r"[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{12}-(?P<code>[0-9a-f]{12})(?P<kind>\.npz|\.gait)"
)
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.[0-9a-f]{{8}}")
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the cache; ``is_current`` when this version of formcheck may still use it."""

    path: Path
    bytes: int
    used_unix_s: float
    is_current: bool

    @property
    def is_pose(self) -> bool:
        """Whether it is a pose: what cannot be made again without the clip and the model."""
        return POSE in self.path.suffixes


class Store(Protocol):
    """Keeps bytes by the names ``pose_key`` and ``observation_key`` give."""

    def load(self, key: str) -> bytes | None:
        """Return what is kept under a key, None when there is nothing."""

    def save(self, key: str, content: bytes) -> None:
        """Keep bytes. Raises OutputError when they cannot be written."""


class Cache:
    """A store in a folder; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, key: str) -> bytes | None:
        """Return what is kept under a key, None when there is nothing or it cannot be read."""
        path = self.folder / key
        try:
            os.utime(path)  # the last use, for pruning
        except OSError:  # not there; or not ours to touch, and still good to read
            if not path.is_file():
                return None
        try:
            return path.read_bytes()
        except OSError as error:
            _warn_spoiled(key, error.strerror)
            return None

    def save(self, key: str, content: bytes) -> None:
        """Keep bytes; the file appears whole or not at all.

        Raises OutputError when it cannot be written.
        """
        fresh = self.folder / f".{key}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                fresh.write_bytes(content)
                fresh.replace(self.folder / key)
            finally:
                fresh.unlink(missing_ok=True)
        except OSError as error:
            facts = {"folder": str(self.folder), "why": error.strerror}
            raise OutputError(text("errors", "pose.cache", **facts)) from error

    def kept(self) -> tuple[KeptFile, ...]:
        """Return every file of the cache, the longest unused first; other files are not ours.

        Raises OutputError when it cannot be looked into.
        """
        try:
            found = list(self.folder.iterdir()) if self.folder.is_dir() else []
        except OSError as error:
            facts = {"path": str(self.folder), "why": error.strerror}
            raise OutputError(text("errors", "batch.unreadable", **facts)) from error
        return tuple(sorted(_described(found), key=lambda entry: entry.used_unix_s))

    def prune(
        self,
        *,
        everything: bool = False,
        unused_days: float | None = None,
        max_bytes: int | None = None,
    ) -> tuple[KeptFile, ...]:
        """Remove files and return what was removed.

        Always goes what this version of formcheck cannot use; with ``unused_days`` what was not
        used for that long; with ``max_bytes`` the longest unused until the rest fits, poses last.
        Raises OutputError when something cannot be removed.
        """
        latest = time.time() - _DAY_S * unused_days if unused_days is not None else 0.0
        gone: list[KeptFile] = []
        stays: list[KeptFile] = []
        for entry in self.kept():
            is_old = not entry.is_current or entry.used_unix_s < latest
            (gone if everything or is_old else stays).append(entry)
        stays.sort(key=_is_pose)
        left = sum(entry.bytes for entry in stays)
        for entry in stays:
            if max_bytes is not None and left > max_bytes:
                gone.append(entry)
                left -= entry.bytes
        _remove(gone, self.folder)
        return tuple(gone)


def _remove(entries: Iterable[KeptFile], folder: Path) -> None:
    try:
        for entry in entries:
            entry.path.unlink(missing_ok=True)
    except OSError as error:
        facts = {"folder": str(folder), "why": error.strerror}
        raise OutputError(text("errors", "pose.cache", **facts)) from error


def _is_pose(entry: KeptFile) -> bool:
    return entry.is_pose


def default_cache() -> Cache:
    """The cache in the user's cache folder."""
    return Cache(platformdirs.user_cache_path("formcheck", appauthor=False) / "poses")


def pose_key(
    video_sha256: str, model: ModelInfo, params: PoseParams, wanted: Wanted = ANYBODY
) -> str:
    """Return the name a pose is kept under: clip, model, settings, person wanted and code."""
    choice = sorted((asdict(params) | asdict(wanted)).items())
    settings = short_digest([repr((choice, model.backend, version("av")))])
    return f"{video_sha256[:32]}-{model.sha256[:16]}-{settings}-{pose_version()}{POSE}"


def observation_key(pose: PoseSequence, params: ObservationParams) -> str:
    """Return the name an observation is kept under: clip, pose, settings, facts and code.

    The pose counts by its content, whatever it was made or recorded by.
    """
    libraries = [f"{name} {version(name)}" for name in ("numpy", "scipy")]
    settings = short_digest([repr(params), *libraries])
    return (
        f"{pose.video.sha256[:32]}-{_content_digest(pose)}-{settings}-{observation_version()}"
        f"{OBSERVATION}"
    )


def _content_digest(pose: PoseSequence) -> str:
    """A hash of a pose and all that is said with it but the place of the clip, 16 digits."""
    hashed = hashlib.blake2b(digest_size=8)
    for values in (pose.time_s, pose.xy_px, pose.depth_px, pose.visibility):
        hashed.update(np.ascontiguousarray(values).data)
    if pose.scene is not None:
        for name in SCENE_ARRAYS:
            hashed.update(np.ascontiguousarray(getattr(pose.scene, name)).data)
    said = (placed(pose, "").video, pose.people, pose.choice, pose.landmarks)
    hashed.update(repr(said).encode())
    return hashed.hexdigest()


def placed(pose: PoseSequence, clip: Path | str) -> PoseSequence:
    """Return a pose as that of a clip with the same bytes at another path or URL."""
    return replace(pose, video=replace(pose.video, path=str(clip)))


def kept_pose(store: Store, key: str) -> PoseSequence | None:
    """Return the pose kept under a key, None when there is none or it is damaged."""
    return _made(store, key, lambda content: pose_of_bytes(content, key))


def keep_pose(store: Store, key: str, pose: PoseSequence) -> None:
    """Keep a pose, if that can be done: only another run would need it."""
    _keep(store, key, pose_bytes(pose))


def kept_observation(store: Store, key: str, pose: PoseSequence) -> Observation | None:
    """Return what was seen in a pose, None when that is not kept or is damaged."""
    return _made(store, key, lambda content: unpack_observation(content, pose))


def keep_observation(store: Store, key: str, seen: Observation) -> None:
    """Keep an observation, if that can be done: only another run would need it."""
    _keep(store, key, pack_observation(seen))


def _made(store: Store, key: str, make: Callable[[bytes], T]) -> T | None:
    content = store.load(key)
    try:
        return None if content is None else make(content)
    except (VideoError, ValueError) as error:
        _warn_spoiled(key, getattr(error, "said", str(error)))
        return None


def _keep(store: Store, key: str, content: bytes) -> None:
    try:
        store.save(key, content)
    except OutputError as error:
        logger.warning(text("errors", "pose.not_kept", key=key, why=error.said))


def _warn_spoiled(key: str, why: str | None) -> None:
    logger.warning(text("errors", "pose.spoiled", key=key, why=why))


def _described(paths: Iterable[Path]) -> Iterator[KeptFile]:
    for path in paths:
        known = _NAME.fullmatch(path.name)
        if known is None and not _UNFINISHED.fullmatch(path.name):
            continue
        try:
            facts = path.stat()
        except FileNotFoundError:  # another process has just removed or finished it
            continue
        is_left = known is None and time.time() - facts.st_mtime > _DAY_S
        if known is not None or is_left:
            is_current = known is not None and known["code"] == _VERSIONS[known["kind"]]()
            yield KeptFile(path, facts.st_size, facts.st_mtime, is_current)

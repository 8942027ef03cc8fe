"""Model bundles on disk: what they hold, how they are checked and how they are written.

A bundle is a zip of two TFLite networks, stored uncompressed. A built one holds each part byte for
byte at the end of its member (see ``model_builder``), so it can be checked by the parts' hashes.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from formcheck.errors import ModelFileError
from formcheck.pose.model_catalogue import ModelEntry, Part, Recipe
from formcheck.texts import text

ALIGNMENT = 16  # bytes; what TFLite assumes of tensors it maps instead of copying
MEMBERS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")

_LOCAL_HEADER_BYTES = 30  # of a zip member, before its name
_EXTRA_HEADER = struct.Struct("<HH")  # tag and length of a zip extra field
_PADDING_TAG = 0xFFFF
_READABLE = 0o644  # temporary files start out private
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a fixed date, so that the same parts make the same file


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bytes_sha256(content: bytes) -> str:
    """SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def aligned_length(length: int) -> int:
    """Length rounded up to a whole number of alignment units."""
    return length + -length % ALIGNMENT


def checked_origin(path: Path, entry: ModelEntry, sha256: str) -> str:
    """Whether the file is the ``official`` bundle of a model or a ``built`` one.

    Raises ModelFileError when it is neither.
    """
    if sha256 == entry.sha256:
        return "official"
    if entry.recipe is not None and is_built_from(path, entry.recipe):
        return "built"
    facts = {"path": str(path), "name": entry.name, "found": sha256, "expected": entry.sha256}
    raise ModelFileError(text("errors", "model.another", **facts))


def is_built_from(path: Path, recipe: Recipe) -> bool:
    """Whether a bundle holds exactly the parts of a recipe."""
    members = read_members(path)
    names = {part.member for part in recipe.parts}
    return members.keys() == names and all(
        _holds(members[part.member], part) for part in recipe.parts
    )


def _holds(member: bytes, part: Part) -> bool:
    start = len(member) - aligned_length(part.bytes)
    original = member[max(start, 0) :][: part.bytes]
    return bytes_sha256(original) == part.sha256


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip with the two networks a pose model has."""
    return set(MEMBERS) <= read_members(path).keys()


def read_members(path: Path) -> Mapping[str, bytes]:
    """Members of a bundle by name; empty when the file is no zip or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return {}


def write_bundle(file: BinaryIO, members: Mapping[str, bytes]) -> None:
    """Write members uncompressed, each aligned, the same bytes whenever and wherever."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = 0
            info.extra = _padding(file.tell() + _LOCAL_HEADER_BYTES + len(name))
            archive.writestr(info, data)


def _padding(start: int) -> bytes:
    """Zip extra field that moves data beginning at ``start`` to the next aligned place."""
    length = -start % ALIGNMENT
    if 0 < length < _EXTRA_HEADER.size:
        length += ALIGNMENT
    if not length:
        return b""
    return _EXTRA_HEADER.pack(_PADDING_TAG, length - _EXTRA_HEADER.size).ljust(length, b"\0")


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Make a file appear at once and whole, also when several processes make it.

    The content is written beside it and moved into place. Raises ModelFileError when that fails;
    then nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_and_move(path, write)
    except OSError as error:
        why = error.strerror
        raise ModelFileError(text("errors", "model.unwritable", path=str(path), why=why)) from error


def _write_and_move(path: Path, write: Callable[[BinaryIO], object]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        Path(name).chmod(_READABLE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

"""Clips and results behind URLs (s3://, gs://, ...): the only place that imports fsspec.

Every call opens the store anew from its URL, so that nothing but text has to travel to a worker on
another machine. Keys and endpoints come from where the store's own library looks for them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from formcheck.domain import printable
from formcheck.errors import ConfigError, OutputError, VideoError
from formcheck.texts import text


@dataclass(frozen=True, slots=True)
class RemoteClip:
    """What a store says of a clip: its size and a tag of its content."""

    bytes: int
    tag: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Clips by their URL, and the URL of the folder they were looked for in.

    ``unseen`` has the folders in it that could not be listed, each with the store's reason.
    """

    root: str
    clips: Mapping[str, RemoteClip]
    unseen: Mapping[str, str]


def is_url(place: str) -> bool:
    """Whether a place is a URL and not a path."""
    return "://" in place


def opened(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it.

    Raises ConfigError when the library for that kind of URL is not installed.
    """
    try:
        import fsspec  # noqa: PLC0415 - only of the extra 'cluster'

        file_system, path = fsspec.core.url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise ConfigError(text("errors", "batch.unreachable", url=url, why=str(error))) from error
    return file_system, path.rstrip("/")


def remote_clips(url: str, output: str, suffixes: Collection[str], *, recursive: bool) -> Listing:
    """Return the clips below a folder URL, behind a pattern or at a URL.

    Raises VideoError when nothing can be listed there, or nothing is there.
    """
    file_system, place = opened(url)
    try:
        found, root = _listed(file_system, place, recursive=recursive)
        unseen = _unseen(file_system, found, root) if recursive else {}
    except OSError as error:
        raise VideoError(text("errors", "batch.unlisted", url=url, why=str(error))) from error
    entries = _files(found)
    if not entries and not unseen:
        raise VideoError(text("errors", "batch.no_clip", sources=url))
    root_url, output_url = str(file_system.unstrip_protocol(root)), _same_kind(output)
    results = {str(PurePosixPath(p).parent) for p in entries if p.endswith("/summary.json")}
    clips: dict[str, RemoteClip] = {}
    for path, facts in entries.items():
        own_url = str(file_system.unstrip_protocol(path))
        is_named = PurePosixPath(path).suffix.lower() in suffixes and not _is_hidden(path, root)
        is_result = str(PurePosixPath(path).parent) in results
        is_ours = _is_below(own_url, output_url) and not _is_below(f"{root_url}/any", output_url)
        if (is_named or path == place) and not is_result and not is_ours:
            tag = facts.get("ETag") or file_system.ukey(path)
            clips[own_url] = RemoteClip(int(facts.get("size") or 0), str(tag))
    return Listing(root_url, clips, unseen)


def _same_kind(place: str) -> str:
    """A URL as its file system writes it; a path as it is."""
    if not is_url(place):
        return place
    file_system, path = opened(place)
    return str(file_system.unstrip_protocol(path))


def _is_below(url: str, folder: str) -> bool:
    return url.startswith(folder.rstrip("/") + "/")


def _listed(file_system: Any, root: str, *, recursive: bool) -> tuple[Mapping[str, Any], str]:
    """Files and folders with their facts, and the folder that names are relative to."""
    if any(wild in root for wild in "*?["):
        found = file_system.glob(root, detail=True)
        fixed = root[: min(root.index(wild) for wild in "*?[" if wild in root)]
        return _files(found), fixed.rpartition("/")[0]
    if file_system.isfile(root):
        return {root: file_system.info(root)}, root.rpartition("/")[0]
    if not recursive:
        return file_system.find(root, maxdepth=1, detail=True), root
    return file_system.find(root, withdirs=True, detail=True), root


def _unseen(file_system: Any, found: Mapping[str, Any], root: str) -> dict[str, str]:
    """Folders that were not listed: a store that walks through them keeps silent about those.

    They look as empty as one that has nothing in it, so those that do are asked again. Raises
    OSError when it is the folder itself.
    """
    filled = {str(PurePosixPath(path).parent) for path in found}
    unseen: dict[str, str] = {}
    for path, facts in found.items():
        if facts.get("type") != "directory" or path in filled or _is_hidden(path, root):
            continue
        try:
            file_system.ls(path, detail=True)
        except OSError as error:
            if path == root:
                raise
            unseen[printable(file_system.unstrip_protocol(path))] = error.strerror or str(error)
    return unseen


def _is_hidden(path: str, root: str) -> bool:
    """Whether a dot hides something below a folder."""
    below = PurePosixPath(path).relative_to(root).parts
    return any(part.startswith(".") for part in below)


def _files(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {path: facts for path, facts in found.items() if facts.get("type") == "file"}


@contextmanager
def local_copy(source: str) -> Iterator[Path]:
    """A clip as a file of this machine, for as long as the block lasts.

    Raises VideoError when there is no such clip.
    """
    if not is_url(source):
        if Path(source).is_symlink() and not Path(source).exists():
            raise VideoError(text("errors", "batch.nowhere", path=source))
        yield Path(source)
        return
    file_system, path = opened(source)
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        copy = Path(folder) / PurePosixPath(path).name
        try:
            file_system.get_file(path, str(copy))
        except FileNotFoundError as error:
            raise VideoError(text("errors", "batch.gone", source=source)) from error
        yield copy


class RemoteCache:
    """What is kept lies behind a URL, so that machines without a common disk share it."""

    def __init__(self, url: str) -> None:
        self._file_system, self._root = opened(url)

    def load(self, key: str) -> bytes | None:
        """Return what is kept under a key, None when there is nothing."""
        try:
            return bytes(self._file_system.cat_file(f"{self._root}/{key}"))
        except FileNotFoundError:
            return None

    def save(self, key: str, content: bytes) -> None:
        """Keep bytes. Raises OutputError when they are not accepted."""
        with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
            (Path(folder) / key).write_bytes(content)
            put(self._file_system, Path(folder) / key, f"{self._root}/{key}")


def put(file_system: Any, path: Path, target: str) -> None:
    """Copy a file of this machine into a store. Raises OutputError when it is not accepted."""
    try:
        file_system.makedirs(target.rpartition("/")[0], exist_ok=True)
        file_system.put_file(str(path), target)
    except OSError as error:
        facts = {"path": str(target), "why": str(error)}
        raise OutputError(text("errors", "batch.unwritable", **facts)) from error

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

from formcheck.errors import ConfigError, OutputError, VideoError
from formcheck.texts import text


@dataclass(frozen=True, slots=True)
class RemoteClip:
    """What a store says of a clip: its size and a tag of its content."""

    bytes: int
    tag: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Clips by their URL, and the URL of the folder they were looked for in."""

    root: str
    clips: Mapping[str, RemoteClip]


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
        entries, root = _listed(file_system, place, recursive=recursive)
    except OSError as error:
        raise VideoError(text("errors", "batch.unlisted", url=url, why=str(error))) from error
    if not entries:
        raise VideoError(text("errors", "batch.no_clip", sources=url))
    root_url, output_url = str(file_system.unstrip_protocol(root)), _same_kind(output)
    results = {str(PurePosixPath(p).parent) for p in entries if p.endswith("/summary.json")}
    clips: dict[str, RemoteClip] = {}
    for path, facts in entries.items():
        own_url = str(file_system.unstrip_protocol(path))
        is_clip = PurePosixPath(path).suffix.lower() in suffixes or path == place
        is_result = str(PurePosixPath(path).parent) in results
        is_ours = _is_below(own_url, output_url) and not _is_below(f"{root_url}/any", output_url)
        if is_clip and not is_result and not is_ours:
            tag = facts.get("ETag") or file_system.ukey(path)
            clips[own_url] = RemoteClip(int(facts.get("size") or 0), str(tag))
    return Listing(root_url, clips)


def _same_kind(place: str) -> str:
    """A URL as its file system writes it; a path as it is."""
    if not is_url(place):
        return place
    file_system, path = opened(place)
    return str(file_system.unstrip_protocol(path))


def _is_below(url: str, folder: str) -> bool:
    return url.startswith(folder.rstrip("/") + "/")


def _listed(file_system: Any, root: str, *, recursive: bool) -> tuple[Mapping[str, Any], str]:
    """Files with their facts, and the folder that names are relative to."""
    if any(wild in root for wild in "*?["):
        found = file_system.glob(root, detail=True)
        fixed = root[: min(root.index(wild) for wild in "*?[" if wild in root)]
        return _files(found), fixed.rpartition("/")[0]
    if file_system.isfile(root):
        return {root: file_system.info(root)}, root.rpartition("/")[0]
    depth = None if recursive else 1
    return _files(file_system.find(root, maxdepth=depth, detail=True)), root


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

"""Which clips a batch is about, and where each result goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from formcheck.batch.remote import is_url, remote_clips
from formcheck.errors import OutputError, VideoError

SUFFIXES = frozenset(
    {".3gp", ".avi", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".webm",
     ".wmv"}
)  # fmt: skip
"""What counts as a clip in a folder; a file given by name may be called anything."""

_RESERVED = frozenset({"batch.csv", "batch.html", "manifest.jsonl", "poses"})
_RESULT_MARK = "summary.json"


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that was found: ``name`` is its path below the input folder, with slashes.

    ``source`` is the path or URL to read, ``tag`` what a remote store says of the content.
    """

    name: str
    source: str
    bytes: int
    tag: str | None = None


def find_clips(sources: Sequence[str], output: str, *, recursive: bool) -> list[Clip]:
    """Return the clips in folders, behind glob patterns and at paths or URLs, by name.

    Names are relative to the folder given, or to what several have in common. The output folder
    and earlier results are left out. Raises VideoError when a source cannot be read or is not
    there.
    """
    found: dict[str, Clip] = {}
    if any(is_url(source) for source in sources):
        for source in sources:
            clips = remote_clips(source, output, SUFFIXES, recursive=recursive)
            found |= {url: Clip(*facts) for url, facts in clips.items()}
    else:
        base = Path(os.path.commonpath([_root(source) for source in sources]))
        seen = {Path(output).resolve()}
        for source in sources:
            for path in _local(source, seen, recursive=recursive):
                found[str(path.resolve())] = Clip(_name(path, base), str(path), _size(path))
    return sorted(found.values(), key=lambda clip: clip.name)


def _root(source: str) -> Path:
    """The folder that names are relative to: the part of a pattern before its first wildcard."""
    path = _absolute(Path(source))
    if path.is_dir():
        return path
    fixed = path.parent
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed


def _absolute(path: Path) -> Path:
    """Absolute as it was named: a link into another place keeps its own name."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def _name(path: Path, base: Path) -> str:
    return _absolute(path).relative_to(base).as_posix()


def _local(source: str, seen: set[Path], *, recursive: bool) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        yield from _in_folder(path, seen, recursive=recursive)
    elif path.exists() or not glob.has_magic(source):
        yield path
    else:
        fixed = _root(source)
        pattern = str(_absolute(path).relative_to(fixed))
        matches = sorted(path for path in fixed.glob(pattern) if path.is_file())
        if not matches:
            raise VideoError(f"Nothing matches {source}; check the pattern, and quote it.")
        yield from matches


def _in_folder(folder: Path, seen: set[Path], *, recursive: bool) -> Iterator[Path]:
    """Clips in a folder that was not seen before: the output folder was, and links may go round."""
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise VideoError(f"{folder} cannot be read ({error.strerror}).") from error
    is_result = any(entry.name == _RESULT_MARK for entry in entries)
    for entry in entries:
        if entry.is_dir() and recursive:
            yield from _in_folder(entry, seen, recursive=True)
        elif entry.is_file() and entry.suffix.lower() in SUFFIXES and not is_result:
            yield entry


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def assign_folders(
    clips: Sequence[Clip], folder_before: Callable[[str], str | None]
) -> Mapping[str, str]:
    """Return a result folder for each clip by name: its path without the suffix where possible.

    A clip keeps the folder it had. Two clips never share one, no result lies inside another, and
    the names of the batch's own files stay free.
    """
    parents = {str(parent) for clip in clips for parent in PurePosixPath(clip.name).parents}
    kept = {clip.name: folder_before(clip.name) for clip in clips}
    given = {name: folder for name, folder in kept.items() if folder is not None}
    taken = set(given.values()) | parents | _RESERVED
    for clip in clips:
        if clip.name not in given:
            folder = next(each for each in _folder_names(clip.name) if each not in taken)
            taken.add(folder)
            given[clip.name] = folder
    return given


def _folder_names(name: str) -> Iterator[str]:
    """Names for a result folder, the best first."""
    path = PurePosixPath(name)
    yield str(path.with_suffix(""))
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def require_one_origin(clips: Iterable[Clip], source_before: Callable[[str], str | None]) -> None:
    """Raise OutputError when an output folder holds results of other clips of the same names."""
    for clip in clips:
        before = source_before(clip.name)
        if before is None or is_url(before) or is_url(clip.source):
            continue
        if Path(before).exists() and not Path(before).samefile(clip.source):
            raise OutputError(
                f"The output folder already holds {clip.name} of {before}; give both folders in "
                "one call, or another --output."
            )

"""Which clips a batch is about, and where each result goes."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from formcheck.batch.remote import is_url, remote_clips
from formcheck.domain import printable
from formcheck.errors import OutputError, VideoError
from formcheck.texts import text

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

    ``source`` is the absolute path or the URL to read, ``tag`` what a remote store says of the
    content.
    """

    name: str
    source: str
    bytes: int
    tag: str | None = None


def find_clips(sources: Sequence[str], output: str, *, recursive: bool) -> list[Clip]:
    """Return the clips in folders, behind glob patterns and at paths or URLs, by name.

    Names are relative to the folder given, or to what several have in common. The output folder,
    earlier results, and files hidden by a dot (other systems' notes on a clip among them) are left
    out. Raises VideoError when a source cannot be read or is not there.
    """
    found: dict[str, Clip] = {}
    if any(is_url(source) for source in sources):
        for source in sources:
            clips = remote_clips(source, output, SUFFIXES, recursive=recursive)
            found |= {url: Clip(*facts) for url, facts in clips.items()}
    else:
        base = Path(os.path.commonpath([_root(source) for source in sources]))
        place = Path(output).resolve()
        seen = {place}
        for source in sources:
            for path in _local(source, place, seen, recursive=recursive):
                found[str(path.resolve())] = _clip(_absolute(path), base)
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


def _clip(place: Path, base: Path) -> Clip:
    return Clip(printable(place.relative_to(base).as_posix()), str(place), _size(place))


def _local(source: str, output: Path, seen: set[Path], *, recursive: bool) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        yield from _in_folder(path, seen, recursive=recursive)
    elif path.exists() or not glob.has_magic(source):
        yield path
    else:
        fixed = _root(source)
        pattern = str(_absolute(path).relative_to(fixed))
        wanted = SUFFIXES | {path.suffix.lower()} - {""}
        matches = sorted(each for each in fixed.glob(pattern) if _is_clip(each, wanted))
        if not matches:
            raise VideoError(text("errors", "batch.no_match", source=source))
        yield from (each for each in matches if not _is_ours(each, output))


def _in_folder(folder: Path, seen: set[Path], *, recursive: bool) -> Iterator[Path]:
    """Clips in a folder that was not seen before: the output folder was, and links may go round."""
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        facts = {"path": str(folder), "why": error.strerror}
        raise VideoError(text("errors", "batch.unreadable", **facts)) from error
    is_result = any(entry.name == _RESULT_MARK for entry in entries)
    for entry in entries:
        if entry.is_dir() and recursive and not entry.name.startswith("."):
            yield from _in_folder(entry, seen, recursive=True)
        elif not is_result and _is_clip(entry, SUFFIXES):
            yield entry


def _is_clip(path: Path, suffixes: frozenset[str]) -> bool:
    """Whether a file looks like a clip that is meant to be seen."""
    return path.suffix.lower() in suffixes and not path.name.startswith(".") and path.is_file()


def _is_ours(path: Path, output: Path) -> bool:
    """Whether a file lies in the output folder or is part of a result."""
    return (path.parent / _RESULT_MARK).exists() or output in path.resolve().parents


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def known_by_place(clips: Sequence[Clip], source_before: Mapping[str, str]) -> list[Clip]:
    """Return the clips under the names they have in this output folder already, by name.

    ``source_before`` has the source of every clip that ever was in it. A clip that was found in
    another folder's company has another name, and is the same clip still.
    """
    found = {clip.name for clip in clips}
    names = {source: name for name, source in source_before.items() if name not in found}
    renamed = [replace(clip, name=names.get(clip.source, clip.name)) for clip in clips]
    return sorted(renamed, key=lambda clip: clip.name)


def assign_folders(clips: Sequence[Clip], before: Mapping[str, str]) -> Mapping[str, str]:
    """Return a result folder for each clip by name: its path without the suffix where possible.

    ``before`` has the folder of every clip that ever was in the output folder; a clip keeps it.
    Two clips never share one, no result lies inside another, and the names of the batch's own
    files stay free.
    """
    results = {_key(folder) for folder in before.values()}
    names = [*(clip.name for clip in clips), *before.values()]
    taken = {key for name in names for key in _above(name)} | results | _RESERVED
    given: dict[str, str] = {}
    for clip in clips:
        folder = before.get(clip.name) or next(
            each
            for each in _folder_names(clip.name)
            if _key(each) not in taken and results.isdisjoint(_above(each))
        )
        taken.add(_key(folder))
        results.add(_key(folder))
        given[clip.name] = folder
    return given


def _key(folder: str) -> str:
    """The same for two names that some file systems do not tell apart."""
    return unicodedata.normalize("NFC", folder).casefold()


def _above(folder: str) -> set[str]:
    return {_key(str(parent)) for parent in PurePosixPath(folder).parents}


def _folder_names(name: str) -> Iterator[str]:
    """Names for a result folder, the best first."""
    yield str(PurePosixPath(name).with_suffix(""))
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        yield f"{name.replace('/', '_')}-{number}"
        number += 1


def require_one_origin(clips: Iterable[Clip], source_before: Mapping[str, str]) -> None:
    """Raise OutputError when an output folder holds results of other clips of the same names."""
    for clip in clips:
        before = source_before.get(clip.name, clip.source)
        if before == clip.source or is_url(before) or is_url(clip.source):
            continue
        if Path(before).exists() and not Path(before).samefile(clip.source):
            facts = {"clip": clip.name, "before": before}
            raise OutputError(text("errors", "batch.other_clip", **facts))

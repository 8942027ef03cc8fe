"""Which clips a batch is about, and where each result goes."""

from __future__ import annotations

import glob
import hashlib
import itertools
import os
import re
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
_LONGEST = 120  # bytes of a folder's name: one that is being written carries host and process, too


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

    Names are relative to the folder given, or to what several have in common, and no two are the
    same. The output folder (unless it is a source itself), earlier results, and files hidden by a
    dot (other systems' notes on a clip among them) are left out; a link that leads nowhere is not,
    it was meant to be a clip. Raises VideoError when a source cannot be read or is not there.
    """
    if any(is_url(source) for source in sources):
        found = _remote(sources, output, recursive=recursive)
    else:
        try:
            found = _here(sources, Path(os.path.realpath(output)), recursive=recursive)
        except OSError as error:
            facts = {"path": str(error.filename), "why": error.strerror}
            raise VideoError(text("errors", "batch.unreadable", **facts)) from error
    return _told_apart(sorted(found, key=lambda clip: (clip.name, clip.source)))


def _remote(sources: Sequence[str], output: str, *, recursive: bool) -> Iterable[Clip]:
    listings = [remote_clips(url, output, SUFFIXES, recursive=recursive) for url in sources]
    base = _common([listing.root.split("/") for listing in listings])
    found: dict[str, Clip] = {}
    for url, facts in (each for listing in listings for each in listing.clips.items()):
        name = "/".join(url.split("/")[len(base) :])
        name = printable(re.sub("://*", "/", name))
        found[url] = Clip(name, url, facts.bytes, facts.tag)
    return found.values()


def _common(paths: Sequence[Sequence[str]]) -> list[str]:
    """What several paths begin with."""
    columns = itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
    return [parts[0] for parts in columns]


def _here(sources: Sequence[str], output: Path, *, recursive: bool) -> Iterable[Clip]:
    base = Path(os.path.commonpath([_root(source) for source in sources]))
    found: dict[str, Clip] = {}
    seen: set[str] = set()
    for source in sources:
        for path in _local(source, output, seen, recursive=recursive):
            found[os.path.realpath(path)] = _clip(_absolute(path), base)
    return found.values()


def _told_apart(clips: Iterable[Clip]) -> list[Clip]:
    """The clips by name; one whose name is taken already gets a number."""
    taken: dict[str, Clip] = {}
    for clip in clips:
        free = next(name for name in _numbered(clip.name) if name not in taken)
        taken[free] = replace(clip, name=free)
    return [taken[name] for name in sorted(taken)]


def _numbered(name: str) -> Iterator[str]:
    yield name
    path = PurePosixPath(name)
    for number in itertools.count(2):
        yield f"{path.with_suffix('')}-{number}{path.suffix}"


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


def _local(source: str, output: Path, seen: set[str], *, recursive: bool) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        yield from _in_folder(path, seen, output, recursive=recursive)
    elif os.path.lexists(path) or not glob.has_magic(source):
        yield _file(path)
    else:
        fixed = _root(source)
        pattern = str(_absolute(path).relative_to(fixed))
        wanted = SUFFIXES | {path.suffix.lower()} - {""}
        matches = sorted(each for each in fixed.glob(pattern) if _is_clip(each, wanted))
        if not matches:
            raise VideoError(text("errors", "batch.no_match", source=source))
        is_inside = _is_in(fixed / "any", output)
        yield from (each for each in matches if not _is_ours(each, output, is_inside=is_inside))


def _file(path: Path) -> Path:
    """A clip given by name. Raises VideoError for what is no file: to read it may never end."""
    if path.is_file():
        return path
    if not os.path.lexists(path):
        raise VideoError(text("errors", "clip.missing", path=str(path)))
    if not path.exists():
        raise VideoError(text("errors", "batch.nowhere", path=str(path)))
    raise VideoError(text("errors", "batch.no_file", path=str(path)))


def _in_folder(folder: Path, seen: set[str], output: Path, *, recursive: bool) -> Iterator[Path]:
    """Clips in a folder that was not seen before, for links may go round."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    entries = sorted(folder.iterdir())
    is_result = any(entry.name == _RESULT_MARK for entry in entries)
    for entry in entries:
        if entry.is_dir():
            is_output = os.path.realpath(entry) == str(output)
            if recursive and not is_output and not entry.name.startswith("."):
                yield from _in_folder(entry, seen, output, recursive=True)
        elif not is_result and _is_clip(entry, SUFFIXES):
            yield entry


def _is_clip(path: Path, suffixes: frozenset[str]) -> bool:
    """Whether a file looks like a clip that is meant to be seen, or a link to one that is gone."""
    is_there = path.is_file() or (path.is_symlink() and not path.exists())
    return is_there and path.suffix.lower() in suffixes and not path.name.startswith(".")


def _is_ours(path: Path, output: Path, *, is_inside: bool) -> bool:
    """Whether a file is part of a result, or in an output folder that it was not asked for in."""
    return (path.parent / _RESULT_MARK).exists() or (not is_inside and _is_in(path, output))


def _is_in(path: Path, folder: Path) -> bool:
    return folder in Path(os.path.realpath(path)).parents


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
    yield _short(str(PurePosixPath(name).with_suffix("")))
    yield _short(name)
    for number in itertools.count(2):
        yield _short(f"{name}-{number}")
        yield _short(f"{name.replace('/', '_')}-{number}")


def _short(folder: str) -> str:
    """A folder whose own name is not too long; one that is cut short ends in a hash of it all."""
    path = PurePosixPath(folder)
    name = path.name.encode()
    if len(name) <= _LONGEST:
        return folder
    mark = hashlib.sha256(name).hexdigest()[:8]
    kept = name[: _LONGEST - len(mark) - 1].decode(errors="ignore")
    return str(path.with_name(f"{kept}-{mark}"))


def require_one_origin(clips: Iterable[Clip], source_before: Mapping[str, str]) -> None:
    """Raise OutputError when an output folder holds results of other clips of the same names."""
    for clip in clips:
        before = source_before.get(clip.name, clip.source)
        if before == clip.source or is_url(before) or is_url(clip.source):
            continue
        if Path(before).exists() and not Path(before).samefile(clip.source):
            facts = {"clip": clip.name, "before": before}
            raise OutputError(text("errors", "batch.other_clip", **facts))

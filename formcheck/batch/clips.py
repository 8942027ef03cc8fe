"""Which clips a batch is about, and where each result goes."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath

from formcheck.batch.local import SUFFIXES, Search, absolute, root_of, size_of
from formcheck.batch.remote import is_url, remote_clips
from formcheck.domain import printable
from formcheck.errors import OutputError, VideoError
from formcheck.texts import text

_RESERVED = frozenset({"batch.csv", "batch.html", "manifest.jsonl", "poses"})
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


@dataclass(frozen=True, slots=True)
class Found:
    """The clips by name, and the places that could not be looked into, each with the reason.

    ``roots`` are the folders that were looked in.
    """

    clips: list[Clip]
    unseen: Mapping[str, str]
    roots: Sequence[str]

    def unseen_with(self, before: Mapping[str, str]) -> Mapping[str, str]:
        """The places of now, and those of earlier runs that were not looked in now."""
        elsewhere = {
            place: why
            for place, why in before.items()
            if not any(PurePath(place).is_relative_to(root) for root in self.roots)
        }
        return {**elsewhere, **self.unseen}


def find_clips(sources: Sequence[str], output: str, *, recursive: bool) -> Found:
    """Return the clips in folders, behind glob patterns and at paths or URLs.

    Names are relative to the folder given, or to what several have in common, and no two are the
    same. The output folder (unless it is a source itself), earlier results, and files hidden by a
    dot (other systems' notes on a clip among them) are left out; a link that leads nowhere is not,
    it was meant to be a clip. Raises VideoError when a source cannot be read or is not there; what
    cannot be read below it is noted.
    """
    if any(is_url(source) for source in sources):
        found = _remote(sources, output, recursive=recursive)
    else:
        try:
            found = _here(sources, output, recursive=recursive)
        except OSError as error:
            facts = {"path": str(error.filename), "why": error.strerror}
            raise VideoError(text("errors", "batch.unreadable", **facts)) from error
    found.clips.sort(key=lambda clip: (clip.name, clip.source))
    return replace(found, clips=_told_apart(found.clips))


def _remote(sources: Sequence[str], output: str, *, recursive: bool) -> Found:
    listings = [remote_clips(url, output, SUFFIXES, recursive=recursive) for url in sources]
    roots = [listing.root for listing in listings]
    base = _common([root.split("/") for root in roots])
    found: dict[str, Clip] = {}
    for url, facts in (each for listing in listings for each in listing.clips.items()):
        name = "/".join(url.split("/")[len(base) :])
        name = printable(re.sub("://*", "/", name))
        found[url] = Clip(name, url, facts.bytes, facts.tag)
    unseen = {url: why for listing in listings for url, why in listing.unseen.items()}
    return Found([*found.values()], unseen, roots)


def _common(paths: Sequence[Sequence[str]]) -> list[str]:
    """What several paths begin with."""
    columns = itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
    return [parts[0] for parts in columns]


def _here(sources: Sequence[str], output: str, *, recursive: bool) -> Found:
    roots = [str(root_of(source)) for source in sources]
    base = Path(os.path.commonpath(roots))
    search = Search(Path(os.path.realpath(output)), recursive)
    found: dict[str, Clip] = {}
    for source in sources:
        for path in search.clips(source):
            found[os.path.realpath(path)] = _clip(absolute(path), base)
    return Found([*found.values()], search.unseen, [printable(root) for root in roots])


def _clip(place: Path, base: Path) -> Clip:
    return Clip(printable(place.relative_to(base).as_posix()), str(place), size_of(place))


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

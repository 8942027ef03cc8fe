"""Clips on this machine's disks: in folders, behind patterns, by name.

A folder that cannot be listed, a link that leads nowhere, a mount that does not answer: what is in
it is not known. That is noted, and the search goes on with the rest.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from formcheck.domain import printable
from formcheck.errors import VideoError
from formcheck.texts import text

SUFFIXES = frozenset(
    {".3gp", ".avi", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".webm",
     ".wmv"}
)  # fmt: skip
"""What counts as a clip in a folder; a file given by name may be called anything."""

RESULT_MARK = "summary.json"
"""The file by which a folder is known to hold a result."""

_OF_THE_DISK = frozenset({"lost+found", "System Volume Information", "$RECYCLE.BIN"})
"""What file systems keep for themselves; nobody has clips there, and few may look."""


@dataclass
class Search:
    """Looks for clips; never in ``output``, an absolute path without links, unless asked to.

    ``unseen`` has the places that could not be looked into, each with the system's reason.
    """

    output: Path
    is_recursive: bool
    unseen: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def clips(self, source: str) -> Iterator[Path]:
        """Yield the clips of a folder, a pattern or a path.

        Raises VideoError when there is no such thing, OSError when the source itself cannot be
        looked into.
        """
        path = Path(source)
        if path.is_dir():
            yield from self._in_folder(path)
        elif os.path.lexists(path) or not glob.has_magic(source):
            yield _file(path)
        else:
            yield from self._behind_pattern(path)

    def _in_folder(self, source: Path) -> Iterator[Path]:
        """Clips in a folder, and below it in folders that were not seen before: links go round."""
        waiting = [source]
        while waiting:
            folder = waiting.pop()
            real = os.path.realpath(folder)
            if real in self._seen:
                continue
            self._seen.add(real)
            entries = _listed(folder) if folder == source else self._listed(folder)
            if not any(entry.name == RESULT_MARK for entry in entries):
                yield from (Path(each.path) for each in entries if is_clip(each.name, each.path))
            if self.is_recursive:
                waiting += reversed(self._folders(entries))

    def _folders(self, entries: Sequence[os.DirEntry[str]]) -> list[Path]:
        """Folders to look into; links to folders are followed."""
        return [
            Path(entry.path)
            for entry in entries
            if not is_hidden(entry.name)
            and self._is_folder(entry)
            and os.path.realpath(entry.path) != str(self.output)
        ]

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        if entry.name in _OF_THE_DISK:
            return False
        try:
            if entry.is_symlink():
                return stat.S_ISDIR(Path(entry.path).stat().st_mode)
            return entry.is_dir()
        except OSError as error:
            if not PurePath(entry.name).suffix[1:2].isalpha():  # else it was to be a file
                self._leave_out(entry.path, error)
            return False

    def _listed(self, folder: Path) -> list[os.DirEntry[str]]:
        """What is in a folder; nothing, and a note of it, when that cannot be said."""
        try:
            return _listed(folder)
        except OSError as error:
            self._leave_out(str(folder), error)
            return []

    def _leave_out(self, place: str, error: OSError) -> None:
        self.unseen[printable(str(absolute(Path(place))))] = error.strerror or str(error)

    def _behind_pattern(self, pattern: Path) -> Iterator[Path]:
        fixed = root_of(str(pattern))
        parts = absolute(pattern).relative_to(fixed).parts
        wanted = SUFFIXES | {pattern.suffix.lower()} - {""}
        _listed(fixed)
        found = [each for each in self._matches(fixed, parts) if is_clip(each.name, each, wanted)]
        if not found and not self.unseen:
            raise VideoError(text("errors", "batch.no_match", source=str(pattern)))
        is_inside = _is_in(fixed / "any", self.output)
        yield from (each for each in found if not self._is_ours(each, is_inside=is_inside))

    def _matches(self, folder: Path, parts: Sequence[str]) -> Iterator[Path]:
        """Files behind the parts of a pattern; ``**`` is any number of folders, links apart."""
        head, rest = parts[0], parts[1:]
        if head == "**":
            for below in self._below(folder) if rest else ():
                yield from self._matches(below, rest)
        elif glob.has_magic(head):
            yield from self._named(folder, head, rest)
        elif self._is_there(folder / head):
            yield from self._matches(folder / head, rest) if rest else (folder / head,)

    def _named(self, folder: Path, name: str, rest: Sequence[str]) -> Iterator[Path]:
        """What matches one part of a pattern; as in a shell not what a dot hides."""
        for entry in self._listed(folder):
            is_meant = is_hidden(name) or not is_hidden(entry.name)
            if not (is_meant and fnmatch.fnmatch(entry.name, name)):
                continue
            if not rest:
                yield Path(entry.path)
            elif self._is_folder(entry):
                yield from self._matches(Path(entry.path), rest)

    def _below(self, folder: Path) -> Iterator[Path]:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            yield here
            waiting += [
                Path(each.path)
                for each in reversed(self._listed(here))
                if not each.is_symlink() and not is_hidden(each.name) and self._is_folder(each)
            ]

    def _is_there(self, path: Path) -> bool:
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            self._leave_out(str(path), error)
            return False
        return True

    def _is_ours(self, path: Path, *, is_inside: bool) -> bool:
        """Whether a file is part of a result, or in an output folder it was not asked for in."""
        is_result = os.path.lexists(path.parent / RESULT_MARK)
        return is_result or (not is_inside and _is_in(path, self.output))


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _file(path: Path) -> Path:
    """A clip given by name. Raises VideoError for what is no file: to read it may never end."""
    if path.is_file():
        return path
    if not os.path.lexists(path):
        raise VideoError(text("errors", "clip.missing", path=str(path)))
    if not path.exists():
        raise VideoError(text("errors", "batch.nowhere", path=str(path)))
    raise VideoError(text("errors", "batch.no_file", path=str(path)))


def is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden by a dot."""
    return name.startswith(".")


def is_clip(name: str, path: str | Path, suffixes: frozenset[str] = SUFFIXES) -> bool:
    """Whether a file looks like a clip that is meant to be seen.

    One that cannot be looked at, such as a link to what is gone, does: it will fail by name.
    """
    if is_hidden(name) or PurePath(name).suffix.lower() not in suffixes:
        return False
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return True


def root_of(source: str) -> Path:
    """The folder that names are relative to: the part of a pattern before its first wildcard."""
    path = absolute(Path(source))
    if path.is_dir():
        return path
    fixed = path.parent
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed


def absolute(path: Path) -> Path:
    """Absolute as it was named: a link into another place keeps its own name."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def _is_in(path: Path, folder: Path) -> bool:
    return folder in Path(os.path.realpath(path)).parents


def size_of(path: Path) -> int:
    """Bytes of a file, 0 when they cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""manifest.jsonl: what became of every clip, one line each, only ever added to.

The last line of a clip counts. A line is on disk before the next task begins; a line that a killed
run left half-written is cut off, and its clip done again.

Lines of two other kinds say which places could not be looked into for clips, where the last one
counts, and which clip is to be forgotten.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from formcheck.errors import OutputError
from formcheck.texts import text

NAME = "manifest.jsonl"
"""Name of the file in the output folder."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line: a clip, what it was analysed with, and what came of it.

    ``clip`` is its path below the input folder and ``folder`` that of its result below the output
    folder, both with slashes. ``state`` is analysed, partial, refused or failed. ``tag`` is what a
    remote store says of the content. ``row`` holds what the table shows, ``error`` what went wrong.
    ``has_page`` when a clip that is not usable has a page that says why.
    """

    at: str
    clip: str
    source: str
    folder: str
    state: str
    clip_sha256: str | None
    tag: str | None
    config_sha256: str
    model_sha256: str
    is_annotated: bool
    seconds: float
    reasons: tuple[str, ...] = ()
    error: Mapping[str, str] | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    has_page: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether something was measured."""
        return self.state in {"analysed", "partial"}

    @property
    def has_folder(self) -> bool:
        """Whether a folder with a page belongs to it."""
        return self.is_usable or self.has_page


@dataclass(frozen=True, slots=True)
class _Place:
    """A record without its row, and where its line begins."""

    offset: int
    record: Record


@dataclass(frozen=True, slots=True)
class _Unseen:
    """Another kind of line."""

    at: str
    unseen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Forgotten:
    """Another kind of line."""

    at: str
    forgotten: str


_Line = Record | _Unseen | _Forgotten


class Manifest:
    """The records of an output folder. Use as a context manager.

    ``unseen`` has the places that could not be looked into when last tried, each with the reason.
    Raises OutputError when the file cannot be read or written, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._latest: dict[str, _Place] = {}
        self.unseen: Mapping[str, str] = {}
        try:
            self._end = path.open("ab", buffering=0)  # what could not be written is not kept
            self._file = path.open("rb")
            self._load()
        except OSError as error:
            facts = {"path": str(path), "why": error.strerror}
            raise OutputError(text("errors", "batch.unwritable", **facts)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()
        self._end.close()

    def __len__(self) -> int:
        return len(self._latest)

    def latest(self, clip: str) -> Record | None:
        """Return the last record of a clip, without its row."""
        place = self._latest.get(clip)
        return None if place is None else place.record

    def each(self, what: str) -> Mapping[str, str]:
        """Return one field of every clip's last record, such as ``folder``, by clip."""
        return {clip: str(getattr(place.record, what)) for clip, place in self._latest.items()}

    def append(self, record: Record) -> None:
        """Add a line and wait until it is on disk."""
        self._add(record)

    def note_unseen(self, at: str, places: Mapping[str, str]) -> None:
        """Say which places could not be looked into now, unless that is what is known already."""
        if places != self.unseen:
            self._add(_Unseen(at, dict(places)))

    def forget(self, at: str, clip: str) -> None:
        """Leave a clip out from now on."""
        self._add(_Forgotten(at, clip))

    def _add(self, added: _Line) -> None:
        # In ASCII: a source's name may hold bytes that are no text.
        line = json.dumps(dataclasses.asdict(added), allow_nan=False) + "\n"
        offset = self._end.seek(0, os.SEEK_END)
        try:
            self._write(line.encode())
        except OSError as error:
            self._end.truncate(offset)
            facts = {"path": str(self.path), "why": error.strerror}
            raise OutputError(text("errors", "batch.unwritable", **facts)) from error
        self._keep(offset, added)

    def _write(self, line: bytes) -> None:
        left = memoryview(line)
        while left:  # a disk that fills up takes a part first
            left = left[self._end.write(left) :]
        os.fsync(self._end.fileno())

    def latest_records(self) -> Iterator[Record]:
        """Yield the last record of every clip with its row, in the order of the clips' names."""
        for clip in sorted(self._latest):
            self._file.seek(self._latest[clip].offset)
            found = self._parsed(self._file.readline())
            if isinstance(found, Record):
                yield found

    def _load(self) -> None:
        end = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            self._keep(end, self._parsed(line))
            end += len(line)
        self._end.truncate(end)

    def _keep(self, offset: int, line: _Line) -> None:
        if isinstance(line, Record):
            self._latest[line.clip] = _Place(offset, dataclasses.replace(line, row={}))
        elif isinstance(line, _Forgotten):
            self._latest.pop(line.forgotten, None)
        else:
            self.unseen = line.unseen

    def _parsed(self, line: bytes) -> _Line:
        try:
            values = json.loads(line)
            if "unseen" in values:
                return _Unseen(**values)
            if "forgotten" in values:
                return _Forgotten(**values)
            return Record(**values | {"reasons": tuple(values["reasons"])})
        except (ValueError, TypeError, KeyError) as error:
            raise OutputError(text("errors", "batch.other_line", path=str(self.path))) from error

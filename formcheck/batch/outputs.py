"""The output folder of a batch: on this machine's disks, or behind a URL."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

from formcheck.batch import manifest
from formcheck.batch.lock import folder_lock, lease
from formcheck.batch.remote import is_url, opened, put
from formcheck.batch.thumbnail import NAME as THUMBNAIL
from formcheck.batch.thumbnail import refused_thumbnail, thumbnail
from formcheck.domain import Analysis
from formcheck.errors import OutputError
from formcheck.report import ReportOptions, write_report
from formcheck.report.refusal import Refusal, fill
from formcheck.report.staging import OURS, staged, tidy_up, users_own
from formcheck.texts import ReportStyle
from formcheck.texts import text as text_of
from formcheck.video.proxy import UNWATCHED, Reading

_MARK = "summary.json"  # the last file of a result to appear in a store
_UPLOAD_EVERY_S = 5.0
_UPLOAD_SHARE = 0.1  # at most this part of the time goes into uploading the manifest again


class Outputs(Protocol):
    """An output folder; made anew from its place in every process."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the folder for this batch alone. Raises OutputError when another batch has it."""

    def manifest(self) -> AbstractContextManager[manifest.Manifest]:
        """Open the manifest."""

    def recorded(self) -> None:
        """Called after every record."""

    def holds(self, folder: str) -> bool:
        """Whether a whole result is there."""

    def write(
        self,
        analysis: Analysis,
        folder: str,
        clip: Path | None,
        *,
        style: ReportStyle,
        reading: Reading = UNWATCHED,
    ) -> None:
        """Write a result in place of an earlier one; without the clip nothing is drawn."""

    def refuse(self, refusal: Refusal, folder: str, style: ReportStyle) -> bool:
        """Write the page that says why there is no result in place of an earlier one.

        Return whether a thumbnail lies beside it.
        """

    def remove(self, folder: str) -> None:
        """Remove a result and what killed runs left of one."""

    def tidy(self, folder: str) -> None:
        """Remove what killed runs left of a result."""

    def publish(self, name: str, text: Iterator[str]) -> None:
        """Write a text file of the batch itself; it appears whole or not at all."""


def outputs_at(place: str) -> Outputs:
    """Return the output folder at a path or URL."""
    return RemoteOutputs(place) if is_url(place) else LocalOutputs(Path(place))


class LocalOutputs:
    """An output folder on this machine's disks."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this batch alone. Raises OutputError when another batch has it."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            facts = {"path": str(self._root), "why": error.strerror}
            raise OutputError(text_of("errors", "batch.unmade", **facts)) from error
        with folder_lock(self._root):
            yield

    def manifest(self) -> AbstractContextManager[manifest.Manifest]:
        """Open the manifest."""
        return manifest.Manifest(self._root / manifest.NAME)

    def recorded(self) -> None:
        """Do nothing: the record is where it belongs."""

    def holds(self, folder: str) -> bool:
        """Whether a whole result is there."""
        return (self._root / folder / _MARK).is_file()

    def write(
        self,
        analysis: Analysis,
        folder: str,
        clip: Path | None,
        *,
        style: ReportStyle,
        reading: Reading = UNWATCHED,
    ) -> None:
        """Write a result in place of an earlier one."""
        target = self._root / folder
        before = target / THUMBNAIL
        picture = before.read_bytes() if before.is_file() else None
        _write_result(analysis, target, clip, style, picture, reading)

    def refuse(self, refusal: Refusal, folder: str, style: ReportStyle) -> bool:
        """Write the page that says why there is no result; return whether it has a thumbnail."""
        with staged(self._root / folder, _MARK, force=True) as place:
            return _fill_refused(refusal, place, style)

    def remove(self, folder: str) -> None:
        """Remove a result and what killed runs left of one; not one with files of the user's."""
        target = self._root / folder
        if self.holds(folder) and not users_own(target):
            shutil.rmtree(target)
        self.tidy(folder)

    def tidy(self, folder: str) -> None:
        """Remove what killed runs left of a result."""
        target = (self._root / folder).resolve()
        if target.parent.is_dir():
            tidy_up(target)

    def publish(self, name: str, text: Iterator[str]) -> None:
        """Write a text file of the batch itself; it appears whole or not at all."""
        fresh = self._root / f".{name}.partial"
        try:
            with fresh.open("w", encoding="utf-8", newline="") as file:
                file.writelines(text)
            fresh.replace(self._root / name)
        except OSError as error:
            facts = {"path": str(self._root / name), "why": error.strerror}
            raise OutputError(text_of("errors", "batch.unwritable", **facts)) from error
        finally:
            fresh.unlink(missing_ok=True)


class RemoteOutputs:
    """An output folder in a store that knows whole objects only.

    The manifest is kept in a file of this machine and uploaded again every few seconds: what a
    killed run had not uploaded is done again.
    """

    def __init__(self, url: str) -> None:
        self._file_system, self._root = opened(url)
        self._url = url

    def lock(self) -> AbstractContextManager[None]:
        """Hold the folder for this batch alone. Raises OutputError when another batch has it."""
        return lease(self._file_system, f"{self._root}/batch.lock.json", self._url)

    @contextmanager
    def manifest(self) -> Iterator[manifest.Manifest]:
        """Open the manifest; it is uploaded when the block is left."""
        target = f"{self._root}/{manifest.NAME}"
        with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
            self._copy = Path(folder) / manifest.NAME
            if self._file_system.exists(target):
                self._file_system.get_file(target, str(self._copy))
            self._next_upload_s = time.monotonic() + _UPLOAD_EVERY_S
            try:
                with manifest.Manifest(self._copy) as records:
                    yield records
            finally:
                self._upload()

    def recorded(self) -> None:
        """Upload the manifest now and then."""
        if time.monotonic() >= self._next_upload_s:
            self._upload()

    def _upload(self) -> None:
        begun_s = time.monotonic()
        put(self._file_system, self._copy, f"{self._root}/{manifest.NAME}")
        took_s = time.monotonic() - begun_s
        self._next_upload_s = time.monotonic() + max(_UPLOAD_EVERY_S, took_s / _UPLOAD_SHARE)

    @cached_property
    def _marks(self) -> frozenset[str]:
        """The results that were there when this was first asked."""
        return frozenset(
            path for path in self._file_system.find(self._root) if path.endswith(f"/{_MARK}")
        )

    def holds(self, folder: str) -> bool:
        """Whether a whole result is there."""
        return f"{self._root}/{folder}/{_MARK}" in self._marks

    def write(
        self,
        analysis: Analysis,
        folder: str,
        clip: Path | None,
        *,
        style: ReportStyle,
        reading: Reading = UNWATCHED,
    ) -> None:
        """Write a result in place of an earlier one, the file that marks it whole last."""
        before = f"{self._root}/{folder}/{THUMBNAIL}"
        picture = self._file_system.cat_file(before) if self._file_system.exists(before) else None
        with tempfile.TemporaryDirectory(prefix="formcheck-") as place:
            made = Path(place) / "result"
            _write_result(analysis, made, clip, style, picture, reading)
            self._replace(folder, made)

    def refuse(self, refusal: Refusal, folder: str, style: ReportStyle) -> bool:
        """Write the page that says why there is no result; return whether it has a thumbnail."""
        with tempfile.TemporaryDirectory(prefix="formcheck-") as made:
            has_picture = _fill_refused(refusal, Path(made), style)
            self._replace(folder, Path(made))
        return has_picture

    def _replace(self, folder: str, made: Path) -> None:
        """Upload what was made in place of an earlier result, the file that marks it last."""
        self.remove(folder)
        for path in sorted(made.iterdir(), key=lambda path: path.name == _MARK):
            put(self._file_system, path, f"{self._root}/{folder}/{path.name}")

    def remove(self, folder: str) -> None:
        """Remove a result, the file that marks it whole first; files of the user's stay."""
        target = f"{self._root}/{folder}"
        if self._file_system.exists(f"{target}/{_MARK}"):
            self._file_system.rm_file(f"{target}/{_MARK}")
        for path in self._file_system.find(target, maxdepth=1):
            if path.rpartition("/")[2] in OURS:
                self._file_system.rm_file(path)

    def tidy(self, folder: str) -> None:
        """Do nothing: a result is made elsewhere and goes with the folder it was made in."""

    def publish(self, name: str, text: Iterator[str]) -> None:
        """Write a text file of the batch itself."""
        with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
            path = Path(folder) / name
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(text)
            put(self._file_system, path, f"{self._root}/{name}")


def _write_result(
    analysis: Analysis,
    folder: Path,
    clip: Path | None,
    style: ReportStyle,
    earlier_picture: bytes | None,
    reading: Reading,
) -> None:
    """Write a result folder with its thumbnail; without the clip an earlier thumbnail stays."""
    options = ReportOptions(style)
    write_report(analysis, folder, clip=clip, options=options, force=True, reading=reading)
    picture = earlier_picture if clip is None else thumbnail(analysis, folder)
    if picture is not None:
        (folder / THUMBNAIL).write_bytes(picture)


def _fill_refused(refusal: Refusal, place: Path, style: ReportStyle) -> bool:
    """Write the files of a clip without a result; return whether a thumbnail is one of them."""
    picture = refused_thumbnail(refusal, fill(place, refusal, ReportOptions(style)))
    if picture is not None:
        (place / THUMBNAIL).write_bytes(picture)
    return picture is not None

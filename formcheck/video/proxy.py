"""Small pictures of a clip, kept while it is first read so that it need not be decoded again.

Film editors call such pictures a proxy. They lie in a file without a name in the folder for
temporary files and are gone with the process, however it ends. A clip that would take too much
room, or more than a part of what is free, has no proxy and is decoded again; so has one that is
small already.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Generator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import NamedTuple, Self

import av

from formcheck.domain import FloatArray, Progress, silent
from formcheck.video.prefetch import Prefetched
from formcheck.video.upright import PLANES, Frame, Picture, Upright

logger = logging.getLogger(__name__)

MOST_BYTES = 2_000_000_000
"""Room a proxy may take: that of 50 s at 60 frames/s and 864 x 486 pixels."""

_MOST_OF_FREE = 0.25
_FRAMES_AHEAD = 4
_DISK = Path("/var/tmp")  # noqa: S108 - a folder to choose; the file in it has no name


class Proxy:
    """The pictures of one clip, at most ``max_side_px`` long, as they are read.

    Frames may be added by several threads, in any order and more than once. Use as a context
    manager; leaving it removes them. ``folder`` is where the file lies, ``most_bytes`` the room it
    may take.
    """

    def __init__(
        self, max_side_px: int, *, folder: Path | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self._max_side_px, self._most_bytes = max_side_px, most_bytes
        self._folder = _spare_folder() if folder is None else folder
        self._file: FileIO | None = None
        self._picture = Picture(0, 0, 0)
        self._kept: dict[float, _Kept] = {}
        self._lock = threading.Lock()
        self._of_thread = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def begin(self, picture: Picture, n_frames: int | None) -> None:
        """Get ready for frames of upright ones, ``n_frames`` of them where that is known.

        Whatever was added before is forgotten.
        """
        self.close()
        self._kept.clear()
        self._picture, self._of_thread = picture, threading.local()
        if picture.shown_size(self._max_side_px) == picture.shown_size(None):
            return
        with self._lock:
            try:
                room = min(self._most_bytes, _MOST_OF_FREE * shutil.disk_usage(self._folder).free)
                if (n_frames or 1) * _n_bytes(self._empty_frame()) <= room:
                    self._file = _nameless_file(self._folder)
            except OSError as error:
                self._give_up(str(error))

    def add(self, time_s: float, stored: av.VideoFrame) -> None:
        """Keep the frame shown at ``time_s``, as stored in the clip or scaled down already."""
        if self._file is None or time_s in self._kept:
            return
        scaled = self._upright().scaled(stored)
        with self._lock:
            self._write(time_s, scaled)

    def _upright(self) -> Upright:
        """What scales the frames of this thread."""
        if not hasattr(self._of_thread, "upright"):
            self._of_thread.upright = Upright(self._picture, self._max_side_px)
        upright: Upright = self._of_thread.upright
        return upright

    def _write(self, time_s: float, scaled: av.VideoFrame) -> None:
        if self._file is None or time_s in self._kept:
            return
        n_bytes = _n_bytes(scaled)
        place = len(self._kept) * n_bytes
        if place + n_bytes > self._most_bytes:
            self._give_up(f"more than {len(self._kept)} frames")
            return
        try:
            self._file.seek(place)
            written = sum(self._file.write(memoryview(plane)) for plane in scaled.planes)
        except OSError as error:
            self._give_up(str(error))
            return
        if written < n_bytes:
            self._give_up("the disk is full")
            return
        self._kept[time_s] = _Kept(place, scaled.colorspace, scaled.color_range)

    def holds(self, time_s: FloatArray) -> bool:
        """Whether just the frames shown at these times, ``(n_frames,)``, can be handed out."""
        return self._file is not None and sorted(self._kept) == time_s.tolist()

    def frames(self, *, is_overlapped: bool = True) -> Prefetched[Frame]:
        """All frames in the order of showing, overlapped a few ahead in a thread.

        Raises OSError when the file cannot be read.
        """
        return Prefetched(self._read(), depth=_FRAMES_AHEAD, is_overlapped=is_overlapped)

    def close(self) -> None:
        """Remove the pictures."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _empty_frame(self) -> av.VideoFrame:
        return av.VideoFrame(*self._picture.stored_size(self._max_side_px), PLANES)

    def _read(self) -> Generator[Frame, None, None]:
        upright, scaled = Upright(self._picture, self._max_side_px), self._empty_frame()
        for time_s, kept in sorted(self._kept.items()):
            if self._file is None:
                raise ValueError("the proxy is closed")
            self._file.seek(kept.place)
            for plane in scaled.planes:
                if self._file.readinto(memoryview(plane)) != plane.buffer_size:
                    raise OSError("the file of small pictures has become shorter")
            scaled.colorspace, scaled.color_range = kept.colorspace, kept.color_range
            yield Frame(time_s, upright.rgb(scaled))

    def _give_up(self, why: str) -> None:
        """Do without; the lock is held."""
        logger.info("no small pictures are kept, the clip will be decoded again: %s", why)
        if self._file is not None:
            self._file.close()
        self._file = None


class _Kept(NamedTuple):
    """Where a frame lies in the file, and how its colours are coded."""

    place: int
    colorspace: int
    color_range: int


def _n_bytes(frame: av.VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How a clip is read: who is told of every frame, and where small pictures are kept.

    Overlapped, threads of their own decode and encode beside the rest; else one core does it all.
    """

    progress: Progress = silent
    proxy: Proxy | None = None
    is_overlapped: bool = True


UNWATCHED = Reading()
"""Nobody is told and nothing is kept."""


def _nameless_file(folder: Path) -> FileIO:
    return tempfile.TemporaryFile(buffering=0, dir=folder)


def _spare_folder() -> Path:
    """Where temporary files go: as the user says, else on a disk; /tmp may be memory."""
    if "TMPDIR" not in os.environ and os.access(_DISK, os.W_OK | os.X_OK):
        return _DISK
    return Path(tempfile.gettempdir())

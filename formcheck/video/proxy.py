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
from typing import Self

import cv2
import numpy as np

from formcheck.domain import FloatArray, Progress, RgbImage, silent
from formcheck.video.prefetch import Prefetched
from formcheck.video.upright import Frame, Picture

logger = logging.getLogger(__name__)

MOST_BYTES = 2_000_000_000
"""Room a proxy may take: that of 50 s at 60 frames/s and 864 x 486 pixels."""

_MOST_OF_FREE = 0.25
_FRAMES_AHEAD = 4
_DISK = Path("/var/tmp")  # noqa: S108 - a folder to choose; the file in it has no name


@dataclass(frozen=True, slots=True)
class _Size:
    """Of a picture; stored it has even sides, for colour at half the resolution."""

    width_px: int
    height_px: int

    @property
    def even(self) -> tuple[int, int]:
        """Width and height as stored."""
        return self.width_px + self.width_px % 2, self.height_px + self.height_px % 2

    @property
    def n_bytes(self) -> int:
        """Of a stored picture."""
        width, height = self.even
        return width * height * 3 // 2


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
        self._places: dict[float, int] = {}
        self._lock = threading.Lock()
        self._set_size(_Size(0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def begin(self, picture: Picture, n_frames: int | None) -> None:
        """Get ready for upright frames, ``n_frames`` of them where that is known.

        Whatever was added before is forgotten.
        """
        self.close()
        self._places.clear()
        self._set_size(_Size(*picture.shown_size(self._max_side_px)))
        if self._size == _Size(*picture.shown_size(None)):
            return
        with self._lock:
            try:
                room = min(self._most_bytes, _MOST_OF_FREE * shutil.disk_usage(self._folder).free)
                if (n_frames or 1) * self._size.n_bytes <= room:
                    self._file = _nameless_file(self._folder)
            except OSError as error:
                self._give_up(str(error))

    def add(self, time_s: float, rgb: RgbImage) -> None:
        """Keep the frame shown at ``time_s``, (height, width, 3) of any size."""
        with self._lock:
            self._write(time_s, rgb)

    def _write(self, time_s: float, rgb: RgbImage) -> None:
        if self._file is None or time_s in self._places:
            return
        place = len(self._places) * self._size.n_bytes
        if place + self._size.n_bytes > self._most_bytes:
            self._give_up(f"more than {len(self._places)} frames")
            return
        try:
            self._file.seek(place)
            written = self._file.write(self._stored(rgb).data)
        except OSError as error:
            self._give_up(str(error))
            return
        if written < self._size.n_bytes:
            self._give_up("the disk is full")
            return
        self._places[time_s] = place

    def holds(self, time_s: FloatArray) -> bool:
        """Whether just the frames shown at these times, ``(n_frames,)``, can be handed out."""
        return self._file is not None and sorted(self._places) == time_s.tolist()

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

    def _set_size(self, size: _Size) -> None:
        """Room for one picture on its way: memory fresh for each takes as long as the scaling."""
        self._size = size
        width, height = size.even
        self._small = np.zeros((height, width, 3), np.uint8)
        self._planes = np.zeros((height * 3 // 2, width), np.uint8)

    def _stored(self, rgb: RgbImage) -> RgbImage:
        """A picture at its small size in planes of brightness and colour: half the bytes."""
        width, height = self._size.width_px, self._size.height_px
        shown = self._small[:height, :width]
        cv2.resize(rgb, (width, height), dst=shown, interpolation=cv2.INTER_LINEAR)
        # A size that is even has none of these.
        self._small[height:, :width] = shown[-1:]
        self._small[:, width:] = self._small[:, width - 1 : width]
        cv2.cvtColor(self._small, cv2.COLOR_RGB2YUV_I420, dst=self._planes)
        return self._planes

    def _read(self) -> Generator[Frame, None, None]:
        width, height = self._size.even
        planes = np.empty((height * 3 // 2, width), np.uint8)
        for time_s, place in sorted(self._places.items()):
            if self._file is None:
                raise ValueError("the proxy is closed")
            self._file.seek(place)
            if self._file.readinto(planes.data) != planes.nbytes:
                raise OSError("the file of small pictures has become shorter")
            rgb = np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420), np.uint8)
            yield Frame(time_s, rgb[: self._size.height_px, : self._size.width_px])

    def _give_up(self, why: str) -> None:
        """Do without; the lock is held."""
        logger.info("no small pictures are kept, the clip will be decoded again: %s", why)
        if self._file is not None:
            self._file.close()
        self._file = None


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

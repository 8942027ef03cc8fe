"""Read a video file: upright RGB frames with their true presentation times."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Self, TypeAlias

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.format import Flags
from av.stream import Disposition
from av.video.stream import VideoStream

from formcheck.domain import FloatArray, VideoInfo
from formcheck.errors import VideoError
from formcheck.texts import text
from formcheck.video.clock import Clock, counts_slots, is_variable_rate
from formcheck.video.dates import recorded_on
from formcheck.video.prefetch import Prefetched
from formcheck.video.proxy import UNWATCHED, Reading
from formcheck.video.upright import Frame, Upright, picture_of
from formcheck.video.vendor import translated

logger = logging.getLogger(__name__)

_FRAMES_AHEAD = 4  # decoded while the consumer works; bounds memory
_GLANCES_AHEAD = 2  # between two of them lies much to decode, and often the first few are enough
Stored: TypeAlias = Callable[
    [InputContainer, VideoStream, Counter[str]], Iterator[tuple[float, av.VideoFrame]]
]
"""Takes frames with their times out of an opened file, and counts those that were lost."""

_NOT_FILM = ("tty", "bin", "xbin", "idf", "adf", "lavfi")  # FFmpeg's readers of text art


class Video:
    """A video file whose upright frames can be iterated, as often as wanted.

    ``width_px`` and ``height_px`` are those of the upright picture with square pixels,
    ``rotation_deg`` (0, 90, 180, 270; counter-clockwise) is what the file asks a player to turn.
    Use as a context manager; leaving it ends decoding.
    """

    def __init__(
        self, path: Path, *, time_scale: float = 1.0, reading: Reading = UNWATCHED
    ) -> None:
        self.path = path
        self.time_scale = time_scale
        self._proxy, self.is_overlapped = reading.proxy, reading.is_overlapped
        self.n_frames_hint: int | None = None
        self._running = ExitStack()
        self._info: VideoInfo | None = None
        self._probe()

    @property
    def width_px(self) -> int:
        """Width of the upright picture."""
        return self._picture.width_px

    @property
    def height_px(self) -> int:
        """Height of the upright picture."""
        return self._picture.height_px

    @property
    def rotation_deg(self) -> int:
        """Rotation asked for by the file and applied to every frame, counter-clockwise."""
        return 90 * self._picture.quarter_turns

    @property
    def info(self) -> VideoInfo:
        """Facts about the file, known once all frames were iterated. Raises RuntimeError before."""
        if self._info is None:
            raise RuntimeError("iterate over all frames first")
        return self._info

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._running.close()

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(
        self,
        *,
        max_side_px: int | None = None,
        stored: Stored | None = None,
        ahead: int = _FRAMES_AHEAD,
        is_exact: bool = True,
        is_alone: bool = True,
    ) -> Prefetched[Frame]:
        """Frames, decoded ``ahead`` in a thread that begins now; ``stored`` chooses some of them.

        Pictures longer than ``max_side_px`` are scaled down while they are converted; a point of
        a scaled picture times ``width_px / rgb.shape[1]`` is a point of the full one. Without
        ``is_exact`` the edges of coding blocks stay in frames that no other is made from: to look
        at scaled down, not to measure on, for a seventh less to decode. Not ``is_alone``, as when
        other parts of the clip are decoded at the same time, one thread decodes. Raises VideoError
        when the file cannot be read on.
        """
        options = {} if is_exact else {"skip_loop_filter": "noref"}
        if not (is_alone and self.is_overlapped):
            options["threads"] = "1"
        frames = Prefetched(
            self._decode(max_side_px, stored, options),
            depth=ahead,
            is_overlapped=self.is_overlapped,
        )
        self._running.callback(frames.close)
        return frames

    def glances(self, every_s: float, count: int, *, max_side_px: int) -> Prefetched[Frame]:
        """Up to ``count`` frames, ``every_s`` apart from the first one on; as in ``frames``.

        Those between are decoded, but not converted.
        """

        def stored(
            container: InputContainer, stream: VideoStream, lost: Counter[str]
        ) -> Iterator[tuple[float, av.VideoFrame]]:
            shown = 0
            for time_s, frame in self._stored(container, stream, lost):
                if time_s >= shown * every_s:
                    yield time_s, frame
                    shown += 1
                if shown == count:
                    return

        return self.frames(max_side_px=max_side_px, stored=stored, ahead=_GLANCES_AHEAD)

    def _probe(self) -> None:
        """Learn size and rotation from the first frame and see that a second one exists."""
        with translated(self.path), opened(self.path) as container:
            stream = video_stream(container, self.path)
            self._codec = stream.codec_context.name
            self._recorded_on = recorded_on(container.metadata)
            self._tick = stream.time_base or Fraction(1, 1000)
            self.n_frames_hint = stream.frames or None
            found = list(islice(timed(container, stream, Counter()), 2))
            self._check(found, container)
            self._picture = picture_of(found[0][1], stream)
        if self._proxy is not None:
            self._proxy.begin(self._picture, self.n_frames_hint)

    def _check(self, found: list[tuple[float, av.VideoFrame]], container: InputContainer) -> None:
        if Flags.no_timestamps in Flags(container.format.flags):
            raise VideoError(text("errors", "clip.no_stamps", path=str(self.path)))
        if len(found) < 2:
            count = "one" if found else "no"
            raise VideoError(text("errors", f"clip.{count}_frame", path=str(self.path)))

    def _decode(
        self, max_side_px: int | None, stored: Stored | None, options: dict[str, str]
    ) -> Generator[Frame, None, None]:
        """Decode the whole file, after which the facts about it are known; or some of it."""
        times: list[float] = []
        lost: Counter[str] = Counter()
        upright = Upright(self._picture, max_side_px)
        with translated(self.path), opened(self.path) as container:
            stream = video_stream(container, self.path)
            # Decoding several frames at once blurs which packet an error came from.
            stream.thread_type = "SLICE" if counts_slots(container.format.name) else "AUTO"
            stream.codec_context.options = options
            for time_s, frame in (stored or self._stored)(container, stream, lost):
                times.append(time_s)
                scaled = upright.scaled(frame)
                if self._proxy is not None:
                    self._proxy.add(time_s, scaled)
                yield Frame(time_s, upright.rgb(scaled))
            if stored is None:
                self.describe(np.array(times))
        if lost:
            counts = {"broken": lost["broken"], "untimed": lost["untimed"]}
            logger.warning(text("errors", "clip.lost", path=str(self.path), **counts))

    def describe(self, time_s: FloatArray) -> None:
        """Make ``info`` known from the times of all frames, ``(n_frames,)``, read in parts."""
        self._info = self._facts(time_s)

    def _stored(
        self, container: InputContainer, stream: VideoStream, lost: Counter[str]
    ) -> Iterator[tuple[float, av.VideoFrame]]:
        """Frames to hand out, as stored, each with its time from the first one."""
        return timed(container, stream, lost)

    def _facts(self, time_s: FloatArray) -> VideoInfo:
        if len(time_s) < 2:
            raise VideoError(text("errors", "clip.changed", path=str(self.path)))
        span_s = float(time_s[-1])
        return VideoInfo(
            path=str(self.path),
            width_px=self.width_px,
            height_px=self.height_px,
            fps=(len(time_s) - 1) / span_s,
            n_frames=len(time_s),
            duration_s=span_s + float(np.median(np.diff(time_s))),
            rotation_deg=self.rotation_deg,
            time_scale=self.time_scale,
            is_variable_rate=is_variable_rate(time_s, float(self._tick)),
            codec=self._codec,
            sha256=file_sha256(self.path),
            recorded_on=self._recorded_on,
        )


def open_video(path: Path, *, time_scale: float = 1.0, reading: Reading = UNWATCHED) -> Video:
    """Open a video; ``time_scale`` is capture rate over file rate (8 for 240 fps played at 30).

    With the proxy of ``reading`` the frames read are kept in it as well; who is told of them is not
    asked here.

    Raises VideoError, with what happened and what to do, for anything that is not a video of at
    least two frames with timestamps.
    """
    return Video(Path(path), time_scale=time_scale, reading=reading)


def file_sha256(path: Path) -> str:
    """Return the hash that tells one clip from another. Raises VideoError for an unreadable one."""
    if path.is_fifo():  # to open one waits for whoever writes into it, perhaps for ever
        raise VideoError(text("errors", "clip.pipe", path=str(path)))
    with translated(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def opened(path: Path) -> InputContainer:
    """Container of a local file; anything that would make FFmpeg open other files is refused."""
    if path.is_dir():
        raise IsADirectoryError(str(path))
    if path.stat().st_size == 0:
        raise VideoError(text("errors", "clip.empty", path=str(path)))
    options = {"protocol_whitelist": "file"}
    return av.open(str(path), metadata_errors="replace", options=options)


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """First real video stream. Raises VideoError for pictures, text and sound."""
    name = container.format.name
    if name.endswith("_pipe") or name.startswith("image2"):
        raise VideoError(text("errors", "clip.picture", path=str(path)))
    if name in _NOT_FILM:
        raise VideoError(text("errors", "clip.text_file", path=str(path)))
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise VideoError(text("errors", "clip.no_video", path=str(path)))


def timed(
    container: InputContainer,
    stream: VideoStream,
    lost: Counter[str],
    origin: Fraction | None = None,
) -> Iterator[tuple[float, av.VideoFrame]]:
    """Frames that have a time of their own, with that time in seconds since the first one.

    ``origin`` is the stamp of the file's first frame when reading begins elsewhere. What cannot be
    decoded or timed is left out and counted in ``lost``.
    """
    clock = Clock(container.format.name, origin)
    for frame in _frames(container, stream, clock, lost):
        time_s = clock.time_s(frame)
        if time_s is None:
            lost["untimed"] += 1
        else:
            yield time_s, frame


def _frames(
    container: InputContainer, stream: VideoStream, clock: Clock, lost: Counter[str]
) -> Iterator[av.VideoFrame]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.error.InvalidDataError:
            lost["broken"] += 1  # the rest of the file is unreadable; what came before is kept
            return
        if packet is None:
            return
        clock.feed(packet)
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            lost["broken"] += 1
            clock.forget()
            continue
        yield from frames

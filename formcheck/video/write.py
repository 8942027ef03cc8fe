"""Write a clip every browser plays: H.264, yuv420p, index first, true frame times."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from formcheck.cores import beside
from formcheck.domain import RgbImage
from formcheck.errors import OutputError
from formcheck.video.vendor import output_sentence, translated

_TICKS_PER_S = 90_000  # a frame time is kept to 6 microseconds
_FRAMES_AHEAD = 4  # waiting to be encoded; bounds memory
_BT709 = 1  # code of the HDTV colours in H.264, for primaries and transfer
# Per frame of 1280x720 on 2 cores: ultrafast 6.8 ms of processor time, superfast 8.8, veryfast 10.
# One quantiser for all pictures is a quarter less work for about the same space as crf 26, which
# looks ahead, at 39.4 instead of 39.8 dB. No B-frames: pictures are stored in the order of showing
# and the first one is shown at 0.
_ENCODER = {"preset": "ultrafast", "qp": "26", "bf": "0"}


class ClipWriter:
    """Encode RGB frames with their presentation times into an .mp4 file, in a thread or at once.

    ``fps`` is the nominal rate; it sets the H.264 level, not the times. H.264 with 4:2:0 colour
    wants even sizes: an odd width or height grows by one pixel that repeats the last column or
    row. Use as a context manager; after an error inside the block the file is incomplete.

    Raises OutputError when the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        width_px: int,
        height_px: int,
        *,
        fps: float,
        is_overlapped: bool = True,
    ) -> None:
        self._path = path
        self._shape = (height_px, width_px, 3)
        self._pad = ((0, height_px % 2), (0, width_px % 2), (0, 0))
        self._waiting: deque[Future[None]] = deque()
        self._ticks = [-1]
        with self._translated():
            self._container = _container(path)
            self._stream = _h264(self._container, width_px, height_px, fps)
            self._container.start_encoding()  # opens the file, so that it fails here if it must
        self._pool = beside("encode", is_overlapped=is_overlapped)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._translated(), self._container:
            self._pool.shutdown(wait=True, cancel_futures=error is not None)
            if error is None:
                self._finish()

    def write(self, rgb: RgbImage, time_s: float) -> None:
        """Add a frame (height, width, 3) shown from ``time_s`` on; times must increase.

        The array may be changed afterwards. Raises ValueError for another size or a time that
        does not increase.
        """
        if rgb.shape != self._shape:
            raise ValueError(f"frame must have shape {self._shape}, not {rgb.shape}")
        tick = round(time_s * _TICKS_PER_S)
        if tick <= self._ticks[-1]:
            raise ValueError(f"frame time {time_s} s does not increase")
        self._ticks = [*self._ticks[-1:], tick]
        padded = np.pad(rgb, self._pad, mode="edge") if any(map(any, self._pad)) else rgb
        frame = _yuv_frame(padded)
        frame.pts, frame.time_base = tick, Fraction(1, _TICKS_PER_S)
        self._waiting.append(self._pool.submit(self._encode, frame))
        if len(self._waiting) > _FRAMES_AHEAD:
            with self._translated():
                self._waiting.popleft().result()

    def _encode(self, frame: av.VideoFrame) -> None:
        self._mux(self._stream.encode(frame))

    def _finish(self) -> None:
        for waiting in self._waiting:
            waiting.result()
        self._mux(self._stream.encode(None))

    def _mux(self, packets: list[av.Packet[VideoStream]]) -> None:
        for packet in packets:
            # Only that of the last picture counts: it stays as long as the one before it.
            packet.duration = self._ticks[-1] - self._ticks[0]
            self._container.mux(packet)

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self._path, OutputError, output_sentence)


def _yuv_frame(rgb: RgbImage) -> av.VideoFrame:
    """A yuv420p frame of an evenly sized picture.

    OpenCV's conversion and a frame that borrows its buffer take 0.4 ms of processor time for
    1280x720, where a copy into a fresh frame and FFmpeg's conversion take 7 ms.
    """
    height, width = rgb.shape[:2]
    yuv = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), dtype=np.uint8)
    if height % 4 == 0:
        return av.VideoFrame.from_numpy_buffer(yuv, format="yuv420p")
    # PyAV takes such a buffer for a picture two rows lower and misplaces its colours.
    frame = av.VideoFrame(width, height, "yuv420p")
    planes = np.split(yuv.ravel(), np.cumsum([height * width, height * width // 4]))
    for plane, samples in zip(frame.planes, planes, strict=True):
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        rows[:, : plane.width] = samples.reshape(plane.height, plane.width)
    return frame


def _container(path: Path) -> OutputContainer:
    """Empty .mp4 whose index will stand before the pictures, so that it plays while loading."""
    return av.open(str(path), "w", format="mp4", container_options={"movflags": "+faststart"})


def _h264(container: OutputContainer, width_px: int, height_px: int, fps: float) -> VideoStream:
    rate = Fraction(fps).limit_denominator(1001)
    stream = container.add_stream("libx264", rate=rate, options=_ENCODER)
    stream.width, stream.height = width_px + width_px % 2, height_px + height_px % 2
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_count = 1  # runs beside decoding and drawing; more threads cost 40 % more work
    context.time_base = Fraction(1, _TICKS_PER_S)
    context.colorspace, context.color_range = Colorspace.ITU601, ColorRange.MPEG
    context.color_primaries = context.color_trc = _BT709
    return stream

"""A part of a video, thinned out, for a quick look without decoding the whole file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from formcheck.domain import FloatArray
from formcheck.video.clock import counts_slots
from formcheck.video.read import Video, opened, timed, video_stream
from formcheck.video.vendor import translated


def frame_times(path: Path) -> FloatArray:
    """Presentation times of all packets of a video, ``(n_packets,)`` seconds from the first one.

    Nothing is decoded. Empty where the container stores no times of showing. Raises VideoError for
    anything that is not a video.
    """
    with translated(path), opened(path) as container:
        stream = video_stream(container, path)
        if counts_slots(container.format.name):
            return np.empty(0)
        stamps = sorted(
            packet.pts * packet.time_base
            for packet in container.demux(stream)
            if packet.pts is not None and packet.time_base is not None
        )
    return np.array([float(stamp - stamps[0]) for stamp in stamps])


class Excerpt(Video):
    """Every ``step``-th frame between two times of a video, as a video of its own.

    Times count from the first frame of the excerpt, and ``info`` describes the excerpt. Decoding
    begins at the last key frame before ``start_s``.
    """

    def __init__(self, path: Path, *, start_s: float, stop_s: float, step: int) -> None:
        super().__init__(path)
        self.n_frames_hint = None
        self._start_s = start_s
        self._stop_s = stop_s
        self._step = step

    def _stored(
        self, container: InputContainer, stream: VideoStream, lost: Counter[str]
    ) -> Iterator[tuple[float, av.VideoFrame]]:
        first_s: float | None = None
        for index, (time_s, frame) in enumerate(self._stretch(container, stream, lost)):
            if index % self._step == 0:
                first_s = time_s if first_s is None else first_s
                yield time_s - first_s, frame

    def _stretch(
        self, container: InputContainer, stream: VideoStream, lost: Counter[str]
    ) -> Iterator[tuple[float, av.VideoFrame]]:
        """All frames of the stretch, with their times from the start of the file."""
        origin = self._seek(container, stream)
        for time_s, frame in timed(container, stream, lost, origin):
            if time_s >= self._stop_s:
                return
            if time_s >= self._start_s:
                yield time_s, frame

    def _seek(self, container: InputContainer, stream: VideoStream) -> Fraction | None:
        """Go to the key frame before the start; return the stamp of the file's first frame."""
        if counts_slots(container.format.name) or stream.time_base is None:
            return None  # no times to seek by: read from the beginning
        first = next(container.decode(stream))
        if first.pts is None or first.time_base is None:
            return None
        origin = first.pts * first.time_base
        target = round((origin + Fraction(self._start_s)) / stream.time_base)
        container.seek(target, stream=stream)
        return origin

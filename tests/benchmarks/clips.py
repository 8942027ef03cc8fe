"""The clips that are measured, made from a rendered sample clip."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from formcheck.domain import RgbImage
from formcheck.video.read import open_video
from tests.rendered import UPRIGHT

FPS = 60
SEVEN_STRIDES_S = 5  # at 168 steps a minute: the runner does not jump where the clip repeats
HALF_HD, FULL_HD, UHD = (1280, 720), (1920, 1080), (3840, 2160)


class Encoder(NamedTuple):
    """A codec and its options."""

    codec: str
    options: Mapping[str, str]


_H264 = Encoder("libx264", {"preset": "veryfast", "crf": "20"})
_HEVC = Encoder("libx265", {"preset": "ultrafast", "crf": "26", "x265-params": "log-level=none"})


class Clips:
    """Clips in a folder, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def full_hd(self, seconds: int) -> Path:
        """1080p at 60 frames/s, H.264."""
        return self._looped(f"1080p60_{seconds}s.mp4", FULL_HD, seconds)

    def uhd(self, seconds: int) -> Path:
        """4K at 60 frames/s, HEVC."""
        return self._looped(f"2160p60_{seconds}s.mp4", UHD, seconds)

    def half_hd(self, seconds: int, fps: int) -> Path:
        """720p at 60 or 30 frames/s, H.264."""
        return self._looped(f"720p{fps}_{seconds}s.mp4", HALF_HD, seconds, every=FPS // fps)

    def short(self, count: int) -> Path:
        """A folder of short clips with different content: 3 s, 720p at 60 frames/s."""
        folder = self.folder / f"short_{count}"
        if not folder.exists():
            made = self.folder / "short_unfinished"
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            for number in range(count):
                frames = _frames(3 * FPS, start=4 * number)
                _write(made / f"clip_{number:02d}.mp4", frames, HALF_HD, _H264)
            made.rename(folder)
        return folder

    def _looped(self, name: str, size: tuple[int, int], seconds: int, every: int = 1) -> Path:
        """Seven strides over and over, encoded once and then only copied."""
        path = self.folder / name
        if not path.exists():
            base = self.folder / f"base_{size[1]}_{every}.mp4"
            if not base.exists():
                frames = _frames(SEVEN_STRIDES_S * FPS, every=every)
                _write(base, frames, size, _H264 if size != UHD else _HEVC, FPS // every)
            _repeat(base, path, seconds // SEVEN_STRIDES_S)
        return path


def _frames(count: int, *, start: int = 0, every: int = 1) -> Iterator[RgbImage]:
    """Pictures of the sample clip, from its beginning again after seven strides."""
    left, first = count, start
    while left > 0:
        with open_video(UPRIGHT) as video:
            pictures = itertools.islice(video, first, SEVEN_STRIDES_S * FPS, every)
            for frame in itertools.islice(pictures, -(-left // every)):
                yield frame.rgb
                left -= every
        first = 0


def _write(
    path: Path,
    frames: Iterator[RgbImage],
    size: tuple[int, int],
    encoder: Encoder,
    fps: int = FPS,
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"unfinished_{path.name}")
    with av.open(str(fresh), "w") as container:
        stream = container.add_stream(encoder.codec, rate=fps, options=dict(encoder.options))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number, rgb in enumerate(frames):
            large = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC), np.uint8)
            frame = av.VideoFrame.from_ndarray(large, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    fresh.rename(path)


def _repeat(base: Path, path: Path, times: int) -> None:
    """The packets of a clip over and over."""
    fresh = path.with_name(f"unfinished_{path.name}")
    with av.open(str(fresh), "w") as out, av.open(str(base)) as first:
        stream = out.add_stream_from_template(first.streams.video[0])
        length = first.streams.video[0].duration
        assert length is not None
        for number in range(times):
            with av.open(str(base)) as source:
                for packet in source.demux(video=0):
                    if packet.pts is not None and packet.dts is not None:
                        packet.pts += number * length
                        packet.dts += number * length
                        packet.stream = stream
                        out.mux(packet)
    fresh.rename(path)

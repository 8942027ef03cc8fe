"""Copies of a clip that show the same run in another way."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from formcheck.domain import RgbImage
from formcheck.video.read import open_video

TICKS = 90_000


def copy(
    source: Path,
    target: Path,
    *,
    picture: Callable[[RgbImage], RgbImage] = lambda rgb: rgb,
    seconds: float = math.inf,
    rotation_deg: int = 0,
) -> Path:
    """Write the pictures of the first ``seconds`` of a clip again, changed, each at its own time.

    ``rotation_deg`` is the turn (counter-clockwise) a player is asked for.
    """
    with open_video(source) as video, av.open(str(target), "w") as container:
        options = {"crf": "10", "preset": "ultrafast"}
        stream = container.add_stream("libx264", rate=60, options=options)
        stream.codec_context.time_base = Fraction(1, TICKS)
        early = itertools.takewhile(lambda frame: frame.time_s < seconds, video)
        for index, frame in enumerate(early):
            rgb = np.ascontiguousarray(picture(frame.rgb))
            if index == 0:
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt = "yuv420p"
                if rotation_deg:
                    stream.set_display_rotation(rotation_deg)
            stored = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            stored.pts = round(frame.time_s * TICKS)
            stored.time_base = Fraction(1, TICKS)
            container.mux(stream.encode(stored))
        container.mux(stream.encode(None))
    return target


def restamped(source: Path, target: Path, slower: float) -> Path:
    """The very same pictures, not encoded again, at their times times ``slower``."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(old.streams.video[0]):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts, packet.dts = round(packet.pts * slower), round(packet.dts * slower)
            packet.stream = stream
            new.mux(packet)
    return target


def mirrored(rgb: RgbImage) -> RgbImage:
    """Left and right exchanged."""
    return np.asarray(cv2.flip(rgb, 1), dtype=np.uint8)


def turned(rgb: RgbImage) -> RgbImage:
    """A quarter turn clockwise: a flag of 90 degrees turns it back."""
    return np.asarray(cv2.rotate(rgb, cv2.ROTATE_90_CLOCKWISE), dtype=np.uint8)


def of_height(height_px: int) -> Callable[[RgbImage], RgbImage]:
    """Scale to a height, width to the even pixel."""

    def scale(rgb: RgbImage) -> RgbImage:
        width = 2 * round(rgb.shape[1] * height_px / rgb.shape[0] / 2)
        small = cv2.resize(rgb, (width, height_px), interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.uint8)

    return scale

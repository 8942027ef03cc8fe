"""Small video files with known pictures and times, made with PyAV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from formcheck.domain import RgbImage

TICKS_PER_S = 90_000
RED = (220, 30, 30)
BLUE = (30, 30, 220)


@dataclass(frozen=True)
class Clip:
    """How to make a clip; ``times_s`` are the presentation times of its frames."""

    times_s: Sequence[float]
    width_px: int = 64
    height_px: int = 48
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    rotation_deg: int = 0
    ticks_per_s: int = TICKS_PER_S
    options: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    aspect: Fraction | None = None


def steady(n_frames: int, fps: float) -> list[float]:
    """Presentation times of a clip of constant rate."""
    return [number / fps for number in range(n_frames)]


def marked_picture(width_px: int, height_px: int) -> RgbImage:
    """Blue with a red upper left quarter."""
    picture = np.full((height_px, width_px, 3), BLUE, dtype=np.uint8)
    picture[: height_px // 2, : width_px // 2] = RED
    return picture


def red_quarter(rgb: RgbImage) -> str:
    """Where the red quarter of a marked picture is."""
    height, width = rgb.shape[:2]
    quarters = {
        "upper left": rgb[height // 4, width // 4],
        "upper right": rgb[height // 4, 3 * width // 4],
        "lower left": rgb[3 * height // 4, width // 4],
        "lower right": rgb[3 * height // 4, 3 * width // 4],
    }
    return max(quarters, key=lambda name: int(quarters[name][0]) - int(quarters[name][2]))


def write_clip(path: Path, clip: Clip) -> Path:
    """Encode a clip of marked pictures."""
    picture = marked_picture(clip.width_px, clip.height_px)
    with av.open(str(path), "w", options=None) as container:
        container.metadata.update(clip.metadata)
        stream = container.add_stream(clip.codec, rate=25, options=clip.options)
        assert isinstance(stream, VideoStream)
        _prepare(stream, clip)
        for time_s in clip.times_s:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = (
                round(time_s * clip.ticks_per_s),
                Fraction(1, clip.ticks_per_s),
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _prepare(stream: VideoStream, clip: Clip) -> None:
    stream.width, stream.height = clip.width_px, clip.height_px
    stream.pix_fmt = clip.pixel_format
    stream.codec_context.time_base = Fraction(1, clip.ticks_per_s)
    if clip.aspect is not None:
        stream.codec_context.sample_aspect_ratio = clip.aspect
    if clip.rotation_deg:
        stream.set_display_rotation(clip.rotation_deg)

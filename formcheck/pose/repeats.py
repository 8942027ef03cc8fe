"""Frames that show the picture before them once more: left out, and put back for drawing.

A clip may begin frozen (screen recordings do), and a conversion from 30 to 60 frames per second
shows every picture twice. Nothing moves in a repeat, so velocities across it are wrong; the rate
that limits timing is that of the different pictures.

Conversions to a rate that is no multiple (25 shown at 30) leave pictures up to one interval late.
Where repeats come regularly and a straight line through the times explains all to within one
interval, the pictures were taken evenly and get the times of the line. Pictures lost while filming,
with a repeat in their place, are lost at random; the others keep their times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from formcheck.domain import BoolArray, FloatArray, IntArray, PoseSequence, Reason
from formcheck.geometry import runs
from formcheck.reasons import reason

_PAUSE = 3.5  # usual intervals; longer ones are freezes, not conversions
_FREEZE_S = 0.25
_NOTABLE_SHARE = 0.05
_MIN_PICTURES = 16
_LONG = 1.25  # shortest intervals
_MIN_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was left out: ``share`` of the frames that show somebody (freezes not counted).

    ``frozen_s`` are start and stop of the stretches that stand still, file seconds; ``fps`` is the
    rate of the different pictures on the file's own clock.
    """

    share: float
    frozen_s: tuple[tuple[float, float], ...]
    fps: float

    def notes(self, file_fps: float) -> tuple[Reason, ...]:
        """What a runner should know about it."""
        frozen = tuple(
            reason("frozen", start_s=start_s, stop_s=stop_s) for start_s, stop_s in self.frozen_s
        )
        if self.share < _NOTABLE_SHARE:
            return frozen
        return (*frozen, reason("repeats", share=self.share, file_fps=file_fps, fps=self.fps))


def without_repeats(pose: PoseSequence) -> tuple[PoseSequence, Repeats]:
    """Return the frames that show a new picture, and what was left out.

    The rate in ``video`` is then that of the pictures. A pose whose pictures nobody looked at, and
    one that hardly shows any movement, stays whole.
    """
    seen, repeated = _repeated(pose)
    if not repeated.any() or np.sum(seen & ~repeated) < _MIN_PICTURES:
        return pose, Repeats(0.0, (), pose.video.fps)
    shown = pose.only(~repeated)
    time_s = _even_times(shown.time_s)
    fps = _picture_rate(time_s)
    video = replace(pose.video, fps=fps, n_frames=len(time_s))
    frozen = _freezes(pose.time_s, repeated)
    standing: BoolArray = np.zeros(len(seen), dtype=bool)
    for start, stop in frozen:
        standing[start:stop] = True
    moving = seen & ~standing
    share = float(repeated[moving].mean()) if moving.any() else 0.0
    spans = tuple((float(pose.time_s[a - 1]), float(pose.time_s[b - 1])) for a, b in frozen)
    return replace(shown, time_s=time_s, video=video), Repeats(share, spans, fps)


def with_repeats(shown: PoseSequence, pose: PoseSequence) -> PoseSequence:
    """Return the body on every frame of the clip: repeats show that of the picture they repeat.

    ``shown`` was made of ``pose`` by ``without_repeats``.
    """
    if len(shown.time_s) == len(pose.time_s):
        return replace(shown, video=pose.video)
    _, repeated = _repeated(pose)
    picture = np.maximum(np.cumsum(~repeated) - 1, 0)
    return replace(
        pose,
        xy_px=shown.xy_px[picture],
        depth_px=shown.depth_px[picture],
        visibility=shown.visibility[picture],
    )


def _repeated(pose: PoseSequence) -> tuple[BoolArray, BoolArray]:
    """Frames that show somebody, and those of them that repeat a picture."""
    seen: BoolArray = np.any(np.isfinite(pose.xy_px), axis=(1, 2))
    if pose.scene is None:
        return seen, np.zeros_like(seen)
    repeated: BoolArray = np.logical_and(pose.scene.is_repeat, seen)
    return seen, repeated


def _freezes(time_s: FloatArray, repeated: BoolArray) -> list[tuple[int, int]]:
    """Runs of repeats that last, as frames from ... up to."""
    return [
        (start, stop)
        for start, stop in runs(repeated)
        if time_s[stop - 1] - time_s[max(start - 1, 0)] >= _FREEZE_S
    ]


def _stretches(time_s: FloatArray) -> list[slice]:
    """Frames between pauses."""
    interval_s = np.diff(time_s)
    pauses = np.flatnonzero(interval_s > _PAUSE * np.median(interval_s)) + 1
    bounds = [0, *pauses.tolist(), len(time_s)]
    return [slice(start, stop) for start, stop in pairwise(bounds)]


def _even_times(time_s: FloatArray) -> FloatArray:
    """Times on a line through each stretch of a conversion."""
    out = time_s.copy()
    shown_s = float(np.diff(time_s).min())
    for part in _stretches(time_s):
        number = np.arange(part.stop - part.start)
        if _is_regular(np.flatnonzero(np.diff(time_s[part]) > _LONG * shown_s)):
            line = np.polyval(np.polyfit(number, time_s[part], 1), number)
            is_near = np.abs(line - time_s[part]).max() <= shown_s
            out[part] = line if is_near else time_s[part]
    return out if np.all(np.diff(out) > 0) else time_s


def _is_regular(places: IntArray) -> bool:
    """Whether what happens at some pictures happens again and again, as conversions do."""
    if len(places) < _MIN_REPEATS:
        return False
    apart = np.diff(places)
    return bool(apart.max() <= 2 * np.median(apart))


def _picture_rate(time_s: FloatArray) -> float:
    """Pictures per second outside the pauses."""
    parts = [time_s[part] for part in _stretches(time_s)]
    spans = sum(float(part[-1] - part[0]) for part in parts)
    return sum(len(part) - 1 for part in parts) / spans

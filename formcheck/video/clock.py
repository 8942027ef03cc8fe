"""Presentation times of decoded frames, as the file gives them; nothing is made up."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import av
import numpy as np
from av.video.stream import VideoStream

from formcheck.domain import FloatArray

_VARIABLE_SPREAD = 0.02  # intervals within 2 % of the median count as one rate
_ROUNDING_TICKS = 1.5  # a time is rounded to a tick at each end of an interval


def counts_slots(container_format: str) -> bool:
    """Whether a container stores no times of showing, only slots in the order of decoding."""
    return container_format == "avi"


class Clock:
    """Tells the presentation time of each frame in the order of showing.

    AVI stores no presentation times, only one slot per packet in the order of decoding. There the
    k-th picture shown belongs to the k-th slot, whichever packet it came from. ``origin`` is the
    stamp that counts as 0; without it that of the first frame seen.
    """

    def __init__(self, container_format: str, origin: Fraction | None = None) -> None:
        self._by_slot = counts_slots(container_format)
        self._slots: deque[Fraction] = deque()
        self._first = origin
        self._last: Fraction | None = None

    def feed(self, packet: av.Packet[VideoStream]) -> None:
        """Take note of a packet that is about to be decoded."""
        if self._by_slot and packet.dts is not None and packet.size:
            self._slots.append(packet.dts * packet.time_base)

    def forget(self) -> None:
        """Take back the last packet fed: no picture will come of it."""
        if self._slots:
            self._slots.pop()

    def time_s(self, frame: av.VideoFrame) -> float | None:
        """Seconds since the first frame; None for a frame without a time of its own.

        Frames without a timestamp, or not later than the one before, have none.
        """
        at = self._stamp(frame)
        if at is None or (self._last is not None and at <= self._last):
            return None
        if self._first is None:
            self._first = at
        self._last = at
        return float(at - self._first)

    def _stamp(self, frame: av.VideoFrame) -> Fraction | None:
        if self._by_slot:
            return self._slots.popleft() if self._slots else None
        if frame.pts is None or frame.time_base is None:
            return None
        return frame.pts * frame.time_base


def is_variable_rate(time_s: FloatArray, tick_s: float) -> bool:
    """Whether any frame interval differs from the median one by more than 2 % and rounding.

    ``time_s`` (n_frames,); ``tick_s`` is the resolution of the file's clock.
    """
    interval_s = np.diff(time_s)
    usual_s = float(np.median(interval_s))
    allowed_s = _VARIABLE_SPREAD * usual_s + _ROUNDING_TICKS * tick_s
    return bool(np.any(np.abs(interval_s - usual_s) > allowed_s))

"""A long clip cut into stretches that can be read at the same time.

Where it is cut depends on the file alone, so that a clip gives the same whoever reads it, with as
many threads as there may be. Every stretch but the first is read from a key frame on, and its
first frames, the lead, are frames of the stretch before.

Only the packets are looked at to cut a clip; the frames then have to come with exactly the times
the packets promise. Damaged files, and containers without an index to seek by, do not: they are
read from beginning to end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import dropwhile
from typing import NamedTuple

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from formcheck.domain import FloatArray
from formcheck.video.prefetch import Prefetched
from formcheck.video.read import Video, opened, timed, video_stream
from formcheck.video.upright import Frame
from formcheck.video.vendor import translated

LEAD_FRAMES = 16
"""Frames a stretch is read before it counts. What the pose model finds depends on where it looked
before; from the eighth frame on it differed by no more than its own noise, that of a picture moved
by a pixel (9 starts in 5 clips, rendered and filmed)."""

_LEAST_FRAMES = 1000  # shorter clips stay whole
_USUAL_FRAMES = 450  # of a stretch: the lead is then some 4 % of the work
_INDEXED = "mp4"  # in the name of the container format


class NotAsPlannedError(Exception):
    """The frames of a stretch are not those its packets promised."""


class _Packet(NamedTuple):
    """Times of showing and decoding in ticks of the stream."""

    pts: int
    dts: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames ``first`` to ``stop`` (exclusive) of a clip, read from frame ``lead`` on.

    ``seek_to`` is where decoding begins, in ticks of the stream; None for the start of the file.
    """

    lead: int
    first: int
    stop: int
    seek_to: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How a clip is cut: ``time_s`` (n_frames,) of all its frames, counted from ``origin``."""

    time_s: FloatArray
    origin: Fraction
    segments: tuple[Segment, ...]


def plan(video: Video) -> Plan | None:
    """Cut a clip into segments; None when it should be read from beginning to end.

    Raises VideoError when the file cannot be read.
    """
    if (video.n_frames_hint or 0) < _LEAST_FRAMES:
        return None
    with translated(video.path), opened(video.path) as container:
        stream = video_stream(container, video.path)
        if _INDEXED not in container.format.name or stream.time_base is None:
            return None
        return _plan(_packets(container, stream), stream.time_base)


def _packets(container: InputContainer, stream: VideoStream) -> list[_Packet]:
    """All packets in the order of showing; none when one of them has no time."""
    packets = []
    for packet in container.demux(stream):
        if packet.size:
            if packet.pts is None or packet.dts is None:
                return []
            packets.append(_Packet(packet.pts, packet.dts, packet.is_keyframe))
    return sorted(packets)


def _plan(packets: list[_Packet], tick_s: Fraction) -> Plan | None:
    n_frames = len(packets)
    keys = [number for number, packet in enumerate(packets) if packet.is_key]
    leads = _leads(n_frames, keys) if n_frames >= _LEAST_FRAMES else []
    if not leads:
        return None
    origin = packets[0].pts * tick_s
    time_s = np.array([float(packet.pts * tick_s - origin) for packet in packets])
    firsts = [0, *(lead + LEAD_FRAMES for lead in leads), n_frames]
    seeks = [None, *(packets[lead].dts for lead in leads)]
    segments = tuple(map(Segment, [0, *leads], firsts[:-1], firsts[1:], seeks))
    return Plan(time_s, origin, segments)


def _leads(n_frames: int, keys: list[int]) -> list[int]:
    """Key frames at which all segments but the first are read from."""
    count = 2 * (n_frames // (2 * _USUAL_FRAMES))
    leads = [0]
    for k in range(1, max(2, count)):
        wanted = round(k * n_frames / max(2, count)) - LEAD_FRAMES
        key = min(keys, key=lambda key: abs(key - wanted), default=0)
        if min(key - leads[-1], n_frames - key) >= _USUAL_FRAMES // 3:
            leads.append(key)
    return leads[1:]


def read(video: Video, planned: Plan, segment: Segment, max_side_px: int) -> Prefetched[Frame]:
    """Frames of a segment from its lead on, decoded a few ahead in a thread.

    Raises VideoError when the file cannot be read on, NotAsPlannedError when frames come with
    other times than planned.
    """

    def stored(
        container: InputContainer, stream: VideoStream, lost: Counter[str]
    ) -> Iterator[tuple[float, av.VideoFrame]]:
        if segment.seek_to is not None:
            container.seek(segment.seek_to, stream=stream)
        coming = timed(container, stream, lost, planned.origin)
        expected = planned.time_s[segment.lead : segment.stop]
        wanted = dropwhile(lambda entry: entry[0] < expected[0], coming)
        for time_s in expected:
            found = next(wanted, None)
            if found is None or found[0] != time_s or lost:
                raise NotAsPlannedError(f"no frame at {time_s:.4f} s where one was announced")
            yield found

    return video.frames(max_side_px=max_side_px, stored=stored, is_alone=False)

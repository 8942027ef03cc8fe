"""Which strides a metric may be read on, and its values there.

A stride counts when the landmarks that are needed were seen, not bridged, at the moment the value
is read, and when it is sure enough whose limb that was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Gait, IntArray, Side
from formcheck.gait.confidence import unsure_strides
from formcheck.gait.frame import at_rate
from formcheck.metrics.registry import (
    MAX_FILLED_SHARE,
    METRICS,
    Instant,
    Reading,
    StrideMetric,
    Topic,
)

LEG_TOPICS = frozenset({Topic.CONTACT, Topic.FEET, Topic.FOOT_ANGLE, Topic.LEGS, Topic.COMPARISON})
_SPANS: Mapping[Instant, tuple[str, str]] = {
    Instant.STRIDE: ("start_s", "stop_s"),
    Instant.STANCE: ("initial_contact_s", "toe_off_s"),
    Instant.SWING: ("toe_off_s", "next_initial_contact_s"),
}
"""Instants that are a part of the stride, and its ends."""


def usable_values(gait: Gait, metric: Callable[[Gait], FloatArray]) -> FloatArray:
    """Values of a registered stride metric, ``(n_strides,)``, its bias taken out.

    NaN on strides that do not count. Raises KeyError when the function is no registered metric.
    """
    entry = METRICS[metric.__name__]
    if not isinstance(entry, StrideMetric):
        raise KeyError(f"{entry.name} has no value per stride")
    values = np.array(entry.compute(gait), dtype=np.float64)
    values -= at_rate(entry.uncertainty.bias, gait.frame_rate_hz)
    values[_bridged(entry.reading, gait) | unsure(entry.topic, gait)] = np.nan
    return values


def unsure(topic: Topic, gait: Gait) -> BoolArray:
    """Strides in which the limb a topic reads may be the other side's, ``(n_strides,)``."""
    if topic not in {*LEG_TOPICS, Topic.ARMS}:
        return np.zeros(len(gait.strides), dtype=bool)
    return unsure_strides(gait, "leg" if topic in LEG_TOPICS else "arm")


def _bridged(reading: Reading, gait: Gait) -> BoolArray:
    """Strides whose needed landmarks were bridged, not seen, at the instant, ``(n_strides,)``."""
    landmarks, filled = gait.motion.landmarks, gait.motion.filled
    start, stop = _instant_samples(reading.instant, gait)
    sides, bridged = gait.sides(), np.zeros(len(gait.strides), dtype=bool)
    right = np.array([side is Side.RIGHT for side in sides], np.intp)
    for part in reading.parts:
        both = [landmarks.index(f"{side}_{part}") for side in Side]
        before = np.zeros((len(filled) + 1, 2), dtype=np.intp)
        np.cumsum(filled[:, both], axis=0, out=before[1:])
        share = (before[stop, right] - before[start, right]) / np.maximum(stop - start, 1)
        bridged |= share > MAX_FILLED_SHARE
    return bridged


def _instant_samples(instant: Instant, gait: Gait) -> tuple[IntArray, IntArray]:
    """First and last (exclusive) motion sample each stride's value is read from, the same if none.

    Of a moment they are the two samples between which the value is interpolated.
    """
    time_s = gait.motion.time_s
    begin_s, end_s = _ends_s(instant, gait)
    if instant in _SPANS:
        side: Literal["left", "right"] = "left" if instant is Instant.STRIDE else "right"
        start, stop = np.searchsorted(time_s, begin_s), np.searchsorted(time_s, end_s, side)
    else:
        step_s = 1.0 / gait.motion.rate_hz
        near = np.searchsorted(time_s, begin_s)[:, None] + np.arange(-3, 4)
        at = np.clip(near, 0, len(time_s) - 1)
        close = (at == near) & (np.abs(time_s[at] - begin_s[:, None]) < step_s)
        start = at[np.arange(len(at)), close.argmax(axis=1)]
        stop = start + close.sum(axis=1)
    return start, np.where(np.isnan(begin_s + end_s), start, np.maximum(start, stop))


def _ends_s(instant: Instant, gait: Gait) -> tuple[FloatArray, FloatArray]:
    """Begin and end of an instant in every stride, ``(n_strides,)`` each."""
    begin, end = _SPANS.get(instant, (f"{instant}_s", f"{instant}_s"))
    values = [[getattr(stride, name) for stride in gait.strides] for name in (begin, end)]
    begin_s, end_s = np.array(values, dtype=np.float64)
    return begin_s, end_s

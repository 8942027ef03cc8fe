"""Which strides a metric may be read on, and its values there.

A stride counts when the landmarks that are needed were seen, not bridged, at the moment the value
is read, and when it is sure enough whose limb that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Gait, Stride
from formcheck.gait.confidence import unsure_strides
from formcheck.gait.frame import at_rate
from formcheck.metrics.registry import (
    MAX_FILLED_SHARE,
    METRICS,
    Instant,
    Reading,
    StrideMetric,
    Topic,
    stride_samples,
)

LEG_TOPICS = frozenset({Topic.CONTACT, Topic.FEET, Topic.FOOT_ANGLE, Topic.LEGS, Topic.COMPARISON})


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
    return np.array(
        [
            any(share > MAX_FILLED_SHARE for share in _filled_shares(reading, gait, stride))
            for stride in gait.strides
        ],
        dtype=bool,
    )


def _filled_shares(reading: Reading, gait: Gait, stride: Stride) -> Iterator[float]:
    """Share of bridged samples of each needed landmark around the instant."""
    motion = gait.motion
    inside = _instant_samples(reading.instant, gait, stride)
    for part in reading.parts:
        column = motion.landmarks.index(f"{stride.side}_{part}")
        if inside.any():
            yield float(motion.filled[inside, column].mean())


def _instant_samples(instant: Instant, gait: Gait, stride: Stride) -> BoolArray:
    """Motion samples a value is read from, ``(n_samples,)``."""
    if instant is Instant.STRIDE:
        return stride_samples(gait, stride)
    spans = {
        Instant.STANCE: (stride.initial_contact_s, stride.toe_off_s),
        Instant.SWING: (stride.toe_off_s, stride.next_initial_contact_s),
    }
    if instant in spans:
        start, stop = spans[instant]
        inside: BoolArray = (gait.motion.time_s >= start) & (gait.motion.time_s <= stop)
        return inside
    moment = {
        Instant.INITIAL_CONTACT: stride.initial_contact_s,
        Instant.MID_STANCE: stride.mid_stance_s,
        Instant.TOE_OFF: stride.toe_off_s,
    }[instant]
    # The two samples between which the value is interpolated.
    close: BoolArray = np.abs(gait.motion.time_s - moment) < 1.0 / gait.motion.rate_hz
    return close

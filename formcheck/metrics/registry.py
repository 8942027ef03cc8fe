"""The register of metrics.

Two kinds. A stride metric is a function ``Gait -> (n_strides,)`` with ``@metric`` above it. A clip
metric (``@clip_metric``) looks at the whole clip at once - a phase, a drift, a difference between
sides - and gives one estimate per side or for the whole body. Either way the name ends in the
unit, the first docstring line is the definition, and the known error goes into
``uncertainty.toml``. Nothing else has to be edited to add one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain import Band, FloatArray, Gait, Motion, Reason, Side, Stride, View
from formcheck.metrics.uncertainty import Uncertainty, uncertainties
from formcheck.texts import in_english


class Topic(StrEnum):
    """What a metric depends on; ``Gait.withheld`` silences whole topics."""

    RHYTHM = "rhythm"
    CONTACT = "contact"
    LENGTH = "length"
    TRUNK = "trunk"
    HEAD = "head"
    SHOULDERS = "shoulders"
    ARMS = "arms"
    LEGS = "legs"
    FEET = "feet"
    FOOT_ANGLE = "foot_angle"
    COMPARISON = "comparison"
    FRONTAL = "frontal"


FROM_THE_SIDE = (View.SIDE, View.OBLIQUE)
VIEWS: Mapping[Topic, tuple[View, ...]] = {
    Topic.RHYTHM: (*FROM_THE_SIDE, View.REAR),
    Topic.FRONTAL: (View.REAR,),
}
"""Views in which a topic is read, where that is not from the side alone."""


class Instant(StrEnum):
    """When in the stride a value is read."""

    INITIAL_CONTACT = "initial_contact"
    MID_STANCE = "mid_stance"
    TOE_OFF = "toe_off"
    STANCE = "stance"
    SWING = "swing"
    STRIDE = "stride"


ANY: Band = (-math.inf, math.inf)
NOT_NEGATIVE: Band = (0.0, math.inf)
SHARE: Band = (0.0, 1.0)
"""Values that exist: of whatever sign, of amounts, of parts of a whole."""
WHOLE_CLIP = "clip"
"""Instant of a clip metric."""
MIN_STRIDES = 4
"""Fewest strides a summary is made of (biomechanics 4)."""
MAX_FILLED_SHARE = 0.15
"""Largest share of bridged samples of a landmark that counts as seen."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a value is read off a stride.

    ``parts`` are the landmarks (without side) that must have been seen, not bridged, at the
    ``instant``; ``whole_body`` metrics are summarised over near-side strides only, so that no
    moment counts twice. A ``rate`` is taken over the strides of both legs and averaged as strides
    over time (harmonic mean), so that the errors of single contacts cancel.
    """

    instant: Instant = Instant.STRIDE
    parts: tuple[str, ...] = ()
    whole_body: bool = False
    rate: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a clip metric found: ``sampling_error`` is the 1-SD error from too few strides."""

    value: float
    sampling_error: float
    n_strides: int


Estimates = Mapping[Side | None, Estimate | Reason] | Reason
"""Estimates by side (None: whole body), or why there is none, of one side or at all."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What every registered metric has; ``sources`` are ids of ``sources.toml``.

    No true value lies outside ``limits``, and no interval reaches beyond them.
    """

    name: str
    label: str
    unit: str
    definition: str
    topic: Topic
    sources: tuple[str, ...]
    limits: Band

    @property
    def views(self) -> tuple[View, ...]:
        """Views in which it is measured."""
        return VIEWS.get(self.topic, FROM_THE_SIDE)

    @property
    def uncertainty(self) -> Uncertainty:
        """What is known about its error."""
        return uncertainties()[self.name]


@dataclass(frozen=True, slots=True)
class StrideMetric(Metric):
    """A metric with one value per stride."""

    reading: Reading
    compute: Callable[[Gait], FloatArray]


@dataclass(frozen=True, slots=True)
class ClipMetric(Metric):
    """A metric with one estimate for the whole clip."""

    estimate: Callable[[Gait], Estimates]


METRICS: dict[str, StrideMetric | ClipMetric] = {}


def metric(
    label: str,
    *,
    unit: str,
    topic: Topic,
    reading: Reading,
    sources: tuple[str, ...],
    limits: Band = ANY,
) -> Callable[[Callable[[Gait], FloatArray]], Callable[[Gait], FloatArray]]:
    """Register a stride metric under its function's name."""

    def register(compute: Callable[[Gait], FloatArray]) -> Callable[[Gait], FloatArray]:
        name, definition = _described(compute)
        said = in_english(label, "metrics", f"{name}.label")
        METRICS[name] = StrideMetric(
            name, said, unit, definition, topic, sources, limits, reading, compute
        )
        return compute

    return register


def clip_metric(
    label: str, *, unit: str, topic: Topic, sources: tuple[str, ...], limits: Band = ANY
) -> Callable[[Callable[[Gait], Estimates]], Callable[[Gait], Estimates]]:
    """Register a clip metric under its function's name."""

    def register(estimate: Callable[[Gait], Estimates]) -> Callable[[Gait], Estimates]:
        name, definition = _described(estimate)
        said = in_english(label, "metrics", f"{name}.label")
        METRICS[name] = ClipMetric(name, said, unit, definition, topic, sources, limits, estimate)
        return estimate

    return register


def _described(function: Callable[[Gait], object]) -> tuple[str, str]:
    """Name and definition of a metric function."""
    name, definition = function.__name__, (function.__doc__ or "").strip().splitlines()[0]
    return name, in_english(definition, "metrics", f"{name}.definition")


def per_stride(gait: Gait, value: Callable[[Stride], float]) -> FloatArray:
    """Apply a function to every stride, ``(n_strides,)``."""
    return np.array([value(stride) for stride in gait.strides], dtype=np.float64)


def at_moment(
    gait: Gait, values: Mapping[Side, FloatArray], moment: Callable[[Stride], float]
) -> FloatArray:
    """Read each side's ``(n_samples,)`` values at one moment of its strides, ``(n_strides,)``."""
    found = {side: at_instant(gait, of_side, moment) for side, of_side in values.items()}
    return np.array(
        [found[side][index] for index, side in enumerate(gait.sides())], dtype=np.float64
    )


def stride_samples(gait: Gait, stride: Stride) -> slice:
    """The motion samples that belong to a stride."""
    return slice(*np.searchsorted(gait.motion.time_s, (stride.start_s, stride.stop_s)))


def over_stride(
    gait: Gait, values: FloatArray, reduce: Callable[[FloatArray], float]
) -> FloatArray:
    """Reduce ``(n_samples,)`` to a number for every stride, ``(n_strides,)``.

    NaN for a stride without samples; over whole strides, because the trunk turns and the shoulders
    swing with every step.
    """
    return per_stride(gait, lambda stride: _reduced(gait, values, stride, reduce))


def _reduced(
    gait: Gait, values: FloatArray, stride: Stride, reduce: Callable[[FloatArray], float]
) -> float:
    inside = values[stride_samples(gait, stride)]
    return reduce(inside) if len(inside) else float("nan")


def over_own_stride(
    gait: Gait,
    values: Callable[[Motion, Side], FloatArray],
    reduce: Callable[[FloatArray], float],
) -> FloatArray:
    """Reduce what a side's own limb does, ``(n_samples,)``, over each stride of that side."""
    found = {side: values(gait.motion, side) for side in Side}
    return per_stride(gait, lambda stride: _reduced(gait, found[stride.side], stride, reduce))


def at_instant(gait: Gait, values: FloatArray, moment: Callable[[Stride], float]) -> FloatArray:
    """Value of a signal, ``(n_samples,)``, at one moment of every stride, interpolated."""
    when = per_stride(gait, moment)
    read: FloatArray = np.interp(when, gait.motion.time_s, values)
    return read


def is_seen(gait: Gait, stride: Stride, landmarks: Iterable[str]) -> bool:
    """Whether landmarks were seen, hardly bridged, over a whole stride."""
    inside = stride_samples(gait, stride)
    columns = [gait.motion.landmarks.index(name) for name in landmarks]
    known = np.isfinite(gait.motion.position_ll[inside][:, columns]).all()
    filled = gait.motion.filled[inside][:, columns]
    return bool(len(filled) and known and filled.mean(axis=0).max() <= MAX_FILLED_SHARE)

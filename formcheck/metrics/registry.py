"""The register of metrics.

Two kinds. A stride metric is a function ``Gait -> (n_strides,)`` with ``@metric`` above it. A clip
metric (``@clip_metric``) looks at the whole clip at once - a phase, a drift, a difference between
sides - and gives one estimate per side or for the whole body. Either way the name ends in the
unit, the first docstring line is the definition, and the known error goes into
``uncertainty.toml``. Nothing else has to be edited to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Gait, Reason, Side, Stride
from formcheck.metrics.uncertainty import Uncertainty, uncertainties


class Topic(StrEnum):
    """What a metric depends on; ``Gait.withheld`` silences whole topics."""

    RHYTHM = "rhythm"
    CONTACT = "contact"
    LENGTH = "length"
    TRUNK = "trunk"
    ARMS = "arms"
    LEGS = "legs"
    FEET = "feet"
    COMPARISON = "comparison"


class Instant(StrEnum):
    """When in the stride a value is read."""

    INITIAL_CONTACT = "initial_contact"
    MID_STANCE = "mid_stance"
    TOE_OFF = "toe_off"
    STANCE = "stance"
    SWING = "swing"
    STRIDE = "stride"


WHOLE_CLIP = "clip"
"""Instant of a clip metric."""


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


Estimates = Mapping[Side | None, Estimate] | Reason
"""Estimates by side (None: whole body), or why there is none."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What every registered metric has; ``sources`` are ids of ``sources.toml``."""

    name: str
    label: str
    unit: str
    definition: str
    topic: Topic
    sources: tuple[str, ...]

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
    label: str, *, unit: str, topic: Topic, reading: Reading, sources: tuple[str, ...]
) -> Callable[[Callable[[Gait], FloatArray]], Callable[[Gait], FloatArray]]:
    """Register a stride metric under its function's name."""

    def register(compute: Callable[[Gait], FloatArray]) -> Callable[[Gait], FloatArray]:
        name, definition = _described(compute)
        METRICS[name] = StrideMetric(
            name, label, unit, definition, topic, sources, reading, compute
        )
        return compute

    return register


def clip_metric(
    label: str, *, unit: str, topic: Topic, sources: tuple[str, ...]
) -> Callable[[Callable[[Gait], Estimates]], Callable[[Gait], Estimates]]:
    """Register a clip metric under its function's name."""

    def register(estimate: Callable[[Gait], Estimates]) -> Callable[[Gait], Estimates]:
        name, definition = _described(estimate)
        METRICS[name] = ClipMetric(name, label, unit, definition, topic, sources, estimate)
        return estimate

    return register


def _described(function: Callable[[Gait], object]) -> tuple[str, str]:
    """Name and definition of a metric function."""
    return function.__name__, (function.__doc__ or "").strip().splitlines()[0]


def per_stride(gait: Gait, value: Callable[[Stride], float]) -> FloatArray:
    """Apply a function to every stride, ``(n_strides,)``."""
    return np.array([value(stride) for stride in gait.strides], dtype=np.float64)


def at_moment(
    gait: Gait, values: Mapping[Side, FloatArray], moment: Callable[[Stride], float]
) -> FloatArray:
    """Read each side's ``(n_samples,)`` values at one moment of its strides, ``(n_strides,)``."""
    time_s = gait.motion.time_s

    def read(stride: Stride) -> float:
        when = moment(stride)
        return float(np.interp(when, time_s, values[stride.side])) if np.isfinite(when) else np.nan

    return per_stride(gait, read)


def stride_samples(gait: Gait, stride: Stride) -> BoolArray:
    """Which motion samples belong to a stride, ``(n_samples,)``."""
    time_s = gait.motion.time_s
    inside: BoolArray = (time_s >= stride.initial_contact_s) & (
        time_s < stride.next_initial_contact_s
    )
    return inside

"""The register of metrics.

A metric is a function ``Gait -> (n_strides,)`` with ``@metric`` above it: its name ends in its
unit, its first docstring line is its definition. Nothing else has to be edited to add one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Gait, Stride


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
    STRIDE = "stride"


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """1-SD parts in the metric's unit: ``timing`` at 30, 60 and 120 fps.

    ``relative`` parts are shares of the value; ``roll`` adds the camera's tilt (degrees metrics).
    """

    pose: float
    timing: tuple[float, float, float] = (0.0, 0.0, 0.0)
    relative: bool = False
    roll: bool = False


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
class Metric:
    """One registered metric; ``sources`` are ids of ``sources.toml``."""

    name: str
    label: str
    unit: str
    definition: str
    topic: Topic
    reading: Reading
    uncertainty: Uncertainty
    sources: tuple[str, ...]
    compute: Callable[[Gait], FloatArray]


METRICS: dict[str, Metric] = {}


def metric(
    label: str,
    *,
    unit: str,
    topic: Topic,
    reading: Reading,
    uncertainty: Uncertainty,
    sources: tuple[str, ...],
) -> Callable[[Callable[[Gait], FloatArray]], Callable[[Gait], FloatArray]]:
    """Register a metric function under its own name."""

    def register(compute: Callable[[Gait], FloatArray]) -> Callable[[Gait], FloatArray]:
        name = compute.__name__
        definition = (compute.__doc__ or "").strip().splitlines()[0]
        METRICS[name] = Metric(
            name, label, unit, definition, topic, reading, uncertainty, sources, compute
        )
        return compute

    return register


def per_stride(gait: Gait, value: Callable[[Stride], float]) -> FloatArray:
    """Apply a function to every stride, ``(n_strides,)``."""
    return np.array([value(stride) for stride in gait.strides], dtype=np.float64)


def stride_samples(gait: Gait, stride: Stride) -> BoolArray:
    """Which motion samples belong to a stride, ``(n_samples,)``."""
    time_s = gait.motion.time_s
    inside: BoolArray = (time_s >= stride.initial_contact_s) & (
        time_s < stride.next_initial_contact_s
    )
    return inside

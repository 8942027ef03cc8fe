"""The register of metrics, and how per-stride values become a median with an interval.

A metric is a function ``Gait -> (n_strides,)`` with ``@metric`` above it: its name ends in its
unit, its first docstring line is its definition. Nothing else has to be edited to add one.

Uncertainty (biomechanics 5.2), 1 SD::

    u^2 = pose^2 + timing(frame rate)^2 + camera roll^2 + (1.25 s)^2 / n

with s the standard deviation over strides; pose and timing are multiplied by 1.8 for the far side
(Mo et al. 2025: 5.1 against 2.9 degrees). The interval is median +- 1.96 u.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain import FloatArray, Gait, Measurement, Side, Stride, Summary
from formcheck.gait.frame import at_rate

Z_95 = 1.96
FAR_FACTOR = 1.8
ROLL_MEASURED_DEG = 1.0
ROLL_ASSUMED_DEG = 2.0
MIN_STRIDES = 4
MAX_FILLED_SHARE = 0.15


class Topic(StrEnum):
    """What a metric depends on; ``Gait.withheld`` silences whole topics."""

    TIMING = "timing"
    TRUNK = "trunk"
    ARMS = "arms"
    LEGS = "legs"
    FEET = "feet"


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
class Metric:
    """One registered metric."""

    name: str
    label: str
    unit: str
    definition: str
    topic: Topic
    instant: Instant
    whole_body: bool
    parts: tuple[str, ...]
    uncertainty: Uncertainty
    sources: tuple[str, ...]
    compute: Callable[[Gait], FloatArray]


METRICS: dict[str, Metric] = {}


def metric(
    *,
    label: str,
    unit: str,
    topic: Topic,
    uncertainty: Uncertainty,
    sources: tuple[str, ...],
    instant: Instant = Instant.STRIDE,
    whole_body: bool = False,
    parts: tuple[str, ...] = (),
) -> Callable[[Callable[[Gait], FloatArray]], Callable[[Gait], FloatArray]]:
    """Register a metric function.

    ``parts`` are the landmarks (without side) that must have been seen, not bridged, at the
    instant; ``whole_body`` metrics are summarised over near-side strides, so that no moment counts
    twice. ``sources`` are ids of ``sources.toml``.
    """

    def register(compute: Callable[[Gait], FloatArray]) -> Callable[[Gait], FloatArray]:
        name = compute.__name__
        definition = (compute.__doc__ or "").strip().splitlines()[0]
        METRICS[name] = Metric(
            name, label, unit, definition, topic, instant, whole_body, parts, uncertainty, sources,
            compute,
        )  # fmt: skip
        return compute

    return register


def measure(gait: Gait) -> tuple[Measurement, ...]:
    """Compute every registered metric on every stride and summarise it."""
    return tuple(_measure(entry, gait) for entry in METRICS.values())


def per_stride(gait: Gait, value: Callable[[Stride], float]) -> FloatArray:
    """Apply a function to every stride, ``(n_strides,)``."""
    return np.array([value(stride) for stride in gait.strides], dtype=np.float64)


def stride_samples(gait: Gait, stride: Stride) -> FloatArray:
    """Which motion samples belong to a stride, ``(n_samples,)`` bool."""
    time_s = gait.motion.time_s
    return (time_s >= stride.initial_contact_s) & (time_s < stride.next_initial_contact_s)


def _measure(entry: Metric, gait: Gait) -> Measurement:
    """One metric, its per-stride values and its summaries."""
    withheld = gait.withheld.get(entry.topic)
    values = np.full(len(gait.strides), np.nan)
    summaries: dict[Side | None, Summary] = {}
    reasons: list[str] = []
    if withheld is None:
        values = np.array(entry.compute(gait), dtype=np.float64)
        values[_bridged(entry, gait)] = np.nan
        for key in (None,) if entry.whole_body else tuple(Side):
            summary, reason = _summarise(entry, gait, values, key)
            if summary is not None:
                summaries[key] = summary
            if reason is not None:
                reasons.append(reason)
    else:
        reasons.append(withheld.message)
    return Measurement(
        metric=entry.name,
        unit=entry.unit,
        label=entry.label,
        definition=entry.definition,
        instant=entry.instant,
        values=values,
        summaries=summaries,
        not_measured="; ".join(dict.fromkeys(reasons)) or None,
    )


def _summarise(
    entry: Metric, gait: Gait, values: FloatArray, key: Side | None
) -> tuple[Summary | None, str | None]:
    """Median, interval and n of one side (None: whole body), or why there is none."""
    near = gait.view.near_side
    is_far = key is not None and key is not near
    if is_far and "far_leg" in gait.withheld and entry.topic in {Topic.FEET, Topic.LEGS}:
        return None, f"{key}: {gait.withheld['far_leg'].message}"
    if is_far and "far_arm" in gait.withheld and entry.topic is Topic.ARMS:
        return None, f"{key}: {gait.withheld['far_arm'].message}"
    wanted = near if key is None else key
    chosen = np.array([side is wanted for side in gait.sides()], dtype=bool)
    seen = values[chosen & np.isfinite(values)]
    if len(seen) < MIN_STRIDES:
        return None, _why_missing(entry, gait, key, len(seen))
    median = float(np.median(seen))
    u = _uncertainty(entry, gait, seen, is_far=is_far)
    return Summary(median, median - Z_95 * u, median + Z_95 * u, u, len(seen)), None


def _why_missing(entry: Metric, gait: Gait, key: Side | None, count: int) -> str:
    """Why a side has no summary."""
    who = f"{key}: " if key else ""
    if entry.name in NEEDS_SPEED and gait.scale.speed_mps is None:
        return "give --speed-kmh or --height-cm"
    return f"{who}only {count} strides could be measured, {MIN_STRIDES} are needed"


NEEDS_SPEED: set[str] = set()
"""Metrics that need a belt speed or a body height."""


def needs_speed(compute: Callable[[Gait], FloatArray]) -> Callable[[Gait], FloatArray]:
    """Mark a metric as needing a belt speed or body height to have a value at all."""
    NEEDS_SPEED.add(compute.__name__)
    return compute


def _uncertainty(entry: Metric, gait: Gait, seen: FloatArray, *, is_far: bool) -> float:
    """1-SD uncertainty of the median of ``seen``."""
    parts = entry.uncertainty
    median = float(np.median(seen))
    scale = abs(median) if parts.relative else 1.0
    factor = FAR_FACTOR if is_far else 1.0
    pose = parts.pose * scale * factor
    timing = at_rate(parts.timing, gait.frame_rate_hz) * scale * factor
    roll = 0.0
    if parts.roll:
        roll = ROLL_MEASURED_DEG if gait.view.roll_measured else ROLL_ASSUMED_DEG
    sampling = 1.25 * float(np.std(seen, ddof=1)) / np.sqrt(len(seen))
    return float(np.sqrt(pose**2 + timing**2 + roll**2 + sampling**2))


def _bridged(entry: Metric, gait: Gait) -> FloatArray:
    """Strides whose needed landmarks were bridged, not seen, at the instant, ``(n_strides,)``."""
    return np.array(
        [
            any(share > MAX_FILLED_SHARE for share in _filled_shares(entry, gait, stride))
            for stride in gait.strides
        ],
        dtype=bool,
    )


def _filled_shares(entry: Metric, gait: Gait, stride: Stride) -> Iterator[float]:
    """Share of bridged samples of each needed landmark around the instant."""
    motion = gait.motion
    if entry.instant is Instant.STRIDE:
        inside = stride_samples(gait, stride)
    else:
        moment = {
            Instant.INITIAL_CONTACT: stride.initial_contact_s,
            Instant.MID_STANCE: stride.mid_stance_s,
            Instant.TOE_OFF: stride.toe_off_s,
        }[entry.instant]
        # The two samples a value is interpolated between.
        inside = np.abs(motion.time_s - moment) < 1.0 / motion.rate_hz
    for part in entry.parts:
        column = motion.landmarks.index(f"{stride.side}_{part}")
        if inside.any():
            yield float(motion.filled[inside, column].mean())

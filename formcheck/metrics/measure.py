"""From per-stride values to a median with an interval.

Uncertainty (biomechanics 5.2), 1 SD::

    u^2 = pose^2 + timing(frame rate)^2 + camera roll^2 + (1.25 s)^2 / n

with s the standard deviation over strides; pose and timing are multiplied by 1.8 for the far side
(Mo et al. 2025: 5.1 against 2.9 degrees). The interval is median +- 1.96 u.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Gait, Measurement, Side, Stride, Summary
from formcheck.gait.frame import at_rate
from formcheck.metrics.registry import METRICS, Instant, Metric, Topic, stride_samples

Z_95 = 1.96
FAR_FACTOR = 1.8
ROLL_MEASURED_DEG = 1.5  # biomechanics has 1.0 for markers; 1.4 was measured on rendered clips
ROLL_ASSUMED_DEG = 2.0
MIN_STRIDES = 4
MAX_FILLED_SHARE = 0.15
LEG_TOPICS = frozenset({Topic.CONTACT, Topic.FEET, Topic.LEGS, Topic.COMPARISON})


def measure(gait: Gait) -> tuple[Measurement, ...]:
    """Compute every registered metric on every stride and summarise it."""
    return tuple(_measure(entry, gait) for entry in METRICS.values())


def _measure(entry: Metric, gait: Gait) -> Measurement:
    """One metric, its per-stride values and its summaries."""
    withheld = gait.withheld.get(entry.topic)
    values = np.full(len(gait.strides), np.nan)
    summaries: dict[Side | None, Summary] = {}
    reasons: list[str] = []
    if withheld is None:
        values = np.array(entry.compute(gait), dtype=np.float64)
        values[_bridged(entry, gait)] = np.nan
        for key in (None,) if entry.reading.whole_body else tuple(Side):
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
        instant=entry.reading.instant,
        values=values,
        summaries=summaries,
        not_measured="; ".join(dict.fromkeys(reasons)) or None,
    )


def _summarise(
    entry: Metric, gait: Gait, values: FloatArray, key: Side | None
) -> tuple[Summary | None, str | None]:
    """Median, interval and n of one side (None: whole body), or why there is none."""
    near = gait.near_side
    is_far = key is not None and key is not near
    hidden = gait.withheld.get("far_leg" if entry.topic in LEG_TOPICS else "far_arm")
    if is_far and hidden is not None and entry.topic in {*LEG_TOPICS, Topic.ARMS}:
        return None, f"{key}: {hidden.message}"
    wanted = {near} if key is None else {key}
    if entry.reading.rate:
        wanted = set(Side)
    chosen = np.array([side in wanted for side in gait.sides()], dtype=bool)
    seen = values[chosen & np.isfinite(values)]
    if len(seen) < MIN_STRIDES:
        who = f"{key}: " if key else ""
        return None, f"{who}only {len(seen)} strides could be measured, {MIN_STRIDES} are needed"
    middle = float(1 / np.mean(1 / seen) if entry.reading.rate else np.median(seen))
    u = _uncertainty(entry, gait, seen, is_far=is_far)
    return Summary(middle, middle - Z_95 * u, middle + Z_95 * u, u, len(seen)), None


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


def _bridged(entry: Metric, gait: Gait) -> BoolArray:
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
    inside = _instant_samples(entry.reading.instant, gait, stride)
    for part in entry.reading.parts:
        column = motion.landmarks.index(f"{stride.side}_{part}")
        if inside.any():
            yield float(motion.filled[inside, column].mean())


def _instant_samples(instant: Instant, gait: Gait, stride: Stride) -> BoolArray:
    """Motion samples a value is read from, ``(n_samples,)``."""
    if instant is Instant.STRIDE:
        return stride_samples(gait, stride)
    moment = {
        Instant.INITIAL_CONTACT: stride.initial_contact_s,
        Instant.MID_STANCE: stride.mid_stance_s,
        Instant.TOE_OFF: stride.toe_off_s,
    }[instant]
    # The two samples between which the value is interpolated.
    close: BoolArray = np.abs(gait.motion.time_s - moment) < 1.0 / gait.motion.rate_hz
    return close

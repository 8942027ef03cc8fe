"""From per-stride values to a median with an interval.

Uncertainty (biomechanics 5.2), 1 SD::

    u^2 = pose^2 + timing(frame rate)^2 + camera roll^2 + scale or speed^2 + (1.25 s)^2 / n

with s the standard deviation over strides (a clip metric brings its own sampling error); pose and
timing are multiplied by 1.8 for the far side, and for a limb by one plus the share of time in which
it could not be followed; the pose part by 2 in an oblique view (``shared_errors.toml``). Fewer than
four strides do not show how much a runner varies: s is then at least the usual spread of the
metric. The interval is median +- 1.96 u, cut off where no true value lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from formcheck.domain import (
    Comparison,
    FloatArray,
    Gait,
    Measurement,
    Reason,
    Side,
    Summary,
    View,
)
from formcheck.gait.frame import at_rate
from formcheck.gait.withhold import missing_share
from formcheck.metrics.norms import Z_95, compare, norms
from formcheck.metrics.registry import (
    METRICS,
    WHOLE_CLIP,
    ClipMetric,
    Estimate,
    Metric,
    StrideMetric,
    Topic,
)
from formcheck.metrics.uncertainty import Uncertainty, shared_errors
from formcheck.metrics.usable import LEG_TOPICS, unsure, usable_values
from formcheck.reasons import message, reason
from formcheck.texts import text

LEVEL_TOPICS = frozenset({Topic.TRUNK, Topic.FEET, Topic.FOOT_ANGLE, Topic.LEGS, Topic.COMPARISON})
"""What an incline changes (biomechanics 5.3)."""
LIMB_PARTS: Mapping[Topic, tuple[str, ...]] = {
    Topic.CONTACT: ("ankle", "heel", "foot_index"),
    Topic.FEET: ("heel", "foot_index"),
    Topic.FOOT_ANGLE: ("heel", "foot_index"),
    Topic.LEGS: ("knee", "ankle"),
    Topic.ARMS: ("elbow", "wrist"),
}
"""Points whose tracking tells how good a topic's limb is."""
KNOWN_SPREAD_FROM = 4
"""Strides from which their own spread is taken as it is."""


def measure(gait: Gait) -> tuple[Measurement, ...]:
    """Compute every registered metric on every stride and summarise it."""
    return tuple(_measure(entry, gait) for entry in METRICS.values())


def _measure(entry: StrideMetric | ClipMetric, gait: Gait) -> Measurement:
    """One metric, its per-stride values and its summaries."""
    withheld = _withheld(entry, gait)
    values = np.full(len(gait.strides), np.nan)
    summaries: dict[Side | None, Summary] = {}
    if withheld is not None:
        reasons: list[str] = [withheld.seen]
    elif isinstance(entry, ClipMetric):
        summaries, reasons = _over_clip(entry, gait)
    else:
        values = usable_values(gait, entry.compute)
        summaries, reasons = _over_strides(entry, gait, values)
    compared = _comparisons(entry, gait, summaries)
    return Measurement(
        metric=entry.name,
        unit=entry.unit,
        label=entry.label,
        definition=entry.definition,
        instant=entry.reading.instant if isinstance(entry, StrideMetric) else WHOLE_CLIP,
        values=values,
        summaries=summaries,
        not_measured=text("analysis", "all", parts=tuple(dict.fromkeys(reasons))) or None,
        comparisons=compared,
        not_compared=None if compared else _not_compared(entry, gait),
        not_judged=_not_judged(entry, gait),
        is_of_view=gait.view.view in entry.views,
    )


def _withheld(entry: Metric, gait: Gait) -> Reason | None:
    """Why nothing of a metric may be measured: the view, its topic, or a length not given."""
    if gait.view.view not in entry.views:
        is_rear = gait.view.view is View.REAR
        return reason("read_from_the_side" if is_rear else "read_from_behind")
    if entry.topic is Topic.FRONTAL and entry.unit == "cm" and gait.scale.leg_length_m is None:
        return reason("height_not_given")
    in_cm = entry.unit == "cm" and gait.view.view is not View.REAR
    return gait.withheld.get(entry.topic) or (gait.withheld.get(Topic.LENGTH) if in_cm else None)


def _not_judged(entry: Metric, gait: Gait) -> str | None:
    """Why bands, which are those of level ground, may not be laid against a metric."""
    if not gait.incline_percent or entry.topic not in LEVEL_TOPICS:
        return None
    return text("analysis", "measured.on_incline", incline=gait.incline_percent)


def _comparisons(
    entry: Metric, gait: Gait, summaries: Mapping[Side | None, Summary]
) -> dict[Side | None, Comparison]:
    """Places among similar runners, as far as those can be named."""
    if "comparison" in gait.withheld:
        return {}
    placed = {key: compare(entry.name, found, gait.scale) for key, found in summaries.items()}
    return {key: place for key, place in placed.items() if place is not None}


def _not_compared(entry: Metric, gait: Gait) -> str:
    """Why a metric has no place among similar runners."""
    if entry.name not in norms():
        return text("analysis", "measured.no_reference")
    why = gait.withheld.get("comparison")
    if why is None:
        return text("analysis", "measured.nothing")
    return message(why)


def _over_strides(
    entry: StrideMetric, gait: Gait, values: FloatArray
) -> tuple[dict[Side | None, Summary], list[str]]:
    """Summaries of a stride metric, and why some are absent."""
    summaries: dict[Side | None, Summary] = {}
    reasons: list[str] = []
    for key in (None,) if entry.reading.whole_body else tuple(Side):
        summary, reason = _summarise(entry, gait, values, key)
        if summary is not None:
            summaries[key] = summary
        if reason is not None:
            reasons.append(reason)
    return summaries, reasons


def _over_clip(entry: ClipMetric, gait: Gait) -> tuple[dict[Side | None, Summary], list[str]]:
    """Summaries of a clip metric, and why some are absent."""
    found = entry.estimate(gait)
    if isinstance(found, Reason):
        return {}, [found.seen]
    summaries: dict[Side | None, Summary] = {}
    reasons: list[str] = []
    bias = at_rate(entry.uncertainty.bias, gait.frame_rate_hz)
    for key, raw in found.items():
        hidden = _hidden(entry.topic, gait, key)
        if hidden is not None:
            reasons.append(hidden)
        elif isinstance(raw, Reason):
            reasons.append(_of_side(key, raw.seen))
        else:
            estimate = replace(raw, value=raw.value - bias)
            u = _uncertainty(entry, gait, estimate, key)
            summaries[key] = _interval(entry, estimate, u)
    return summaries, reasons


def _summarise(
    entry: StrideMetric, gait: Gait, values: FloatArray, key: Side | None
) -> tuple[Summary | None, str | None]:
    """Median, interval and n of one side (None: whole body), or why there is none."""
    hidden = _hidden(entry.topic, gait, key)
    if hidden is not None:
        return None, hidden
    wanted = {gait.near_side} if key is None else {key}
    if entry.reading.rate:
        wanted = set(Side)
    chosen = np.array([side in wanted for side in gait.sides()], dtype=bool)
    seen = values[chosen & np.isfinite(values)]
    if len(seen) == 0:
        return None, _none_seen(int(unsure(entry.topic, gait)[chosen].sum()), key)
    middle = float(1 / np.mean(1 / seen) if entry.reading.rate else np.median(seen))
    # 1.25: a median scatters that much more than a mean.
    sampling = 1.25 * _spread(entry.uncertainty, gait, seen) / np.sqrt(len(seen))
    estimate = Estimate(middle, sampling, len(seen))
    u = _uncertainty(entry, gait, estimate, key)
    return _interval(entry, estimate, u), None


def _none_seen(n_unsure: int, key: Side | None) -> str:
    """Why there is no summary."""
    if n_unsure:
        return _of_side(key, text("analysis", "measured.no_stride_unsure", n_unsure=n_unsure))
    return _of_side(key, text("analysis", "measured.no_stride"))


def _of_side(key: Side | None, why: str) -> str:
    """A reason with the side it holds for."""
    return text("analysis", "of_side", side=key, why=why) if key else why


def _spread(known: Uncertainty, gait: Gait, seen: FloatArray) -> float:
    """Standard deviation over strides; of few strides at least the usual one."""
    own = float(np.std(seen, ddof=1)) if len(seen) > 1 else 0.0
    if len(seen) >= KNOWN_SPREAD_FROM:
        return own
    usual = known.usual_spread(at_rate(known.timing, gait.frame_rate_hz))
    return max(own, usual * (abs(float(np.median(seen))) if known.relative else 1.0))


def _is_far(gait: Gait, key: Side | None) -> bool:
    """Whether a summary is that of the side away from the camera."""
    return key is not None and gait.is_far(key)


def _hidden(topic: Topic, gait: Gait, key: Side | None) -> str | None:
    """Why a far limb may not be summarised; None when it may."""
    if not _is_far(gait, key) or topic not in {*LEG_TOPICS, Topic.ARMS}:
        return None
    reason = gait.withheld.get("far_leg" if topic in LEG_TOPICS else "far_arm")
    return _of_side(key, reason.seen) if reason else None


def _interval(entry: Metric, estimate: Estimate, u: float) -> Summary:
    """The value with its 95 % interval, as far as true values exist."""
    reach = (estimate.value - Z_95 * u, estimate.value + Z_95 * u)
    low, high = np.clip(reach, *entry.limits)
    return Summary(estimate.value, float(low), float(high), u, estimate.n_strides)


def _uncertainty(
    entry: StrideMetric | ClipMetric, gait: Gait, found: Estimate, key: Side | None
) -> float:
    """1-SD uncertainty of an estimate of one side (None: whole body)."""
    parts = entry.uncertainty
    scale = abs(found.value) if parts.relative else 1.0
    factor = _limb_factor(entry.topic, gait, key)
    view = shared_errors().oblique if gait.view.view is View.OBLIQUE else 1.0
    pose = parts.pose * scale * factor * view
    timing = at_rate(parts.timing, gait.frame_rate_hz) * scale * factor
    roll = 0.0
    if parts.roll:
        shared = shared_errors()
        roll = shared.roll_measured if gait.view.roll_measured else shared.roll_assumed
    share = {"length": gait.scale.leg_length_sd, "speed": gait.scale.speed_sd}.get(parts.scale, 0.0)
    parts_of_u = (pose, timing, roll, share * found.value, found.sampling_error)
    return float(np.linalg.norm((*parts_of_u, _comparison_error(entry, gait))))


def _comparison_error(entry: StrideMetric | ClipMetric, gait: Gait) -> float:
    """How far a place among similar runners moves with the error of the speed it is found by."""
    speed, sd = gait.scale.norm_speed_mps, gait.scale.norm_speed_sd_mps
    if not isinstance(entry, StrideMetric) or entry.uncertainty.scale != "norm_speed":
        return 0.0
    if speed is None or sd is None:
        raise ValueError(f"{entry.name} compares at a speed that is not known")
    slower, faster = (
        entry.compute(replace(gait, scale=replace(gait.scale, norm_speed_mps=speed + off)))
        for off in (-sd, sd)
    )
    moved = (faster - slower)[np.isfinite(faster - slower)]
    return 0.5 * abs(float(np.median(moved))) if len(moved) else 0.0


def _limb_factor(topic: Topic, gait: Gait, key: Side | None) -> float:
    """How much larger the errors of a limb are than those of a near one seen all the time."""
    factor = shared_errors().far if _is_far(gait, key) else 1.0
    if topic not in LIMB_PARTS:
        return factor
    side = gait.near_side if key is None else key
    return factor * (1.0 + missing_share(gait.motion, side, LIMB_PARTS[topic]))

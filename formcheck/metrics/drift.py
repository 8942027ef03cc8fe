"""Drift: the first against the last third of a long clip."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait
from formcheck.metrics.head import shoulder_ratio
from formcheck.metrics.posture import trunk_lean_deg
from formcheck.metrics.registry import Estimate, Estimates, Topic, clip_metric
from formcheck.metrics.spring import vertical_oscillation_leg_lengths
from formcheck.metrics.temporal import cadence_spm
from formcheck.metrics.usable import usable_values
from formcheck.reasons import reason

MIN_CLIP_S = 60.0
MIN_STRIDES_EACH = 4


def drift(gait: Gait, values: FloatArray) -> Estimates:
    """Last less first third of a whole-body stride metric's ``(n_strides,)`` values.

    Medians of the near leg's strides; a reason when the clip is too short for a drift to show.
    """
    near = np.array([side is gait.near_side for side in gait.sides()], dtype=bool)
    starts = np.array([stride.start_s for stride in gait.strides])
    known = near & np.isfinite(values)
    span = float(np.ptp(starts[known])) if known.any() else 0.0
    if span < MIN_CLIP_S:
        return reason("drift_too_short", span_s=span, needed_s=MIN_CLIP_S)
    place = (starts - starts[known].min()) / span
    first, last = (values[known & part] for part in (place <= 1 / 3, place >= 2 / 3))
    if min(len(first), len(last)) < MIN_STRIDES_EACH:
        fewest = min(len(first), len(last))
        return reason("strides_to_compare", found=fewest, needed=MIN_STRIDES_EACH)
    # 1.25: a median scatters that much more than a mean.
    scatter = [1.25 * float(np.std(third, ddof=1)) / np.sqrt(len(third)) for third in (first, last)]
    change = float(np.median(last) - np.median(first))
    return {None: Estimate(change, float(np.hypot(*scatter)), int(known.sum()))}


@clip_metric("Drift of trunk lean", unit="deg", topic=Topic.TRUNK, sources=("hart2009",))
def trunk_lean_drift_deg(gait: Gait) -> Estimates:
    """Trunk lean of the last less that of the first third of a long clip; positive: leans more."""
    return drift(gait, usable_values(gait, trunk_lean_deg))


@clip_metric("Drift of cadence", unit="steps/min", topic=Topic.RHYTHM, sources=("fukuchi2017",))
def cadence_drift_spm(gait: Gait) -> Estimates:
    """Cadence of the last less that of the first third of a long clip; positive: quicker steps."""
    return drift(gait, usable_values(gait, cadence_spm))


@clip_metric(
    "Drift of vertical oscillation", unit="leg lengths", topic=Topic.TRUNK, sources=("fukuchi2017",)
)
def vertical_oscillation_drift_leg_lengths(gait: Gait) -> Estimates:
    """Bounce of the last less that of the first third of a long clip; positive: bounces more."""
    return drift(gait, usable_values(gait, vertical_oscillation_leg_lengths))


@clip_metric("Drift of shoulder to ear", unit="%", topic=Topic.SHOULDERS, sources=("article",))
def shoulder_ratio_drift_percent(gait: Gait) -> Estimates:
    """Change of the shoulder ratio over a long clip, in percent of it; negative: shoulders rise."""
    ratio = usable_values(gait, shoulder_ratio)
    ratio[[side is not gait.near_side for side in gait.sides()]] = np.nan
    known = ratio[np.isfinite(ratio)]
    return drift(gait, 100.0 * ratio / np.median(known) if len(known) else ratio)

"""Head and shoulders, from the ear and the eye towards the camera.

Where a pose model puts ear and eye differs from the anatomy, so that no value here has a known
zero: read changes, or compare with other clips of the same model.
"""

from __future__ import annotations

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Gait, Motion, Side
from formcheck.gait.angles import head_pitch_deg as head_pitch_over_time
from formcheck.gait.angles import trunk_lean_deg as lean_over_time
from formcheck.geometry import standing_angle_deg
from formcheck.metrics.registry import (
    MIN_STRIDES,
    Estimate,
    Estimates,
    Reading,
    Topic,
    clip_metric,
    is_seen,
    metric,
    over_own_stride,
)
from formcheck.reasons import reason

CREEP_FROM_S = 60.0
"""Shorter clips cannot show that shoulders rise (biomechanics 4.2)."""
SHOULDER_PARTS = ("ear", "shoulder", "hip")


@metric(
    "Head pitch",
    unit="deg",
    topic=Topic.HEAD,
    reading=Reading(parts=("ear", "eye_outer"), whole_body=True),
    sources=("article",),
)
def head_pitch_deg(gait: Gait) -> FloatArray:
    """Mean angle of the line from ear to outer eye over a stride; positive: looking up."""
    return over_own_stride(gait, head_pitch_over_time, _mean)


@metric(
    "Neck forward",
    unit="deg",
    topic=Topic.HEAD,
    reading=Reading(parts=("ear", "shoulder", "hip"), whole_body=True),
    sources=("article",),
)
def neck_forward_deg(gait: Gait) -> FloatArray:
    """Mean angle of mid-shoulder to ear over a stride less trunk lean; positive: ear forward."""
    return over_own_stride(gait, _neck_deg, _mean)


@metric(
    "Shoulder to ear",
    unit="",
    topic=Topic.SHOULDERS,
    reading=Reading(parts=SHOULDER_PARTS, whole_body=True),
    sources=("article",),
)
def shoulder_ratio(gait: Gait) -> FloatArray:
    """Mean distance from shoulder to ear along the trunk over trunk length; small: shrugged."""
    return over_own_stride(gait, _shoulder_ratio, _mean)


@clip_metric("Shoulders rising", unit="%", topic=Topic.SHOULDERS, sources=("article",))
def shoulder_creep_percent(gait: Gait) -> Estimates:
    """Change of the shoulder ratio from the first to the last third of a clip; negative: rising."""
    duration_s = float(np.ptp(gait.motion.time_s))
    if duration_s < CREEP_FROM_S:
        return reason("shoulders_need_a_minute", duration_s=duration_s, needed_s=CREEP_FROM_S)
    ratio = shoulder_ratio(gait)
    thirds = [ratio[_seen_within(gait, share)] for share in ((0.0, 1 / 3), (2 / 3, 1.0))]
    fewest = min(len(third) for third in thirds)
    if fewest < MIN_STRIDES:
        return reason("shoulder_seen_too_seldom", count=fewest, needed=MIN_STRIDES)
    first, last = (float(np.median(third)) for third in thirds)
    errors = [1.25 * float(np.std(third, ddof=1)) / np.sqrt(len(third)) for third in thirds]
    return {
        None: Estimate(
            100.0 * (last / first - 1.0), 100.0 * float(np.hypot(*errors)) / first, fewest
        )
    }


def _seen_within(gait: Gait, share: tuple[float, float]) -> BoolArray:
    """Near-side strides in a part of the clip over which ear and trunk were seen."""
    start_s, stop_s = gait.motion.time_s[0] + np.array(share) * np.ptp(gait.motion.time_s)
    parts = [f"{gait.near_side}_{part}" for part in SHOULDER_PARTS]
    return np.array(
        [
            stride.side is gait.near_side
            and start_s <= stride.initial_contact_s
            and stride.next_initial_contact_s <= stop_s
            and is_seen(gait, stride, parts)
            for stride in gait.strides
        ],
        dtype=bool,
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean())


def _neck_deg(motion: Motion, side: Side) -> FloatArray:
    """Mid-shoulder to ear, from the trunk line; positive: ear in front, ``(n_samples,)``."""
    to_ear = standing_angle_deg(motion.midpoint("shoulder"), motion.track(f"{side}_ear"))
    return np.asarray(to_ear - lean_over_time(motion))


def _shoulder_ratio(motion: Motion, side: Side) -> FloatArray:
    """Shoulder to ear along the trunk, over the trunk's length, ``(n_samples,)``."""
    trunk = motion.midpoint("shoulder") - motion.midpoint("hip")
    up = motion.track(f"{side}_ear") - motion.track(f"{side}_shoulder")
    return np.asarray(np.sum(up * trunk, axis=-1) / np.sum(trunk * trunk, axis=-1))

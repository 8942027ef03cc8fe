"""Head and shoulders, from the ear and the eye towards the camera.

Where a pose model puts ear and eye differs from the anatomy, so that no value here has a known
zero: read changes, or compare with other clips of the same model.
"""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait, Motion, Side
from formcheck.gait.angles import head_pitch_deg as head_pitch_over_time
from formcheck.gait.angles import trunk_lean_deg as lean_over_time
from formcheck.geometry import standing_angle_deg
from formcheck.metrics.registry import Reading, Topic, metric, over_own_stride


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
    reading=Reading(parts=("ear", "shoulder", "hip"), whole_body=True),
    sources=("article",),
)
def shoulder_ratio(gait: Gait) -> FloatArray:
    """Mean distance from shoulder to ear along the trunk over trunk length; small: shrugged."""
    return over_own_stride(gait, _shoulder_ratio, _mean)


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

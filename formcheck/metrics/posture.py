"""Trunk: how far the runner leans."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait
from formcheck.gait.angles import trunk_lean_deg as lean_over_time
from formcheck.metrics.registry import (
    Reading,
    Topic,
    metric,
    per_stride,
    stride_samples,
)


@metric(
    "Trunk lean",
    unit="deg",
    topic=Topic.TRUNK,
    reading=Reading(parts=("shoulder", "hip"), whole_body=True),
    sources=("teng2015", "warrener2021"),
)
def trunk_lean_deg(gait: Gait) -> FloatArray:
    """Mean angle of mid-hip to mid-shoulder from vertical over a stride; positive: forward."""
    lean = lean_over_time(gait.motion)

    def mean(stride_lean: FloatArray) -> float:
        # Trunk rotation swings the shoulders: only a whole stride averages that out.
        return float(stride_lean.mean()) if len(stride_lean) else float("nan")

    return per_stride(gait, lambda stride: mean(lean[np.asarray(stride_samples(gait, stride))]))

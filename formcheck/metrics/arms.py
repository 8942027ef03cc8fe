"""Arms: how far the elbows are bent."""

from __future__ import annotations

from formcheck.domain import FloatArray, Gait, Side, Stride
from formcheck.gait.angles import elbow_flexion_deg as flexion_over_time
from formcheck.metrics.registry import (
    Reading,
    Topic,
    metric,
    per_stride,
    stride_samples,
)


@metric(
    "Elbow flexion",
    unit="deg",
    topic=Topic.ARMS,
    reading=Reading(parts=("elbow", "wrist")),
    sources=("yegian2019",),
)
def elbow_flexion_deg(gait: Gait) -> FloatArray:
    """Mean elbow flexion over a stride as the camera sees it; 0 straight, 90 a right angle."""
    flexion = {side: flexion_over_time(gait.motion, side) for side in Side}

    def mean(stride: Stride) -> float:
        inside = flexion[stride.side][stride_samples(gait, stride)]
        return float(inside.mean()) if len(inside) else float("nan")

    return per_stride(gait, mean)

"""How sure it is, stride by stride, that a limb is the limb it is named."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.domain import (
    BoolArray,
    FloatArray,
    Gait,
    Limb,
    Side,
    Stride,
    TimeBase,
    TrackingReport,
    limb_of,
)

MIN_CONFIDENCE = 0.8
"""A stride in which a limb is less sure is not measured; the same level a verdict needs."""


def stride_confidence(
    tracking: TrackingReport, strides: tuple[Stride, ...], base: TimeBase
) -> Mapping[Limb, FloatArray]:
    """Mean chance of every limb over every stride, ``(n_strides,)`` each.

    NaN where the limb is drawn in no frame of the stride; empty when nothing could be judged.
    """
    if not tracking.is_judged:
        return {}
    ends = np.array([(stride.start_s, stride.stop_s) for stride in strides]).reshape(-1, 2)
    inside = [slice(*own) for own in np.searchsorted(tracking.time_s, base.file_s(ends))]
    return {
        limb: np.array([track.confidence(frames) for frames in inside], dtype=np.float64)
        for limb, track in tracking.limbs.items()
    }


def unsure_strides(gait: Gait, kind: str) -> BoolArray:
    """Strides whose own side's ``leg`` or ``arm`` may be the other one, ``(n_strides,)``."""
    unsure = np.zeros(len(gait.strides), dtype=bool)
    for side in Side:
        own = np.array([each is side for each in gait.sides()], dtype=bool)
        unsure |= own & maybe_another(gait, limb_of(side, kind))
    return unsure


def maybe_another(gait: Gait, limb: Limb) -> BoolArray:
    """Strides of either side in which what is drawn as a limb may be another, ``(n_strides,)``."""
    if limb not in gait.limb_confidence:
        return np.zeros(len(gait.strides), dtype=bool)
    maybe: BoolArray = gait.limb_confidence[limb] < MIN_CONFIDENCE
    return maybe

"""Which topics may not be measured in an otherwise usable clip, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import Motion, Reason, Scale, Side, TimeBase
from formcheck.gait.strides import Segmentation
from formcheck.reasons import reason

FEET = ("ankle", "heel", "foot_index")


@dataclass(frozen=True, slots=True)
class WithholdParams:
    """Largest shares of missing or bridged samples, and the speeds reference values cover."""

    max_missing_trunk: float = 0.30
    max_missing_head: float = 0.30
    max_missing_arm: float = 0.40
    max_missing_far_leg: float = 0.25
    max_dropped_strides: float = 0.30
    min_norm_speed_mps: float = 2.0
    max_norm_speed_mps: float = 5.5


def withheld_topics(
    motion: Motion,
    segmentation: Segmentation,
    near: Side,
    base: TimeBase,
    scale: Scale,
    params: WithholdParams,
) -> dict[str, Reason]:
    """Reasons by topic: those of ``metrics.registry.Topic``, and ``far_leg`` and ``far_arm``."""
    withheld = _hidden_parts(motion, segmentation, near, params)
    if segmentation.dropped_share(near) > params.max_dropped_strides:
        why = reason("events_unreliable", dropped_share=segmentation.dropped_share(near))
        withheld |= dict.fromkeys(("contact", "feet", "legs", "comparison"), why)
    if not base.is_trusted:
        why = reason("time_withheld", note=base.note)
        withheld |= dict.fromkeys(("rhythm", "contact", "length", "comparison"), why)
    elif scale.speed_mps is None:
        withheld["length"] = reason("speed_unknown")
    incomparable = _no_comparison(scale, params)
    if incomparable is not None:
        withheld.setdefault("comparison", incomparable)
    return withheld


def _no_comparison(scale: Scale, params: WithholdParams) -> Reason | None:
    """Why similar runners cannot be named; None when they can."""
    speed = scale.norm_speed_mps
    if speed is None:
        return reason("speed_unknown")
    if not params.min_norm_speed_mps <= speed <= params.max_norm_speed_mps:
        low, high = params.min_norm_speed_mps, params.max_norm_speed_mps
        return reason("speed_outside_norms", speed_mps=speed, low=low, high=high)
    return None


def _hidden_parts(
    motion: Motion, segmentation: Segmentation, near: Side, params: WithholdParams
) -> dict[str, Reason]:
    """Topics whose body parts were seen too seldom."""
    far = near.other
    limits = (
        ("trunk", near, ("shoulder", "hip"), params.max_missing_trunk),
        ("head", near, ("ear", "eye_outer"), params.max_missing_head),
        ("shoulders", near, ("ear", "shoulder", "hip"), params.max_missing_head),
        ("arms", near, ("elbow", "wrist"), params.max_missing_arm),
        ("far_arm", far, ("elbow", "wrist"), params.max_missing_arm),
        ("far_leg", far, ("knee", *FEET), params.max_missing_far_leg),
    )
    hidden = {}
    for topic, side, parts, limit in limits:
        missing = missing_share(motion, side, parts)
        if missing > limit:
            hidden[topic] = reason(f"{topic}_hidden", side=side, missing_share=missing)
    if segmentation.dropped_share(far) > params.max_dropped_strides:
        share = segmentation.dropped_share(far)
        hidden.setdefault("far_leg", reason("far_leg_unreliable", side=far, dropped_share=share))
    return hidden


def missing_share(motion: Motion, side: Side, parts: tuple[str, ...]) -> float:
    """Largest share of missing or bridged samples of some parts while the runner is seen."""
    seen = np.isfinite(motion.midpoint("hip")[:, 0])
    shares = []
    for part in parts:
        column = motion.landmarks.index(f"{side}_{part}")
        bad = motion.filled[:, column] | ~np.isfinite(motion.position_ll[:, column, 0])
        shares.append(float(bad[seen].mean()) if seen.any() else 1.0)
    return max(shares)

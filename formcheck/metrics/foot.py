"""Foot strike: angle at initial contact and the class it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from formcheck.domain import FloatArray, FootStrike, Gait, Measurement, Side, StrikeClass, Summary
from formcheck.gait.angles import foot_pitch_deg
from formcheck.metrics.registry import Instant, Reading, Topic, metric, per_stride

REARFOOT_ABOVE_DEG = 8.0
FOREFOOT_BELOW_DEG = -1.6
"""Limits of Altman & Davis 2012 against the standing foot (biomechanics 4.3)."""
STATE_FROM = 0.8
"""A class is stated from this probability on."""
THREE_CLASSES_FROM_HZ = 55.0
"""Nominal 60 fps phones record 59.9 or, variable, a little less."""


@metric(
    "Foot-strike angle",
    unit="deg",
    topic=Topic.FEET,
    reading=Reading(Instant.INITIAL_CONTACT, ("heel", "foot_index")),
    sources=("altman2012", "mo2021", "mo2025"),
)
def foot_strike_angle_deg(gait: Gait) -> FloatArray:
    """Heel-toe line at initial contact against the runner's own flat foot; positive: heel first."""
    time_s = gait.motion.time_s
    pitch = {side: foot_pitch_deg(gait.motion, side) for side in Side}
    return per_stride(
        gait,
        lambda stride: (
            float(np.interp(stride.initial_contact_s, time_s, pitch[stride.side]))
            - gait.foot_flat_deg[stride.side]
        ),
    )


def classify_strikes(gait: Gait, angle: Measurement) -> Mapping[Side, FootStrike]:
    """Class of each foot from its strike angle; undetermined where nothing stands out."""
    return {
        side: _classify(angle.summaries.get(side), gait.frame_rate_hz, angle.not_measured)
        for side in Side
    }


def _classify(summary: Summary | None, rate_hz: float, not_measured: str | None) -> FootStrike:
    """Class of one foot."""
    if summary is None:
        return FootStrike(StrikeClass.UNDETERMINED, {}, not_measured or "not measured")
    below = float(ndtr((FOREFOOT_BELOW_DEG - summary.median) / summary.u))
    above = float(ndtr((summary.median - REARFOOT_ABOVE_DEG) / summary.u))
    chances = {
        StrikeClass.REARFOOT: above,
        StrikeClass.MIDFOOT: 1.0 - above - below,
        StrikeClass.FOREFOOT: below,
    }
    likeliest = max(chances, key=lambda strike: chances[strike])
    if rate_hz < THREE_CLASSES_FROM_HZ and likeliest is not StrikeClass.REARFOOT:
        note = f"at {rate_hz:.0f} frames per second only rearfoot or not can be told"
        return FootStrike(StrikeClass.UNDETERMINED, chances, note)
    if chances[likeliest] >= STATE_FROM:
        return FootStrike(likeliest, chances, "")
    first, second = sorted(chances, key=lambda strike: -chances[strike])[:2]
    return FootStrike(StrikeClass.UNDETERMINED, chances, f"between {first} and {second}")

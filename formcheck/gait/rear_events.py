"""Mid-stance and initial contact from behind: what the bounce of the hips tells.

From behind nothing moves past the camera, but the hips rise and fall once a step (low-passed near
the step rate they do so smoothly, however rough the pose):

1. mid-stance: the hips are lowest; it belongs to the foot whose ankle is lower;
2. initial contact: shortly before the hips fall fastest. The ground breaks the fall when it carries
   the body's weight, which takes a few hundredths of a second from the first touch;
3. toe-off is not told: between trials of force plates it scatters by 20 ms around any moment of
   the bounce, and the foot hides its own toe.

Measured on 27 force-plate trials (8 mm jitter, 60 frames per second): contact is 26 ms before
the steepest fall, SD 10 ms between trials and 7 ms within one; on two rendered clips 39 and 41 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, GaitEvents, Motion, Side
from formcheck.geometry import derivative, low_pass, valleys

STEPS_PER_STRIDE = 2


@dataclass(frozen=True, slots=True)
class RearEventParams:
    """``cutoff`` is a multiple of the step rate, ``near_low`` a share of the step; real seconds."""

    cutoff: float = 1.5
    fall_to_contact_s: float = 0.026
    near_low: float = 0.1
    longest_fall: float = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Bounce:
    """Turning points of the hips, real seconds, ascending: lowest, highest and falling fastest."""

    lowest_s: FloatArray
    highest_s: FloatArray
    falling_s: FloatArray


def hip_bounce(motion: Motion, stride_hz: float, params: RearEventParams) -> Bounce:
    """Follow the hips up and down; ``stride_hz`` strides per real second."""
    cutoff = params.cutoff * STEPS_PER_STRIDE * stride_hz
    height = low_pass(motion.midpoint("hip")[:, 1], motion.rate_hz, cutoff)
    fall = derivative(height, motion.time_s)
    time_s = motion.time_s
    return Bounce(valleys(time_s, height), valleys(time_s, -height), valleys(time_s, fall))


def detect_from_behind(motion: Motion, stride_hz: float, params: RearEventParams) -> GaitEvents:
    """Return mid-stances and initial contacts of both feet; no toe-off is known.

    ``motion`` is unsmoothed, ``x`` to the right. A contact that was not found is NaN.
    """
    bounce = hip_bounce(motion, stride_hz, params)
    step_s = 1.0 / (STEPS_PER_STRIDE * stride_hz)
    lower = np.array(
        [_lower_foot(motion, low, params.near_low * step_s) for low in bounce.lowest_s]
    )
    middle = {side: bounce.lowest_s[lower == side] for side in Side}
    longest_s = params.longest_fall * step_s
    contact = {
        side: _before(middle[side], bounce.falling_s, longest_s) - params.fall_to_contact_s
        for side in Side
    }
    unknown = {side: np.full(len(middle[side]), np.nan) for side in Side}
    nowhere = dict.fromkeys(Side, float("nan"))
    return GaitEvents(contact, unknown, middle, unknown, nowhere, nowhere)


def _lower_foot(motion: Motion, at_s: float, around_s: float) -> str:
    """The side whose ankle is lower around a moment; empty when unknown."""
    near = np.abs(motion.time_s - at_s) <= max(around_s, 1.0 / motion.rate_hz)
    above = (motion.track("left_ankle") - motion.track("right_ankle"))[near, 1]
    above = above[np.isfinite(above)]
    if len(above) == 0:
        return ""
    return Side.LEFT if float(np.median(above)) < 0 else Side.RIGHT


def _before(moments_s: FloatArray, candidates_s: FloatArray, longest_s: float) -> FloatArray:
    """Last candidate before each moment, not longer ago than ``longest_s``; else NaN."""
    place = np.searchsorted(candidates_s, moments_s) - 1
    if len(candidates_s) == 0:
        return np.full(len(moments_s), np.nan)
    found = candidates_s[np.maximum(place, 0)]
    is_near = (place >= 0) & (moments_s - found <= longest_s)
    return np.where(is_near, found, np.nan)

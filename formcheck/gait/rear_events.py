"""Mid-stance and initial contact from behind: what the bounce of the hips tells.

From behind nothing moves past the camera, but the hips rise and fall once a step (low-passed near
the step rate they do so smoothly, however rough the pose):

1. mid-stance: the hips are lowest. Left and right take turns; which is which is told by all steps
   together: the ankle stood on is the lower one, but where feet cross the model may draw both on
   the raised foot;
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

from formcheck.domain import BoolArray, FloatArray, GaitEvents, Motion, Side
from formcheck.geometry import derivative, low_pass, valleys

STEPS_PER_STRIDE = 2


@dataclass(frozen=True, slots=True)
class RearEventParams:
    """``cutoff`` is a multiple of the step rate, ``near_low`` a share of the step; real seconds."""

    cutoff: float = 1.5
    fall_to_contact_s: float = 0.026
    near_low: float = 0.1
    longest_fall: float = 0.6


def detect_from_behind(motion: Motion, stride_hz: float, params: RearEventParams) -> GaitEvents:
    """Return mid-stances and initial contacts of both feet; no toe-off is known.

    ``motion`` is unsmoothed, ``x`` to the right; ``stride_hz`` strides per real second. A contact
    that was not found is NaN.
    """
    step_s = 1.0 / (STEPS_PER_STRIDE * stride_hz)
    height = low_pass(motion.midpoint("hip")[:, 1], motion.rate_hz, params.cutoff / step_s)
    lowest_s = valleys(motion.time_s, height)
    falling_s = valleys(motion.time_s, derivative(height, motion.time_s))
    is_left = _left_steps(motion, lowest_s, step_s, params.near_low * step_s)
    middle = {Side.LEFT: lowest_s[is_left], Side.RIGHT: lowest_s[~is_left]}
    longest_s = params.longest_fall * step_s
    contact = {
        side: _before(middle[side], falling_s, longest_s) - params.fall_to_contact_s
        for side in Side
    }
    unknown = {side: np.full(len(middle[side]), np.nan) for side in Side}
    nowhere = dict.fromkeys(Side, float("nan"))
    return GaitEvents(contact, unknown, middle, unknown, nowhere, nowhere)


def _left_steps(motion: Motion, lowest_s: FloatArray, step_s: float, around_s: float) -> BoolArray:
    """Which steps are on the left foot, ``(n,)``: every other one, the half with the left lower."""
    count = np.concatenate(([0.0], np.cumsum(np.round(np.diff(lowest_s) / step_s))))
    is_even: BoolArray = count[: len(lowest_s)] % 2 == 0
    left_above = np.array([_left_above_right(motion, at, around_s) for at in lowest_s])
    even, odd = (np.nansum(left_above[half]) for half in (is_even, ~is_even))
    return is_even if even < odd else ~is_even


def _left_above_right(motion: Motion, at_s: float, around_s: float) -> float:
    """How far the left ankle is above the right one around a moment; NaN when unknown."""
    near = np.abs(motion.time_s - at_s) <= max(around_s, 1.0 / motion.rate_hz)
    above = (motion.track("left_ankle") - motion.track("right_ankle"))[near, 1]
    above = above[np.isfinite(above)]
    return float(np.median(above)) if len(above) else float("nan")


def _before(moments_s: FloatArray, candidates_s: FloatArray, longest_s: float) -> FloatArray:
    """Last candidate before each moment, not longer ago than ``longest_s``; else NaN."""
    place = np.searchsorted(candidates_s, moments_s) - 1
    if len(candidates_s) == 0:
        return np.full(len(moments_s), np.nan)
    found = candidates_s[np.maximum(place, 0)]
    is_near = (place >= 0) & (moments_s - found <= longest_s)
    return np.where(is_near, found, np.nan)

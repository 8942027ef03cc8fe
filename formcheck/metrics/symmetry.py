"""Left against right, and stride against stride, as far as one camera can tell.

One side view cannot compare angles: near and far legs are seen with different errors. Step and
contact time can be compared at 60 frames per second and more (biomechanics 4.9).
"""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Gait, Reason, Side
from formcheck.metrics.registry import NOT_NEGATIVE, Estimate, Estimates, Topic, clip_metric
from formcheck.metrics.temporal import contact_time_s, step_time_s, stride_time_s
from formcheck.metrics.usable import usable_values
from formcheck.reasons import reason

MIN_RATE_HZ = 55.0
"""Nominal 60 fps phones record 59.9 or, variable, a little less."""
BOTH_SIDES = (-200.0, 200.0)
"""Differences of two positive numbers in percent of their mean."""
SYMMETRY_STRIDES = 12
VARIABILITY_STRIDES = 60
QUARTILES_SD = 1.349
"""Distance of the quartiles of a normal distribution, in standard deviations."""


@clip_metric(
    "Step time, left against right",
    unit="%",
    topic=Topic.CONTACT,
    sources=("fukuchi2017", "malisoux2024"),
    limits=BOTH_SIDES,
)
def step_time_asymmetry_percent(gait: Gait) -> Estimates:
    """Step time of the left less the right foot over their mean; positive: left longer."""
    return _asymmetry(gait, usable_values(gait, step_time_s))


@clip_metric(
    "Contact time, left against right",
    unit="%",
    topic=Topic.CONTACT,
    sources=("fukuchi2017", "malisoux2024"),
    limits=BOTH_SIDES,
)
def contact_time_asymmetry_percent(gait: Gait) -> Estimates:
    """Contact time of the left less the right foot over their mean; positive: left longer."""
    return _asymmetry(gait, usable_values(gait, contact_time_s))


@clip_metric(
    "Stride time variability",
    unit="%",
    topic=Topic.RHYTHM,
    sources=("fukuchi2017",),
    limits=NOT_NEGATIVE,
)
def stride_time_variability_percent(gait: Gait) -> Estimates:
    """Standard deviation of the near leg's stride times over their median, in percent.

    Told by the middle half of the strides (their quartiles are 1.349 SD apart), so that a contact
    told wrongly, which spoils two strides, does not pass for the runner's own unevenness.
    """
    times = usable_values(gait, stride_time_s)[_of(gait, gait.near_side)]
    refused = _too_coarse(gait) or _too_few(len(times), VARIABILITY_STRIDES)
    if refused is not None:
        return refused
    spread = spread_percent(times)
    # A spread told by quartiles scatters 1.65 times as much as a standard deviation does.
    return {None: Estimate(spread, 1.65 * spread / np.sqrt(2 * (len(times) - 1)), len(times))}


def spread_percent(times_s: FloatArray) -> float:
    """Standard deviation of times ``(n,)`` over their median, told by the quartiles, percent."""
    low, middle, high = np.percentile(times_s, (25, 50, 75))
    return 100 * float((high - low) / QUARTILES_SD / middle)


def _asymmetry(gait: Gait, values: FloatArray) -> Estimates:
    """Difference of the sides' medians as a percentage of their mean."""
    hidden = gait.withheld.get("far_leg")
    if hidden is not None:
        return hidden
    seen = [values[_of(gait, side) & np.isfinite(values)] for side in (Side.LEFT, Side.RIGHT)]
    fewest = min(len(side) for side in seen)
    refused = _too_coarse(gait) or _too_few(fewest, SYMMETRY_STRIDES)
    if refused is not None:
        return refused
    left, right = (float(np.median(side)) for side in seen)
    # 1.25: a median scatters that much more than a mean.
    scatter = [1.25 * float(np.std(side, ddof=1)) / np.sqrt(len(side)) for side in seen]
    middle = 0.5 * (left + right)
    error = 100 * float(np.hypot(*scatter)) / middle
    return {None: Estimate(100 * (left - right) / middle, error, fewest)}


def _of(gait: Gait, side: Side) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which strides are of a side."""
    return np.array([each is side for each in gait.sides()], dtype=bool)


def _too_coarse(gait: Gait) -> Reason | None:
    """Why the frame rate is too low to compare single times; None when it is not."""
    if gait.frame_rate_hz >= MIN_RATE_HZ:
        return None
    return reason("frame_rate_timing", fps=gait.frame_rate_hz)


def _too_few(found: int, needed: int) -> Reason | None:
    """Why there are too few strides; None when there are enough."""
    return None if found >= needed else reason("strides_to_compare", found=found, needed=needed)

"""What is true of a rendered runner's steps, bounce, lengths and symmetry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.geometry import highest
from formcheck.metrics.spring import spring_mass


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Contacts and toe-offs of stances inside the clip by side, in step with each other.

    ``hip_height_ll`` (n_frames,) is mid-hip in leg lengths of the picture at ``time_s``.
    """

    near: Side
    time_s: FloatArray
    hip_height_ll: FloatArray
    contact_s: Mapping[Side, FloatArray]
    toe_off_s: Mapping[Side, FloatArray]
    speed_ll_s: float


def step_values(steps: Steps) -> dict[str, float]:
    """Values over the clip by metric name."""
    side = steps.near
    stride = float(np.median(np.diff(steps.contact_s[side])))
    contact = float(np.median(steps.toe_off_s[side] - steps.contact_s[side]))
    rise = bounce(steps)
    spring = spring_mass(np.array(contact), np.array(stride / 2 - contact), 0.0, 1.0)
    return {
        "step_time_s": float(np.median(_step_times(steps, side))),
        "stride_length_leg_lengths": steps.speed_ll_s * stride,
        "vertical_oscillation_leg_lengths": rise,
        "vertical_ratio_percent": 100 * rise / (steps.speed_ll_s * stride / 2),
        "vertical_stiffness_kn_m_kg": 1e-3 * float(spring.vertical_n_m_kg),
    }


def asymmetry_values(steps: Steps) -> dict[str, float]:
    """Left against right over the clip, by metric name."""
    times = {side: _step_times(steps, side) for side in Side}
    stances = {side: steps.toe_off_s[side] - steps.contact_s[side] for side in Side}
    return {
        "step_time_asymmetry_percent": _asymmetry(times),
        "contact_time_asymmetry_percent": _asymmetry(stances),
    }


def _step_times(steps: Steps, side: Side) -> FloatArray:
    """From the other foot's contacts to this foot's."""
    own, others = steps.contact_s[side], steps.contact_s[side.other]
    own = own[own > others[0]]
    times: FloatArray = own - others[np.searchsorted(others, own) - 1]
    return times


def bounce(steps: Steps) -> float:
    """Median over steps of highest less lowest mid-hip."""
    height, time_s = steps.hip_height_ll, steps.time_s
    contacts = np.sort(np.concatenate([steps.contact_s[side] for side in Side]))
    return float(
        np.median(
            [
                highest(time_s, height, *step) + highest(time_s, -height, *step)
                for step in pairwise(contacts)
            ]
        )
    )


def _asymmetry(by_side: Mapping[Side, FloatArray]) -> float:
    """Left less right over their mean, percent."""
    left, right = (float(np.median(by_side[side])) for side in (Side.LEFT, Side.RIGHT))
    return 100 * (left - right) / (0.5 * (left + right))

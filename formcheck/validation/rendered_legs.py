"""What is true of the near leg of a rendered runner: joint angles of the projected points."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.geometry import hanging_angle_deg, highest, slope_deg, standing_angle_deg
from formcheck.metrics.foot import strike_model

Points = Callable[[str], FloatArray]
"""A projected point by name, forward and up, ``(n_frames, 2)``."""


def leg_values(
    point: Points, side: Side, time_s: FloatArray, contact_s: FloatArray, toe_off_s: FloatArray
) -> dict[str, float]:
    """Medians over strides by metric name; a stance's contact and toe-off share an index."""
    hip, knee, ankle = (point(f"{part}_{side[0]}") for part in ("hip", "knee", "ankle"))
    thigh = hanging_angle_deg(hip, knee)
    flexion = thigh - np.degrees(np.unwrap(np.radians(hanging_angle_deg(knee, ankle))))
    behind = -thigh - _trunk(point)
    stances = list(zip(contact_s, toe_off_s, strict=True))
    swings = list(zip(toe_off_s[:-1], contact_s[1:], strict=True))
    strides = list(pairwise(contact_s))

    def top(values: FloatArray, spans: list[tuple[float, float]]) -> FloatArray:
        return np.array([highest(time_s, values, *span) for span in spans])

    foot = slope_deg(point(f"heel_{side[0]}"), point(f"toe_{side[0]}"))
    later_s = contact_s + strike_model().share_of_contact * np.median(toe_off_s - contact_s)
    at_contact = np.interp(contact_s, time_s, flexion)
    stance_peak = top(flexion, stances)
    per_stride = {
        "foot_fall_deg": np.interp(contact_s, time_s, foot) - np.interp(later_s, time_s, foot),
        "knee_at_contact_deg": at_contact,
        "knee_peak_stance_deg": stance_peak,
        "knee_excursion_deg": stance_peak - at_contact,
        "knee_peak_swing_deg": top(flexion, swings),
        "thigh_at_toe_off_deg": np.interp(toe_off_s, time_s, thigh),
        "thigh_most_extended_deg": -top(-thigh, strides),
        "thigh_most_flexed_deg": top(thigh, swings),
        "late_stance_extension_deg": np.interp(toe_off_s, time_s, behind),
        **_ankle_values(point, side, time_s, stances),
    }
    return {name: float(np.median(values)) for name, values in per_stride.items()}


def _trunk(point: Points) -> FloatArray:
    """Lean over time."""
    hip, shoulder = (
        0.5 * (point(f"{part}_l") + point(f"{part}_r")) for part in ("hip", "shoulder")
    )
    return standing_angle_deg(hip, shoulder)


def _ankle_values(
    point: Points, side: Side, time_s: FloatArray, stances: list[tuple[float, float]]
) -> dict[str, FloatArray]:
    """Ankle angles; the sole's own line says when the foot is flat."""
    knee, ankle, heel, toe = (
        point(f"{part}_{side[0]}") for part in ("knee", "ankle", "heelsole", "toesole")
    )
    angle = slope_deg(heel, toe) - hanging_angle_deg(knee, ankle)
    unwrapped = np.degrees(np.unwrap(np.radians(angle)))
    off = np.array([stop for _, stop in stances])
    return {
        "ankle_dorsiflexion_peak_deg": np.array(
            [highest(time_s, unwrapped, *span) for span in stances]
        ),
        "ankle_at_toe_off_deg": np.interp(off, time_s, unwrapped),
    }

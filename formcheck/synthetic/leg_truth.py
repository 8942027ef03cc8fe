"""What is true of a synthetic runner's legs, stride by stride, from the runner's own points."""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.geometry import hanging_angle_deg, slope_deg
from formcheck.synthetic import foot
from formcheck.synthetic.body import Toe
from formcheck.synthetic.runners import Leg, Runner

PER_SPAN = 150
"""Moments looked at in stance and in swing."""
FALL_SHARE = 0.15
"""Part of contact time over which the fall of the toes is read."""
FLAT_DEG = {
    toe: float(np.degrees(np.arctan2(*(point - foot.HEEL)[::-1])))
    for toe, point in ((Toe.BALL, foot.BALL), (Toe.TIP, foot.FOOT_INDEX))
}
"""Slope of the line from heel to toe of a flat foot."""


def leg_values(
    runner: Runner, side: Side, contact_s: FloatArray, toe_off_s: FloatArray, toe: Toe
) -> dict[str, FloatArray]:
    """Angles of one leg by metric name, ``(n_strides,)``; times are those of successive stances."""
    stance = _angles(runner, side, contact_s[:-1], toe_off_s[:-1], toe)
    swing = _angles(runner, side, toe_off_s[:-1], contact_s[1:], toe)
    knee_at_contact, knee_peak = stance["knee"][:, 0], stance["knee"].max(axis=1)
    fall_s = FALL_SHARE * float(np.median(toe_off_s - contact_s))
    fall = _angles(runner, side, contact_s[:-1], contact_s[:-1] + fall_s, toe)["pitch"]
    thighs = np.concatenate([stance["thigh"], swing["thigh"]], axis=1)
    return {
        "foot_fall_deg": fall[:, 0] - fall[:, -1],
        "knee_at_contact_deg": knee_at_contact,
        "knee_peak_stance_deg": knee_peak,
        "knee_excursion_deg": knee_peak - knee_at_contact,
        "knee_peak_swing_deg": swing["knee"].max(axis=1),
        "thigh_at_toe_off_deg": stance["thigh"][:, -1],
        "thigh_most_extended_deg": thighs.min(axis=1),
        "thigh_most_flexed_deg": swing["thigh"].max(axis=1),
        "ankle_dorsiflexion_peak_deg": stance["ankle"].max(axis=1),
        "ankle_at_toe_off_deg": stance["ankle"][:, -1],
    }


def _angles(
    runner: Runner, side: Side, start_s: FloatArray, stop_s: FloatArray, toe: Toe
) -> dict[str, FloatArray]:
    """Joint angles between pairs of times, each ``(n_pairs, PER_SPAN)``."""
    # The last moment of a stance must not fall into the swing after it.
    times = np.linspace(start_s, np.nextafter(stop_s, start_s), PER_SPAN, axis=1)
    leg = runner.leg(side, times.ravel())
    return {name: angle.reshape(times.shape) for name, angle in _leg_angles(leg, toe).items()}


def _leg_angles(leg: Leg, toe: Toe) -> dict[str, FloatArray]:
    """Angles of a leg's points, in the signs of docs/conventions.md."""
    thigh = hanging_angle_deg(leg.hip, leg.knee)
    shank = hanging_angle_deg(leg.knee, leg.ankle)
    # A foot in swing points up to 120 degrees down: never across the jump at 180.
    pitch = slope_deg(leg.heel, getattr(leg, toe.value)) - FLAT_DEG[toe]
    return {"thigh": thigh, "knee": thigh - shank, "ankle": pitch - shank, "pitch": pitch}

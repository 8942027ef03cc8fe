"""What is true of trunk, head and arms, told by points that are known exactly.

For synthetic and rendered runners alike. Definitions are those of ``formcheck.metrics``, reached
another way: every stride is cut out on an even grid of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.geometry import flexion_deg, hanging_angle_deg, slope_deg, standing_angle_deg

GRID = np.arange(240) / 240


@dataclass(frozen=True, slots=True, eq=False)
class SeenBody:
    """Points of a body: ``track`` gives a landmark's way, ``(n, 2)`` forward and up."""

    time_s: FloatArray
    track: Callable[[str], FloatArray]

    def middle(self, part: str) -> FloatArray:
        """Halfway between left and right, ``(n, 2)``."""
        return 0.5 * (self.track(f"left_{part}") + self.track(f"right_{part}"))

    def lean_deg(self) -> FloatArray:
        """Trunk lean, ``(n,)``."""
        return standing_angle_deg(self.middle("hip"), self.middle("shoulder"))

    def cut(self, values: FloatArray, contact_s: FloatArray) -> FloatArray:
        """A signal on every whole stride of the record, ``(n_strides, n_grid)``."""
        inside = contact_s[(contact_s >= self.time_s[0]) & (contact_s <= self.time_s[-1])]
        strides = [start + GRID * (stop - start) for start, stop in pairwise(inside)]
        times_s = np.array(strides).reshape(-1, len(GRID))
        return np.asarray(np.interp(times_s, self.time_s, values))


def posture_values(
    body: SeenBody, side: Side, moments_s: tuple[FloatArray, FloatArray, FloatArray]
) -> dict[str, FloatArray]:
    """Trunk and head, each per stride of one side.

    ``moments_s`` are contacts, mid-stances and toe-offs of that side.
    """
    contact_s, middle_s, toe_off_s = moments_s
    lean = body.lean_deg()
    ankle, ear, shoulder = (body.track(f"{side}_{part}") for part in ("ankle", "ear", "shoulder"))
    from_ankle = standing_angle_deg(ankle, body.middle("shoulder"))
    neck = standing_angle_deg(body.middle("shoulder"), ear) - lean
    trunk = body.middle("shoulder") - body.middle("hip")
    ratio = np.sum((ear - shoulder) * trunk, axis=-1) / np.sum(trunk**2, axis=-1)

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(body.cut(values, contact_s).mean(axis=1))

    def at(moment_s: FloatArray, values: FloatArray) -> FloatArray:
        return np.interp(moment_s, body.time_s, values, left=np.nan, right=np.nan)

    return {
        "trunk_lean_deg": mean(lean),
        "trunk_lean_contact_deg": at(contact_s, lean),
        "trunk_lean_mid_stance_deg": at(middle_s, lean),
        "trunk_lean_toe_off_deg": at(toe_off_s, lean),
        "trunk_range_deg": np.ptp(body.cut(lean, contact_s), axis=1),
        "lean_from_ankle_deg": at(middle_s, from_ankle),
        "waist_bend_deg": at(middle_s, lean - from_ankle),
        "head_pitch_deg": mean(slope_deg(ear, body.track(f"{side}_eye_outer"))),
        "neck_forward_deg": mean(neck),
        "shoulder_ratio": mean(ratio),
    }


def arm_values(body: SeenBody, side: Side, contact_s: FloatArray) -> dict[str, FloatArray]:
    """One arm, per stride of the same side's leg; its phase and synchrony over all of them."""
    shoulder, elbow, wrist = (
        body.track(f"{side}_{part}") for part in ("shoulder", "elbow", "wrist")
    )
    flexion = body.cut(flexion_deg(shoulder, elbow, wrist), contact_s)
    upper = hanging_angle_deg(shoulder, elbow)
    lean = body.lean_deg()
    travel = (wrist - shoulder)[:, 0]
    opposite = (body.track(f"{side.other}_{part}") for part in ("hip", "knee"))
    wave = np.exp(-2j * np.pi * GRID)
    arm, thigh = (
        body.cut(values, contact_s) @ wave for values in (upper, hanging_angle_deg(*opposite))
    )
    phase = np.mean(np.exp(1j * np.angle(thigh / arm)))
    return {
        "elbow_flexion_deg": flexion.mean(axis=1),
        "elbow_from_right_angle_deg": np.abs(flexion.mean(axis=1) - 90.0),
        "elbow_flexion_min_deg": flexion.min(axis=1),
        "elbow_flexion_max_deg": flexion.max(axis=1),
        "arm_swing_deg": np.ptp(body.cut(upper + lean, contact_s), axis=1),
        "wrist_travel_leg_lengths": np.ptp(body.cut(travel, contact_s), axis=1),
        "arm_leg_phase_deg": np.degrees(np.angle([phase])),
        "arm_leg_sync": np.abs([phase]),
    }

"""The runner from behind: pelvis, feet, knees and trunk across the running direction.

Everything sways once a stride, to the right when the body rests lowest on the right foot. With the
neutral values of ``RunnerSpec`` each limb stays in its own plane parallel to the running direction.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.synthetic.curves import Cycle
from formcheck.synthetic.spec import HALF_HIPS, SHANK, THIGH, RunnerSpec
from formcheck.synthetic.steps import FootSteps

LOWEST_STANCE = 0.44
"""Share of stance at which the hips of the curves are lowest, at 2.5 to 4.5 m/s."""
FOOT = ("ankle", "heel", "foot_index")
LEG = ("hip", "knee", *FOOT)
Points = dict[str, FloatArray]
"""Landmarks in space by name, ``(n, 3)`` metres forward, up, right."""


def sign(side: Side) -> float:
    """1 on the runner's right, -1 on the left."""
    return 1.0 if side is Side.RIGHT else -1.0


def sway(cycle: Cycle, steps: Mapping[Side, FootSteps], time_s: FloatArray) -> FloatArray:
    """1 when the body rests lowest on the right foot, -1 on the left, ``(n,)``."""
    lowest = LOWEST_STANCE * cycle.duty_factor
    right, left = (
        np.cos(2 * np.pi * (steps[side].moment(time_s).phase - lowest))
        for side in (Side.RIGHT, Side.LEFT)
    )
    wave: FloatArray = 0.5 * (right - left)
    return wave


def hip_rise_m(spec: RunnerSpec, side: Side, wave: FloatArray) -> FloatArray:
    """How far a pelvis that drops to the swing side lifts the hip of one side, ``(n,)``."""
    tilt = np.radians(spec.pelvic_drop_deg) * wave
    rise: FloatArray = sign(side) * HALF_HIPS * spec.height_m * np.sin(tilt)
    return rise


def swayed(points: Points, spec: RunnerSpec, wave: FloatArray) -> Points:
    """The same body moved sideways; hips are already lifted by ``hip_rise_m``."""
    hip = 0.5 * (points["left_hip"] + points["right_hip"])
    moved = {
        name: _leaned(point, hip, spec, wave)
        for name, point in points.items()
        if name.partition("_")[2] not in LEG
    }
    for side in Side:
        moved |= _leg(points, side, spec, wave)
    return moved


def _leaned(point: FloatArray, hip: FloatArray, spec: RunnerSpec, wave: FloatArray) -> FloatArray:
    """A point of the upper body, turned about mid-hip and carried along with it."""
    lean = np.radians(0.5 * spec.trunk_sway_deg) * wave
    forward, up, right = point.T
    above = up - hip[:, 1]
    turned = (
        forward,
        hip[:, 1] + np.cos(lean) * above - np.sin(lean) * right,
        np.cos(lean) * right + np.sin(lean) * above + 0.5 * spec.hip_sway_m * wave,
    )
    return np.stack(turned, axis=-1)


def _leg(points: Points, side: Side, spec: RunnerSpec, wave: FloatArray) -> Points:
    """One leg from the swaying hip to a foot on its own line, the knee between them."""
    half = HALF_HIPS * spec.height_m
    tilt = np.radians(spec.pelvic_drop_deg) * wave
    hip = sign(side) * half * np.cos(tilt) + 0.5 * spec.hip_sway_m * wave
    foot = sign(side) * (half if spec.step_width_m is None else 0.5 * spec.step_width_m)
    between = hip + (foot - hip) * THIGH / (THIGH + SHANK)
    places = {"hip": hip, "knee": between - sign(side) * spec.knee_in_m}
    moved = {}
    for part in LEG:
        point = points[f"{side}_{part}"].copy()
        point[:, 2] = places.get(part, foot)
        moved[f"{side}_{part}"] = point
    return moved

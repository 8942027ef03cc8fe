"""The whole body: arms, trunk and head on a runner's legs, as the pose model's 33 landmarks.

Trunk and arms are Fourier fits of one full-body laboratory runner (biomechanics 7.2). Unless
``frontal.py`` moves it, each limb stays in its own plane parallel to the running direction, so a
camera exactly to the side sees true angles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain import LANDMARKS, FloatArray, Motion, Side, frozen_array
from formcheck.synthetic.foot import turned
from formcheck.synthetic.frontal import swayed
from formcheck.synthetic.runners import Leg, Runner
from formcheck.synthetic.spec import (
    EAR,
    FOREARM,
    HALF_HIPS,
    HALF_SHOULDERS,
    TRUNK,
    UPPER_ARM,
    RunnerSpec,
)

SHOULDER_TURN_DEG = 10.0
USUAL_ELBOW_DEG = 78.9
HEAD_UP_DEG = 2.0
"""Tilt of a head that nods with the trunk but looks ahead however far the trunk leans."""
ARM_DELAY = 0.07
"""Share of a stride. Arms and legs come from different runners; delayed by this, an arm and the
opposite thigh swing in time."""
HEAD: Mapping[str, tuple[float, float, float]] = {
    "nose": (0.060, EAR - 0.010, 0.0),
    "eye_inner": (0.050, EAR + 0.012, 0.009),
    "eye": (0.048, EAR + 0.012, 0.018),
    "eye_outer": (0.042, EAR + 0.012, 0.026),
    "ear": (0.0, EAR, 0.043),
    "mouth": (0.048, EAR - 0.034, 0.014),
}
"""Forward, up and sideways of mid-shoulder, shares of height."""
HAND = {"pinky": (0.045, -0.010), "index": (0.052, 0.004), "thumb": (0.030, 0.012)}
"""Along and across the forearm beyond the wrist, shares of height."""


@dataclass(frozen=True, slots=True, eq=False)
class WorldMotion:
    """Landmarks in space: ``time_s`` (n,), ``position_m`` (n, 33, 3) forward, up, right."""

    time_s: FloatArray
    position_m: FloatArray

    def __post_init__(self) -> None:
        position = frozen_array(self.position_m, len(self.time_s), 33, 3, name="position_m")
        object.__setattr__(self, "position_m", position)

    def sagittal(self, leg_length_m: float) -> Motion:
        """The view of a perfect side camera, in leg lengths."""
        seen = np.zeros(self.position_m.shape[:2], dtype=bool)
        return Motion(self.time_s, self.position_m[..., :2] / leg_length_m, seen)

    def frontal(self, leg_length_m: float) -> Motion:
        """The view of a perfect rear camera, right and up, in leg lengths."""
        seen = np.zeros(self.position_m.shape[:2], dtype=bool)
        return Motion(self.time_s, self.position_m[..., :0:-1] / leg_length_m, seen)


class Toe(StrEnum):
    """Which point of the shoe is called ``foot_index``.

    The ball, where markers are and like which the pose model's toe moves, or the very tip.
    """

    TIP = "foot_index"
    BALL = "ball"


def world_motion(runner: Runner, time_s: FloatArray, toe: Toe = Toe.BALL) -> WorldMotion:
    """All landmarks of a runner at given times."""
    legs = {side: runner.leg(side, time_s) for side in Side}
    spec = runner.plan.spec
    moments = {side: runner.plan.steps[side].moment(time_s) for side in Side}
    phases = {side: moment.stride + moment.phase for side, moment in moments.items()}
    points = _leg_points(legs, spec, toe) | _upper_body(legs, phases, spec)
    points = swayed(points, spec, runner.plan.sway(time_s))
    return WorldMotion(time_s, np.stack([points[name] for name in LANDMARKS], axis=1))


def _sign(side: Side) -> float:
    return 1.0 if side is Side.RIGHT else -1.0


def _placed(plane: FloatArray, right_m: float) -> FloatArray:
    """Points of a plane parallel to the running direction, ``(n, 3)``."""
    return np.concatenate([plane, np.full((len(plane), 1), right_m)], axis=-1)


def _leg_points(legs: Mapping[Side, Leg], spec: RunnerSpec, toe: Toe) -> dict[str, FloatArray]:
    points = {}
    for side, leg in legs.items():
        right_m = _sign(side) * HALF_HIPS * spec.height_m
        for part in ("hip", "knee", "ankle", "heel"):
            points[f"{side}_{part}"] = _placed(getattr(leg, part), right_m)
        points[f"{side}_foot_index"] = _placed(getattr(leg, toe.value), right_m)
    return points


def _upper_body(
    legs: Mapping[Side, Leg], phases: Mapping[Side, FloatArray], spec: RunnerSpec
) -> dict[str, FloatArray]:
    right = phases[Side.RIGHT]
    lean = spec.trunk_lean_deg + 4.0 * np.cos(4 * np.pi * (right - 0.15))
    hip = 0.5 * (legs[Side.LEFT].hip + legs[Side.RIGHT].hip)
    neck = hip + turned(np.array([0.0, TRUNK * spec.height_m]), -lean)
    turn = np.radians(SHOULDER_TURN_DEG) * np.cos(2 * np.pi * right)
    points = _head(neck, HEAD_UP_DEG + spec.trunk_lean_deg - lean, spec)
    half = HALF_SHOULDERS * spec.height_m
    for side in Side:
        # With the right foot ahead the left shoulder is.
        swing = np.stack(
            [-_sign(side) * half * np.sin(turn), np.full_like(turn, spec.shrug_m)], axis=-1
        )
        points |= _arm(neck + swing, phases[side.other], side, spec)
    return points


def _arm(
    shoulder: FloatArray, phase: FloatArray, side: Side, spec: RunnerSpec
) -> dict[str, FloatArray]:
    """Arm that swings with the other leg, whose strides since the first one are given."""
    late = spec.arm_frequency_ratio * phase - spec.arm_phase_deg / 360.0 - ARM_DELAY
    upper = 23.7 * _wave(late, 1, 0.837) + 3.6 * _wave(late, 2, 0.208)
    upper = -25.8 + spec.arm_swing_factor * upper
    swing = 29.4 * _wave(late, 1, 0.841) + 12.5 * _wave(late, 2, 0.368)
    flexion = spec.elbow_flexion_deg + min(1.0, spec.elbow_flexion_deg / USUAL_ELBOW_DEG) * swing
    elbow = shoulder + turned(np.array([0.0, -UPPER_ARM * spec.height_m]), upper)
    fore = upper + flexion
    wrist = elbow + turned(np.array([0.0, -FOREARM * spec.height_m]), fore)
    parts = {"shoulder": shoulder, "elbow": elbow, "wrist": wrist}
    for name, (along, across) in HAND.items():
        parts[name] = wrist + turned(spec.height_m * np.array([across, -along]), fore)
    right_m = _sign(side) * HALF_SHOULDERS * spec.height_m
    return {f"{side}_{name}": _placed(plane, right_m) for name, plane in parts.items()}


def _head(neck: FloatArray, tilt_deg: FloatArray, spec: RunnerSpec) -> dict[str, FloatArray]:
    """Head on a neck that tilts back so far; it drops about the ears."""
    points = {}
    ear = np.array(HEAD["ear"][:2])
    for name, (forward, up, sideways) in HEAD.items():
        dropped = ear + turned(np.array([forward, up]) - ear, np.array(-spec.head_drop_deg))
        plane = neck + turned(spec.height_m * dropped, tilt_deg)
        if name == "nose":
            points[name] = _placed(plane, 0.0)
            continue
        for side in Side:
            full = f"mouth_{side}" if name == "mouth" else f"{side}_{name}"
            points[full] = _placed(plane, _sign(side) * sideways * spec.height_m)
    return points


def _wave(phase: FloatArray, harmonic: int, offset: float) -> FloatArray:
    wave: FloatArray = np.cos(2 * np.pi * harmonic * (phase - offset))
    return wave

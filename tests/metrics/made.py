"""A gait made by hand: a body that stands still in a known pose, with strides at known times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from formcheck.domain import (
    LANDMARKS,
    FloatArray,
    Gait,
    GaitEvents,
    Motion,
    Reason,
    Scale,
    Side,
    Stride,
    TimeBase,
    TimeStatus,
    View,
    ViewEstimate,
)

RATE_HZ = 60.0
STRIDE_S, STANCE_S, MID_STANCE_S = 0.70, 0.25, 0.10
N_STRIDES = 8

Points = Mapping[str, tuple[float, float] | FloatArray]
UPRIGHT: Points = {
    "ear": (0.05, 1.78),
    "eye_outer": (0.13, 1.80),
    "shoulder": (0.0, 1.55),
    "elbow": (0.0, 1.20),
    "wrist": (0.28, 1.20),
    "hip": (0.0, 1.0),
    "knee": (0.1, 0.55),
    "ankle": (0.1, 0.10),
    "heel": (0.02, 0.05),
    "foot_index": (0.30, 0.05),
}


def at_angle(angle_deg: float, length: float = 0.5) -> tuple[float, float]:
    """Forward and up of something leaning forward by an angle."""
    angle = np.radians(angle_deg)
    return length * float(np.sin(angle)), length * float(np.cos(angle))


def motion_of(points: Points) -> Motion:
    """Both sides in the same place; a point may move, ``(n_samples, 2)``."""
    time_s = np.arange(0.0, (N_STRIDES + 1) * STRIDE_S, 1.0 / RATE_HZ)
    position = np.full((len(time_s), len(LANDMARKS), 2), np.nan)
    for name, place in {**UPRIGHT, **points}.items():
        for column, landmark in enumerate(LANDMARKS):
            if landmark in {name, f"left_{name}", f"right_{name}"}:
                position[:, column] = place
    return Motion(time_s, position, np.zeros(position.shape[:2], dtype=bool))


def strides_of(side: Side, start_s: float) -> tuple[Stride, ...]:
    """Even strides of one side."""
    starts = start_s + STRIDE_S * np.arange(N_STRIDES)
    return tuple(
        Stride(side, t, t + MID_STANCE_S, t + STANCE_S, t + STRIDE_S, t + STRIDE_S / 2)
        for t in starts
    )


def gait_of(points: Points | None = None, **changes: Any) -> Gait:
    """A gait with right side near, real time, 60 frames per second and 3 m/s."""
    strides = sorted(
        (*strides_of(Side.LEFT, 0.0), *strides_of(Side.RIGHT, STRIDE_S / 2)),
        key=lambda stride: stride.initial_contact_s,
    )
    none: dict[Side, FloatArray] = {side: np.empty(0) for side in Side}
    speed = dict.fromkeys(Side, 3.0)
    withheld: dict[str, Reason] = {}
    gait = Gait(
        motion=motion_of(points or {}),
        events=GaitEvents(none, none, none, none, speed, speed),
        strides=tuple(strides),
        near_side=Side.RIGHT,
        view=ViewEstimate(View.SIDE, Side.RIGHT, Side.RIGHT, 0.1, 0.0, roll_measured=True),
        time_base=TimeBase(TimeStatus.REAL, 1.0, is_trusted=True, note="the file's own clock"),
        scale=Scale(300.0, 0.93, 3.0, "given", 3.0, 0.09),
        frame_rate_hz=RATE_HZ,
        foot_flat_deg=dict.fromkeys(Side, 0.0),
        withheld=withheld,
    )
    return replace(gait, **changes)

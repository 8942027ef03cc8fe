"""A shoe that rolls over the ground without slipping: heel, flat, ball, toe tip.

The foot is two rigid bodies, the rear foot and the toes, hinged at the ball. With the toes up the
shoe turns about the rounding of its heel; flat it rests; with the heel up the hinge bends while the
toes stay on the ground, then they turn about their tip. Where it is relative to the ground is a
function of its pitch alone, so the contact never slips.

Lengths are shares of body height, points relative to the ankle of a flat foot (forward, up).
"""

from __future__ import annotations

import numpy as np

from formcheck.domain import FloatArray
from formcheck.synthetic.spec import ANKLE_HEIGHT

HEEL = np.array([-0.041, -0.038])
BALL = np.array([0.076, -0.028])
FOOT_INDEX = BALL + np.array([0.030, -0.020])
HEEL_PIVOT = np.array([HEEL[0] + 0.020, -ANKLE_HEIGHT])
"""A heel is round: it touches in front of its landmark. This place brings the landmark to the
measured 3 cm height at contact."""
TIP_SOLE = np.array([FOOT_INDEX[0], -ANKLE_HEIGHT])
FLAT_PITCH_DEG = float(np.degrees(np.arctan2(*(BALL - HEEL)[::-1])))
"""Slope of the line from heel to ball of a flat foot."""
TOES_UP_DEG, LATE = 22.5, 3.4
"""How far the toes are up at toe-off, and how late they come up: fitted to the height of the ball
over the pitch of the foot in push-off of 54 force-plate trials (Fukuchi, Fukuchi & Duarte 2017),
0.9 mm RMS over nine groups of strike and speed. The joint bends by about 25 degrees at most."""


def turned(points: FloatArray, angle_deg: FloatArray) -> FloatArray:
    """``points`` (2,) turned counter-clockwise by every angle, ``(n, 2)``."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    x, y = points
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=-1)


def toe_pitch_deg(pitch_deg: FloatArray, toe_off_deg: float) -> FloatArray:
    """Pitch of the toes of a foot on the ground, ``(n,)``; ``toe_off_deg``: its last there."""
    share = np.maximum(pitch_deg / toe_off_deg, 0.0)
    return np.where(pitch_deg > 0, pitch_deg, -TOES_UP_DEG * share**LATE)


def rolled_ankle(pitch_deg: FloatArray, toe_off_deg: float) -> FloatArray:
    """Ankle of a foot on the ground, ``(n, 2)``, relative to where its heel first touched."""
    on_heel = -turned(HEEL_PIVOT, pitch_deg)
    toes = turned(TIP_SOLE - BALL, toe_pitch_deg(pitch_deg, toe_off_deg))
    on_toes = (TIP_SOLE - HEEL_PIVOT) - toes - turned(BALL, pitch_deg)
    return np.where((pitch_deg > 0)[:, None], on_heel, on_toes)


def foot_points(
    ankle: FloatArray, pitch_deg: FloatArray, toes_deg: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Heel, ball and tip of a foot, each ``(n, 2)``."""
    heel, ball = (ankle + turned(point, pitch_deg) for point in (HEEL, BALL))
    return heel, ball, ball + turned(FOOT_INDEX - BALL, toes_deg)

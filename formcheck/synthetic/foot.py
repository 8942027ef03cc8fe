"""A shoe that rolls over the ground without slipping: heel, flat, ball, toe tip.

The foot is two rigid bodies, the rear foot and the toes, hinged at the ball. With the toes up the
shoe turns about the rounding of its heel; flat it rests; with the heel up the toes stay on the
ground until the hinge is bent, then the straight shoe turns about the tip. Where it is relative to
the ground is a function of its pitch alone, so the contact never slips.

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
BALL_SOLE = np.array([BALL[0], -ANKLE_HEIGHT])
TIP_SOLE = np.array([FOOT_INDEX[0], -ANKLE_HEIGHT])
FLAT_PITCH_DEG = float(np.degrees(np.arctan2(*(BALL - HEEL)[::-1])))
"""Slope of the line from heel to ball of a flat foot."""
HINGE_DEG = 12.0
"""How far the shoe bends before it turns about its tip; set on the height of the measured ball."""
HINGE_SOFTNESS_DEG = 3.0
REST_DEG = 2.5


def turned(points: FloatArray, angle_deg: FloatArray) -> FloatArray:
    """``points`` (2,) turned counter-clockwise by every angle, ``(n, 2)``."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    x, y = points
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=-1)


def settled_deg(pitch_deg: FloatArray) -> FloatArray:
    """Pitch of a foot on the ground: it comes to rest when flat instead of passing through."""
    calm: FloatArray = pitch_deg**3 / (pitch_deg**2 + REST_DEG**2)
    return calm


def toe_pitch_deg(pitch_deg: FloatArray) -> FloatArray:
    """Pitch of the toes of a foot on the ground, ``(n,)``."""

    def soft(angle: FloatArray | float) -> FloatArray:
        return np.logaddexp(0.0, -(np.asarray(angle) + HINGE_DEG) / HINGE_SOFTNESS_DEG)

    lifted = -HINGE_SOFTNESS_DEG * (soft(pitch_deg) - soft(0.0))
    return np.where(pitch_deg > 0, pitch_deg, lifted)


def rolled_ankle(pitch_deg: FloatArray) -> FloatArray:
    """Ankle of a foot on the ground, ``(n, 2)``, relative to where its heel first touched."""
    on_heel = -turned(HEEL_PIVOT, pitch_deg)
    toes = turned(TIP_SOLE - BALL_SOLE, toe_pitch_deg(pitch_deg))
    on_toes = (TIP_SOLE - HEEL_PIVOT) - toes - turned(BALL_SOLE, pitch_deg)
    return np.where((pitch_deg > 0)[:, None], on_heel, on_toes)


def foot_points(
    ankle: FloatArray, pitch_deg: FloatArray, toes_deg: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Heel, ball and tip of a foot, each ``(n, 2)``."""
    heel, ball = (ankle + turned(point, pitch_deg) for point in (HEEL, BALL))
    hinge = ankle + turned(BALL_SOLE, pitch_deg)
    return heel, ball, hinge + turned(FOOT_INDEX - BALL_SOLE, toes_deg)

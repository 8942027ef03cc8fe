"""Legs: feet locked to the belt in stance, free in swing, joined without a jump.

In stance the foot is where the belt carries it and two-link inverse kinematics give hip and knee.
In swing the joint angles follow cubics from toe-off to contact, lifted where the sole would sink.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sample_videos.render.body import Body, Foot
from sample_videos.render.gait import Gait, Leg, Step
from sample_videos.render.rotations import Array, Knot, about_x, about_z, curve, smooth, swing

Hips = Callable[[float, Leg], Array]  # time, leg -> where the hip joint of the rig is

_TOE_BEND = np.deg2rad(32)  # the toes stay flat until the foot is raised by this much
_HEEL_EDGE_M = 0.012  # from the end of the heel to where it rolls
_TINY_S = 1e-3
_MOST_REACH = 0.9995  # of thigh plus shank
_CLEARANCE_M = 0.014  # under the sole in mid-swing
_SOFT_M = 0.004


class LegAngles(NamedTuple):
    """Angles of a leg, rad: thigh forward, knee bent, leg outward, sole and toes raised."""

    thigh: float
    knee: float
    tilt: float
    pitch: float
    toe_pitch: float
    stance: bool


class Planted(NamedTuple):
    """A foot on the ground seen from the side: (forward, up) of its points, toes' pitch in rad."""

    ankle: Array
    heel: Array
    tip: Array
    toe_pitch: float


def planted(foot: Foot, pitch_rad: float) -> Planted:
    """Pitch a foot that stands with its ankle at 0: on the heel if positive, else on the toes."""
    ankle = np.array([0.0, foot.ankle[1]])
    heel = np.array([_along(foot, foot.heel), 0.0])
    tip = np.array([_along(foot, foot.toe), 0.0])
    if pitch_rad >= 0:
        edge = heel + np.array([_HEEL_EDGE_M, 0])
        ankle, heel, tip = (_turn(point, edge, pitch_rad) for point in (ankle, heel, tip))
        return Planted(ankle, heel, tip, pitch_rad)
    toe_pitch = min(0.0, pitch_rad + float(_TOE_BEND))
    joint = np.array([_along(foot, foot.ball_joint), foot.ball_joint[1]])
    raised = _turn(joint, tip, toe_pitch)
    moved = raised - joint
    ankle, heel = (_turn(point + moved, raised, pitch_rad) for point in (ankle, heel))
    return Planted(ankle, heel, tip, toe_pitch)


def strike_pitch(foot: Foot, strike_deg: float) -> float:
    """Pitch, rad, at which the line from heel to toe tip of a planted foot has an angle."""
    pitch = wanted = np.deg2rad(strike_deg)
    for _ in range(20):
        place = planted(foot, pitch)
        forward, up = place.tip - place.heel
        pitch += wanted - np.arctan2(up, forward)
    return float(pitch)


class Stance:
    """One foot on the belt from contact to toe-off."""

    def __init__(self, step: Step, gait: Gait, body: Body, middle_z: float) -> None:
        self.step = step
        self._gait = gait
        self._foot = body.feet[step.side]
        self._strike = strike_pitch(self._foot, step.strike_deg)
        ahead = planted(self._foot, self._strike).ankle[0]
        self._footprint_z = middle_z + step.reach_m - ahead
        self._x = gait.step_width_m / 2 * (1 if step.side == "l" else -1)

    def pitch(self, time_s: float) -> float:
        """Pitch of the sole, rad."""
        gait = self._gait
        u = (time_s - self.step.contact_s) / self.step.contact_time_s
        pitch = self._strike * self._left_of_strike(u / gait.flat_at)
        w = max(u - gait.heel_rise_at, 0.0) / (1 - gait.heel_rise_at)
        raised = (0.25 * w + 0.75 * w * w) * smooth(3.5 * w)
        return float(pitch - np.deg2rad(gait.toe_off_pitch_deg) * raised)

    def _left_of_strike(self, share: float) -> float:
        """Share of the pitch at contact that is left; toes slap down at once, heels sink softly."""
        left = max(1 - share, 0.0)
        return left * left * (2 - left) if self._strike > 0 else 1 - smooth(share)

    def place(self, time_s: float) -> tuple[Array, float, float]:
        """Where the ankle is, and the pitch of sole and toes, rad, while on the belt."""
        pitch = self.pitch(time_s)
        foot = planted(self._foot, pitch)
        z = self._footprint_z - self._gait.speed_mps * (time_s - self.step.contact_s)
        return np.array([self._x, foot.ankle[1], z + foot.ankle[0]]), pitch, foot.toe_pitch

    def before(self, early_s: float) -> tuple[Array, float, float]:
        """The same shortly before contact, when the foot comes down and slows down."""
        ankle, pitch, toe_pitch = self.place(self.step.contact_s)
        gait = self._gait
        back = gait.speed_mps * (1 - gait.landing_slip)
        earlier = np.array([0, gait.landing_fall_mps, back]) * early_s
        slap = max(self._strike, 0.0) / (gait.flat_at * self.step.contact_time_s) * early_s
        return ankle + earlier, pitch + slap, toe_pitch + slap


@dataclass(frozen=True)
class LegMotion:
    """One leg over a whole clip, under hips that move in a known way."""

    leg: Leg
    gait: Gait
    body: Body
    stances: list[Stance]
    hips: Hips

    def angles(self, time_s: float) -> LegAngles:
        """Angles at a time between the first and the last contact."""
        i = bisect_right(self.stances, time_s, key=lambda stance: stance.step.contact_s) - 1
        stance = self.stances[i]
        if time_s < stance.step.toe_off_s:
            return self.standing(stance, time_s)
        return self._swinging(self._swings[i], time_s)

    def standing(self, stance: Stance, time_s: float) -> LegAngles:
        """Angles while the foot is on the belt."""
        return self._solved(*stance.place(time_s), time_s, stance=True)

    def stretch(self, stance: Stance, time_s: float) -> float:
        """Distance from hip to planted ankle, as a share of thigh plus shank."""
        ankle = stance.place(time_s)[0]
        distance = np.linalg.norm(ankle - self.hips(time_s, self.leg))
        return float(distance) / (self.body.thigh_m + self.body.shank_m)

    @cached_property
    def _swings(self) -> list[Swing]:
        return [
            self._swing(last, following)
            for last, following in zip(self.stances, self.stances[1:], strict=False)
        ]

    def _swing(self, last: Stance, following: Stance) -> Swing:
        off, on = last.step.toe_off_s, following.step.contact_s
        leaving, left = (self.standing(last, t) for t in (off - _TINY_S, off))
        early = self._solved(*following.before(_TINY_S), on - _TINY_S, stance=False)
        landing = self.standing(following, on)
        scale = (on - off) / _TINY_S
        return Swing(
            off, on, _joints(left), (_joints(left) - _joints(leaving)) * scale,
            _joints(landing), (_joints(landing) - _joints(early)) * scale,
        )  # fmt: skip

    def _swinging(self, path: Swing, time_s: float) -> LegAngles:
        u = (time_s - path.off_s) / (path.on_s - path.off_s)
        thigh, knee, tilt, ankle, toes = path.joints(u, self.gait)
        pitch = thigh - knee + ankle
        hip = self.hips(time_s, self.leg)
        shank = swing(thigh - knee) @ (0, -self.body.shank_m, 0)
        at = hip + about_z(tilt) @ (swing(thigh) @ (0, -self.body.thigh_m, 0) + shank)
        at[1] += self._lift(float(at[1]), pitch, pitch + toes, u)
        return self._solved(at, pitch, pitch + toes, time_s, stance=False)

    def _lift(self, ankle_y: float, pitch: float, toe_pitch: float, u: float) -> float:
        """How far the foot must be raised not to sink into the belt."""
        foot = self.body.feet[self.leg]
        edge = smooth(u / 0.12) * smooth((1 - u) / 0.12)
        low = ankle_y + lowest(foot, pitch, toe_pitch)
        soft = _SOFT_M * edge + 1e-6
        return float(soft * np.logaddexp(0.0, (_CLEARANCE_M * edge - low) / soft))

    def _solved(
        self, ankle: Array, pitch: float, toe_pitch: float, time_s: float, *, stance: bool
    ) -> LegAngles:
        """Two-link inverse kinematics in the plane of hip and ankle."""
        d = ankle - self.hips(time_s, self.leg)
        thigh, shank = self.body.thigh_m, self.body.shank_m
        down = np.hypot(d[0], d[1])
        reach = min(float(np.hypot(down, d[2])), (thigh + shank) * _MOST_REACH)
        knee = np.pi - _corner(thigh, shank, reach)
        forward = np.arctan2(d[2], down) + _corner(thigh, reach, shank)
        tilt = np.arctan2(d[0], -d[1])
        return LegAngles(float(forward), float(knee), float(tilt), pitch, toe_pitch, stance)


@dataclass(frozen=True)
class Swing:
    """Joint angles (thigh, knee, tilt, ankle, toes) at both ends of a swing and their slopes."""

    off_s: float
    on_s: float
    left: Array
    left_slope: Array
    landing: Array
    landing_slope: Array

    def joints(self, u: float, gait: Gait) -> tuple[float, float, float, float, float]:
        """Angles at a share of the swing, rad."""
        start, end = self.left, self.landing
        out = np.clip(self.left_slope, (-3, 0.5, 0, -1, 0), (3, 6, 0, 1, 0))
        into = np.clip(self.landing_slope, (-3.5, -1.5, 0, -3, 0), (1.5, 3.2, 0, 3, 0))
        middles: tuple[list[Knot], ...] = (
            [Knot(gait.swing_hip_at, np.deg2rad(gait.swing_hip_deg), 0)],
            [Knot(gait.swing_knee_at, np.deg2rad(gait.swing_knee_deg), 0)],
            [],
            [Knot(0.30, np.deg2rad(-12), 0.3), Knot(0.64, np.deg2rad(4), 0)],
        )
        thigh, knee, tilt, ankle = (
            curve([Knot(0, start[i], out[i]), *middle, Knot(1, end[i], into[i])], u)
            for i, middle in enumerate(middles)
        )
        toes = start[4] * (1 - smooth(u / 0.25)) + end[4] * smooth((u - 0.8) / 0.2)
        return thigh, knee, tilt, ankle, toes


def lowest(foot: Foot, pitch_rad: float, toe_pitch_rad: float) -> float:
    """Height of the lowest point of a pitched sole above the ankle."""
    turned = about_x(-pitch_rad) @ foot.forward
    joint = turned @ (foot.ball_joint - foot.ankle)
    tip = joint + about_x(-toe_pitch_rad) @ foot.forward @ (foot.toe - foot.ball_joint)
    heights = [(turned @ (point - foot.ankle))[1] for point in (foot.heel, foot.ball)]
    return float(min(*heights, tip[1]))


def _joints(angles: LegAngles) -> Array:
    ankle = angles.pitch - (angles.thigh - angles.knee)
    toes = angles.toe_pitch - angles.pitch
    return np.array([angles.thigh, angles.knee, angles.tilt, ankle, toes])


def _corner(a: float, b: float, opposite: float) -> float:
    """Angle between two sides of a triangle."""
    return float(np.arccos(np.clip((a * a + b * b - opposite * opposite) / (2 * a * b), -1, 1)))


def _along(foot: Foot, point: Array) -> float:
    return float((foot.forward @ (point - foot.ankle))[2])


def _turn(point: Array, around: Array, angle_rad: float) -> Array:
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    turned: Array = around + np.array([[c, -s], [s, c]]) @ (point - around)
    return turned

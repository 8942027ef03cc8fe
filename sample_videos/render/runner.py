"""A whole body in motion: pelvis, legs, trunk and arms at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sample_videos.render.body import Body
from sample_videos.render.gait import LEGS, Gait, Leg, Schedule
from sample_videos.render.legs import LegAngles, LegMotion, Stance
from sample_videos.render.rotations import (
    Array,
    about,
    about_x,
    about_y,
    about_z,
    angle_between,
    part_of,
    swing,
    unit,
)

_TAU = 2 * np.pi
_REACH_LIMIT = 0.996  # of the leg, in stance
_OUTWARD = {"l": 1.0, "r": -1.0}  # sign of x
_BONES_OF_FINGERS = ("index", "middle", "ring", "pinky")
_FINGER_BENDS_DEG = (35, 85, 115)
_THUMB_BENDS_DEG = (3, 15, 24)

Turns = dict[str, Array]


class Pose(NamedTuple):
    """World rotation (n_bones, 3, 3) and start (n_bones, 3) of every bone."""

    rotation: Array
    start: Array


class Moment(NamedTuple):
    """A pose and what the legs do in it."""

    pose: Pose
    phase: float
    legs: Mapping[Leg, LegAngles]


@dataclass(frozen=True)
class Pelvis:
    """Bouncing, turning and drifting along the belt; ``height_m`` is its mean over the belt."""

    gait: Gait
    schedule: Schedule
    body: Body
    height_m: float

    def z(self, time_s: float) -> float:
        """How far forward its middle is."""
        drift = self.gait.variability.drift_m * np.sin(time_s * _TAU / 6.1 + 0.7)
        return float(drift + 0.008 * np.sin(self._step_phase(time_s)))

    def turn(self, time_s: float) -> Array:
        """Rotation of the pelvis."""
        phase = self.schedule.phase(time_s)
        yaw = np.deg2rad(5) * np.cos(_TAU * (phase - 0.02))
        drop = -np.deg2rad(self.gait.pelvic_drop_deg)
        roll = drop * np.sin(_TAU * (phase - self.gait.duty / 2 + 0.25))
        tilt = np.deg2rad(7 + 0.3 * self.gait.trunk_lean_deg)
        turned: Array = about_y(yaw) @ about_z(roll) @ about_x(tilt)
        return turned

    def centre(self, time_s: float) -> Array:
        """Middle of the rig's hip joints."""
        bounce = self.gait.bounce_m / 2 * np.cos(self._step_phase(time_s))
        return np.array([0.0, self.height_m - bounce, self.z(time_s)])

    def hip(self, time_s: float, leg: Leg) -> Array:
        """The rig's hip joint of a leg."""
        rest = self.body.joints[f"{leg}-upper-leg"] - self.body.hip_centre
        place: Array = self.centre(time_s) + self.turn(time_s) @ rest
        return place

    def _step_phase(self, time_s: float) -> float:
        """Zero in mid-stance of either leg, one turn a step."""
        return float(2 * _TAU * (self.schedule.phase(time_s) - self.gait.duty / 2))


class Runner:
    """A body that follows a gait for the length of a clip."""

    def __init__(self, body: Body, gait: Gait, schedule: Schedule, duration_s: float) -> None:
        self.body, self.gait, self.schedule = body, gait, schedule
        self._pelvis = Pelvis(gait, schedule, body, 0.0)
        self._stances = {
            leg: [Stance(s, gait, body, self._pelvis.z(s.contact_s)) for s in schedule.of(leg)]
            for leg in LEGS
        }
        self._set_height()
        self._lean_rad, self._elbow_rad = 0.0, dict.fromkeys(LEGS, 0.0)
        self._calibrate(duration_s)

    def at(self, time_s: float) -> Moment:
        """The whole body at a time of the clip."""
        phase = self.schedule.phase(time_s)
        legs = {leg: self._legs[leg].angles(time_s) for leg in LEGS}
        turns = self._trunk(time_s, phase)
        for leg in LEGS:
            turns |= self._leg(leg, legs[leg]) | self._arm(leg, time_s, phase)
        pose = posed(self.body, turns, self._pelvis.centre(time_s))
        return Moment(pose, phase % 1.0, legs)

    def _set_height(self) -> None:
        """Raise the pelvis until the knees bend as asked, lower it where a leg is too short."""
        low, high = 0.1, 2.0
        for _ in range(40):
            self._hang((low + high) / 2)
            knees = [
                self._legs[leg].standing(stance, stance.step.contact_s).knee
                for leg in LEGS
                for stance in self._stances[leg][1:5]
            ]
            if np.rad2deg(np.mean(knees)) > self.gait.knee_contact_deg:
                low = (low + high) / 2
            else:
                high = (low + high) / 2
        while self._stretch() > _REACH_LIMIT:
            self._hang(self._pelvis.height_m - 0.003)

    def _hang(self, height_m: float) -> None:
        self._pelvis = pelvis = replace(self._pelvis, height_m=height_m)
        self._legs = {
            leg: LegMotion(leg, self.gait, self.body, self._stances[leg], pelvis.hip)
            for leg in LEGS
        }

    def _stretch(self) -> float:
        """The longest that a leg must be in stance, as a share of its length."""
        return max(
            self._legs[leg].stretch(stance, time_s)
            for leg in LEGS
            for stance in self._stances[leg][1:7]
            for time_s in np.linspace(stance.step.contact_s, stance.step.toe_off_s, 15)
        )

    def _calibrate(self, duration_s: float) -> None:
        """Make the mean lean and elbow angles of the clip those that were asked for."""
        for _ in range(3):
            poses = [self.at(time_s).pose for time_s in np.linspace(0, duration_s, 48)]
            lean = np.mean([lean_of(self.body, pose) for pose in poses])
            self._lean_rad += np.deg2rad(self.gait.trunk_lean_deg) - float(lean)
            for leg in LEGS:
                elbow = np.mean([elbow_of(self.body, pose, leg) for pose in poses])
                uneven = self.gait.asymmetry.elbow_deg * _OUTWARD[leg] / 2
                wanted = np.deg2rad(self.gait.elbow_deg + uneven)
                self._elbow_rad[leg] += float(elbow) - wanted

    def _trunk(self, time_s: float, phase: float) -> Turns:
        turning = np.cos(_TAU * (phase - 0.02))
        nod = np.deg2rad(1.5) * np.cos(2 * _TAU * (phase - 0.02))
        lean = self._lean(time_s) + nod
        sway = np.deg2rad(1.5) * np.sin(_TAU * (phase - self.gait.duty / 2 + 0.25))
        pelvis = self._pelvis.turn(time_s)
        chest = about_y(-np.deg2rad(9) * turning) @ about_x(lean) @ about_z(-sway)
        twist = pelvis.T @ chest
        look = np.deg2rad(3 + np.cos(2 * _TAU * phase))
        return {
            "pelvis": pelvis,
            "spine_01": pelvis @ part_of(twist, 0.4),
            "spine_02": pelvis @ part_of(twist, 0.75),
            "spine_03": chest,
            "neck_01": about_y(-np.deg2rad(4) * turning) @ about_x(0.75 * lean + np.deg2rad(4)),
            "head": about_x(0.25 * lean + look),
        }

    def _lean(self, time_s: float) -> float:
        asked = self.gait.trunk_lean_deg + self.schedule.lean_deg(time_s)
        return float(np.deg2rad(asked)) + self._lean_rad

    def _leg(self, leg: Leg, angles: LegAngles) -> Turns:
        tilt, forward = about_z(angles.tilt), self.body.feet[leg].forward
        return {
            f"thigh_{leg}": tilt @ swing(angles.thigh) @ self.body.rest[f"thigh_{leg}"],
            f"calf_{leg}": tilt @ swing(angles.thigh - angles.knee) @ self.body.rest[f"calf_{leg}"],
            f"foot_{leg}": about_x(-angles.pitch) @ forward,
            f"ball_{leg}": about_x(-angles.toe_pitch) @ forward,
        }

    def _arm(self, leg: Leg, time_s: float, phase: float) -> Turns:
        """Arm on the side of a leg; it swings against that leg, with the other one."""
        gait, out = self.gait, _OUTWARD[leg]
        lean = self._lean(time_s)
        own = phase + (0.5 if leg == "l" else 0.0)
        beat = np.cos(_TAU * (own - gait.arm_back_at - gait.arm_delay))
        forward = np.deg2rad(gait.arm_mean_deg - gait.arm_swing_deg * beat) - 0.25 * lean
        bend = np.deg2rad(180 - gait.elbow_deg - gait.elbow_swing_deg * beat)
        bend += self._elbow_rad[leg] - np.deg2rad(self.schedule.elbow_deg(leg, time_s))
        chest = about_y(-np.deg2rad(9) * np.cos(_TAU * (phase - 0.02)))
        inward = about_y(-out * np.deg2rad(18 - 10 * beat))  # hands cross in front of the body
        upper = chest @ about_z(out * np.deg2rad(11)) @ swing(forward) @ inward
        turned = about_y(-np.deg2rad(9) * np.cos(_TAU * (phase - 0.02))) @ about_x(lean)
        lower = upper @ swing(bend) @ self.body.rest[f"lowerarm_{leg}"]
        return {
            f"clavicle_{leg}": turned @ about_y(out * np.deg2rad(3) * beat),
            f"upperarm_{leg}": upper @ self.body.rest[f"upperarm_{leg}"],
            f"lowerarm_{leg}": lower,
            **fist(self.body, leg, lower),
        }


def posed(body: Body, turns: Mapping[str, Array], hip_centre: Array) -> Pose:
    """Hang all bones on the pelvis; bones without a turn keep their rest direction."""
    asset = body.asset
    rotation = np.array([turns.get(bone, np.eye(3)) for bone in asset.bones])
    start = np.zeros((len(asset.bones), 3))
    for i, parent in enumerate(asset.parent):
        if parent < 0:
            start[i] = hip_centre + rotation[i] @ (body.head[i] - body.hip_centre)
        else:
            start[i] = start[parent] + rotation[parent] @ (body.head[i] - body.head[parent])
    return Pose(rotation, start)


def carried(body: Body, pose: Pose, bone: str, point: Array) -> Array:
    """Where a point of the body at rest is when a bone carries it."""
    i = body.asset.bones.index(bone)
    place: Array = pose.rotation[i] @ (point - body.head[i]) + pose.start[i]
    return place


def lean_of(body: Body, pose: Pose) -> float:
    """Angle of the line from mid-hip to mid-shoulder, forward of vertical, rad."""
    trunk = np.zeros(3)
    for leg in LEGS:
        trunk += carried(body, pose, f"upperarm_{leg}", body.joints[f"{leg}-shoulder"])
        trunk -= carried(body, pose, "pelvis", body.hip[leg])
    return float(np.arctan2(trunk[2], trunk[1]))


def elbow_of(body: Body, pose: Pose, leg: Leg) -> float:
    """Inside angle of an elbow, rad."""
    shoulder, elbow, wrist = (
        carried(body, pose, f"{bone}_{leg}", body.joints[f"{leg}-{joint}"])
        for bone, joint in (("upperarm", "shoulder"), ("lowerarm", "elbow"), ("hand", "hand"))
    )
    return angle_between(shoulder - elbow, wrist - elbow)


def fist(body: Body, leg: Leg, forearm: Array) -> Turns:
    """A loosely closed hand in line with the forearm."""
    names = ("2-1", "5-1", "3-1", "3-2", "3-3", "3-4")
    joint = {name: body.joints[f"{leg}-finger-{name}"] for name in names}
    across = unit(joint["2-1"] - joint["5-1"])
    curl = np.cross(joint["3-2"] - joint["3-1"], joint["3-4"] - joint["3-3"])
    across *= np.sign(curl @ across)
    turns = {f"hand_{leg}": forearm}
    for number, (finger, thumb) in enumerate(
        zip(_FINGER_BENDS_DEG, _THUMB_BENDS_DEG, strict=True), start=1
    ):
        for name in _BONES_OF_FINGERS:
            bend = about(across, np.deg2rad(finger))
            turns[f"{name}_0{number}_{leg}"] = forearm @ bend
        turns[f"thumb_0{number}_{leg}"] = forearm @ about(across, np.deg2rad(thumb))
    return turns

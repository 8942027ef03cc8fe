"""The foot of the contact-exact runner: fixed to the belt in stance, measured path in swing.

In stance the shoe rolls (``foot.py``) on a belt that moves at exactly the given speed. In swing the
ankle follows its measured path, bent by quintics to leave and land where stance ends and begins.

Deviation from biomechanics 7.3, which matches velocities too: the foot lands with its measured
velocity, which the belt takes up within milliseconds, and leaves with it. When a force plate says
contact a real foot still moves at 0.4 of the belt's speed against it, and when it says toe-off, at
0.3 again. Matched velocities would put both events 15 ms inside the time the foot rests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, IntArray
from formcheck.synthetic import foot
from formcheck.synthetic.curves import Cycle
from formcheck.synthetic.spec import REFERENCE_HEIGHT_M, RunnerSpec
from formcheck.synthetic.steps import FootSteps

BLEND = 0.30
"""Share of the swing over which the measured path is bent at either end."""
UNBENDING = 0.35
GIVE_S = 0.005
"""Sole and tissue take up the landing in this time: at the moment of the force plate the slower end
of a measured foot still moves at 0.3 to 0.4 of the belt's speed against it."""
_STEP_S = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class RollingFoot:
    """One foot over the whole record."""

    spec: RunnerSpec
    cycle: Cycle
    steps: FootSteps

    def points(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Ankle, heel, ball and tip of the foot, each ``(n, 2)`` metres."""
        moment = self.steps.moment(time_s)
        pitch = self._pitch_deg(moment.phase)
        stance = self._stance_ankle(moment.stride, moment.since_contact_s)
        swing = self._swing_ankle(moment.stride, moment.phase, np.clip(moment.swing, 0.0, 1.0))
        ankle = np.where((moment.swing < 0)[:, None], stance, swing)
        height = self.spec.height_m
        toes = self._toes_deg(pitch, moment.swing)
        heel, ball, tip = foot.foot_points(ankle / height, pitch, toes)
        return ankle, height * heel, height * ball, height * tip

    def _pitch_deg(self, phase: FloatArray) -> FloatArray:
        """Foot pitch."""
        measured = self.cycle.at("strike_foot_deg", phase)
        pitch: FloatArray = measured - self.spec.toes_down_deg * landing(phase)
        return pitch

    def _toes_deg(self, pitch_deg: FloatArray, swing: FloatArray) -> FloatArray:
        """Pitch of the toes: bent at the ball in stance, straightened again in early swing."""
        ends = self._pitch_deg(np.array([self.cycle.duty_factor, 0.0]))
        bend_off, bend_on = foot.toe_pitch_deg(ends, self._toe_off_deg()) - ends
        bend = bend_off * _ease_out(np.clip(swing / UNBENDING, 0.0, 1.0))
        bend += bend_on * _ease_out(np.clip((1.0 - swing) / UNBENDING, 0.0, 1.0))
        grounded = foot.toe_pitch_deg(pitch_deg, self._toe_off_deg())
        return np.where(swing < 0, grounded, pitch_deg + bend)

    def _toe_off_deg(self) -> float:
        """Foot pitch at toe-off."""
        return float(self._pitch_deg(np.array([self.cycle.duty_factor]))[0])

    def _rolled(self, pitch_deg: FloatArray) -> FloatArray:
        """Ankle of a foot on the ground, ``(n, 2)`` metres."""
        return self.spec.height_m * foot.rolled_ankle(pitch_deg, self._toe_off_deg())

    def _path(self, phase: FloatArray) -> FloatArray:
        """Measured ankle path relative to mid-hip's mean place, ``(n, 2)`` metres."""
        cycle, height_cm = self.cycle, 100 * REFERENCE_HEIGHT_M
        if "ankle_x_cm" in cycle.samples:
            path = np.stack(
                [cycle.at("ankle_x_cm", phase), cycle.at("ankle_height_cm", phase)], axis=-1
            )
        else:
            forward = cycle.at("heel_x_rel_pelvis_cm", phase) + cycle.at("pelvis_x_cm", phase)
            heel = np.stack([forward, cycle.at("heel_height_cm", phase)], axis=-1)
            path = heel - height_cm * foot.turned(foot.HEEL, cycle.at("foot_deg", phase))
        metres: FloatArray = self.spec.height_m / height_cm * path
        return metres

    def _stance_ankle(self, stride: IntArray, since_s: FloatArray) -> FloatArray:
        """Ankle of a foot on the belt, ``(n, 2)``."""
        stance = self.steps.contact_time_s[stride]
        pitch = self._pitch_deg(self.cycle.duty_factor * since_s / stance)
        landed = self._rolled(self._pitch_deg(ZERO))
        carried = self._contact_place_m(stride) - self.spec.belt_speed_mps * since_s
        lifted = np.full_like(carried, landed[0, 1])
        rigid = self._rolled(pitch) - landed + np.stack([carried, lifted], axis=-1)
        return rigid - GIVE_S * np.exp(-since_s / GIVE_S)[:, None] * self._landing_mps()

    def _landing_mps(self) -> FloatArray:
        """How fast the ankle that lands outruns the one that has landed, ``(2,)``."""
        soon = np.array([0.0, _STEP_S]) / self.cycle.stride_time_s
        before, after = self._path(soon - soon[1]), self._rolled(self._pitch_deg(soon))
        belt = np.array([self.spec.belt_speed_mps, 0.0])
        outruns: FloatArray = (np.diff(before, axis=0) - np.diff(after, axis=0))[0] / _STEP_S + belt
        return outruns

    def _contact_place_m(self, stride: IntArray) -> FloatArray:
        """Where the ankle is at contact; a shorter stance is centred like the usual one."""
        usual = self._path(ZERO)[0, 0]
        shorter_s = self.cycle.contact_time_s - self.steps.contact_time_s[stride]
        place: FloatArray = usual - 0.5 * self.spec.belt_speed_mps * shorter_s
        return place + self.steps.shift_m[stride]

    def _swing_ankle(self, stride: IntArray, phase: FloatArray, swing: FloatArray) -> FloatArray:
        """Ankle between toe-off and the next contact, ``(n, 2)``."""
        strides, which = np.unique(stride, return_inverse=True)
        following = np.minimum(strides + 1, len(self.steps.contact_s) - 1)
        nothing = np.zeros(len(strides))
        toe_off = np.full(len(strides), self.cycle.duty_factor)
        stance_s = self.steps.contact_time_s[strides]
        leaving = self._stance_ankle(strides, stance_s) - self._path(toe_off)
        landing = self._stance_ankle(following, nothing) - self._path(nothing)
        early = _ease_out(np.clip(swing / BLEND, 0.0, 1.0))[:, None]
        late = _ease_out(np.clip((1.0 - swing) / BLEND, 0.0, 1.0))[:, None]
        return self._path(phase) + early * leaving[which] + late * landing[which]


ZERO = np.zeros(1)


def landing(phase: FloatArray) -> FloatArray:
    """1 when the foot lands, 0 from a tenth of a stride before and after."""
    away = np.minimum(phase % 1.0, 1.0 - phase % 1.0) / 0.10
    near: FloatArray = np.where(away < 1.0, np.cos(0.5 * np.pi * np.clip(away, 0.0, 1.0)) ** 2, 0.0)
    return near


def _ease_out(share: FloatArray) -> FloatArray:
    """1 at 0, 0 at 1, at rest at both."""
    eased: FloatArray = 1.0 - share**3 * (10 - 15 * share + 6 * share**2)
    return eased

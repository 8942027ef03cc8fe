"""Legs of the three synthetic runners (biomechanics 7.3), in metres, forward and up.

- ``ANGLES``: the measured joint angles on a body of fixed lengths. Its angles are the input, so
  they are exactly known; its feet skate a centimetre or two, so its events are only nominal.
- ``CONTACT``: feet that roll on the belt without slipping and legs solved to reach them. Contact,
  toe-off and speed are exactly known. Also the one that walks.
- ``TRAJECTORIES``: heel, forefoot and hip exactly as measured, so events look as they do on real
  feet; contact and toe-off are those of the force plate, to a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.synthetic import foot
from formcheck.synthetic.curves import Cycle, cycle_of
from formcheck.synthetic.frontal import hip_rise_m, sway
from formcheck.synthetic.rolling import RollingFoot, landing
from formcheck.synthetic.spec import REFERENCE_HEIGHT_M, SHANK, THIGH, RunnerSpec
from formcheck.synthetic.steps import FootSteps, plan_steps

MAX_REACH = 0.995
"""Longest hip-ankle distance as a share of thigh plus shank: a knee is never quite straight."""
DENSE_HZ = 400.0


class RunnerKind(StrEnum):
    """What is prescribed, and so what is exactly known."""

    ANGLES = "angles"
    CONTACT = "contact"
    TRAJECTORIES = "trajectories"


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """Points of one leg, each ``(n, 2)`` metres forward and up; ``ball`` is mid-metatarsal."""

    hip: FloatArray
    knee: FloatArray
    ankle: FloatArray
    heel: FloatArray
    ball: FloatArray
    foot_index: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Who runs, how a typical stride looks, and when each foot lands."""

    spec: RunnerSpec
    cycle: Cycle
    steps: Mapping[Side, FootSteps]

    @property
    def m_per_cm(self) -> float:
        """Metres of this runner per centimetre of the curves."""
        return 0.01 * self.spec.height_m / REFERENCE_HEIGHT_M

    @property
    def thigh_m(self) -> float:
        """Hip to knee."""
        return THIGH * self.spec.height_m

    @property
    def shank_m(self) -> float:
        """Knee to ankle."""
        return SHANK * self.spec.height_m

    def hip(self, side: Side, time_s: FloatArray) -> FloatArray:
        """Hip of one side, ``(n, 2)``: sways with the pelvis, which bounces with both feet."""
        phases = {each: self.steps[each].moment(time_s).phase for each in Side}

        def both(name: str) -> FloatArray:
            return 0.5 * sum((self.cycle.at(name, phase) for phase in phases.values()), ZERO)

        turn = self.cycle.at("hip_minus_pelvis_x_cm", phases[side])
        bounce = self.spec.bounce_factor * both("pelvis_y_cm")
        up = self.m_per_cm * (bounce + 100 * self.cycle.hip_height_m)
        up = up + hip_rise_m(self.spec, side, self.sway(time_s))
        return np.stack([self.m_per_cm * (both("pelvis_x_cm") + turn), up], axis=-1)

    def sway(self, time_s: FloatArray) -> FloatArray:
        """Where in the sway from side to side the body is, ``(n,)``, 1: over the right foot."""
        return sway(self.cycle, self.steps, time_s)


ZERO = np.zeros(1)


class Runner(Protocol):
    """A runner whose legs can be asked for at any time of the record."""

    @property
    def plan(self) -> Plan:
        """Who runs and when each foot lands."""

    def leg(self, side: Side, time_s: FloatArray) -> Leg:
        """Points of one leg."""


def make_runner(
    spec: RunnerSpec, duration_s: float, seed: int, kind: RunnerKind = RunnerKind.CONTACT
) -> Runner:
    """Lay out a record of ``duration_s`` seconds that begins at a random phase.

    Raises ValueError when a runner other than ``CONTACT`` is asked to walk.
    """
    cycle = cycle_of(spec)
    plan = Plan(spec, cycle, plan_steps(spec, cycle, duration_s, seed))
    if kind is RunnerKind.CONTACT:
        return ContactRunner(plan, _needed_drop(plan, duration_s))
    if spec.is_walking:
        raise ValueError("only the contact-exact runner can walk")
    return AngleRunner(plan) if kind is RunnerKind.ANGLES else TrajectoryRunner(plan)


@dataclass(frozen=True, slots=True, eq=False)
class AngleRunner:
    """Measured joint angles on fixed segment lengths."""

    plan: Plan

    def leg(self, side: Side, time_s: FloatArray) -> Leg:
        """Points of one leg, hung from the hip."""
        plan = self.plan
        phase = plan.steps[side].moment(time_s).phase
        thigh, shank, pitch = (
            plan.cycle.at(f"strike_{part}_deg", phase) for part in ("thigh", "shank", "foot")
        )
        hip = plan.hip(side, time_s)
        knee = hip + foot.turned(np.array([0.0, -plan.thigh_m]), thigh)
        ankle = knee + foot.turned(np.array([0.0, -plan.shank_m]), shank)
        unit = ankle / plan.spec.height_m
        height = plan.spec.height_m
        heel, ball, tip = (height * part for part in foot.foot_points(unit, pitch, pitch))
        return Leg(hip, knee, ankle, heel, ball, tip)


@dataclass(frozen=True, slots=True, eq=False)
class TrajectoryRunner:
    """Measured paths of heel, forefoot and hip; the knee is solved."""

    plan: Plan

    def leg(self, side: Side, time_s: FloatArray) -> Leg:
        """Points of one leg."""
        plan = self.plan
        phase = plan.steps[side].moment(time_s).phase
        sway = plan.cycle.at("pelvis_x_cm", phase)
        heel, ball = (
            np.stack(
                [
                    plan.cycle.at(f"{part}_x_rel_pelvis_cm", phase) + sway,
                    plan.cycle.at(f"{part}_height_cm", phase),
                ],
                axis=-1,
            )
            for part in ("heel", "metatarsal")
        )
        span = ball - heel
        flat = np.degrees(np.arctan2(*(foot.BALL - foot.HEEL)[::-1]))
        pitch = np.degrees(np.unwrap(np.arctan2(span[:, 1], span[:, 0]))) - flat
        height_cm = 100 * REFERENCE_HEIGHT_M
        ankle = heel - height_cm * foot.turned(foot.HEEL, pitch)
        tip = ball + height_cm * foot.turned(foot.FOOT_INDEX - foot.BALL, pitch)
        hip = plan.hip(side, time_s)
        ankle, heel, ball, tip = (plan.m_per_cm * part for part in (ankle, heel, ball, tip))
        knee = solve_knee(hip, ankle, plan.thigh_m, plan.shank_m)
        return Leg(hip, knee, ankle, heel, ball, tip)


@dataclass(frozen=True, slots=True, eq=False)
class ContactRunner:
    """Feet that roll on the belt without slipping; legs solved to reach them.

    ``drop_m`` is how much the hips are lowered so that no leg is overstretched.
    """

    plan: Plan
    drop_m: float

    def leg(self, side: Side, time_s: FloatArray) -> Leg:
        """Points of one leg."""
        plan = self.plan
        hip = plan.hip(side, time_s) - np.array([0.0, self.drop_m])
        ankle, heel, ball, tip = RollingFoot(plan.spec, plan.cycle, plan.steps[side]).points(time_s)
        knee = solve_knee(hip, ankle, plan.thigh_m, plan.shank_m)
        if plan.spec.knee_lock:
            phase = plan.steps[side].moment(time_s).phase
            knee = _straightened(hip, knee, ankle, plan.spec.knee_lock * landing(phase))
        return Leg(hip, knee, ankle, heel, ball, tip)


def solve_knee(hip: FloatArray, ankle: FloatArray, thigh_m: float, shank_m: float) -> FloatArray:
    """Knee of a two-link leg that bends forward, ``(n, 2)``; a leg out of reach is straight."""
    span = ankle - hip
    reach = np.hypot(span[:, 0], span[:, 1])
    along = (thigh_m**2 - shank_m**2 + reach**2) / (2 * reach)
    ahead = np.sqrt(np.maximum(thigh_m**2 - along**2, 0.0))
    unit = span / reach[:, None]
    forward = np.stack([-unit[:, 1], unit[:, 0]], axis=-1)
    knee: FloatArray = hip + along[:, None] * unit + ahead[:, None] * forward
    return knee


def _straightened(
    hip: FloatArray, knee: FloatArray, ankle: FloatArray, share: FloatArray
) -> FloatArray:
    """Knee moved by a share of its way onto the line from hip to ankle, ``(n, 2)``.

    The bones get up to 1 % shorter, as if the leg turned a little out of the picture's plane.
    """
    span = ankle - hip
    along = np.sum((knee - hip) * span, axis=1) / np.sum(span**2, axis=1)
    onto: FloatArray = hip + along[:, None] * span
    moved: FloatArray = knee + share[:, None] * (onto - knee)
    return moved


def _needed_drop(plan: Plan, duration_s: float) -> float:
    """How far the hips must come down for both feet to stay within reach."""
    time_s = np.arange(0.0, duration_s, 1.0 / DENSE_HZ)
    longest = MAX_REACH * (plan.thigh_m + plan.shank_m)
    drops = [0.0]
    for side in Side:
        hip = plan.hip(side, time_s)
        ankle, *_ = RollingFoot(plan.spec, plan.cycle, plan.steps[side]).points(time_s)
        room = np.maximum(longest**2 - (ankle[:, 0] - hip[:, 0]) ** 2, 0.0)
        drops.append(float(np.max(hip[:, 1] - ankle[:, 1] - np.sqrt(room))))
    return max(drops)

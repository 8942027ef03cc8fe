"""How a runner is asked to move, and the steps that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.interpolate import PchipInterpolator

from sample_videos.render.rotations import Array

Leg = Literal["l", "r"]
LEGS: tuple[Leg, Leg] = ("l", "r")
_OUTSIDE_STEPS = 4  # made before the first and after the last moment of a clip; even


@dataclass(frozen=True)
class Variability:
    """Standard deviations from step to step; all zero for a machine."""

    step_time_s: float = 0.004
    contact_time_s: float = 0.004
    strike_deg: float = 1.2
    reach_m: float = 0.005
    lean_deg: float = 0.5
    elbow_deg: float = 1.5
    drift_m: float = 0.015  # slowly forward and back on the belt


@dataclass(frozen=True)
class Asymmetry:
    """Left minus right."""

    step_time_s: float = 0.006  # of the step that ends with the contact of that side
    contact_time_s: float = 0.004
    strike_deg: float = 1.0
    reach_m: float = 0.004
    elbow_deg: float = 4.0


@dataclass(frozen=True)
class Gait:
    """A gait; angles in degrees. Requests that the legs are too short for are bent."""

    speed_mps: float = 3.0
    cadence_spm: float = 168.0
    contact_time_s: float = 0.248
    trunk_lean_deg: float = 5.0  # mean, mid-hip to mid-shoulder, forward positive
    elbow_deg: float = 92.0  # mean inside angle, 180 straight
    elbow_swing_deg: float = 8.0
    strike_deg: float = 12.0  # sole at contact, toes up positive
    reach_m: float = 0.21  # ankle ahead of the rig's mid-hip at contact
    knee_contact_deg: float = 18.0
    bounce_m: float = 0.08  # of the pelvis, low in mid-stance; negative: high, as in walking
    swing_knee_deg: float = 100.0
    swing_knee_at: float = 0.53  # share of swing at which the knee is bent most
    swing_hip_deg: float = 33.0
    swing_hip_at: float = 0.80
    arm_swing_deg: float = 28.0
    arm_mean_deg: float = -18.0
    arm_back_at: float = -0.08  # of a stride from the own foot's contact; -0.16 and -0.04 measured
    arm_delay: float = 0.0  # of the arm behind the opposite leg, share of a stride
    toe_off_pitch_deg: float = 53.0
    heel_rise_at: float = 0.47  # share of stance
    flat_at: float = 0.2  # share of stance at which the sole is flat after contact
    landing_slip: float = 0.65  # forward speed over the belt just before contact, share of speed
    landing_fall_mps: float = 0.5
    pelvic_drop_deg: float = -3.0  # in mid-stance, to the swing side; negative: it is raised
    step_width_m: float = 0.09  # between the ankles in stance; negative: crossed over
    phase0: float = 0.15  # of the right leg's stride at time 0
    variability: Variability = field(default_factory=Variability)
    asymmetry: Asymmetry = field(default_factory=Asymmetry)

    @property
    def stride_time_s(self) -> float:
        """Mean time of two steps."""
        return 120.0 / self.cadence_spm

    @property
    def duty(self) -> float:
        """Share of a stride that one foot is on the belt."""
        return self.contact_time_s / self.stride_time_s


@dataclass(frozen=True)
class Step:
    """One stance as it really was."""

    side: Leg
    contact_s: float
    toe_off_s: float
    strike_deg: float
    reach_m: float
    lean_deg: float
    elbow_deg: float

    @property
    def contact_time_s(self) -> float:
        """Time on the belt."""
        return self.toe_off_s - self.contact_s


class Schedule:
    """All steps around a clip, and the smooth clock that they make.

    Contacts scatter around an even beat, so that the mean cadence of a clip is what was asked for.
    """

    def __init__(self, gait: Gait, duration_s: float, seed: int) -> None:
        self.gait = gait
        self.steps = _steps(gait, duration_s, np.random.default_rng(seed))
        contacts = np.array([step.contact_s for step in self.steps])
        number = np.arange(len(contacts)) - _OUTSIDE_STEPS
        self._number = PchipInterpolator(contacts, number)
        self._lean = PchipInterpolator(contacts, [step.lean_deg for step in self.steps])
        self._elbow = {leg: _over_time(self.of(leg)) for leg in LEGS}

    def of(self, leg: Leg) -> list[Step]:
        """Steps of one leg in order of time."""
        return [step for step in self.steps if step.side == leg]

    def phase(self, time_s: float) -> float:
        """Strides done by the right leg, running on; whole at its contacts."""
        return float(self._number(time_s)) / 2

    def lean_deg(self, time_s: float) -> float:
        """Departure of the trunk from its mean lean."""
        return float(self._lean(time_s))

    def elbow_deg(self, leg: Leg, time_s: float) -> float:
        """Departure of the elbow on the side of a leg from the mean of both."""
        return float(self._elbow[leg](time_s))


def _over_time(steps: list[Step]) -> PchipInterpolator:
    return PchipInterpolator([step.contact_s for step in steps], [step.elbow_deg for step in steps])


def _steps(gait: Gait, duration_s: float, rng: np.random.Generator) -> list[Step]:
    beat_s = gait.stride_time_s / 2
    first = -_OUTSIDE_STEPS  # even numbers are the right leg's, 0 its last contact before time 0
    n = int(duration_s / beat_s) + 2 * _OUTSIDE_STEPS + 4
    spread, uneven = gait.variability, gait.asymmetry
    side = np.where((first + np.arange(n)) % 2 == 0, -0.5, 0.5)  # right, left

    def scattered(sd: float, left_minus_right: float) -> Array:
        values: Array = left_minus_right * side + sd * rng.standard_normal(n).clip(-2.2, 2.2)
        return values

    # A late left contact makes the step before it longer and the one after it shorter.
    late_s = scattered(spread.step_time_s / np.sqrt(2), uneven.step_time_s / 2)
    contact_s = (first + np.arange(n) - 2 * gait.phase0) * beat_s + late_s
    on_belt_s = gait.contact_time_s + scattered(spread.contact_time_s, uneven.contact_time_s)
    strike = gait.strike_deg + scattered(spread.strike_deg, uneven.strike_deg)
    reach = gait.reach_m + scattered(spread.reach_m, uneven.reach_m)
    lean = scattered(spread.lean_deg, 0.0)
    elbow = scattered(spread.elbow_deg, uneven.elbow_deg)
    columns = np.stack([contact_s, contact_s + on_belt_s, strike, reach, lean, elbow], axis=1)
    return [
        Step("r" if at < 0 else "l", *(float(value) for value in row))
        for at, row in zip(side, columns, strict=True)
    ]

"""What is true of a synthetic runner, in the words of an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, GaitEvents, Motion, Side
from formcheck.geometry import crossings, hanging_angle_deg, slope_deg
from formcheck.synthetic.body import Toe, world_motion
from formcheck.synthetic.foot import FLAT_PITCH_DEG
from formcheck.synthetic.frontal_truth import frontal_values
from formcheck.synthetic.leg_truth import leg_values
from formcheck.synthetic.runners import DENSE_HZ, Runner
from formcheck.synthetic.spec import RunnerSpec
from formcheck.synthetic.step_truth import step_values
from formcheck.synthetic.upper_body import SeenBody, arm_values, posture_values

BEYOND_S = 0.8
"""How far beyond its ends a record is looked at, to know the stances that are cut there."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The right answers for a record.

    ``events`` are in real seconds since the first frame; every stance that is at least partly in
    the record is listed, even where its contact or toe-off lie outside. ``values`` holds,
    by metric name, the median over whole strides per side (None: whole body), as
    ``formcheck.metrics`` defines them, seen exactly from the side, or exactly from behind.
    """

    spec: RunnerSpec
    duration_s: float
    events: GaitEvents
    values: Mapping[str, Mapping[Side | None, float]]

    def value(self, metric: str, side: Side | None = None) -> float:
        """True value of a metric."""
        return self.values[metric][side]

    def whole_contacts_s(self, side: Side, margin_s: float) -> FloatArray:
        """Contacts of stances that lie in the record with a margin at both ends."""
        return self.events.initial_contact_s[side][self._is_whole(side, margin_s)]

    def whole_toe_offs_s(self, side: Side, margin_s: float) -> FloatArray:
        """Toe-offs of the same stances."""
        return self.events.toe_off_s[side][self._is_whole(side, margin_s)]

    def _is_whole(self, side: Side, margin_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        contact, toe_off = self.events.initial_contact_s[side], self.events.toe_off_s[side]
        return (contact > margin_s) & (toe_off < self.duration_s - margin_s)


def truth_of(runner: Runner, duration_s: float, toe: Toe = Toe.BALL) -> Truth:
    """The right answers for a runner over a record."""
    plan = runner.plan
    time_s = np.arange(-BEYOND_S, duration_s + BEYOND_S, 1.0 / DENSE_HZ)
    world = world_motion(runner, time_s)
    seen = world.sagittal(plan.spec.leg_length_m)
    contact, toe_off, middle = {}, {}, {}
    for side in Side:
        steps = plan.steps[side]
        middle_s = _mid_stances(seen, side)
        stance = steps.moment(middle_s).stride
        inside = (steps.toe_off_s[stance] > 0) & (steps.contact_s[stance] < duration_s)
        middle[side], stance = middle_s[inside], stance[inside]
        contact[side], toe_off[side] = steps.contact_s[stance], steps.toe_off_s[stance]
    speed = plan.spec.belt_speed_mps / plan.spec.leg_length_m
    unknown = {side: np.full(len(contact[side]), np.nan) for side in Side}
    events = GaitEvents(
        contact,
        toe_off,
        middle,
        unknown,
        dict.fromkeys(Side, speed),
        dict.fromkeys(Side, speed),
    )
    values = _values(runner, seen, events, toe)
    if not plan.spec.is_walking:
        values |= frontal_values(runner, world.frontal(plan.spec.leg_length_m))
    return Truth(plan.spec, duration_s, events, values)


def _mid_stances(motion: Motion, side: Side) -> FloatArray:
    """When the ankle passes under the hips moving backward."""
    ahead = motion.track(f"{side}_ankle")[:, 0] - motion.midpoint("hip")[:, 0]
    return crossings(motion.time_s, ahead, 0.0, rising=False)


def _values(
    runner: Runner, seen: Motion, events: GaitEvents, toe: Toe
) -> dict[str, dict[Side | None, float]]:
    spec = runner.plan.spec
    body = SeenBody(seen.time_s, seen.track)
    values: dict[str, dict[Side | None, float]] = {}

    def put(metric: str, side: Side | None, per_stride: FloatArray) -> None:
        known = per_stride[np.isfinite(per_stride)]
        middle = float(np.median(known)) if len(known) else float("nan")
        values.setdefault(metric, {})[side] = middle

    for side in Side:
        contact, toe_off = events.initial_contact_s[side], events.toe_off_s[side]
        stride_s, stance_s = np.diff(contact), toe_off - contact
        put("stride_time_s", side, stride_s)
        put("contact_time_s", side, stance_s)
        put("duty_factor", side, stance_s[:-1] / stride_s)
        put("flight_time_s", side, _flights(toe_off, events.initial_contact_s[side.other]))
        angles = _angles_at_contact(runner, side, contact)
        for metric, angle in (angles | leg_values(runner, side, contact, toe_off, toe)).items():
            put(metric, side, angle)
        put("late_stance_extension_deg", side, _behind_trunk(runner, body, side, toe_off))
        for metric, per_stride in arm_values(body, side, contact).items():
            put(metric, side, per_stride)
        put("arm_leg_frequency_ratio", side, np.array([spec.arm_frequency_ratio]))
    near = events.initial_contact_s[Side.RIGHT]
    put("cadence_spm", None, 120.0 / np.diff(near))
    put("stride_length_m", None, spec.belt_speed_mps * np.diff(near))
    moments = (near, events.mid_stance_s[Side.RIGHT], events.toe_off_s[Side.RIGHT])
    for metric, per_stride in posture_values(body, Side.RIGHT, moments).items():
        put(metric, None, per_stride)
    for metric, key, per_step in step_values(spec, events, seen):
        put(metric, key, per_step)
    return values


def _flights(toe_off_s: FloatArray, contacts_s: FloatArray) -> FloatArray:
    """Toe-off to the other foot's next contact; negative in walking."""
    gaps = contacts_s[None, :] - toe_off_s[:, None]
    nearest = np.argmin(np.abs(gaps), axis=1)
    inside = (toe_off_s > contacts_s[0]) & (toe_off_s < contacts_s[-1])
    return np.where(inside, gaps[np.arange(len(gaps)), nearest], np.nan)


def _angles_at_contact(runner: Runner, side: Side, contact_s: FloatArray) -> dict[str, FloatArray]:
    """What is read at initial contact, per stride."""
    leg = runner.leg(side, contact_s)
    leg_length = runner.plan.spec.leg_length_m
    return {
        "foot_strike_angle_deg": slope_deg(leg.heel, leg.ball) - FLAT_PITCH_DEG,
        "shank_angle_deg": hanging_angle_deg(leg.knee, leg.ankle),
        "ankle_ahead_of_hip_leg_lengths": (leg.ankle[:, 0] - leg.hip[:, 0]) / leg_length,
        "heel_ahead_of_hip_cm": 100 * (leg.heel[:, 0] - leg.hip[:, 0]),
    }


def _behind_trunk(runner: Runner, body: SeenBody, side: Side, toe_off_s: FloatArray) -> FloatArray:
    """Thigh behind the trunk line at toe-off."""
    leg = runner.leg(side, toe_off_s)
    trunk = np.interp(toe_off_s, body.time_s, body.lean_deg())
    behind: FloatArray = -hanging_angle_deg(leg.hip, leg.knee) - trunk
    return behind

"""When and where each foot lands: the one clock all runners follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, IntArray, Side
from formcheck.synthetic.curves import Cycle
from formcheck.synthetic.spec import RunnerSpec

STRIDE_TIME_SD_S, CONTACT_TIME_SD_S, PLACE_SD_M = 0.0065, 0.004, 0.009
"""Within-runner spread of healthy runners (biomechanics 4.9)."""
SPARE_STRIDES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Where in a foot's stride given times lie, each ``(n,)``.

    ``stride`` counts contacts, ``since_contact_s`` is the time since that contact, ``phase`` runs
    from 0 at contact over the typical duty factor at toe-off to 1, ``swing`` from 0 at toe-off to
    1 (negative in stance).
    """

    stride: IntArray
    since_contact_s: FloatArray
    phase: FloatArray
    swing: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class FootSteps:
    """Contacts of one foot, each ``(n_contacts,)``: when, for how long, how far off its place."""

    contact_s: FloatArray
    contact_time_s: FloatArray
    shift_m: FloatArray
    duty_phase: float

    @property
    def toe_off_s(self) -> FloatArray:
        """Toe-offs, ``(n_contacts,)``."""
        return self.contact_s + self.contact_time_s

    def moment(self, time_s: FloatArray) -> Moment:
        """Locate times in the strides of this foot."""
        stride = np.searchsorted(self.contact_s, time_s, side="right") - 1
        stride = np.clip(stride, 0, len(self.contact_s) - 2)
        since = time_s - self.contact_s[stride]
        stance = self.contact_time_s[stride]
        total = self.contact_s[stride + 1] - self.contact_s[stride]
        swing = (since - stance) / (total - stance)
        in_stance = since < stance
        phase = np.where(
            in_stance,
            self.duty_phase * since / stance,
            self.duty_phase + (1 - self.duty_phase) * swing,
        )
        return Moment(stride, since, phase, swing)


def plan_steps(
    spec: RunnerSpec, cycle: Cycle, duration_s: float, seed: int
) -> Mapping[Side, FootSteps]:
    """Lay out all contacts of a record, beginning at a random phase.

    A few strides before time 0 and after ``duration_s`` are included.
    """
    rng = np.random.default_rng(seed)
    usual_s = cycle.stride_time_s / spec.cadence_factor
    count = int(np.ceil(duration_s / usual_s)) + 2 * SPARE_STRIDES
    times = usual_s + spec.variability * STRIDE_TIME_SD_S * rng.standard_normal(count)
    starts = np.concatenate(([0.0], np.cumsum(times))) - (SPARE_STRIDES - rng.random()) * usual_s
    middles = 0.5 * (starts[:-1] + starts[1:])
    middles += 0.5 * spec.variability * STRIDE_TIME_SD_S * rng.standard_normal(count)
    sign = {Side.LEFT: 0.5, Side.RIGHT: -0.5}
    steps = {}
    for side, contact_s in ((Side.RIGHT, starts), (Side.LEFT, middles)):
        noise = spec.variability * rng.standard_normal((2, len(contact_s)))
        stance = cycle.contact_time_s / spec.cadence_factor
        stance *= 1 + sign[side] * spec.contact_asymmetry
        steps[side] = FootSteps(
            contact_s,
            stance + CONTACT_TIME_SD_S * noise[0],
            spec.overstride_m + PLACE_SD_M * noise[1],
            cycle.duty_factor,
        )
    return steps

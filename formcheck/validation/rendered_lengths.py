"""What is true of a rendered runner of known speed and height: metres, and what needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.metrics.norms import norms
from formcheck.metrics.spring import spring_mass


@dataclass(frozen=True, slots=True)
class Lengths:
    """Belt speed, height of the runner, length of the near leg, and rise and fall of mid-hip."""

    speed_mps: float
    height_m: float
    leg_m: float
    bounce_m: float


def length_values(known: Mapping[str, float], lengths: Lengths) -> dict[str, float]:
    """Values by metric name from those that need no length (``known``)."""
    stride_s, contact_s = known["stride_time_s"], known["contact_time_s"]
    flight_s = stride_s / 2 - contact_s
    spring = spring_mass(np.array(contact_s), np.array(flight_s), lengths.speed_mps, lengths.leg_m)
    stride_m = lengths.speed_mps * stride_s
    return {
        "flight_time_s": flight_s,
        "duty_factor": contact_s / stride_s,
        "stride_length_m": stride_m,
        "step_length_m": lengths.speed_mps * known["step_time_s"],
        "stride_length_body_heights": stride_m / lengths.height_m,
        "vertical_oscillation_cm": 100 * lengths.bounce_m,
        "leg_stiffness_kn_m_kg": 1e-3 * float(spring.leg_n_m_kg),
        "overstride_z": _overstride_z(known, lengths.speed_mps),
    }


def _overstride_z(known: Mapping[str, float], speed_mps: float) -> float:
    """The middle of how far ahead, how tilted and how seldom the foot lands, against others."""
    signs = {"ankle_ahead_of_hip_leg_lengths": 1, "shank_angle_deg": 1, "cadence_spm": -1}
    scores = [
        sign * float(norms()[name].z(np.array(known[name]), speed_mps))
        for name, sign in signs.items()
    ]
    return float(np.median(scores))

"""What similar runners do at a given speed.

Linear in speed v (m/s), from 26 regular runners on an instrumented treadmill, 2.5-4.5 m/s (data:
Fukuchi, Fukuchi & Duarte 2017, re-processed; biomechanics 4.1). Not to be used far outside that.
"""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.domain import FloatArray


@dataclass(frozen=True, slots=True)
class Norm:
    """Expected value ``intercept + slope * v`` and the spread ``sd`` between runners."""

    intercept: float
    slope: float
    sd: float

    def z(self, value: FloatArray, speed_mps: float) -> FloatArray:
        """How many between-runner standard deviations a value lies above the expected one."""
        return (value - self.intercept - self.slope * speed_mps) / self.sd


CADENCE_SPM = Norm(134.8, 10.41, 10.3)
SHANK_ANGLE_DEG = Norm(-3.08, 3.18, 2.7)
ANKLE_AHEAD_OF_HIP_LEG_LENGTHS = Norm(0.0537, 0.0536, 0.024)

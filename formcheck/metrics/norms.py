"""What similar runners do at a given speed, and where a runner stands among them.

The reference values are in ``norms.toml``. A runner's place is a percentile of a normal
distribution around the expected value; not knowing speed and value exactly widens its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from formcheck.domain import Comparison, FloatArray, Scale, Summary
from formcheck.shipped import shipped_table

TYPICAL_SHARE = 0.80
"""Share of similar runners between the ends of the typical range."""
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Norm:
    """Expected value ``intercept + slope * v`` and the spread ``sd`` between runners."""

    intercept: float
    slope: float
    sd: float

    def expected(self, speed_mps: float) -> float:
        """Mean of similar runners at a speed."""
        return self.intercept + self.slope * speed_mps

    def z(self, value: FloatArray, speed_mps: float) -> FloatArray:
        """How many between-runner standard deviations a value lies above the expected one."""
        return (value - self.expected(speed_mps)) / self.sd


@cache
def norms() -> Mapping[str, Norm]:
    """Reference values by metric."""
    tables = shipped_table("formcheck.metrics", "norms.toml")
    return {name: Norm(**table) for name, table in tables.items()}


def compare(metric: str, summary: Summary, scale: Scale) -> Comparison | None:
    """Place of a summary among similar runners; None without a speed or reference values."""
    norm, speed = norms().get(metric), scale.norm_speed_mps
    if norm is None or speed is None:
        return None
    expected = norm.expected(speed)
    expected_u = abs(norm.slope) * (scale.norm_speed_sd_mps or 0.0)
    z = (summary.median - expected) / norm.sd
    z_u = float(np.hypot(summary.u, expected_u)) / norm.sd
    reach = float(ndtri(0.5 + TYPICAL_SHARE / 2)) * norm.sd
    return Comparison(
        speed_mps=speed,
        expected=expected,
        spread=norm.sd,
        expected_u=expected_u,
        z=z,
        typical=(expected - reach, expected + reach),
        percentile=_percent(z),
        percentile_range=(_percent(z - Z_95 * z_u), _percent(z + Z_95 * z_u)),
    )


def _percent(z: float) -> float:
    """Share of similar runners below z, percent."""
    return 100.0 * float(ndtr(z))

"""How wrong each metric may be before any stride is looked at, and what makes it worse.

Read from ``uncertainty.toml`` and ``shared_errors.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from formcheck.shipped import shipped_table


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """1-SD parts in the metric's unit, and where they come from (``origin``).

    ``pose`` is systematic, ``timing`` holds for 30, 60 and 120 fps. ``relative`` parts are shares
    of the value; ``roll`` adds the camera's tilt (angles against the vertical). ``bias`` is what a
    reading is too high by at 30, 60, 120 and 240 fps, and is taken out. ``zero`` is what the pose
    model shows where the truth is 0; values are about it, and it is not taken out. ``scale``
    (length or speed) adds the error of metres per leg length, or of the speed; norm_speed what the
    error of the speed at which similar runners are looked up does. ``spread`` is the
    usual standard deviation from stride to stride, where it exceeds pose and timing together.
    """

    pose: float
    origin: str
    timing: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bias: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    zero: float = 0.0
    relative: bool = False
    roll: bool = False
    scale: str = ""
    spread: float = 0.0

    def usual_spread(self, timing: float) -> float:
        """Standard deviation to expect of single strides, given the timing part at the rate."""
        return max(self.spread, math.hypot(self.pose, timing))


@dataclass(frozen=True, slots=True)
class SharedErrors:
    """What makes errors larger for every metric alike (``shared_errors.toml``).

    ``far`` and ``oblique`` are factors for a limb away from the camera and a view that is not quite
    from the side; ``roll_measured`` and ``roll_assumed`` are the camera's tilt, degrees.
    """

    far: float
    oblique: float
    roll_measured: float
    roll_assumed: float


@cache
def shared_errors() -> SharedErrors:
    """Read ``shared_errors.toml``."""
    table = shipped_table("formcheck.metrics", "shared_errors.toml")
    return SharedErrors(**{name: entry["value"] for name, entry in table.items()})


@cache
def uncertainties() -> Mapping[str, Uncertainty]:
    """Uncertainty of every metric, by name."""
    table = shipped_table("formcheck.metrics", "uncertainty.toml")
    return {name: _entry(entry) for name, entry in table.items()}


def _entry(table: Mapping[str, object]) -> Uncertainty:
    """One metric's entry; an unknown key is a TypeError."""
    values = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    return Uncertainty(**values)  # type: ignore[arg-type]

"""What links leg lengths in the picture to metres, and how fast the runner runs.

In order of preference (biomechanics 1.6): the belt speed given, the height given, neither. Where
both are given they must agree: the foot in stance moves backward with the belt, so a leg of that
height and a belt of that speed predict each other. Without either the speed is only good for
finding similar runners, through the leg of an average adult.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck.domain import Reason, Scale
from formcheck.reasons import reason
from formcheck.shipped import shipped_table

LEG_TO_HEIGHT = 0.527
"""Leg length over body height of shod runners, SD 0.013 (biomechanics 1.6)."""
AVERAGE_LEG_M = 0.90
"""Adults of both sexes (1.71 m)."""


@dataclass(frozen=True, slots=True)
class ScaleErrors:
    """1-SD errors as shares, by what a speed or leg comes from (``scale.toml``)."""

    given_speed: float
    seen_speed: float
    leg_of_height: float
    speed_of_height: float
    speed_of_average_leg: float
    leg_of_trunk: float


@cache
def scale_errors() -> ScaleErrors:
    """Read ``scale.toml``."""
    tables = shipped_table("formcheck.gait", "scale.toml")
    return ScaleErrors(**{name: table["sd"] for name, table in tables.items()})


@dataclass(frozen=True, slots=True)
class ScaleParams:
    """``max_disagreement``: how far a given speed and a given height may contradict each other.

    As a share of the speed: two standard deviations of both together (3 % and 5 %), rounded up to
    leave room for a leg seen too short.
    """

    max_disagreement: float = 0.15


def find_scale(
    leg_length_px: float,
    seen_speed_ll_s: float,
    *,
    clock_is_trusted: bool,
    speed_kmh: float | None,
    height_cm: float | None,
) -> Scale:
    """Metres and speed from what the user gave, else an average adult for comparisons only.

    ``seen_speed_ll_s`` is the runner's speed over the ground as the near foot shows it, leg lengths
    per second, NaN when the foot could not be followed.
    """
    leg_m = None if height_cm is None else LEG_TO_HEIGHT * height_cm / 100
    is_seen = clock_is_trusted and bool(np.isfinite(seen_speed_ll_s))
    if speed_kmh is not None:
        return _from_belt(leg_length_px, speed_kmh / 3.6, leg_m, seen_speed_ll_s, is_seen=is_seen)
    speed = leg_m * seen_speed_ll_s if leg_m is not None and is_seen else None
    unit, errors = leg_m if leg_m is not None else AVERAGE_LEG_M, scale_errors()
    sd = errors.speed_of_height if leg_m is not None else errors.speed_of_average_leg
    return Scale(
        leg_length_px=leg_length_px,
        leg_length_m=leg_m,
        speed_mps=speed,
        speed_source=None if speed is None else "height",
        norm_speed_mps=unit * seen_speed_ll_s if is_seen else None,
        norm_speed_sd_mps=sd * unit * seen_speed_ll_s if is_seen else None,
        leg_length_sd=errors.leg_of_height,
        speed_sd=errors.speed_of_height,
    )


def _from_belt(
    leg_length_px: float,
    speed_mps: float,
    height_leg_m: float | None,
    seen_speed_ll_s: float,
    *,
    is_seen: bool,
) -> Scale:
    """Scale of a given speed; it also measures the leg, and a given height checks it."""
    belt_leg_m = speed_mps / seen_speed_ll_s if is_seen else None
    ratio, errors = None, scale_errors()
    of_belt = float(np.hypot(errors.given_speed, errors.seen_speed))
    if belt_leg_m is not None and height_leg_m is not None:
        ratio = belt_leg_m / height_leg_m
    return Scale(
        leg_length_px=leg_length_px,
        leg_length_m=belt_leg_m if belt_leg_m is not None else height_leg_m,
        speed_mps=speed_mps,
        speed_source="given",
        norm_speed_mps=speed_mps,
        norm_speed_sd_mps=errors.given_speed * speed_mps,
        leg_length_sd=errors.leg_of_height if belt_leg_m is None else of_belt,
        speed_sd=errors.given_speed,
        speed_ratio=ratio,
    )


def incomparable(
    scale: Scale, incline_percent: float | None, params: ScaleParams
) -> dict[str, Reason]:
    """Topics that a contradiction or an incline takes away, with the reason."""
    ratio = scale.speed_ratio
    if ratio is not None and abs(ratio - 1.0) > params.max_disagreement:
        why = reason("speed_and_height_disagree", ratio=ratio)
        return dict.fromkeys(("length", "comparison"), why)
    if incline_percent:
        return {"comparison": reason("incline", incline_percent=incline_percent)}
    return {}

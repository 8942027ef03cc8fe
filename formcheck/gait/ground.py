"""What the stance foot tells about the ground: its tilt in the picture and a flat foot's angle."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from formcheck.domain import BoolArray, FloatArray, Motion, Side, Stride
from formcheck.gait.angles import foot_pitch_deg

MIN_STANCES = 3
MAX_ROLL_DEG = 12.0
"""A steeper stance path is not a tilted phone but a foot that was not followed."""
PATH_STANCE = (0.15, 0.75)
"""Part of stance in which the forefoot's path is read: from the toes' coming down to their lifting.
On level belts the error is 1.3 degrees RMS on rendered clips, 0.5 on force plates and 0.1 on exact
feet (from 10 % on: 1.4, 0.7 and 0.5). In 25-60 %, as biomechanics 1.5 has it for markers, it is 2.7
on rendered clips and 0.9 on force plates: the path is shorter and holds the leg crossing."""
ROLL_TRUST = 0.6
"""Share of the measured slope taken as roll: the rest may be incline, perspective or error."""
FLAT_STANCE = (0.15, 0.35)
FLAT_TIP_DEG = (1.31, 0.33)
FLAT_TIP_LANDING_DEG = (9.5, 13.7)
"""How far a foot still stands on its toes there, by how far its toes were up when it landed: the
heel of a foot that lands flat or on its toes hardly comes to rest. Fitted to 430 feet of 54
force-plate trials at 30, 60 and 120 frames per second, with jitter and without, against their
standing angle: 0.75 degrees RMS (0.88 with one value for all)."""


def ground_roll_deg(
    motion: Motion, strides: Iterable[Stride], side: Side, *, slope_deg: float = 0.0
) -> float | None:
    """Camera's roll from the ground line in the motion's frame, degrees; positive: rises forward.

    The forefoot rests on the ground in stance, so its path is the ground line (biomechanics 1.5).
    Median over stances less the ground's own ``slope_deg``, of which a share is taken as roll;
    None with fewer than three stances or an impossible tilt.
    """
    slopes = [
        slope
        for stride in strides
        if stride.side is side and np.isfinite(slope := _path_slope_deg(motion, stride))
    ]
    if len(slopes) < MIN_STANCES:
        return None
    roll = float(np.median(slopes)) - slope_deg
    return ROLL_TRUST * roll if abs(roll) <= MAX_ROLL_DEG else None


def _path_slope_deg(motion: Motion, stride: Stride) -> float:
    """Slope of the forefoot's path in mid-stance; NaN when it is not seen."""
    start, stop = (stride.initial_contact_s + part * stride.stance_time_s for part in PATH_STANCE)
    inside = (motion.time_s >= start) & (motion.time_s <= stop)
    path = motion.track(f"{stride.side}_foot_index")[inside]
    path = path[np.isfinite(path[:, 0])]
    if len(path) < 3 or np.ptp(path[:, 0]) == 0:
        return float("nan")
    return float(np.degrees(np.arctan(np.polyfit(path[:, 0], path[:, 1], 1)[0])))


def flat_foot_deg(motion: Motion, strides: Iterable[Stride], side: Side) -> float:
    """Angle the heel-toe line shows when the foot is flat, degrees; NaN when never seen.

    Median over stances of the line between 15 and 35 % of stance, when the foot is flat for every
    kind of strike and the legs have not yet crossed in the picture, and what it still stands on
    its toes there (``FLAT_TIP_DEG``). The foot under the hip, as biomechanics 4.3 has it, is later,
    tips more and depends on speed.
    """
    pitch = foot_pitch_deg(motion, side)
    pitch[_bridged(motion, side)] = np.nan
    own = [stride for stride in strides if stride.side is side]
    flat = [_median_within(motion, pitch, stride, FLAT_STANCE) for stride in own]
    known = [angle for angle in flat if np.isfinite(angle)]
    if len(known) < MIN_STANCES:
        return float("nan")
    reading = float(np.median(known))
    contacts = np.array([stride.initial_contact_s for stride in own])
    landing = np.interp(contacts, motion.time_s, pitch) - reading
    return reading + _tip_deg(landing[np.isfinite(landing)])


def _tip_deg(landing_deg: FloatArray) -> float:
    """How far a foot stands on its toes when it is flattest, by how it lands; ``(n_stances,)``."""
    if not len(landing_deg):
        return FLAT_TIP_DEG[-1]
    return float(np.interp(np.median(landing_deg), FLAT_TIP_LANDING_DEG, FLAT_TIP_DEG))


def _bridged(motion: Motion, side: Side) -> BoolArray:
    """Samples whose heel or toe was bridged, ``(n_samples,)``."""
    heel, toe = (motion.landmarks.index(f"{side}_{part}") for part in ("heel", "foot_index"))
    bridged: BoolArray = motion.filled[:, heel] | motion.filled[:, toe]
    return bridged


def _median_within(
    motion: Motion, values: FloatArray, stride: Stride, share: tuple[float, float]
) -> float:
    """Median of known values within a part of stance; NaN when none is known."""
    start, stop = (stride.initial_contact_s + part * stride.stance_time_s for part in share)
    inside = values[(motion.time_s >= start) & (motion.time_s <= stop)]
    known = inside[np.isfinite(inside)]
    return float(np.median(known)) if len(known) else float("nan")

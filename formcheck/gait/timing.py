"""How far the file's clock can be trusted.

A phone's slow motion is often stored at 30 frames per second: every time is then 4 or 8 times too
long. Nobody runs below 120 or above 240 steps a minute (biomechanics 3.5), so the rhythm of the
ankles tells. Without a capture rate from the user times are withheld; angles stay, on a clock that
is set so that filters and windows suit a usual cadence.
"""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.domain import PoseSequence, TimeBase, TimeStatus
from formcheck.pose.rhythm import stride_rhythm

STEPS_PER_STRIDE = 2


@dataclass(frozen=True, slots=True)
class TimeParams:
    """Believable cadence, steps per minute, and the one assumed when times are withheld."""

    min_cadence_spm: float = 120.0
    max_cadence_spm: float = 240.0
    usual_cadence_spm: float = 170.0


def apparent_cadence_spm(pose: PoseSequence) -> float | None:
    """Steps per minute on the file's own timeline; None without a rhythm."""
    gap = pose.track_px("left_ankle")[:, 0] - pose.track_px("right_ankle")[:, 0]
    rhythm = stride_rhythm(pose.time_s, gap)
    return 60.0 * STEPS_PER_STRIDE * rhythm[0] if rhythm else None


def time_base(
    cadence_spm: float, *, capture_fps: float | None, file_fps: float, params: TimeParams
) -> TimeBase:
    """Relation between file seconds and real seconds.

    ``cadence_spm`` is the apparent cadence on the file's timeline, ``capture_fps`` the rate the
    user says it was filmed at.
    """
    scale = capture_fps / file_fps if capture_fps is not None else 1.0
    cadence = cadence_spm * scale
    if params.min_cadence_spm <= cadence <= params.max_cadence_spm:
        return _trusted(scale)
    assumed = params.usual_cadence_spm / cadence_spm
    if capture_fps is not None:
        note = (
            f"at the given {capture_fps:g} frames per second the cadence would be {cadence:.0f} "
            "steps a minute, which nobody runs: times are withheld"
        )
        return TimeBase(TimeStatus.UNTRUSTWORTHY, assumed, is_trusted=False, note=note)
    if cadence < params.min_cadence_spm:
        note = (
            "the clip plays slower than life (its clock would give an impossibly slow rhythm): "
            "times are withheld; give the rate it was filmed at with --capture-fps"
        )
        return TimeBase(TimeStatus.SLOW_MOTION, assumed, is_trusted=False, note=note)
    note = "the clip's clock would give an impossibly fast rhythm: times are withheld"
    return TimeBase(TimeStatus.UNTRUSTWORTHY, assumed, is_trusted=False, note=note)


def _trusted(scale: float) -> TimeBase:
    """A clock that gives a believable cadence."""
    if abs(scale - 1.0) < 0.02:
        return TimeBase(TimeStatus.REAL, scale, is_trusted=True, note="the file's own clock")
    note = f"slow motion, {scale:.3g} times slower than life, from the given capture rate"
    return TimeBase(TimeStatus.SLOW_MOTION, scale, is_trusted=True, note=note)

"""What is shown over time: in the player, and over the stride as curves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from formcheck.domain import Analysis, Band, FloatArray, Gait, Motion, Side, Stride, interpolate
from formcheck.gait import angles, frontal_angles
from formcheck.report.context import is_from_behind

PERCENT: FloatArray = np.linspace(0.0, 100.0, 51)
"""Points of the stride at which curves are drawn, percent from initial contact."""

Series = Callable[[Gait, Side], FloatArray]
"""A quantity of one side on ``gait.motion.time_s``."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A quantity over time; ``id`` is its key among the texts of the player.

    ``metric`` is the one whose rule holds for the whole curve, or with ``rule_at_contact`` for
    initial contact alone (empty: none); ``marks`` are metrics that name a place of the curve and
    have a range of similar runners. ``topic`` withholds the signal when it is withheld.
    """

    id: str
    unit: str
    series: Series
    topic: str
    metric: str = ""
    is_whole_body: bool = False
    rule_at_contact: bool = False
    marks: tuple[str, ...] = ()


def foot_against_ground_deg(gait: Gait, side: Side) -> FloatArray:
    """Return the sole against the ground on ``gait.motion.time_s``, degrees, + toes up."""
    flat = gait.foot_flat_deg.get(side, np.nan)
    return np.asarray(angles.foot_pitch_deg(gait.motion, side) - flat)


def ankle_ahead_of_hip_ll(gait: Gait, side: Side) -> FloatArray:
    """Return how far the ankle is ahead of its hip, leg lengths, negative behind."""
    ankle, hip = (gait.motion.track(f"{side}_{part}") for part in ("ankle", "hip"))
    return np.asarray((ankle - hip)[:, 0])


def _of_trunk(angle: Callable[[Motion], FloatArray]) -> Series:
    return lambda gait, _: angle(gait.motion)


def _of_side(angle: Callable[[Motion, Side], FloatArray]) -> Series:
    return lambda gait, side: angle(gait.motion, side)


_FROM_THE_SIDE = (
    Signal("trunk_lean", "deg", _of_trunk(angles.trunk_lean_deg), "trunk", "trunk_lean_deg",
           is_whole_body=True),
    Signal("elbow", "deg", _of_side(angles.elbow_flexion_deg), "arms", "elbow_flexion_deg"),
    Signal("knee", "deg", _of_side(angles.knee_flexion_deg), "legs",
           marks=("knee_at_contact_deg", "knee_peak_stance_deg", "knee_peak_swing_deg")),
    Signal("foot", "deg", foot_against_ground_deg, "foot_angle", "foot_strike_angle_deg",
           rule_at_contact=True),
    Signal("ankle_hip", "leg lengths", ankle_ahead_of_hip_ll, "legs",
           marks=("ankle_ahead_of_hip_leg_lengths",)),
)  # fmt: skip
_FROM_BEHIND = (
    Signal("pelvis", "deg", _of_trunk(frontal_angles.pelvis_tilt_deg), "frontal",
           is_whole_body=True),
    Signal("thigh", "deg", _of_side(frontal_angles.thigh_adduction_deg), "frontal"),
    Signal("trunk_side", "deg", _of_trunk(frontal_angles.trunk_side_lean_deg), "frontal",
           is_whole_body=True),
)  # fmt: skip


def signals(gait: Gait) -> tuple[Signal, ...]:
    """The signals of the clip's view, without those that are withheld."""
    shown = _FROM_BEHIND if is_from_behind(gait) else _FROM_THE_SIDE
    return tuple(signal for signal in shown if signal.topic not in gait.withheld)


def shown_sides(gait: Gait, signal: Signal) -> tuple[Side, ...]:
    """The sides a signal is drawn for, the near one first; a trunk has one curve."""
    near = gait.near_side
    far_topic = "far_arm" if signal.topic == "arms" else "far_leg"
    if signal.is_whole_body or far_topic in gait.withheld:
        return (near,)
    return (near, near.other)


def over_stride(gait: Gait, series: FloatArray, strides: Iterable[Stride]) -> FloatArray:
    """Cut a series on ``gait.motion.time_s`` into strides, ``(n_strides, len(PERCENT))``.

    Every stride runs from 0 % (initial contact) to 100 % (next initial contact of that foot).
    """
    times = [stride.start_s + stride.stride_time_s * PERCENT / 100.0 for stride in strides]
    at_s = np.array(times).reshape(-1, len(PERCENT))
    return interpolate(at_s, gait.motion.time_s, series)


def stride_rows(gait: Gait, signal: Signal, side: Side) -> FloatArray:
    """The strides of a side that are mostly known, ``(n, len(PERCENT))``."""
    own = [stride for stride in gait.strides if stride.side is side]
    rows = over_stride(gait, signal.series(gait, side), own)
    rows -= 360.0 * np.round(rows[:, :1] / 360.0)  # a foot that turned over in swing starts anew
    return np.asarray(rows[np.isfinite(rows).mean(axis=1) > 0.5])


def rule_band(analysis: Analysis, signal: Signal) -> Band | None:
    """The range research supports for a signal; None when there is none closed at both ends."""
    bands = (
        finding.band
        for finding in analysis.findings
        if finding.metric == signal.metric and finding.rule.pack == "evidence"
    )
    band = next(bands, None)
    return band if band is not None and np.isfinite(band).all() else None


def at_frames(analysis: Analysis, signal: Signal, side: Side) -> FloatArray:
    """A signal at the presentation times of the clip's frames, ``(n_frames,)``, NaN = unknown."""
    gait = analysis.gait
    real_s = analysis.pose.time_s / gait.time_base.scale
    return interpolate(real_s, gait.motion.time_s, signal.series(gait, side))


def typical_ranges(analysis: Analysis, signal: Signal, side: Side) -> Iterator[tuple[str, Band]]:
    """What similar runners do at this speed, by the metric that names the place of the curve."""
    for metric in signal.marks:
        measured = analysis.measurement(metric)
        place = None if measured is None else measured.comparisons.get(side)
        if place is not None:
            yield metric, place.typical

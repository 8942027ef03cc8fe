"""What is true of a runner seen from behind, from the points in space."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, Motion, Side
from formcheck.geometry import standing_angle_deg, valleys
from formcheck.synthetic.frontal import sign
from formcheck.synthetic.runners import Runner

Values = dict[str, dict[Side | None, float]]


def hips_lowest_s(runner: Runner, side: Side, seen: Motion) -> FloatArray:
    """When the hips are lowest over the foot of one side: mid-stance, as seen from behind."""
    turns = valleys(seen.time_s, seen.midpoint("hip")[:, 1])
    at_s: FloatArray = turns[runner.plan.steps[side].moment(turns).swing < 0]
    return at_s


def frontal_values(runner: Runner, seen: Motion) -> Values:
    """Medians over the record by metric name; ``seen`` is the view of a perfect rear camera."""
    middle = {side: hips_lowest_s(runner, side, seen) for side in Side}
    contacts_s = runner.plan.steps[Side.RIGHT].contact_s
    return values_from_behind(seen, middle, pairwise(contacts_s), runner.plan.spec.leg_length_m)


def values_from_behind(
    seen: Motion,
    mid_stance_s: Mapping[Side, FloatArray],
    strides_s: Iterable[tuple[float, float]],
    leg_length_m: float,
) -> Values:
    """The same for any body whose mid-stances and strides (start, stop) are known."""
    flight = valleys(seen.time_s, -seen.midpoint("hip")[:, 1])
    in_flight = np.interp(flight, seen.time_s, _obliquity_deg(seen))
    level = float(np.median(0.5 * (in_flight[:-1] + in_flight[1:])))  # left and right alike
    values: Values = {}
    for side in Side:
        drop = sign(side) * (_obliquity_deg(seen) - level)
        tracks = {
            "pelvic_drop_deg": drop,
            "thigh_adduction_deg": _adduction_deg(seen, side),
            "knee_window": _gap(seen, "knee") / _gap(seen, "hip"),
            "foot_to_midline_leg_lengths": _outward(seen, side),
        }
        for metric, track in tracks.items():
            at_middle = np.interp(mid_stance_s[side], seen.time_s, track)
            values.setdefault(metric, {})[side] = float(np.median(at_middle))
        peaks = [drop[np.abs(seen.time_s - moment) < 0.1].max() for moment in mid_stance_s[side]]
        values.setdefault("pelvic_drop_peak_deg", {})[side] = float(np.median(peaks))
    width = _width(seen, mid_stance_s)
    values["step_width_leg_lengths"] = {None: width}
    values["step_width_cm"] = {None: 100 * leg_length_m * width}
    return values | _within_strides(seen, strides_s)


def _width(seen: Motion, mid_stance_s: Mapping[Side, FloatArray]) -> float:
    """Between the heels, each at its own mid-stances."""
    left, right = (
        np.median(np.interp(mid_stance_s[side], seen.time_s, seen.track(f"{side}_heel")[:, 0]))
        for side in Side
    )
    return float(right - left)


def _within_strides(seen: Motion, strides_s: Iterable[tuple[float, float]]) -> Values:
    """What trunk and hips do within a stride."""
    lean = standing_angle_deg(seen.midpoint("hip"), seen.midpoint("shoulder"))
    hip = seen.midpoint("hip")[:, 0]
    spans = [
        (seen.time_s >= start) & (seen.time_s < stop)
        for start, stop in strides_s
        if start >= seen.time_s[0] and stop <= seen.time_s[-1]
    ]
    return {
        "trunk_side_lean_deg": {None: float(np.median([lean[span].mean() for span in spans]))},
        "trunk_side_range_deg": {None: float(np.median([np.ptp(lean[span]) for span in spans]))},
        "hip_sway_leg_lengths": {None: float(np.median([np.ptp(hip[span]) for span in spans]))},
    }


def _gap(seen: Motion, part: str) -> FloatArray:
    """Right less left, to the right."""
    gap: FloatArray = (seen.track(f"right_{part}") - seen.track(f"left_{part}"))[:, 0]
    return gap


def _outward(seen: Motion, side: Side) -> FloatArray:
    """How far the heel is on its own side of mid-hip."""
    from_middle = seen.track(f"{side}_heel") - seen.midpoint("hip")
    outward: FloatArray = sign(side) * from_middle[:, 0]
    return outward


def _obliquity_deg(seen: Motion) -> FloatArray:
    """Slope of the line between the hips; positive: the right one is higher."""
    span = seen.track("right_hip") - seen.track("left_hip")
    slope: FloatArray = np.degrees(np.arctan2(span[:, 1], span[:, 0]))
    return slope


def _adduction_deg(seen: Motion, side: Side) -> FloatArray:
    """Hip to knee from straight down; positive: knee towards the midline."""
    span = seen.track(f"{side}_knee") - seen.track(f"{side}_hip")
    angle: FloatArray = np.degrees(np.arctan2(-sign(side) * span[:, 0], -span[:, 1]))
    return angle

"""What is true of a synthetic runner's steps, bounce and symmetry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.domain import FloatArray, GaitEvents, Motion, Side
from formcheck.synthetic.spec import LEG_LENGTH, RunnerSpec

GRAVITY = 9.81


def step_values(
    spec: RunnerSpec, events: GaitEvents, seen: Motion
) -> list[tuple[str, Side | None, FloatArray]]:
    """Metric, side (None: whole body) and values per stride or step, ``(n,)``."""
    steps = {side: _steps_s(events, side) for side in Side}
    stances = {side: events.toe_off_s[side] - events.initial_contact_s[side] for side in Side}
    strides = np.diff(events.initial_contact_s[Side.RIGHT])
    speed, leg_m = spec.belt_speed_mps, spec.leg_length_m
    lengths = speed * strides / leg_m
    bounce = np.mean([np.median(_bounces(seen, events, side)) for side in Side], keepdims=True)
    ratio = 100 * bounce / np.median(lengths / 2)
    whole: dict[str, FloatArray] = {
        "stride_length_leg_lengths": lengths,
        "stride_length_body_heights": LEG_LENGTH * lengths,
        "vertical_oscillation_leg_lengths": bounce,
        "vertical_oscillation_cm": 100 * leg_m * bounce,
        "vertical_ratio_percent": ratio,
        "step_time_asymmetry_percent": _asymmetry(steps),
        "contact_time_asymmetry_percent": _asymmetry(stances),
        **_stiffness(spec, stances[Side.RIGHT], np.median(strides / 2)),
    }
    sided: dict[str, Mapping[Side, FloatArray]] = {
        "step_time_s": steps,
        "step_length_m": {side: speed * steps[side] for side in Side},
    }
    found: list[tuple[str, Side | None, FloatArray]] = []
    found += [(name, None, values) for name, values in whole.items()]
    found += [(name, side, by_side[side]) for name, by_side in sided.items() for side in Side]
    return found


def _steps_s(events: GaitEvents, side: Side) -> FloatArray:
    """Times from the other foot's contact to this foot's."""
    others = events.initial_contact_s[side.other]
    own = events.initial_contact_s[side]
    own = own[own > others[0]]
    steps: FloatArray = own - others[np.searchsorted(others, own) - 1]
    return steps


def _bounces(seen: Motion, events: GaitEvents, side: Side) -> FloatArray:
    """Highest less lowest mid-hip within each step that a side's contact begins, leg lengths."""
    height = seen.midpoint("hip")[:, 1]
    others = events.initial_contact_s[side.other]
    starts = [time for time in events.initial_contact_s[side] if 0 <= time < others[-1]]
    stops = others[np.searchsorted(others, starts)]
    edges = zip(*(np.searchsorted(seen.time_s, times) for times in (starts, stops)), strict=True)
    return np.array([np.ptp(height[start:stop]) for start, stop in edges])


def _asymmetry(by_side: Mapping[Side, FloatArray]) -> FloatArray:
    """Left less right over their mean, percent, ``(1,)``."""
    left, right = (float(np.median(by_side[side])) for side in (Side.LEFT, Side.RIGHT))
    return np.array([100 * (left - right) / (0.5 * (left + right))])


def _stiffness(spec: RunnerSpec, stance_s: FloatArray, step_s: float) -> dict[str, FloatArray]:
    """Morin's spring, worked out from the mean force over a stance: weight times step over stance.

    Half a sine has pi/2 of its mean as its peak; it lifts and lowers the body by itself.
    """
    peak = GRAVITY * step_s / stance_s * np.pi / 2
    sink = peak * (stance_s / np.pi) ** 2 - GRAVITY * stance_s**2 / 8
    leg = spec.leg_length_m
    angle = np.arcsin(spec.belt_speed_mps * stance_s / (2 * leg))
    return {
        "vertical_stiffness_kn_m_kg": 1e-3 * peak / sink,
        "leg_stiffness_kn_m_kg": 1e-3 * peak / (leg * (1 - np.cos(angle)) + sink),
    }

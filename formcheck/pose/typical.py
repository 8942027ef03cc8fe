"""The leg of an average runner over one stride: where a search for a runner's own legs begins.

It is the mean of 26 runners at an easy speed, or what their curves come to near a sprint
(``formcheck.synthetic``, after Fukuchi, Fukuchi & Duarte 2017). It only has to be nearer to a
running leg than anything else in a picture is; what a clip is judged by is its own runner's
strides, fitted from there.
"""

from __future__ import annotations

import functools

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.synthetic import RunnerKind, RunnerSpec, make_runner

BINS = 96
"""Places a stride is cut into; half of one is at most 2 cm of the fastest foot."""
LEG_PARTS = ("knee", "ankle", "heel", "foot_index")


SPEEDS_MPS = (3.0, 5.5)
"""An easy run, and the fastest the curves reach: a sprinter's feet are on the ground half as long
of the stride."""


@functools.cache
def average_leg(facing: Side, speed_mps: float) -> FloatArray:
    """Leg points relative to mid-hip, x right and y down, ``(BINS, 4, 2)``; phase 0 is contact.

    In lengths of thigh plus shank; the points are those of ``LEG_PARTS``.
    """
    runner = make_runner(RunnerSpec(speed_mps=speed_mps), 2.0, 0, RunnerKind.ANGLES)
    time_s = np.arange(0.0, 1.5, 0.002)
    leg, other = runner.leg(Side.LEFT, time_s), runner.leg(Side.RIGHT, time_s)
    hip = 0.5 * (leg.hip + other.hip)
    points = np.stack([getattr(leg, part) - hip for part in LEG_PARTS], axis=1)
    points /= runner.plan.thigh_m + runner.plan.shank_m
    phase = runner.plan.steps[Side.LEFT].moment(time_s).phase % 1.0
    order = np.argsort(phase)
    at = np.arange(BINS) / BINS
    flat = points[order].reshape(len(order), -1)
    columns = [np.interp(at, phase[order], column, period=1.0) for column in flat.T]
    forward_up = np.stack(columns, axis=-1).reshape(BINS, len(LEG_PARTS), 2)
    sign = 1.0 if facing is Side.RIGHT else -1.0
    found: FloatArray = forward_up * np.array([sign, -1.0])
    found.setflags(write=False)
    return found

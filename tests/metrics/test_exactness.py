"""Every side-view metric on contact-exact runners without noise, at 120 frames per second.

Filmed from afar, so that a perfect side camera shows true angles: what perspective adds is the
camera's part of the uncertainty, not an error of the metric.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from formcheck.config import AnalysisConfig
from formcheck.domain import Analysis, Side, StrikeClass, View
from formcheck.metrics import METRICS
from formcheck.metrics.spring import spring_mass
from formcheck.pipeline import analyze_pose
from formcheck.synthetic import RunnerSpec, Truth
from tests.synthetic.made import FAR_AWAY, record

RUNNERS = [
    RunnerSpec(speed_mps=speed, strike=strike)
    for strike in (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
    for speed in (2.5, 3.5, 4.5)
]
BY_UNIT = {"deg": 1.0, "s": 0.005, "leg lengths": 0.01, "cm": 0.9, "%": 1.0}
"""Allowed error, or a hundredth of the value if that is more; lengths to a hundredth of a leg."""
ONLY_OF_LONG_CLIPS = {"stride_time_variability_percent", "overstride_z"}
"""Variability needs more strides and is tested on them (test_symmetry); a z value is a place among
other runners, tested on their means (test_leg)."""


@functools.cache
def measured(spec: RunnerSpec) -> tuple[Analysis, Truth]:
    pose, truth = record(spec, FAR_AWAY, fps=120.0)
    config = AnalysisConfig(speed_kmh=3.6 * spec.speed_mps, height_cm=100 * spec.height_m)
    return analyze_pose(pose, config), truth


def made_of_contact_time(spec: RunnerSpec, contact_s: float, step_s: float) -> dict[str, float]:
    """Values that follow from the contact time of a runner, by metric."""
    times = np.array([contact_s]), np.array([step_s - contact_s])
    spring = spring_mass(*times, spec.speed_mps, spec.leg_length_m)
    return {
        "duty_factor": contact_s / (2 * step_s),
        "vertical_stiffness_kn_m_kg": 1e-3 * spring.vertical_n_m_kg[0],
        "leg_stiffness_kn_m_kg": 1e-3 * spring.leg_n_m_kg[0],
    }


def allowed(metric: str, true: float, spec: RunnerSpec, truth: Truth) -> float:
    """1 degree, 1 % or 5 ms; what 5 ms of contact time make where a value is made of it."""
    contact_s = truth.values["contact_time_s"][Side.RIGHT]
    step_s = truth.values["stride_time_s"][Side.RIGHT] / 2
    late, exact = (
        made_of_contact_time(spec, contact_s + error, step_s) for error in (BY_UNIT["s"], 0.0)
    )
    carried = abs(late[metric] - exact[metric]) if metric in exact else 0.0
    return max(BY_UNIT.get(METRICS[metric].unit, 0.0), 0.01 * abs(true), carried)


@pytest.mark.parametrize("spec", RUNNERS, ids=lambda s: f"{s.strike}-{s.speed_mps}")
def test_near_side_and_whole_body_are_exact(spec: RunnerSpec) -> None:
    analysis, truth = measured(spec)
    for metric, by_side in truth.values.items():
        if View.SIDE not in METRICS[metric].views:
            continue
        side = Side.RIGHT if Side.RIGHT in by_side else None
        summary = analysis.summary(metric, side)
        assert summary is not None, metric
        true = by_side[side]
        within = allowed(metric, true, spec, truth)
        assert summary.median == pytest.approx(true, abs=within), metric


def test_no_metric_of_the_side_view_is_left_out() -> None:
    _, truth = measured(RUNNERS[0])
    of_side = {name for name, entry in METRICS.items() if View.SIDE in entry.views}
    drifts = {name for name in of_side if "_drift_" in name}
    assert of_side - drifts - ONLY_OF_LONG_CLIPS <= set(truth.values)

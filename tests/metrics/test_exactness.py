"""Every side-view metric on contact-exact runners without noise, at 120 frames per second.

Filmed from afar, so that a perfect side camera shows true angles: what perspective adds is the
camera's part of the uncertainty, not an error of the metric.
"""

from __future__ import annotations

import functools

import pytest

from formcheck.config import AnalysisConfig
from formcheck.domain import Analysis, Side, StrikeClass, View
from formcheck.metrics import METRICS
from formcheck.pipeline import analyze_pose
from formcheck.synthetic import RunnerSpec, Truth
from tests.synthetic.made import FAR_AWAY, record

RUNNERS = [
    RunnerSpec(speed_mps=speed, strike=strike)
    for strike in (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
    for speed in (2.5, 3.5, 4.5)
]
BY_UNIT = {"deg": 1.0, "s": 0.005, "leg lengths": 0.01, "%": 1.0}
"""Allowed error, or a hundredth of the value if that is more."""
WIDER = {
    # Read from the fall of the toes, as fitted to pose landmarks and markers (strike.toml).
    "foot_strike_angle_deg": 3.0,
    # The low-pass of the legs takes a tenth off the fastest turns: toes that slap down, and the
    # moment a knee meets the ground.
    "foot_fall_deg": 1.8,
    "knee_at_contact_deg": 2.0,
    "knee_excursion_deg": 1.6,
    # Measured from the foot's own rest, and the heel of a mid- or forefoot runner never rests.
    "ankle_dorsiflexion_peak_deg": 1.5,
    "ankle_at_toe_off_deg": 2.3,
    # 4 ms of a contact time of 0.2 s are 2 %; a spring's stiffness goes with its square.
    "duty_factor": 0.005,
    "vertical_stiffness_kn_m_kg": 0.008,
    "leg_stiffness_kn_m_kg": 0.006,
}
ONLY_OF_LONG_CLIPS = {"stride_time_variability_percent", "overstride_z"}
"""Variability needs more strides and is tested on them (test_symmetry); a z value is a place among
other runners, tested on their means (test_leg)."""


@functools.cache
def measured(spec: RunnerSpec) -> tuple[Analysis, Truth]:
    pose, truth = record(spec, FAR_AWAY, fps=120.0)
    config = AnalysisConfig(speed_kmh=3.6 * spec.speed_mps, height_cm=100 * spec.height_m)
    return analyze_pose(pose, config), truth


def allowed(metric: str, true: float) -> float:
    usual = max(BY_UNIT.get(METRICS[metric].unit, 0.0), 0.01 * abs(true))
    return WIDER.get(metric, usual)


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
        assert summary.median == pytest.approx(true, abs=allowed(metric, true)), metric


def test_no_metric_of_the_side_view_is_left_out() -> None:
    _, truth = measured(RUNNERS[0])
    of_side = {name for name, entry in METRICS.items() if View.SIDE in entry.views}
    drifts = {name for name in of_side if "_drift_" in name}
    assert of_side - drifts - ONLY_OF_LONG_CLIPS <= set(truth.values)

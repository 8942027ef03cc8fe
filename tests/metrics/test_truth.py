"""Every metric is held against the truth of a known runner, all the way from the picture.

What a clip of ten seconds shows is in ``test_exactness`` (from the side) and ``test_frontal`` (from
behind). Here is the rest: changes over a minute, evenness, and the place among similar runners.
"""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis, FloatArray, PoseSequence, Side, View
from formcheck.metrics import METRICS
from formcheck.metrics.norms import norms
from formcheck.metrics.symmetry import spread_percent
from formcheck.synthetic import RunnerSpec
from tests.metrics.test_exactness import RUNNERS
from tests.metrics.test_exactness import measured as measured_exactly
from tests.metrics.test_frontal import FRONTAL
from tests.synthetic.made import NATURAL, analysis, record

MINUTE_S = 70.0
QUICKER, LEAN_DEG, BOUNCE, SHRUG = 0.03, 3.0, 0.15, 0.12
"""Changes from the first frame to the last: shares of cadence, bounce and shoulder ratio."""
DRIFTED = 2.0 / 3.0
"""Share of an even change that lies between the middles of the first and the last third."""


def changed(time_s: FloatArray) -> FloatArray:
    """Share of the change that has come about, 0 to 1."""
    share: FloatArray = np.clip(time_s / MINUTE_S, 0.0, 1.0)
    return share


def warped(time_s: FloatArray) -> FloatArray:
    """Times of strides that become quicker."""
    late: FloatArray = time_s - 0.5 * QUICKER * time_s * changed(time_s)
    return late


def tiring() -> PoseSequence:
    """A runner who within a minute leans, bounces and shrugs more and more, with quicker steps."""
    pose, _ = record(NATURAL, duration_s=MINUTE_S)
    share, hip, xy = changed(pose.time_s), pose.midpoint_px("hip"), np.array(pose.xy_px)
    for side in Side:
        shoulder, ear = (pose.index(f"{side}_{part}") for part in ("shoulder", "ear"))
        xy[:, ear] -= SHRUG * share[:, None] * (xy[:, ear] - xy[:, shoulder])
    upper = slice(0, pose.index("left_hip"))
    angle = np.radians(LEAN_DEG * share)
    across, down = np.moveaxis(xy[:, upper] - hip[:, None], -1, 0)
    turn = np.cos(angle)[:, None], np.sin(angle)[:, None]
    turned = np.stack([turn[0] * across - turn[1] * down, turn[1] * across + turn[0] * down], -1)
    xy[:, upper] = hip[:, None] + turned
    body = slice(0, pose.index("right_hip") + 1)
    xy[:, body, 1] += (BOUNCE * share * (hip[:, 1] - hip[:, 1].mean()))[:, None]
    return replace(pose, xy_px=xy, time_s=warped(pose.time_s))


@functools.cache
def tired() -> Analysis:
    return analyze_pose(tiring(), AnalysisConfig(speed_kmh=10.8))


def true_strides_s() -> FloatArray:
    """Stride times of the near leg of the tiring runner."""
    _, truth = record(NATURAL, duration_s=MINUTE_S)
    times: FloatArray = np.diff(warped(truth.whole_contacts_s(Side.RIGHT, 0.3)))
    return times


def true_changes() -> dict[str, float]:
    """Last less first third of the tiring runner, by metric."""
    _, truth = record(NATURAL, duration_s=MINUTE_S)
    cadence = 120.0 / true_strides_s()
    third = len(cadence) // 3
    middle = 1.0 - 0.5 * SHRUG
    return {
        "trunk_lean_drift_deg": DRIFTED * LEAN_DEG,
        "cadence_drift_spm": float(np.median(cadence[-third:]) - np.median(cadence[:third])),
        "vertical_oscillation_drift_leg_lengths": DRIFTED
        * BOUNCE
        * truth.value("vertical_oscillation_leg_lengths"),
        "shoulder_ratio_drift_percent": -100 * DRIFTED * SHRUG / middle,
    }


WITHIN = {
    "trunk_lean_drift_deg": 0.1,
    "cadence_drift_spm": 0.3,
    "vertical_oscillation_drift_leg_lengths": 0.001,
    "shoulder_ratio_drift_percent": 0.3,
}


@pytest.mark.parametrize("metric", WITHIN)
def test_a_change_over_a_minute_is_found_as_large_as_it_is(metric: str) -> None:
    summary = tired().summary(metric, None)
    assert summary is not None
    true = true_changes()[metric]
    assert summary.median == pytest.approx(true, abs=WITHIN[metric])
    assert summary.low <= true <= summary.high


def test_the_spread_of_stride_times_is_that_of_the_true_contacts() -> None:
    summary = tired().summary("stride_time_variability_percent", None)
    assert summary is not None
    true = spread_percent(true_strides_s())
    assert summary.median == pytest.approx(true, abs=0.15)
    assert summary.low <= true <= summary.high


@pytest.mark.parametrize("overstride_m", [0.0, 0.08])
def test_the_place_among_similar_runners_is_that_of_the_true_values(overstride_m: float) -> None:
    spec = RunnerSpec(overstride_m=overstride_m, cadence_factor=0.94)
    _, truth = record(spec)
    signs = {"ankle_ahead_of_hip_leg_lengths": 1, "shank_angle_deg": 1}
    scores = [
        sign * float(norms()[name].z(np.array(truth.value(name, Side.RIGHT)), spec.speed_mps))
        for name, sign in signs.items()
    ]
    cadence = norms()["cadence_spm"].z(np.array(truth.value("cadence_spm")), spec.speed_mps)
    summary = analysis(spec).summary("overstride_z", Side.RIGHT)
    assert summary is not None
    assert summary.median == pytest.approx(np.median([*scores, -float(cadence)]), abs=0.35)


def test_every_metric_has_a_test_against_the_truth() -> None:
    _, truth = measured_exactly(RUNNERS[0])
    from_the_side = {name for name in truth.values if View.SIDE in METRICS[name].views}
    from_behind = {entry.name for entry in FRONTAL}
    here = {*WITHIN, "stride_time_variability_percent", "overstride_z"}
    assert from_the_side | from_behind | here == set(METRICS)

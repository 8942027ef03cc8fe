"""What every metric promises, whichever it is."""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import LANDMARKS, Stride, View
from formcheck.metrics import METRICS, ClipMetric, Metric, StrideMetric, Topic, measure
from formcheck.metrics.described import formulas
from formcheck.metrics.registry import Instant
from formcheck.metrics.uncertainty import uncertainties
from formcheck.synthetic import RunnerSpec, corrupt
from tests.metrics.made import gait_of
from tests.synthetic.made import FROM_BEHIND, NATURAL, SIDE_ON, analysis, record

SUFFIXES = {
    "_deg": "deg",
    "_s": "s",
    "_m": "m",
    "_spm": "steps/min",
    "_leg_lengths": "leg lengths",
    "_body_heights": "body heights",
    "_cm": "cm",
    "_kn_m_kg": "kN/m/kg",
    "_z": "SD of similar runners",
    "_percent": "%",
}
ENTRIES = [pytest.param(entry, id=name) for name, entry in METRICS.items()]
STRIDE_METRICS = [
    pytest.param(entry, id=name)
    for name, entry in METRICS.items()
    if isinstance(entry, StrideMetric)
]


def test_the_register_holds_the_promised_metrics() -> None:
    assert set(METRICS) >= {
        "cadence_spm",
        "stride_time_s",
        "contact_time_s",
        "flight_time_s",
        "duty_factor",
        "stride_length_m",
        "trunk_lean_deg",
        "trunk_range_deg",
        "waist_bend_deg",
        "head_pitch_deg",
        "shoulder_ratio",
        "elbow_flexion_deg",
        "arm_swing_deg",
        "arm_leg_phase_deg",
        "arm_leg_sync",
        "foot_strike_angle_deg",
        "shank_angle_deg",
        "ankle_ahead_of_hip_leg_lengths",
    }


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_name_ends_in_its_unit(entry: Metric) -> None:
    fitting = [suffix for suffix in SUFFIXES if entry.name.endswith(suffix)]
    assert entry.unit == (SUFFIXES[max(fitting, key=len)] if fitting else "")


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_metric_is_defined_in_one_sentence_and_named_as_its_function(
    entry: StrideMetric | ClipMetric,
) -> None:
    function = entry.compute if isinstance(entry, StrideMetric) else entry.estimate
    assert function.__name__ == entry.name
    first = (inspect.getdoc(function) or "").splitlines()[0]
    assert entry.definition == first
    assert first.endswith(".")
    assert entry.label[0].isupper()


@pytest.mark.parametrize("entry", ENTRIES)
def test_sources_exist(entry: Metric) -> None:
    text = resources.files("formcheck.guidance").joinpath("sources.toml").read_text("utf-8")
    assert entry.sources
    assert set(entry.sources) <= set(tomllib.loads(text))


@pytest.mark.parametrize("entry", STRIDE_METRICS)
def test_needed_landmarks_exist_on_both_sides(entry: StrideMetric) -> None:
    for part in entry.reading.parts:
        assert {f"left_{part}", f"right_{part}"} <= set(LANDMARKS)
    assert entry.reading.instant in Instant


@pytest.mark.parametrize("entry", STRIDE_METRICS)
def test_a_value_per_stride_in_double_precision(entry: StrideMetric) -> None:
    gait = analysis(camera=SIDE_ON if View.SIDE in entry.views else FROM_BEHIND).gait
    gait = replace(gait, scale=replace(gait.scale, leg_length_m=0.93))
    values = entry.compute(gait)
    assert values.shape == (len(gait.strides),)
    assert values.dtype == np.float64
    assert np.isfinite(values).any()


@pytest.mark.parametrize("entry", STRIDE_METRICS)
def test_a_gait_without_strides_has_no_values(entry: StrideMetric) -> None:
    assert entry.compute(gait_of(strides=())).shape == (0,)


@pytest.mark.parametrize("entry", ENTRIES)
def test_strides_cut_by_rhythm_are_measured_or_unknown_and_break_nothing(entry: Metric) -> None:
    whole = gait_of()
    cut = tuple(Stride.cut_by_rhythm(s.side, s.start_s, s.stop_s) for s in whole.strides)
    (found,) = (m for m in measure(replace(whole, strides=cut)) if m.metric == entry.name)
    assert found.values.shape == (len(cut),)
    assert found.summaries or found.not_measured
    of_whole_strides = isinstance(entry, StrideMetric) and entry.reading.instant is Instant.STRIDE
    if of_whole_strides and entry.topic in {Topic.TRUNK, Topic.ARMS, Topic.RHYTHM}:
        (uncut,) = (m for m in measure(whole) if m.metric == entry.name)
        assert found.summaries == uncut.summaries


@pytest.mark.parametrize("entry", ENTRIES)
def test_uncertainty_shrinks_with_the_frame_rate_and_is_never_zero(entry: Metric) -> None:
    timing = entry.uncertainty.timing
    assert list(timing) == sorted(timing, reverse=True)
    assert entry.uncertainty.pose + min(timing) > 0
    assert entry.uncertainty.origin


def test_every_metric_has_a_formula_and_every_formula_a_metric() -> None:
    assert set(formulas()) == set(METRICS)
    assert all(entry.formula for entry in formulas().values())


def test_a_sign_that_is_defined_is_the_one_of_the_formula() -> None:
    for entry in METRICS.values():
        if "positive:" in entry.definition:
            assert formulas()[entry.name].positive, entry.name


def test_every_known_error_belongs_to_a_metric() -> None:
    assert set(uncertainties()) == set(METRICS)


AMOUNTS = {"s", "m", "steps/min", "kN/m/kg", "body heights"}
EITHER_SIGN = {"flight_time_s", "cadence_drift_spm"}
"""Amounts that may be negative: of a runner with a foot always on the ground; a change."""


@pytest.mark.parametrize("entry", ENTRIES)
def test_true_values_lie_within_the_limits_and_amounts_have_some(entry: Metric) -> None:
    low, high = entry.limits
    specs = [NATURAL, RunnerSpec(is_walking=True), RunnerSpec(elbow_flexion_deg=5.0, speed_mps=5.0)]
    for spec in specs:
        for value in record(spec)[1].values.get(entry.name, {}).values():
            assert low <= value <= high
    if entry.unit in AMOUNTS:
        assert (low == 0.0) is (entry.name not in EITHER_SIGN)


def test_no_interval_reaches_beyond_the_limits_however_unsure() -> None:
    cut = set()
    for camera, jitter_m in ((SIDE_ON, 0.03), (FROM_BEHIND, 0.0)):
        pose, _ = record(replace(NATURAL, arm_frequency_ratio=1.25), camera)
        noisy = corrupt.correlated_jitter(pose, jitter_m * camera.px_per_m, seed=1)
        for found in analyze_pose(
            noisy, AnalysisConfig(speed_kmh=10.8, height_cm=176)
        ).measurements:
            low, high = METRICS[found.metric].limits
            for summary in found.summaries.values():
                assert low <= summary.low <= summary.median <= summary.high <= high
                if summary.low == low or summary.high == high:
                    cut.add(found.metric)
    assert cut == {
        "arm_leg_sync",
        "elbow_from_right_angle_deg",
        "hip_sway_leg_lengths",
        "trunk_side_range_deg",
    }


@pytest.mark.parametrize(
    ("package", "name"), [("gait", "scale.toml"), ("metrics", "shared_errors.toml")]
)
def test_every_constant_of_an_error_says_where_it_comes_from(package: str, name: str) -> None:
    text = resources.files(f"formcheck.{package}").joinpath(name).read_text("utf-8")
    assert all(len(entry["origin"]) > 20 for entry in tomllib.loads(text).values())

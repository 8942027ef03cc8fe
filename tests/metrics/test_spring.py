"""The bounce of the hips, and the spring that would bounce the same."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import Gait, Reason, Scale, Side
from formcheck.metrics import METRICS, spring
from formcheck.metrics.registry import Estimate, StrideMetric
from formcheck.metrics.spring import GRAVITY, spring_mass
from formcheck.synthetic import RunnerKind, RunnerSpec
from tests.metrics.made import STRIDE_S, gait_of, motion_of
from tests.synthetic.made import analysis, exact_gait, record

MASS_KG = 70.0


def test_the_published_example_has_a_peak_force_of_1_55_kilonewton() -> None:
    found = spring_mass(np.array([0.25]), np.array([0.11]), 3.33, 1.0)
    assert MASS_KG * found.peak_force_n_kg == pytest.approx(1553.0, rel=2e-3)
    sink = 1553.0 / MASS_KG * 0.25**2 / np.pi**2 - GRAVITY * 0.25**2 / 8
    assert found.sink_m == pytest.approx(sink, rel=2e-3)
    assert MASS_KG * found.vertical_n_m_kg == pytest.approx(1553.0 / sink, rel=2e-3)
    shorter = 1.0 - np.sqrt(1.0 - (3.33 * 0.25 / 2) ** 2) + sink
    assert MASS_KG * found.leg_n_m_kg == pytest.approx(1553.0 / shorter, rel=2e-3)


def test_a_shorter_contact_is_a_stiffer_spring() -> None:
    stiffness = [
        float(spring_mass(np.array(contact), np.array(0.36 - contact), 3.0, 0.93).leg_n_m_kg)
        for contact in (0.28, 0.25, 0.22)
    ]
    assert stiffness == sorted(stiffness)


def bouncing(amplitude: float, noise: float = 0.0) -> float:
    """Median oscillation found of a body that bounces twice a stride."""
    time_s = motion_of({}).time_s
    up = amplitude / 2 * np.sin(4 * np.pi * time_s / STRIDE_S)
    up += noise * np.random.default_rng(1).standard_normal(len(up))
    points = {
        name: np.stack([np.full_like(up, 0.0), height + up], axis=-1)
        for name, height in (("hip", 1.0), ("shoulder", 1.55))
    }
    return float(np.median(spring.vertical_oscillation_leg_lengths(gait_of(points))))


@pytest.mark.parametrize("amplitude", [0.0, 0.06, 0.11])
def test_the_oscillation_of_a_bouncing_body_is_its_rise(amplitude: float) -> None:
    assert bouncing(amplitude) == pytest.approx(amplitude, rel=0.01, abs=1e-9)


def test_jitter_does_not_make_a_runner_bounce_more() -> None:
    # Highest less lowest of a stride would read four to five standard deviations more.
    assert bouncing(0.1, noise=0.005) == pytest.approx(0.1, abs=0.004)


def test_a_nodding_trunk_is_no_bounce() -> None:
    time_s = motion_of({}).time_s
    lean = np.radians(10 + 5 * np.sin(4 * np.pi * time_s / STRIDE_S))
    shoulder = np.stack([0.55 * np.sin(lean), 1.0 + 0.55 * np.cos(lean)], axis=-1)
    gait = gait_of({"shoulder": shoulder})
    assert spring.vertical_oscillation_leg_lengths(gait) == pytest.approx(0.0, abs=1e-6)


NEEDS_NO_EVENTS = ("vertical_oscillation_leg_lengths", "vertical_oscillation_cm")
EXACT = (
    *NEEDS_NO_EVENTS,
    "vertical_ratio_percent",
    "stride_length_leg_lengths",
    "stride_length_body_heights",
)


STIFFNESS = ("vertical_stiffness_kn_m_kg", "leg_stiffness_kn_m_kg")


def found_stiffness(name: str, gait: Gait) -> Estimate:
    estimates = getattr(spring, name)(gait)
    assert not isinstance(estimates, Reason), estimates
    estimate = estimates[None]
    assert isinstance(estimate, Estimate)
    return estimate


@pytest.mark.parametrize("name", STIFFNESS)
def test_there_is_no_stiffness_on_an_incline_or_from_too_few_strides(name: str) -> None:
    uphill = getattr(spring, name)(gait_of(incline_percent=4.0))
    assert uphill.code == "stiffness_on_incline"
    few = getattr(spring, name)(gait_of(strides=gait_of().strides[:4]))
    assert few.code == "strides_to_compare"


@pytest.mark.parametrize("speed", [2.5, 3.5, 4.5])
def test_bounce_spring_and_stride_of_a_known_runner_are_exact(speed: float) -> None:
    gait, truth = exact_gait(RunnerSpec(speed_mps=speed), 120.0, RunnerKind.CONTACT)
    right = np.array([side is Side.RIGHT for side in gait.sides()])
    for name in EXACT:
        entry = METRICS[name]
        assert isinstance(entry, StrideMetric)
        found = float(np.median(entry.compute(gait)[right]))
        # Two harmonics of a real hip's path leave a fiftieth of its range unseen.
        bound = 0.025 if name.startswith("vertical_o") or "ratio" in name else 0.01
        assert found == pytest.approx(truth.value(name), rel=bound), name
    for name in STIFFNESS:
        assert found_stiffness(name, gait).value == pytest.approx(truth.value(name), rel=0.01), name


@pytest.mark.parametrize("name", NEEDS_NO_EVENTS)
def test_the_bounce_survives_the_whole_way_from_the_picture(name: str) -> None:
    _, truth = record()
    summary = analysis().summary(name, None)
    assert summary is not None
    assert summary.median == pytest.approx(truth.value(name), rel=0.05)


def test_nothing_in_metres_without_a_scale() -> None:
    gait = gait_of(scale=Scale(300.0, None, None, None, 3.0, 0.2))
    assert np.isnan(spring.vertical_oscillation_cm(gait)).all()
    unknown = spring.leg_stiffness_kn_m_kg(gait)
    assert isinstance(unknown, Reason)
    assert unknown.code == "speed_unknown"
    assert found_stiffness("vertical_stiffness_kn_m_kg", gait).value > 0


def test_stiffness_is_called_an_estimate() -> None:
    for name in STIFFNESS:
        assert "estimate" in METRICS[name].label
        assert "level" in METRICS[name].definition

"""Times and lengths from hand-made strides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Scale, Side
from formcheck.metrics import temporal
from formcheck.synthetic import RunnerKind, RunnerSpec
from tests.metrics.made import N_STRIDES, STANCE_S, STRIDE_S, gait_of
from tests.synthetic.made import exact_gait

N_VALUES = 2 * N_STRIDES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("stride_time_s", STRIDE_S),
        ("cadence_spm", 120 / STRIDE_S),
        ("contact_time_s", STANCE_S),
        ("flight_time_s", STRIDE_S / 2 - STANCE_S),
        ("duty_factor", STANCE_S / STRIDE_S),
        ("stride_length_m", 3.0 * STRIDE_S),
        ("step_time_s", STRIDE_S / 2),
        ("step_length_m", 3.0 * STRIDE_S / 2),
        ("stride_length_leg_lengths", 3.0 * STRIDE_S),
        ("stride_length_body_heights", 0.527 * 3.0 * STRIDE_S),
    ],
)
def test_even_strides_give_their_times(name: str, expected: float) -> None:
    assert getattr(temporal, name)(gait_of()) == pytest.approx(np.full(N_VALUES, expected))


@pytest.mark.parametrize("name", ["contact_time_s", "flight_time_s", "duty_factor"])
def test_without_a_toe_off_there_is_no_contact_time_and_a_stride_time_still(name: str) -> None:
    gait = gait_of()
    first = replace(gait.strides[0], toe_off_s=float("nan"))
    values = getattr(temporal, name)(replace(gait, strides=(first, *gait.strides[1:])))
    assert np.isnan(values).tolist() == [True] + [False] * (N_VALUES - 1)
    assert np.isfinite(temporal.stride_time_s(gait)).all()


@pytest.mark.parametrize("speed", [2.5, 4.5])
def test_times_and_lengths_of_a_known_runner_are_exact(speed: float) -> None:
    gait, truth = exact_gait(RunnerSpec(speed_mps=speed), 120.0, RunnerKind.CONTACT)
    sides = np.array(gait.sides())
    for name, bound in (("step_time_s", 0.005), ("step_length_m", 0.01), ("contact_time_s", 0.005)):
        values = getattr(temporal, name)(gait)
        for side in Side:
            found = float(np.median(values[sides == side]))
            assert found == pytest.approx(truth.value(name, side), abs=bound), name


def test_a_step_ends_with_the_contact_of_the_foot_it_is_named_after() -> None:
    gait = gait_of()
    late = tuple(replace(s, other_contact_s=s.other_contact_s + 0.02) for s in gait.strides)
    assert temporal.step_time_s(replace(gait, strides=late)) == pytest.approx(STRIDE_S / 2 - 0.02)


def test_flight_needs_the_opposite_contact() -> None:
    gait = gait_of()
    first = replace(gait.strides[0], other_contact_s=float("nan"))
    values = temporal.flight_time_s(replace(gait, strides=(first, *gait.strides[1:])))
    assert np.isnan(values[0])
    assert np.isfinite(values[1:]).all()


def test_walking_has_a_negative_flight_time() -> None:
    gait = gait_of()
    long = tuple(
        replace(stride, toe_off_s=stride.initial_contact_s + 0.6 * STRIDE_S)
        for stride in gait.strides
    )
    assert np.all(temporal.flight_time_s(replace(gait, strides=long)) < 0)


def test_without_a_speed_there_is_no_stride_length() -> None:
    unknown = Scale(300.0, None, None, None, 3.0, 0.2)
    assert np.isnan(temporal.stride_length_m(gait_of(scale=unknown))).all()

"""Times and lengths from hand-made strides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Scale
from formcheck.metrics import temporal
from tests.metrics.made import N_STRIDES, STANCE_S, STRIDE_S, gait_of

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

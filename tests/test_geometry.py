"""Angles, filters and crossings against what pencil and paper give."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.geometry import (
    crossings,
    derivative,
    distance,
    flexion_deg,
    hanging_angle_deg,
    highest,
    low_pass,
    rotate,
    runs,
    slope_deg,
    standing_angle_deg,
    unwrap_deg,
)

ORIGIN = np.zeros(2)


def pointing(angle_deg: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Unit vector at an angle from forward, counter-clockwise."""
    angle = np.radians(angle_deg)
    return np.array([np.cos(angle), np.sin(angle)])


@pytest.mark.parametrize(("direction", "angle"), [(-90, 0), (0, 90), (180, -90), (-60, 30)])
def test_a_hanging_segment_is_0_and_positive_in_front(direction: float, angle: float) -> None:
    assert hanging_angle_deg(ORIGIN, pointing(direction)) == pytest.approx(angle)


@pytest.mark.parametrize(("direction", "angle"), [(90, 0), (0, 90), (180, -90), (80, 10)])
def test_a_standing_segment_is_0_and_positive_in_front(direction: float, angle: float) -> None:
    assert standing_angle_deg(ORIGIN, pointing(direction)) == pytest.approx(angle)


@pytest.mark.parametrize("direction", [-120, -15, 0, 15, 170])
def test_the_slope_is_the_direction_itself(direction: float) -> None:
    assert slope_deg(ORIGIN, pointing(direction)) == pytest.approx(direction)


@pytest.mark.parametrize("flexion", [0, 30, 90, 150, 180])
@pytest.mark.parametrize("turn", [0, 75, -140])
@pytest.mark.parametrize("bend", [1, -1])
def test_flexion_is_0_straight_whatever_the_direction_or_side_of_the_bend(
    flexion: float, turn: float, bend: int
) -> None:
    distal = pointing(turn + bend * flexion)
    assert flexion_deg(-pointing(turn), ORIGIN, distal) == pytest.approx(flexion, abs=1e-6)


def test_flexion_works_on_arrays_and_keeps_nan() -> None:
    ends = np.stack([pointing(0), pointing(90), np.full(2, np.nan)])
    found = flexion_deg(np.tile(-pointing(0), (3, 1)), np.zeros((3, 2)), ends)
    assert found == pytest.approx([0, 90, np.nan], nan_ok=True)


def test_unwrapping_passes_180_degrees_and_over_nan() -> None:
    angle = np.array([170.0, 179.0, np.nan, -172.0, -160.0])
    assert unwrap_deg(angle) == pytest.approx([170, 179, np.nan, 188, 200], nan_ok=True)


def test_unwrapping_leaves_its_input_alone() -> None:
    angle = np.array([170.0, -170.0])
    unwrap_deg(angle)
    assert angle.tolist() == [170.0, -170.0]


def test_rotation_is_counter_clockwise_with_up_upward() -> None:
    assert rotate(np.array([[1.0, 0.0]]), 90.0) == pytest.approx(np.array([[0.0, 1.0]]))
    there = rotate(np.array([[0.3, -0.7]]), 33.0)
    assert rotate(there, -33.0) == pytest.approx(np.array([[0.3, -0.7]]))


def test_distance_is_euclidean_and_paired() -> None:
    points = np.array([[3.0, 4.0], [0.0, 2.0]])
    assert distance(points, np.zeros((2, 2))) == pytest.approx([5.0, 2.0])


def test_crossings_are_found_between_samples_in_the_asked_direction() -> None:
    time_s = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    values = np.array([-1.0, 3.0, 1.0, -1.0, 1.0])
    assert crossings(time_s, values, 0.0, rising=True) == pytest.approx([0.25, 3.5])
    assert crossings(time_s, values, 0.0, rising=False) == pytest.approx([2.5])


def test_a_sample_on_the_level_is_one_crossing() -> None:
    found = crossings(np.arange(3.0), np.array([-1.0, 0.0, 1.0]), 0.0, rising=True)
    assert found == pytest.approx([1.0])


def test_no_crossing_is_found_across_nan() -> None:
    found = crossings(np.arange(3.0), np.array([-1.0, np.nan, 1.0]), 0.0, rising=True)
    assert len(found) == 0


def test_runs_are_half_open_and_reach_both_ends() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.array([False, False])) == []


RATE_HZ = 120.0
TIME_S = np.arange(0.0, 8.0, 1 / RATE_HZ)
MIDDLE = slice(240, -240)


@pytest.mark.parametrize(("hertz", "gain"), [(1.0, 1.0), (10.0, 0.7071), (40.0, 0.0)])
def test_a_low_pass_keeps_slow_halves_the_power_at_its_cutoff_and_stops_fast(
    hertz: float, gain: float
) -> None:
    wave = np.sin(2 * np.pi * hertz * TIME_S)
    kept = low_pass(wave, RATE_HZ, 10.0)
    assert np.std(kept[MIDDLE]) / np.std(wave[MIDDLE]) == pytest.approx(gain, abs=0.02)


def test_a_low_pass_shifts_nothing_in_time() -> None:
    wave = np.sin(2 * np.pi * 3.0 * TIME_S)
    kept = low_pass(wave, RATE_HZ, 10.0)[MIDDLE]
    lags = [np.corrcoef(np.roll(wave, shift)[MIDDLE], kept)[0, 1] for shift in (-1, 0, 1)]
    assert int(np.argmax(lags)) == 1


def test_a_low_pass_never_reaches_across_a_gap() -> None:
    wave = np.sin(2 * np.pi * 3.0 * TIME_S)
    gapped = wave.copy()
    gapped[400:420] = np.nan
    other = gapped.copy()
    other[420:] = 100.0
    kept, changed = (low_pass(values, RATE_HZ, 10.0) for values in (gapped, other))
    assert np.isnan(kept[400:420]).all()
    assert np.array_equal(kept[:400], changed[:400])


def test_a_cutoff_near_the_sampling_limit_filters_nothing() -> None:
    noise = np.random.default_rng(1).standard_normal(200)
    assert np.array_equal(low_pass(noise, 24.0, 9.0), noise)


def test_a_stretch_too_short_to_filter_stays_as_it_is() -> None:
    values = np.full(40, np.nan)
    values[3:9] = [0.0, 5.0, 0.0, 5.0, 0.0, 5.0]
    assert np.array_equal(low_pass(values, RATE_HZ, 10.0), values, equal_nan=True)


def test_a_low_pass_filters_every_column_and_leaves_its_input_alone() -> None:
    pair = np.random.default_rng(1).standard_normal((200, 2))
    copy = pair.copy()
    kept = low_pass(pair, RATE_HZ, 6.0)
    assert np.array_equal(pair, copy)
    assert kept[:, 1] == pytest.approx(low_pass(pair[:, 1], RATE_HZ, 6.0))


def test_the_derivative_of_a_line_is_its_slope_and_nan_spreads_one_sample() -> None:
    line = 3.0 * TIME_S[:20]
    assert derivative(line, TIME_S[:20]) == pytest.approx(np.full(20, 3.0))
    line[10] = np.nan
    assert np.flatnonzero(np.isnan(derivative(line, TIME_S[:20]))).tolist() == [9, 10, 11]


@pytest.mark.parametrize("shift", [-0.4, 0.0, 0.3])
def test_the_highest_value_is_found_between_the_samples(shift: float) -> None:
    time_s = np.arange(0.0, 10.0)
    values = 7.0 - (time_s - 4.0 - shift) ** 2
    assert highest(time_s, values, 1.0, 8.0) == pytest.approx(7.0)


def test_on_a_slope_the_highest_value_is_that_of_the_last_sample_inside() -> None:
    time_s = np.arange(0.0, 10.0)
    assert highest(time_s, 2.0 * time_s, 1.0, 8.0) == 16.0
    assert np.isnan(highest(time_s, np.full(10, np.nan), 1.0, 8.0))

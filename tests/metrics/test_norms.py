"""What similar runners do, and where a runner stands among them."""

from __future__ import annotations

import pytest

from formcheck.domain import Reason, Scale, Side, Summary
from formcheck.metrics import METRICS, measure
from formcheck.metrics.norms import compare, norms
from formcheck.reasons import message
from tests.metrics.made import gait_of

SCALE = Scale(300.0, None, 2.5, "given", 2.5, 0.0)


def cadence(value: float, u: float = 1.0) -> Summary:
    return Summary(value, value - 1.96 * u, value + 1.96 * u, u, 12)


def test_reference_values_belong_to_metrics() -> None:
    assert set(norms()) <= set(METRICS)


SPEEDS_MPS = (2.5, 3.5, 4.5)
MEANS = {
    # Tables of biomechanics 4.1 and, from behind, 4.10: means at the three speeds.
    "cadence_spm": (161.6, 170.0, 182.3),
    "contact_time_s": (0.269, 0.225, 0.197),
    "flight_time_s": (0.103, 0.127, 0.132),
    "duty_factor": (0.361, 0.318, 0.298),
    "stride_length_m": (1.86, 2.48, 2.97),
    "stride_length_leg_lengths": (1.98, 2.66, 3.19),
    "stride_length_body_heights": (1.05, 1.40, 1.68),
    "vertical_oscillation_cm": (10.1, 9.9, 8.6),
    "vertical_oscillation_leg_lengths": (0.108, 0.106, 0.092),
    "vertical_ratio_percent": (10.8, 8.0, 5.8),
    "shank_angle_deg": (4.7, 8.3, 11.1),
    "ankle_ahead_of_hip_leg_lengths": (0.186, 0.245, 0.293),
    "heel_ahead_of_hip_cm": (12.4, 18.1, 23.2),
    "knee_at_contact_deg": (14.5, 15.1, 15.8),
    "knee_peak_stance_deg": (47.5, 49.8, 50.4),
    "knee_peak_swing_deg": (95.0, 110.0, 118.0),
    "thigh_at_toe_off_deg": (-18.8, -23.6, -27.3),
    "thigh_most_extended_deg": (-21.8, -29.7, -35.4),
    "thigh_most_flexed_deg": (30.3, 37.2, 43.2),
    "ankle_dorsiflexion_peak_deg": (27.7, 28.4, 28.2),
    "ankle_at_toe_off_deg": (-7.2, -9.7, -10.5),
    "pelvic_drop_peak_deg": (2.7, 3.3, 4.0),
    "step_width_cm": (5.1, 2.9, 1.2),
    "step_width_leg_lengths": (0.055, 0.031, 0.013),
    "foot_to_midline_leg_lengths": (0.018, 0.012, 0.004),
    "thigh_adduction_deg": (7.3, 7.1, 6.5),
}


def test_every_reference_value_is_held_against_the_table() -> None:
    assert set(MEANS) == set(norms())


@pytest.mark.parametrize("metric", MEANS)
def test_the_regression_gives_the_mean_of_each_speed(metric: str) -> None:
    norm = norms()[metric]
    found = [norm.expected(speed) for speed in SPEEDS_MPS]
    assert found == pytest.approx(list(MEANS[metric]), abs=0.35 * norm.sd)


def test_the_expected_value_is_the_fiftieth_percentile() -> None:
    expected = norms()["cadence_spm"].expected(2.5)
    place = compare("cadence_spm", cadence(expected), SCALE)
    assert place is not None
    assert (place.z, place.percentile) == pytest.approx((0.0, 50.0))


def test_the_typical_range_holds_four_in_five() -> None:
    norm = norms()["cadence_spm"]
    place = compare("cadence_spm", cadence(160.0), SCALE)
    assert place is not None
    low, high = (compare("cadence_spm", cadence(edge), SCALE) for edge in place.typical)
    assert low is not None
    assert high is not None
    assert (low.percentile, high.percentile) == pytest.approx((10.0, 90.0))
    assert place.typical[1] - place.typical[0] == pytest.approx(2 * 1.2816 * norm.sd, rel=1e-3)


def test_not_knowing_the_speed_widens_the_range_of_the_percentile() -> None:
    unsure = Scale(300.0, None, None, None, 2.5, 0.2)
    sharp, blurred = (compare("cadence_spm", cadence(170.0), s) for s in (SCALE, unsure))
    assert sharp is not None
    assert blurred is not None
    assert blurred.expected_u == pytest.approx(10.41 * 0.2)
    assert blurred.percentile_range[0] < sharp.percentile_range[0]
    assert blurred.percentile_range[1] > sharp.percentile_range[1]


def test_measurements_carry_the_comparison_of_every_summary() -> None:
    contact = next(m for m in measure(gait_of()) if m.metric == "contact_time_s")
    assert set(contact.comparisons) == set(Side)
    assert contact.not_compared is None


def test_where_similar_runners_cannot_be_named_the_reason_is_said() -> None:
    reason = Reason("speed_unknown", "the speed is unknown", "a comparison", "give it")
    withheld = measure(gait_of(withheld={"comparison": reason}))
    contact = next(m for m in withheld if m.metric == "contact_time_s")
    assert contact.comparisons == {}
    assert contact.not_compared == message(reason)

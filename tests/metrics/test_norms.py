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


@pytest.mark.parametrize(
    ("metric", "speed", "mean"),
    [
        # Table 4.1 of the biomechanics specification, rounding of the regression included.
        ("cadence_spm", 2.5, 161.6),
        ("cadence_spm", 4.5, 182.3),
        ("contact_time_s", 2.5, 0.269),
        ("contact_time_s", 4.5, 0.197),
        ("shank_angle_deg", 3.5, 8.3),
        ("ankle_ahead_of_hip_leg_lengths", 3.5, 0.245),
    ],
)
def test_the_regression_gives_the_mean_of_each_speed(
    metric: str, speed: float, mean: float
) -> None:
    norm = norms()[metric]
    assert norm.expected(speed) == pytest.approx(mean, abs=0.25 * norm.sd)


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

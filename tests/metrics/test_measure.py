"""From a value per stride to a median with an interval, or the reason there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from formcheck.domain import Limb, Measurement, Motion, Side, Stride, Summary, View
from formcheck.gait.frame import at_rate
from formcheck.metrics import METRICS, measure
from formcheck.metrics.leg import shank_angle_deg
from formcheck.metrics.norms import norms
from formcheck.metrics.uncertainty import shared_errors
from formcheck.reasons import reason
from formcheck.synthetic import RunnerSpec
from tests.metrics.made import N_STRIDES, STRIDE_S, gait_of
from tests.synthetic.made import analysis, record


def measured(name: str, **changes: Any) -> Measurement:
    return next(m for m in measure(gait_of(**changes)) if m.metric == name)


def summary_of(name: str, side: Side | None, **changes: Any) -> Summary:
    return measured(name, **changes).summaries[side]


def test_limb_values_are_summarised_per_side_and_body_values_once() -> None:
    assert set(measured("contact_time_s").summaries) == set(Side)
    assert set(measured("trunk_lean_deg").summaries) == {None}
    assert summary_of("contact_time_s", Side.LEFT).n_strides == N_STRIDES


def test_the_interval_is_the_median_and_1_96_u_to_both_sides() -> None:
    summary = summary_of("elbow_flexion_deg", Side.RIGHT)
    assert summary.median - summary.low == pytest.approx(1.96 * summary.u)
    assert summary.high - summary.median == pytest.approx(1.96 * summary.u)


def test_identical_strides_leave_only_pose_timing_and_roll_as_uncertainty() -> None:
    elbow = summary_of("elbow_flexion_deg", Side.RIGHT)
    assert elbow.u == pytest.approx(8.0)
    contact = summary_of("contact_time_s", Side.RIGHT)
    assert contact.u == pytest.approx(np.hypot(0.008, 0.008))
    lean = summary_of("trunk_lean_deg", None)
    assert lean.u == pytest.approx(np.hypot(2.0, shared_errors().roll_measured))


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 120.0])
def test_the_measured_bias_of_a_frame_rate_is_taken_out(rate_hz: float) -> None:
    gait = gait_of(frame_rate_hz=rate_hz)
    raw = float(np.median(shank_angle_deg(gait)))
    bias = at_rate(METRICS["shank_angle_deg"].uncertainty.bias, rate_hz)
    assert bias != 0
    found = summary_of("shank_angle_deg", Side.RIGHT, frame_rate_hz=rate_hz)
    assert found.median == pytest.approx(raw - bias)


def test_an_assumed_camera_roll_is_more_uncertain_than_a_measured_one() -> None:
    view = replace(gait_of().view, roll_measured=False)
    lean = summary_of("trunk_lean_deg", None, view=view)
    assert lean.u == pytest.approx(np.hypot(2.0, shared_errors().roll_assumed))


def test_the_far_side_is_less_certain() -> None:
    near, far = (summary_of("elbow_flexion_deg", side).u for side in (Side.RIGHT, Side.LEFT))
    assert far == pytest.approx(shared_errors().far * near)


def test_a_limb_that_was_lost_half_the_time_is_less_certain() -> None:
    motion = bridged("right_wrist", 0.0, 0.5 * gait_of().motion.time_s[-1])
    share = float(motion.filled[:, motion.landmarks.index("right_wrist")].mean())
    seen, lost = (
        summary_of("elbow_flexion_deg", Side.RIGHT, motion=each).u
        for each in (gait_of().motion, motion)
    )
    assert lost == pytest.approx((1 + share) * seen, rel=1e-6)


def test_strides_that_may_be_the_other_legs_are_not_measured() -> None:
    gait = gait_of()
    right = np.array([side is Side.RIGHT for side in gait.sides()])
    chance = np.where(np.cumsum(right) > 2, 0.99, 0.6)
    sure = {Limb.RIGHT_LEG: chance, Limb.LEFT_LEG: np.full(len(right), np.nan)}
    result = measured("contact_time_s", limb_confidence=sure)
    assert np.array_equal(np.isnan(result.values), right & (chance < 0.8))
    unsure = measured("contact_time_s", limb_confidence={Limb.RIGHT_LEG: np.full(len(right), 0.5)})
    assert set(unsure.summaries) == {Side.LEFT}
    assert "not sure which side is seen" in str(unsure.not_measured)
    arms = measured("elbow_flexion_deg", limb_confidence=sure)
    assert set(arms.summaries) == set(Side)


def test_what_is_read_over_the_clip_leaves_out_strides_that_may_be_the_other_legs() -> None:
    late = tuple(
        replace(stride, toe_off_s=stride.toe_off_s + 0.05 * (k < 6))
        for k, stride in enumerate(gait_of().strides)
    )
    chance = np.where(np.arange(len(late)) < 6, 0.6, 0.99)
    doubt = {Limb.RIGHT_LEG: chance, Limb.LEFT_LEG: chance}
    right = summary_of("vertical_stiffness_kn_m_kg", None, strides=late, limb_confidence=doubt)
    assert right.n_strides == 5
    assert right.median == pytest.approx(summary_of("vertical_stiffness_kn_m_kg", None).median)


@pytest.mark.parametrize("speed_sd", [0.0, 0.2])
def test_not_knowing_the_speed_makes_overstriding_less_certain(speed_sd: float) -> None:
    gait = gait_of()
    scale = replace(gait.scale, norm_speed_sd_mps=speed_sd)
    sure = summary_of("overstride_z", Side.RIGHT, scale=replace(scale, norm_speed_sd_mps=0.0))
    unsure = summary_of("overstride_z", Side.RIGHT, scale=scale)
    # The shank, vertical at 3 m/s, is the middle of the three here.
    shank = norms()["shank_angle_deg"]
    assert sure.median == pytest.approx((0.1 - shank.expected(3.0)) / shank.sd)
    added = np.sqrt(unsure.u**2 - sure.u**2)
    assert added == pytest.approx(speed_sd * shank.slope / shank.sd)


def test_spread_strides_widen_the_interval() -> None:
    gait = gait_of()
    spread = tuple(
        replace(stride, toe_off_s=stride.toe_off_s + (0.04 if k % 4 < 2 else -0.04))
        for k, stride in enumerate(gait.strides)
    )
    wide = summary_of("contact_time_s", Side.RIGHT, strides=spread)
    sampling = 1.25 * 0.04 * np.sqrt(8 / 7) / np.sqrt(8)
    assert wide.u == pytest.approx(np.sqrt(0.008**2 + 0.008**2 + sampling**2), rel=1e-3)


def test_more_frames_a_second_narrow_the_interval() -> None:
    slow, fast = (
        summary_of("contact_time_s", Side.RIGHT, frame_rate_hz=rate).u for rate in (30.0, 120.0)
    )
    assert fast < slow


def test_a_withheld_topic_is_not_measured_and_says_why() -> None:
    why = reason("time_withheld", note="the clock cannot be trusted")
    result = measured("contact_time_s", withheld={"contact": why})
    assert result.summaries == {}
    assert np.isnan(result.values).all()
    assert result.not_measured == "the clock cannot be trusted"
    assert measured("trunk_lean_deg", withheld={"contact": why}).summaries


def test_a_hidden_far_leg_takes_only_the_far_legs_values() -> None:
    why = reason("far_leg_hidden", side="left", missing_share=0.4)
    result = measured("contact_time_s", withheld={"far_leg": why})
    assert set(result.summaries) == {Side.RIGHT}
    assert result.not_measured == f"left: {why.seen}"


def test_a_hidden_far_arm_takes_only_the_far_elbow() -> None:
    why = reason("far_arm_hidden", side="left", missing_share=0.5)
    withheld = {"far_arm": why}
    assert set(measured("elbow_flexion_deg", withheld=withheld).summaries) == {Side.RIGHT}
    assert set(measured("contact_time_s", withheld=withheld).summaries) == set(Side)


@pytest.mark.parametrize("count", [1, 3])
def test_few_strides_are_given_the_usual_spread_in_place_of_their_own(count: int) -> None:
    strides = tuple(s for s in gait_of().strides if s.side is Side.RIGHT)[:count]
    result = measured("contact_time_s", strides=strides)
    usual = np.hypot(0.008, 0.008)
    expected = np.sqrt(0.008**2 + 0.008**2 + (1.25 * usual) ** 2 / count)
    assert result.summaries[Side.RIGHT].u == pytest.approx(expected, rel=1e-3)
    assert Side.LEFT not in result.summaries
    assert result.not_measured == "left: no stride could be measured"


def test_a_spread_beyond_the_usual_counts_also_in_few_strides() -> None:
    cut = [
        Stride.cut_by_rhythm(Side.RIGHT, start, start + length)
        for start, length in ((0.0, 0.6), (0.6, 0.9))
    ]
    one, two = (summary_of("cadence_spm", None, strides=tuple(chosen)) for chosen in (cut[:1], cut))
    assert two.u > 3 * one.u


def test_an_oblique_view_doubles_the_pose_part() -> None:
    oblique = replace(gait_of().view, view=View.OBLIQUE)
    plain = summary_of("elbow_flexion_deg", Side.RIGHT)
    vague = summary_of("elbow_flexion_deg", Side.RIGHT, view=oblique)
    assert vague.u == pytest.approx(2 * plain.u)


def bridged(landmark: str, start_s: float, stop_s: float) -> Motion:
    motion = gait_of().motion
    filled = np.array(motion.filled)
    inside = (motion.time_s >= start_s) & (motion.time_s < stop_s)
    filled[inside, motion.landmarks.index(landmark)] = True
    return Motion(motion.time_s, motion.position_ll, filled)


def test_a_stride_bridged_over_its_whole_length_is_left_out() -> None:
    result = measured("elbow_flexion_deg", motion=bridged("left_wrist", 0.0, 0.99 * STRIDE_S))
    left = [
        np.isnan(v) for v, s in zip(result.values, gait_of().sides(), strict=True) if s == "left"
    ]
    assert left == [True] + [False] * (N_STRIDES - 1)


def test_what_was_bridged_away_from_the_contact_does_not_matter_at_contact() -> None:
    swing = bridged("left_ankle", 0.3, 0.6)
    assert np.isfinite(measured("shank_angle_deg", motion=swing).values).all()
    landing = bridged("left_ankle", 0.65, 0.75)
    assert np.isnan(measured("shank_angle_deg", motion=landing).values).sum() == 1


# Gates close to what is reached at 60 fps, by a camera at 4 m.
WITHIN = {
    "cadence_spm": 0.5,
    "stride_time_s": 0.003,
    "stride_length_m": 0.02,
    "trunk_lean_deg": 0.6,
    "elbow_flexion_deg": 0.5,
    "foot_strike_angle_deg": 2.0,
    "shank_angle_deg": 0.8,
    "contact_time_s": 0.005,
    "flight_time_s": 0.005,
    "duty_factor": 0.007,
}


@pytest.mark.parametrize("metric", WITHIN)
@pytest.mark.parametrize("speed", [2.5, 3.0, 4.0])
def test_a_whole_clip_is_measured_within_the_gate(metric: str, speed: float) -> None:
    spec = RunnerSpec(speed_mps=speed, variability=1.0)
    _, truth = record(spec)
    found = analysis(spec).measurement(metric)
    assert found is not None
    for key, summary in found.summaries.items():
        assert summary.median == pytest.approx(truth.value(metric, key), abs=WITHIN[metric])


@pytest.mark.parametrize("metric", ["trunk_lean_deg", "elbow_flexion_deg"])
def test_posture_is_reproduced_with_slope_1(metric: str) -> None:
    asked = [0.0, 10.0, 25.0] if metric == "trunk_lean_deg" else [40.0, 80.0, 110.0]
    found = []
    for value in asked:
        changes: dict[str, Any] = {metric: value}
        spec = RunnerSpec(**changes)
        measurement = analysis(spec).measurement(metric)
        assert measurement is not None
        key = None if metric == "trunk_lean_deg" else Side.RIGHT
        found.append(measurement.summaries[key].median)
    assert np.polyfit(asked, found, 1)[0] == pytest.approx(1.0, abs=0.02)


def test_the_near_ankle_is_placed_within_1_percent_of_leg_length_and_the_far_one_within_2() -> None:
    """The far leg is smaller in the picture and is measured with the near leg's length."""
    metric = "ankle_ahead_of_hip_leg_lengths"
    spec = RunnerSpec(speed_mps=3.5, variability=1.0)
    _, truth = record(spec)
    found = analysis(spec).measurement(metric)
    assert found is not None
    near, far = (
        found.summaries[side].median - truth.value(metric, side) for side in (Side.RIGHT, Side.LEFT)
    )
    assert abs(near) < 0.01
    assert abs(far) < 0.02

"""A runner filmed from behind: which clips are taken, and what their rhythm and moments are."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import ClipVerdict, Gait, Side, View
from formcheck.errors import NoRunnerError, RefusedError, TooFewStridesError
from formcheck.gait.rear import fall_g
from formcheck.gait.rear_events import RearEventParams, detect_from_behind
from formcheck.synthetic import Camera, RunnerSpec, corrupt, make_runner, world_motion
from formcheck.synthetic.frontal_truth import hips_lowest_s
from tests.gait.test_checks import refusal, standing_still
from tests.synthetic.made import FROM_BEHIND, NATURAL, errors_s, n_invented, record
from tests.synthetic.test_runners import TIMES


def gait_of(spec: RunnerSpec, *, fps: float = 60.0, jitter_m: float = 0.0) -> Gait:
    pose, _ = record(spec, FROM_BEHIND, fps=fps)
    noisy = corrupt.correlated_jitter(pose, jitter_m * FROM_BEHIND.px_per_m, seed=1)
    return analyze_pose(noisy, AnalysisConfig()).gait


@pytest.mark.parametrize("side", Side)
def test_mid_stance_is_when_the_hips_are_lowest_within_5_ms(side: Side) -> None:
    runner = make_runner(NATURAL, 4.0, 1)
    motion = world_motion(runner, TIMES).frontal(1.0)
    found = detect_from_behind(motion, 1.38, RearEventParams()).mid_stance_s[side]
    true = hips_lowest_s(runner, side, motion)
    true = true[(true > 0.3) & (true < 3.7)]
    assert len(true) >= 4
    assert errors_s(found, true) == pytest.approx(0.0, abs=0.005)


@pytest.mark.parametrize("jitter_m", [0.0, 0.008])
@pytest.mark.parametrize(("speed", "bias_ms"), [(2.5, 8.0), (3.0, 2.0), (4.5, -10.0)])
def test_every_contact_is_found_within_20_ms_and_none_invented(
    speed: float, bias_ms: float, jitter_m: float
) -> None:
    spec = RunnerSpec(speed_mps=speed, variability=1.0)
    _, truth = record(spec, FROM_BEHIND)
    gait = gait_of(spec, jitter_m=jitter_m)
    for side in Side:
        found = gait.events.initial_contact_s[side]
        errors_ms = 1000 * errors_s(found, truth.whole_contacts_s(side, 0.3))
        assert np.abs(errors_ms).max() < 30
        # The hips do not say at which part of the fall the foot touches: it depends on the speed.
        assert errors_ms.mean() == pytest.approx(bias_ms, abs=5.0)
        assert n_invented(found, truth.events.initial_contact_s[side]) == 0
        assert not np.isfinite(gait.events.toe_off_s[side]).any()


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 120.0])
def test_cadence_is_within_half_a_step_a_minute(fps: float) -> None:
    _, truth = record(NATURAL, FROM_BEHIND, fps=fps)
    gait = gait_of(NATURAL, fps=fps, jitter_m=0.008)
    cadence = 120.0 / np.mean([stride.stride_time_s for stride in gait.strides])
    assert cadence == pytest.approx(truth.value("cadence_spm"), abs=0.5)


def test_the_runners_right_is_on_the_right_and_no_side_is_far() -> None:
    gait = gait_of(NATURAL)
    assert gait.view.view is View.REAR
    assert (gait.view.facing, gait.view.near_side) == (None, None)
    assert np.all(gait.motion.track("right_hip")[:, 0] > gait.motion.track("left_hip")[:, 0])
    assert not any(gait.is_far(side) for side in Side)


@pytest.mark.parametrize("height_m", [1.60, 1.90])
def test_the_leg_length_comes_from_the_trunk_within_3_percent(height_m: float) -> None:
    spec = RunnerSpec(height_m=height_m)
    leg_px = gait_of(spec).scale.leg_length_px
    assert leg_px == pytest.approx(spec.leg_length_m * FROM_BEHIND.px_per_m, rel=0.03)


@pytest.mark.parametrize("speed", [1.1, 1.4, 2.0])
def test_walking_from_behind_is_refused(speed: float) -> None:
    spec = RunnerSpec(is_walking=True, walking_speed_mps=speed)
    pose, _ = record(spec, FROM_BEHIND)
    # The feet of a walker hardly leave the ground: seen from behind that is next to standing.
    assert refusal(pose, NoRunnerError) in {"standing", "not_running_from_behind"}


def test_the_fall_of_the_hips_tells_running_from_walking() -> None:
    runner, walker = make_runner(NATURAL, 4.0, 1), make_runner(RunnerSpec(is_walking=True), 4.0, 1)
    falls = [
        fall_g(
            world_motion(who, TIMES).frontal(0.93),
            1.0 / who.plan.cycle.stride_time_s,
            0.93,
            RearEventParams(),
        )
        for who in (runner, walker)
    ]
    assert falls[0] == pytest.approx(1.3, abs=0.2)
    assert falls[1] < 0.4


def test_standing_with_the_back_to_the_camera_is_refused() -> None:
    pose, _ = record(camera=FROM_BEHIND)
    assert refusal(standing_still(pose, 5.0), NoRunnerError) == "standing"


def test_a_short_clip_is_refused_for_too_few_strides() -> None:
    pose, _ = record(camera=FROM_BEHIND, duration_s=2.5)
    assert refusal(pose, TooFewStridesError) == "too_few_rear_strides"


def test_the_front_stays_refused() -> None:
    pose, _ = record(camera=Camera(yaw_deg=90.0))
    assert refusal(pose, RefusedError) == "view_front"


def test_slow_motion_from_behind_prints_no_time() -> None:
    pose, _ = record(NATURAL, FROM_BEHIND, fps=240.0)
    result = analyze_pose(corrupt.slowed(pose, 8.0), AnalysisConfig())
    assert result.verdict is ClipVerdict.PARTIAL
    assert result.summary("cadence_spm", None) is None
    assert result.summary("pelvic_drop_deg", Side.LEFT) is not None

"""What is refused, with which reason; what is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Choice, ClipVerdict, FloatArray, PoseSequence, Side, View, ViewEstimate
from formcheck.errors import NoRunnerError, RefusedError, TooFewStridesError, ViewError
from formcheck.gait.checks import (
    Doubt,
    require_facing,
    require_one_stride,
    require_running,
    require_steady_oblique,
)
from formcheck.gait.rhythm import BodyRhythm
from formcheck.geometry import rotate
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.gait.test_view import flipped_from
from tests.synthetic.made import NATURAL, record, seen_exactly

CONFIG = AnalysisConfig()


def refusal(pose: PoseSequence, kind: type[RefusedError]) -> str:
    """Reason code with which a pose is refused."""
    with pytest.raises(kind) as caught:
        analyze_pose(pose, CONFIG)
    assert caught.value.video == pose.video
    (reason,) = caught.value.reasons
    return reason.code


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_walking_is_refused(side: Side, fps: float) -> None:
    pose, _ = record(RunnerSpec(is_walking=True, variability=1.0), Camera(side=side), fps=fps)
    assert refusal(pose, NoRunnerError) == "walking"


@pytest.mark.parametrize("walking_speed", [1.1, 1.7])
def test_slow_and_brisk_walking_are_refused_also_with_jitter(walking_speed: float) -> None:
    spec = RunnerSpec(is_walking=True, walking_speed_mps=walking_speed)
    pose, _ = record(spec)
    noisy = corrupt.correlated_jitter(pose, 0.008 * Camera().px_per_m, seed=1)
    assert refusal(noisy, NoRunnerError) == "walking"


@pytest.mark.parametrize("speed", [2.0, 3.0, 4.0, 5.5])
def test_running_at_any_speed_is_analysed(speed: float) -> None:
    pose, _ = record(RunnerSpec(speed_mps=speed, variability=1.0))
    assert analyze_pose(pose, CONFIG).verdict is not ClipVerdict.REFUSED


def standing_still(pose: PoseSequence, sway_px: float) -> PoseSequence:
    """The first frame for the whole clip, swaying a little."""
    sway: FloatArray = sway_px * np.sin(2 * np.pi * pose.time_s)
    xy = pose.xy_px[:1] + np.stack([sway, np.zeros_like(sway)], axis=-1)[:, None]
    return replace(pose, xy_px=xy)


def test_standing_is_refused() -> None:
    pose, _ = record()
    assert refusal(standing_still(pose, 10.0), NoRunnerError) == "standing"


@pytest.mark.parametrize("turn_s", [3.0, 5.0, 7.0])
def test_turning_around_is_refused_whenever_it_happens(turn_s: float) -> None:
    pose, _ = record()
    assert refusal(flipped_from(pose, turn_s), ViewError) == "turns"


def test_a_view_from_the_front_is_refused_by_its_name() -> None:
    yaw, code = 90.0, "view_front"
    pose, _ = record(camera=Camera(yaw_deg=yaw))
    assert refusal(pose, ViewError) == code


def test_a_few_strides_seen_obliquely_are_refused() -> None:
    pose, _ = record(camera=Camera(yaw_deg=40.0), duration_s=2.0)
    assert refusal(pose, ViewError) == "view_oblique"


def test_several_runners_are_refused() -> None:
    pose, _ = record()
    assert refusal(replace(pose, choice=Choice.UNDECIDED), NoRunnerError) == "several_people"


def test_an_empty_clip_is_refused() -> None:
    pose, _ = record()
    nobody = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    assert refusal(nobody, NoRunnerError) == "no_person"


@pytest.mark.parametrize(("share", "is_refused"), [(0.25, False), (0.40, True)])
def test_a_runner_lost_in_more_than_30_percent_of_the_frames_is_refused(
    share: float, is_refused: bool
) -> None:
    pose, _ = record()
    xy = np.array(pose.xy_px)
    # One blink a second: too short to end a stretch.
    xy[(pose.time_s % 0.5) < share * 0.5] = np.nan
    blinking = replace(pose, xy_px=xy)
    if is_refused:
        assert refusal(blinking, NoRunnerError) == "track_lost"
    else:
        assert analyze_pose(blinking, CONFIG).verdict is not ClipVerdict.REFUSED


def test_a_body_cut_off_above_the_knees_is_refused() -> None:
    pose, _ = record(camera=Camera(height_m=1.8))
    assert refusal(pose, ViewError) == "body_out_of_frame"


def test_a_direction_on_which_nothing_agrees_is_refused() -> None:
    view = ViewEstimate(View.SIDE, None, None, 0.1)
    with pytest.raises(ViewError) as caught:
        require_facing(view)
    assert caught.value.reasons[0].code == "facing_unclear"


def test_a_body_without_a_common_rhythm_is_refused() -> None:
    pose, _ = record()
    order = np.random.default_rng(1).permutation(len(pose.time_s))
    assert refusal(replace(pose, xy_px=pose.xy_px[order]), NoRunnerError) == "no_rhythm"


def test_frames_too_few_even_for_the_rhythm_are_refused() -> None:
    pose, _ = record(fps=12.0)
    assert refusal(pose, ViewError) == "frame_rate_too_low"


def test_24_frames_a_second_are_enough() -> None:
    pose, _ = record(fps=24.0)
    assert analyze_pose(pose, CONFIG).verdict is ClipVerdict.ANALYSED


@pytest.mark.parametrize("duration_s", [0.45, 0.6])
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_less_than_one_stride_is_refused(duration_s: float, seed: int) -> None:
    whole, _ = record(NATURAL, duration_s=2.0, seed=seed)
    xy = np.array(whole.xy_px)
    xy[whole.time_s > duration_s] = np.nan
    with pytest.raises(RefusedError):
        analyze_pose(replace(whole, xy_px=xy), CONFIG)


def test_a_clip_too_short_for_one_stride_says_so() -> None:
    with pytest.raises(TooFewStridesError, match="too short"):
        require_one_stride(rhythm(n_strides=1.0), CONFIG.running)
    require_one_stride(rhythm(n_strides=1.3), CONFIG.running)


def rhythm(n_strides: float = 10.0, bounce: float = 0.9, sharpness: float = 0.9) -> BodyRhythm:
    """A rhythm of one stride a second."""
    time_s = np.linspace(0.0, n_strides, 50)
    return BodyRhythm(1.0, sharpness, bounce, time_s, np.sin(2 * np.pi * time_s))


WALKER, RUNNER = RunnerSpec(is_walking=True), RunnerSpec(speed_mps=2.0)
SPRINTER = RunnerSpec(speed_mps=5.5)


@pytest.mark.parametrize(
    ("seen", "spec", "doubt", "code"),
    [
        ({"bounce": 0.5}, WALKER, Doubt.VIEW, None),
        ({"bounce": 0.0}, RUNNER, Doubt.NONE, None),
        ({"bounce": 0.0}, RUNNER, Doubt.FEW_STRIDES, "not_running"),
        ({"bounce": 0.1}, SPRINTER, Doubt.FEW_STRIDES, None),
        ({"bounce": 0.1, "sharpness": 0.45}, SPRINTER, Doubt.FEW_STRIDES, "not_running"),
        ({"bounce": 0.1}, SPRINTER, Doubt.VIEW, "not_running"),
        ({"bounce": 0.5, "sharpness": 0.3}, SPRINTER, Doubt.NONE, None),
        ({"bounce": 0.5, "sharpness": 0.3}, RUNNER, Doubt.NONE, "not_running"),
        ({"bounce": 0.0}, WALKER, Doubt.NONE, "walking"),
        ({"bounce": -0.6}, RUNNER, Doubt.NONE, "walking"),
    ],
)
def test_trunk_and_knee_tell_running_together_or_alone(
    seen: dict[str, float], spec: RunnerSpec, doubt: Doubt, code: str | None
) -> None:
    motion, _ = seen_exactly(spec, 60.0)
    if code is None:
        require_running(motion, Side.RIGHT, rhythm(**seen), CONFIG.running, doubt)
        return
    with pytest.raises(NoRunnerError) as caught:
        require_running(motion, Side.RIGHT, rhythm(**seen), CONFIG.running, doubt)
    assert caught.value.reasons[0].code == code


def test_a_camera_that_pans_from_front_to_behind_is_refused() -> None:
    before, after = (
        record(NATURAL, Camera(yaw_deg=yaw), duration_s=10.0)[0] for yaw in (35.0, -35.0)
    )
    share = np.clip(before.time_s / before.time_s[-1], 0, 1)[:, None, None]
    turning = replace(before, xy_px=(1 - share) * before.xy_px + share * after.xy_px)
    seen = ViewEstimate(View.OBLIQUE, Side.RIGHT, Side.RIGHT, 0.3)
    require_steady_oblique(before, seen, CONFIG.running)
    with pytest.raises(ViewError) as caught:
        require_steady_oblique(turning, seen, CONFIG.running)
    assert caught.value.reasons[0].code == "view_changes"


def getting_up_to_speed(pose: PoseSequence) -> PoseSequence:
    """The trunk, bent by 60 degrees at the start, rises for six seconds."""
    rising = -60.0 * np.clip(1 - pose.time_s / 6.0, 0, 1)
    hip = pose.midpoint_px("hip")
    xy = np.array(pose.xy_px)
    upper = [i for i, name in enumerate(pose.landmarks) if i < pose.index("left_hip")]
    for column in upper:
        turned = np.stack(
            [rotate(p[None], -a)[0] for p, a in zip(xy[:, column] - hip, rising, strict=True)]
        )
        xy[:, column] = hip + turned
    return replace(pose, xy_px=xy)


def test_a_start_is_refused() -> None:
    assert refusal(getting_up_to_speed(record()[0]), NoRunnerError) == "not_steady"

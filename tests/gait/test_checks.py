"""What is refused, with which reason; what is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Choice, ClipVerdict, FloatArray, PoseSequence, Side
from formcheck.errors import NoRunnerError, RefusedError, TooFewStridesError, ViewError
from formcheck.gait.checks import hip_score
from formcheck.gait.foot_motion import EventParams, detect_events
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


def test_the_hips_tell_running_from_walking() -> None:
    scores = []
    for spec in (NATURAL, RunnerSpec(is_walking=True)):
        motion, _ = seen_exactly(spec, 60.0)
        scores.append(hip_score(motion, detect_events(motion, EventParams())))
    assert scores[0] < -0.5
    assert scores[1] > 0.5


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


@pytest.mark.parametrize(("yaw", "code"), [(90.0, "view_front"), (40.0, "view_oblique")])
def test_other_views_are_refused_by_their_name(yaw: float, code: str) -> None:
    pose, _ = record(camera=Camera(yaw_deg=yaw))
    assert refusal(pose, ViewError) == code


def test_several_runners_are_refused() -> None:
    pose, _ = record()
    assert refusal(replace(pose, choice=Choice.UNDECIDED), NoRunnerError) == "several_people"


def test_an_empty_clip_is_refused() -> None:
    pose, _ = record()
    nobody = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    assert refusal(nobody, NoRunnerError) == "no_person"


def test_feet_out_of_the_picture_are_refused() -> None:
    pose, _ = record(camera=Camera(height_m=1.35))
    assert refusal(pose, ViewError) == "body_out_of_frame"


def test_too_few_frames_a_second_are_refused() -> None:
    pose, _ = record(fps=20.0)
    assert refusal(pose, ViewError) == "frame_rate_too_low"


def test_24_frames_a_second_are_enough() -> None:
    pose, _ = record(fps=24.0)
    assert analyze_pose(pose, CONFIG).verdict is not ClipVerdict.REFUSED


@pytest.mark.parametrize("duration_s", [1.5, 2.5])
def test_a_short_clip_is_refused_for_too_few_strides(duration_s: float) -> None:
    pose, _ = record(duration_s=duration_s)
    assert refusal(pose, TooFewStridesError) == "too_few_strides"

"""The quick look before an analysis: what it sees, what it advises, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.checkup import CheckupParams, Glance, judge
from formcheck.checkup.judge import situations
from formcheck.config import AnalysisConfig
from formcheck.domain import (
    CheckItem,
    Checkup,
    Choice,
    Fitness,
    Legs,
    Person,
    PoseSequence,
    Scene,
)
from formcheck.synthetic import Camera, corrupt
from formcheck.texts import templates
from tests import scenes
from tests.command import Cli
from tests.copies import copy, of_height
from tests.rendered import SAMPLES, UPRIGHT
from tests.synthetic.made import NATURAL, record

CONFIG = AnalysisConfig()


def person(legs: Legs = Legs.CYCLE, lift: float = 0.5) -> Person:
    return Person(1, (100, 100, 300, 600), 1.0, "middle", 0.0, 8.0, legs, lift, is_followed=True)


def glance(pose: PoseSequence | None = None, *, fps: float = 60.0, seconds: float = 20.0) -> Glance:
    """A perfectly filmed clip, of which a part was looked at."""
    if pose is None:
        clean, _ = record(NATURAL)
        pose = corrupt.correlated_jitter(clean, 0.005 * Camera().px_per_m, seed=1)
    pose = pose if pose.people else replace(pose, people=(person(),))
    return Glance(Path("clip.mp4"), np.arange(0.0, seconds, 1 / fps), 0, pose)


def checked(seen: Glance, config: AnalysisConfig = CONFIG) -> Checkup:
    return judge(seen, config, CheckupParams())


def item(result: Checkup, name: str) -> CheckItem:
    return next(each for each in result.items if each.name == name)


def with_scene(pose: PoseSequence, *, brightness: float, sharpness: float, shift: float) -> Glance:
    frames = len(pose.time_s)
    moved = np.zeros((frames, 2))
    moved[1:, 0] = shift * pose.video.width_px
    never = np.zeros(frames, dtype=bool)
    scene = Scene(
        never, never, np.full(frames, 5.0), moved, np.zeros(frames),
        np.full(frames, sharpness), np.full(frames, brightness),
    )  # fmt: skip
    return glance(replace(pose, scene=scene))


def test_a_well_filmed_clip_is_fit_and_there_is_nothing_to_fix() -> None:
    result = checked(glance())
    assert [each.seen for each in result.items if each.fitness is not Fitness.FIT] == []
    assert result.fitness is Fitness.FIT
    assert result.first_to_fix is None


@pytest.mark.parametrize(
    ("seen", "name", "fitness"),
    [
        (lambda: glance(fps=30.0), "Frame rate", Fitness.LIMITED),
        (lambda: glance(fps=15.0), "Frame rate", Fitness.UNFIT),
        (lambda: glance(seconds=5.0), "Length", Fitness.LIMITED),
        (lambda: glance(scenes.running_towards_the_camera()), "View", Fitness.UNFIT),
        (lambda: glance(replace(glance().pose, choice=Choice.UNDECIDED)), "People", Fitness.UNFIT),
    ],
)
def test_what_was_filmed_badly_is_named(
    seen: Callable[[], Glance], name: str, fitness: Fitness
) -> None:
    result = checked(seen())
    assert item(result, name).fitness is fitness
    assert item(result, name).advice
    assert result.fitness is fitness


@pytest.mark.parametrize(
    ("runner", "fitness", "seen"),
    [
        (person(), Fitness.FIT, "as in running"),
        (person(lift=0.17), Fitness.UNFIT, "as in walking"),
        (person(Legs.REST, 0.02), Fitness.UNFIT, "the legs rest"),
        (person(Legs.MOVE), Fitness.LIMITED, "without a rhythm"),
        (person(Legs.UNSEEN, 0.0), Fitness.LIMITED, "feet are not in the picture"),
    ],
)
def test_who_does_not_run_is_told(runner: Person, fitness: Fitness, seen: str) -> None:
    found = item(checked(glance(replace(glance().pose, people=(runner,)))), "Movement")
    assert found.fitness is fitness
    assert seen in found.seen


def test_a_face_is_no_runner() -> None:
    pose = replace(glance().pose, people=(person(Legs.UNSEEN, 0.0),))
    xy = np.array(pose.xy_px)
    xy[..., 1] += pose.video.height_px * 0.8
    found = item(checked(glance(replace(pose, xy_px=xy))), "Movement")
    assert found.fitness is Fitness.UNFIT


def test_missing_frames_are_named() -> None:
    whole = glance()
    times = np.delete(whole.time_s, slice(100, 120))
    found = item(checked(replace(whole, time_s=times)), "Frame times")
    assert (found.fitness, found.seen) == (Fitness.LIMITED, "frames are missing for up to 0.35 s")


def test_uneven_frames_are_told_and_no_fault() -> None:
    whole = glance()
    jitter = np.random.default_rng(1).uniform(-0.004, 0.004, len(whole.time_s))
    found = item(checked(replace(whole, time_s=np.sort(whole.time_s + jitter))), "Frame times")
    assert found.fitness is Fitness.FIT
    assert found.seen.startswith("variable")


def slow(factor: float) -> Glance:
    seen = glance()
    times = np.asarray(seen.pose.time_s) * factor
    return replace(seen, pose=replace(seen.pose, time_s=times), time_s=seen.time_s * factor)


def test_slow_motion_is_recognised_and_the_true_rate_sets_it_right() -> None:
    found = item(checked(slow(4.0)), "Playing speed")
    assert found.fitness is Fitness.LIMITED
    assert "--capture-fps" in found.advice
    told = checked(slow(4.0), AnalysisConfig(capture_fps=60.0))
    assert item(told, "Playing speed").fitness is Fitness.FIT


def test_shoes_out_of_the_picture_are_the_first_thing_to_fix() -> None:
    seen = glance()
    xy = np.array(seen.pose.xy_px)
    low = [seen.pose.index(f"{s}_{p}") for s in ("left", "right") for p in ("heel", "foot_index")]
    xy[:, low, 1] = seen.pose.video.height_px + 20
    result = checked(replace(seen, pose=replace(seen.pose, xy_px=xy), time_s=seen.time_s[:200]))
    assert item(result, "Length").fitness is Fitness.LIMITED
    assert result.first_to_fix == item(result, "Whole body")


def test_a_clip_that_lies_on_its_side_is_not_usable() -> None:
    seen = glance()
    lying = replace(seen.pose, xy_px=np.asarray(seen.pose.xy_px)[:, :, ::-1])
    assert item(checked(replace(seen, pose=lying)), "Upright").fitness is Fitness.UNFIT


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"brightness": 15.0}, "Light"),
        ({"sharpness": 5.0}, "Sharpness"),
        ({"shift": 0.02}, "Camera"),
    ],
)
def test_dark_soft_and_shaken_pictures_are_named(change: dict[str, float], name: str) -> None:
    fine = {"brightness": 120.0, "sharpness": 400.0, "shift": 0.0}
    assert item(checked(with_scene(glance().pose, **fine)), name).fitness is Fitness.FIT
    assert item(checked(with_scene(glance().pose, **fine | change)), name).fitness is (
        Fitness.LIMITED
    )


def test_whatever_is_not_fit_comes_with_advice() -> None:
    for side, each in situations().items():
        for situation, fitness in each.items():
            said = templates("checkup", f"{side}.{situation}")
            assert set(said) == {"seen"} | ({"advice"} if fitness is not Fitness.FIT else set())


@pytest.mark.mediapipe
def test_a_good_sample_is_fit_but_for_its_length(cli: Cli) -> None:
    outcome = cli("check", "--json", UPRIGHT)
    (found,) = json.loads(outcome.stdout)
    limits = [each["name"] for each in found["items"] if each["fitness"] != "fit"]
    assert limits == ["Length"]
    assert outcome.exit_code == 1


@pytest.mark.mediapipe
def test_a_small_runner_is_told_to_come_closer(cli: Cli, tmp_path: Path) -> None:
    small = copy(UPRIGHT, tmp_path / "small.mp4", seconds=6.0, picture=of_height(240))
    outcome = cli("check", small)
    assert outcome.exit_code == 1
    assert "go closer" in outcome.stdout


def test_what_is_no_video_is_not_usable(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("not a film")
    outcome = cli("check", tmp_path / "a.mp4")
    assert outcome.exit_code == 2
    assert "a.mp4" in outcome.complaint


@pytest.mark.mediapipe
def test_of_several_clips_the_worst_counts_and_each_is_told(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("not a film")
    outcome = cli("check", UPRIGHT, tmp_path / "a.mp4")
    assert outcome.exit_code == 2
    assert str(SAMPLES.name) in outcome.stdout

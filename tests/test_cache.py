"""What was kept is found again by what made it, and by nothing else."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck import cache as module
from formcheck.cache import (
    OBSERVATION,
    Cache,
    keep_pose,
    kept_pose,
    observation_key,
    placed,
    pose_key,
)
from formcheck.code import (
    PACKAGE,
    POSE_STAGE,
    code_sha256,
    observation_version,
    pose_version,
    short_digest,
    sources,
)
from formcheck.domain import Analysis, Choice, ModelInfo, PoseSequence
from formcheck.errors import RefusedError, VideoError
from formcheck.gait.frame import SmoothingParams
from formcheck.gait.observation import ObservationParams
from formcheck.gait.observe import GaitParams, RunnerFacts
from formcheck.guidance.apply import GradingParams
from formcheck.pipeline import estimate_pose, observation_params
from formcheck.pose.choose import Wanted
from formcheck.pose.mediapipe import PoseParams
from formcheck.pose.recorded import pose_bytes
from formcheck.pose.sides import SideParams
from formcheck.report import ReportOptions, summary, write_report
from formcheck.synthetic import corrupt
from formcheck.texts import Language, ReportStyle
from formcheck.video.proxy import Reading
from tests import scenes
from tests.command import Cli, frames_of, write_clip
from tests.rendered import UPRIGHT
from tests.rights import without_rights_of_root
from tests.synthetic.made import FROM_BEHIND, NATURAL, record

MODEL = ModelInfo("full", "ab" * 32, "official", "mediapipe 1.2.3")
CLIP = "01" * 32
KEY = pose_key(CLIP, MODEL, PoseParams())


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "poses")


def keep(cache: Cache, key: str, *, used_days_ago: float = 0.0) -> Path:
    cache.save(key, pose_bytes(scenes.walking()))
    used = time.time() - 86_400 * used_days_ago
    os.utime(cache.folder / key, (used, used))
    return cache.folder / key


def key_of_clip(number: int) -> str:
    return pose_key(f"{number:02x}" * 32, MODEL, PoseParams())


@pytest.mark.parametrize(
    "other",
    [
        pose_key("23" * 32, MODEL, PoseParams()),
        pose_key(CLIP, replace(MODEL, sha256="cd" * 32), PoseParams()),
        pose_key(CLIP, replace(MODEL, backend="mediapipe 9"), PoseParams()),
        pose_key(CLIP, MODEL, PoseParams(max_side_px=640)),
        pose_key(CLIP, MODEL, PoseParams(min_tracking_confidence=0.6)),
        pose_key(CLIP, MODEL, PoseParams(), Wanted(person=2)),
        pose_key(CLIP, MODEL, PoseParams(), Wanted(at=(0.3, 0.5))),
    ],
    ids=["clip", "model", "backend", "frame size", "confidence", "person", "point"],
)
def test_a_key_differs_by_everything_a_pose_depends_on(other: str) -> None:
    assert other != KEY


def test_the_code_of_the_stage_counts_but_not_its_comments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "stage.py"
    texts = ("X = 1\n", '"""Words."""\nX = 1  # one\n', "X = 2\n")
    digests = []
    monkeypatch.syspath_prepend(tmp_path)
    for text in texts:
        source.write_text(text, encoding="utf-8")
        digests.append(pose_version.__wrapped__("stage"))
    assert digests[0] == digests[1] != digests[2]


def test_decoding_is_part_of_the_stage_and_side_repair_is_not() -> None:
    found = set(sources(POSE_STAGE))
    assert {"formcheck.pose.mediapipe", "formcheck.pose.people", "formcheck.video.read"} <= found
    assert "formcheck.pose.sides" not in found


def test_a_kept_pose_comes_back_as_it_was(cache: Cache) -> None:
    kept = scenes.walking()
    assert kept_pose(cache, KEY) is None
    keep_pose(cache, KEY, kept)
    found = kept_pose(cache, KEY)
    assert found is not None
    assert found.video == kept.video
    np.testing.assert_array_equal(found.time_s, kept.time_s)
    assert [path.name for path in cache.folder.iterdir()] == [KEY]


def test_a_damaged_file_is_taken_for_none(cache: Cache) -> None:
    path = keep(cache, KEY)
    path.write_bytes(path.read_bytes()[:200])
    assert kept_pose(cache, KEY) is None


def test_what_an_earlier_version_kept_goes_first(cache: Cache) -> None:
    keep(cache, KEY)
    old = KEY.replace(pose_version(), "0" * 12)
    keep(cache, old)
    assert {entry.path.name for entry in cache.prune()} == {old}
    assert [entry.path.name for entry in cache.kept()] == [KEY]


def test_only_poses_are_ever_removed(cache: Cache) -> None:
    keep(cache, KEY)
    others = [cache.folder / name for name in ("holiday.mp4", "poses.npz", f".{KEY}.0123abcd")]
    for other in others:
        other.touch()
    left = cache.folder / f".{KEY}.89abcdef"  # by a run that was killed
    left.touch()
    os.utime(left, (0, 0))
    assert {entry.path for entry in cache.prune(everything=True)} == {cache.folder / KEY, left}
    assert all(other.exists() for other in others)


def test_the_longest_unused_go_until_the_rest_fits(cache: Cache) -> None:
    paths = [keep(cache, key_of_clip(day), used_days_ago=day) for day in range(4)]
    room = sum(path.stat().st_size for path in paths[:2])
    assert len(cache.prune(unused_days=2.5)) == 1
    assert len(cache.prune(max_bytes=room)) == 1
    assert {entry.path for entry in cache.kept()} == set(paths[:2])


def test_poses_go_last(cache: Cache) -> None:
    pose = keep(cache, KEY, used_days_ago=3)
    seen = keep(cache, f"{KEY[:50]}{short_digest([])}-{observation_version()}{OBSERVATION}")
    assert {entry.path for entry in cache.prune(max_bytes=pose.stat().st_size)} == {seen}
    assert cache.prune(max_bytes=0)[0].path == pose


def test_use_keeps_a_pose_young(cache: Cache) -> None:
    keep(cache, KEY, used_days_ago=30)
    cache.load(KEY)
    assert cache.prune(unused_days=1) == ()


RUNNER = record(NATURAL, duration_s=5.0)[0]
XY = np.array(RUNNER.xy_px)
XY[7, 3] += 1e-9


def seen_key(pose: PoseSequence = RUNNER, **config: Any) -> str:
    return observation_key(pose, observation_params(AnalysisConfig(**config)))


@pytest.mark.parametrize(
    "other",
    [
        seen_key(replace(RUNNER, xy_px=XY)),
        seen_key(replace(RUNNER, time_s=2 * RUNNER.time_s)),
        seen_key(replace(RUNNER, video=replace(RUNNER.video, width_px=1281))),
        seen_key(replace(RUNNER, choice=Choice.UNDECIDED)),
        seen_key(speed_kmh=10.0),
        seen_key(height_cm=170.0),
        seen_key(capture_fps=240.0),
        seen_key(incline_percent=1.0),
        seen_key(sides=SideParams(point_distance=0.21)),
        seen_key(smoothing=SmoothingParams(head_hz=(5.0, 5.0, 5.0))),
    ],
    ids=[
        "body",
        "times",
        "picture",
        "choice",
        "speed",
        "height",
        "rate",
        "incline",
        "limbs",
        "gait",
    ],
)
def test_a_key_differs_by_everything_an_observation_depends_on(other: str) -> None:
    assert other != seen_key()


def test_where_the_clip_lies_and_how_it_is_judged_and_told_are_not_in_the_key() -> None:
    style = ReportStyle(language=Language.DE)
    config = {"report": style, "grading": GradingParams(), "rules": Path("my.toml")}
    moved = placed(RUNNER, "elsewhere.mp4")
    assert seen_key(moved, **config) == seen_key()


def test_every_setting_is_in_the_key_or_comes_after_the_observation() -> None:
    after = {"grading", "report", "rules", "privacy"}
    before = {"pose", "model", "person", "runner_at"}  # of the pose
    facts = {field.name for field in fields(RunnerFacts)}
    gait = {field.name for field in fields(GaitParams)}
    own = {field.name for field in fields(ObservationParams)} - {"facts", "gait"}
    assert after | before | facts | gait | own == {f.name for f in fields(AnalysisConfig)}


def test_code_that_observes_is_in_the_version_and_code_that_measures_is_not(
    tmp_path: Path,
) -> None:
    package = tmp_path / "formcheck"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))

    def after(change: str) -> str:
        (package / change).write_bytes((package / change).read_bytes() + b" ")
        code_sha256.cache_clear()
        return observation_version(package)

    before = observation_version(package)
    assert before == observation_version()
    assert after("metrics/foot.py") == after("guidance/packs/article.toml") == before
    assert len({before, after("gait/frame.py"), after("pose/sides.py"), after("geometry.py")}) == 4
    code_sha256.cache_clear()


def written(analysis: Analysis, folder: Path) -> dict[str, bytes]:
    """The files of a report in German, without the one that tells the time it took."""
    style = ReportOptions(ReportStyle(language=Language.DE))
    write_report(analysis, folder, clip=None, options=style)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.log"}


POSES = {
    "side": lambda: RUNNER,
    "behind": lambda: record(NATURAL, FROM_BEHIND)[0],
    "slow motion": lambda: corrupt.slowed(RUNNER, 4.0),
    "no limbs told apart": lambda: record(NATURAL, duration_s=1.2)[0],
}


@pytest.mark.parametrize("made", POSES.values(), ids=POSES)
def test_a_result_is_the_same_with_what_was_kept_and_without(
    made: Callable[[], PoseSequence], cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pose, config = made(), AnalysisConfig(height_cm=175.0)
    without = written(analyze_pose(pose, config), tmp_path / "without")
    first = written(analyze_pose(pose, config, store=cache), tmp_path / "first")
    monkeypatch.setattr("formcheck.pipeline.observe", None)  # nothing is observed again
    again = written(analyze_pose(placed(pose, "x.mp4"), config, store=cache), tmp_path / "again")
    assert first == without
    moved = {name: content for name, content in again.items() if name != "pose.npz"}
    assert {name: moved[name].replace(b"x.mp4", b"") for name in moved} == {
        name: without[name].replace(pose.video.path.encode(), b"") for name in moved
    }


@pytest.mark.parametrize("damage", [slice(0, 300), slice(0, -1), slice(0, 0)])
def test_a_damaged_observation_is_made_again(
    damage: slice, cache: Cache, caplog: pytest.LogCaptureFixture
) -> None:
    first = analyze_pose(RUNNER, AnalysisConfig(), store=cache)
    (kept,) = cache.folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[damage])
    again = analyze_pose(RUNNER, AnalysisConfig(), store=cache)
    assert "will be made again" in caplog.text
    assert summary(again) == summary(first)
    assert kept.read_bytes() == whole


def test_a_refused_clip_is_refused_again(cache: Cache) -> None:
    for _ in range(2):
        with pytest.raises(RefusedError, match="standing"):
            analyze_pose(scenes.standing(), AnalysisConfig(), store=cache)


@pytest.mark.mediapipe
def test_the_second_look_at_the_same_bytes_needs_no_pose_model(
    cache: Cache, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "run.mp4", frames_of(UPRIGHT, 0.5, every=2))
    config = AnalysisConfig()
    seen: list[int] = []

    def count(done: int, total: int | None) -> None:
        seen.append(done)

    first = estimate_pose(clip, config, reading=Reading(count), store=cache)
    assert seen
    seen.clear()
    moved = clip.rename(tmp_path / "moved.mp4")
    again = estimate_pose(moved, config, reading=Reading(count), store=cache)
    assert not seen
    assert again.video == replace(first.video, path=str(moved))
    np.testing.assert_array_equal(again.xy_px, first.xy_px)
    np.testing.assert_array_equal(again.visibility, first.visibility)


@pytest.mark.mediapipe
def test_a_cache_that_cannot_be_written_costs_a_warning_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "poses").touch()  # a file where the folder should be
    clip = write_clip(tmp_path / "run.mp4", frames_of(UPRIGHT, 0.3, every=2))
    pose = estimate_pose(clip, AnalysisConfig(), store=Cache(tmp_path / "poses"))
    assert len(pose.time_s) > 0
    assert "not kept" in caplog.text


def test_a_clip_that_is_not_there_is_said_so(cache: Cache, tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="does not exist"):
        estimate_pose(tmp_path / "nowhere.mp4", AnalysisConfig(), store=cache)


def test_the_command_shows_and_prunes(cli: Cli, cache: Cache) -> None:
    keep(cache, KEY)
    shown = cli("cache", "show", "--folder", cache.folder).stdout
    assert str(cache.folder) in shown
    assert "1 pose and 0 observations, " in shown
    assert "this version: 1;" in shown
    assert (
        "removed 0 poses and 0 observations"
        in cli("cache", "prune", "--folder", cache.folder).stdout
    )
    assert (
        "removed 1 pose and 0 observations,"
        in cli("cache", "prune", "--all", "--folder", cache.folder).stdout
    )
    assert not any(cache.folder.iterdir())


@pytest.mark.parametrize(
    ("command", "mode", "said"),
    [
        ("show", 0, "the permissions do not allow it"),
        ("prune", 0o555, "cannot be written"),
    ],
)
def test_a_cache_of_somebody_else_is_said_so(
    cli: Cli, cache: Cache, command: str, mode: int, said: str
) -> None:
    keep(cache, KEY.replace(pose_version(), "0" * 12))
    cache.folder.chmod(mode)
    try:
        with without_rights_of_root():
            outcome = cli("cache", command, "--folder", cache.folder)
    finally:
        cache.folder.chmod(0o755)
    assert outcome.exit_code == 8
    assert said in outcome.complaint


def test_without_a_word_more_the_users_own_cache_is_shown(cli: Cli) -> None:
    assert str(module.default_cache().folder) in cli("cache").stdout

"""A kept pose is found again by what made it, and by nothing else."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck import AnalysisConfig
from formcheck.domain import ModelInfo
from formcheck.errors import VideoError
from formcheck.pipeline import estimate_pose
from formcheck.pose import cache as module
from formcheck.pose.cache import PoseCache, pose_key, stage_version
from formcheck.pose.choose import Wanted
from formcheck.pose.mediapipe import PoseParams
from tests import scenes
from tests.command import Cli, frames_of, write_clip
from tests.rendered import UPRIGHT

MODEL = ModelInfo("full", "ab" * 32, "official", "mediapipe 1.2.3")
CLIP = "01" * 32
KEY = pose_key(CLIP, MODEL, PoseParams())


@pytest.fixture
def cache(tmp_path: Path) -> PoseCache:
    return PoseCache(tmp_path / "poses")


def keep(cache: PoseCache, key: str, *, used_days_ago: float = 0.0) -> Path:
    cache.save(key, scenes.walking())
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
    monkeypatch.setattr(module, "_STAGE", "stage")
    for text in texts:
        source.write_text(text, encoding="utf-8")
        digests.append(stage_version.__wrapped__())
    assert digests[0] == digests[1] != digests[2]


def test_decoding_is_part_of_the_stage_and_side_repair_is_not() -> None:
    sources = module._sources()
    assert {"formcheck.pose.mediapipe", "formcheck.pose.people", "formcheck.video.read"} <= set(
        sources
    )
    assert "formcheck.pose.sides" not in sources


def test_a_kept_pose_comes_back_as_it_was(cache: PoseCache) -> None:
    kept = scenes.walking()
    assert cache.load(KEY) is None
    cache.save(KEY, kept)
    found = cache.load(KEY)
    assert found is not None
    assert found.video == kept.video
    np.testing.assert_array_equal(found.time_s, kept.time_s)
    assert [path.name for path in cache.folder.iterdir()] == [KEY]


def test_a_damaged_file_is_taken_for_none(cache: PoseCache) -> None:
    path = keep(cache, KEY)
    path.write_bytes(path.read_bytes()[:200])
    assert cache.load(KEY) is None


def test_what_an_earlier_version_kept_goes_first(cache: PoseCache) -> None:
    keep(cache, KEY)
    old = KEY.replace(stage_version(), "0" * 12)
    keep(cache, old)
    assert {entry.path.name for entry in cache.prune()} == {old}
    assert [entry.path.name for entry in cache.kept()] == [KEY]


def test_only_poses_are_ever_removed(cache: PoseCache) -> None:
    keep(cache, KEY)
    others = [cache.folder / name for name in ("holiday.mp4", "poses.npz", f".{KEY}.0123abcd")]
    for other in others:
        other.touch()
    left = cache.folder / f".{KEY}.89abcdef"  # by a run that was killed
    left.touch()
    os.utime(left, (0, 0))
    assert {entry.path for entry in cache.prune(everything=True)} == {cache.folder / KEY, left}
    assert all(other.exists() for other in others)


def test_the_longest_unused_go_until_the_rest_fits(cache: PoseCache) -> None:
    paths = [keep(cache, key_of_clip(day), used_days_ago=day) for day in range(4)]
    room = sum(path.stat().st_size for path in paths[:2])
    assert len(cache.prune(unused_days=2.5)) == 1
    assert len(cache.prune(max_bytes=room)) == 1
    assert {entry.path for entry in cache.kept()} == set(paths[:2])


def test_use_keeps_a_pose_young(cache: PoseCache) -> None:
    keep(cache, KEY, used_days_ago=30)
    cache.load(KEY)
    assert cache.prune(unused_days=1) == ()


@pytest.mark.mediapipe
def test_the_second_look_at_the_same_bytes_needs_no_pose_model(
    cache: PoseCache, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "run.mp4", frames_of(UPRIGHT, 0.5, every=2))
    config = AnalysisConfig()
    seen: list[int] = []

    def count(done: int, total: int | None) -> None:
        seen.append(done)

    first = estimate_pose(clip, config, progress=count, store=cache)
    assert seen
    seen.clear()
    moved = clip.rename(tmp_path / "moved.mp4")
    again = estimate_pose(moved, config, progress=count, store=cache)
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
    pose = estimate_pose(clip, AnalysisConfig(), store=PoseCache(tmp_path / "poses"))
    assert len(pose.time_s) > 0
    assert "not kept" in caplog.text


def test_a_clip_that_is_not_there_is_said_so(cache: PoseCache, tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="does not exist"):
        estimate_pose(tmp_path / "nowhere.mp4", AnalysisConfig(), store=cache)


def test_the_command_shows_and_prunes(cli: Cli, cache: PoseCache) -> None:
    keep(cache, KEY)
    shown = cli("cache", "show", "--folder", cache.folder).stdout
    assert str(cache.folder) in shown
    assert "1 pose, " in shown
    assert "this version: 1;" in shown
    assert "removed 0 poses" in cli("cache", "prune", "--folder", cache.folder).stdout
    assert "removed 1 pose," in cli("cache", "prune", "--all", "--folder", cache.folder).stdout
    assert not any(cache.folder.iterdir())


def test_without_a_word_more_the_users_own_cache_is_shown(cli: Cli) -> None:
    assert str(module.default_cache().folder) in cli("cache").stdout

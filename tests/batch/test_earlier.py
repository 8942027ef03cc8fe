"""Clips that were there in earlier runs: put away, moved, or gone with their results."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from formcheck.batch.manifest import Manifest
from tests.batch.conftest import GOOD, WALK, Clips, rows
from tests.batch.test_run import run

pytestmark = pytest.mark.mediapipe


@pytest.fixture
def own(clips: Clips, tmp_path: Path) -> Path:
    """A folder of two clips, one of them twice, that a batch was run on."""
    source = tmp_path / "in"
    source.mkdir()
    shutil.copy(clips.folder / GOOD, source / "a.mp4")
    shutil.copy(clips.folder / GOOD, source / "copy.mp4")
    shutil.copy(clips.folder / WALK, source / "walk.mp4")
    run(clips, tmp_path / "out", folder=source)
    return source


def results(output: Path) -> set[str]:
    return {path.parent.relative_to(output).as_posix() for path in output.rglob("summary.json")}


def test_clips_that_were_put_away_stay_in_the_table_and_are_counted(
    clips: Clips, own: Path, tmp_path: Path
) -> None:
    (own / "a.mp4").rename(tmp_path / "a.mp4")
    result = run(clips, tmp_path / "out", folder=own)
    assert (sum(result.states.values()), result.n_others) == (2, 1)
    assert set(rows(tmp_path / "out")) == {"a.mp4", "copy.mp4", "walk.mp4"}
    assert results(tmp_path / "out") == {"a", "copy", "walk"}


def test_a_clip_that_was_renamed_is_no_second_clip(clips: Clips, own: Path, tmp_path: Path) -> None:
    (own / "sub").mkdir()
    (own / "a.mp4").rename(own / "sub" / "b.mp4")
    (own / "walk.mp4").rename(own / "away.mp4")
    result = run(clips, tmp_path / "out", folder=own)
    assert (result.n_skipped, result.n_others) == (1, 0)
    assert set(rows(tmp_path / "out")) == {"copy.mp4", "sub/b.mp4", "away.mp4"}
    assert results(tmp_path / "out") == {"copy", "sub/b", "away"}
    with Manifest(tmp_path / "out" / "manifest.jsonl") as manifest:
        assert set(manifest.each("source")) == {"copy.mp4", "sub/b.mp4", "away.mp4"}


def test_a_result_that_holds_files_of_the_users_is_left_alone(
    clips: Clips, own: Path, tmp_path: Path
) -> None:
    (tmp_path / "out" / "a" / "notes.txt").write_text("left shoe new", encoding="utf-8")
    (own / "a.mp4").rename(own / "b.mp4")
    run(clips, tmp_path / "out", folder=own)
    assert set(rows(tmp_path / "out")) == {"copy.mp4", "b.mp4", "walk.mp4"}
    assert (tmp_path / "out" / "a" / "notes.txt").is_file()
    assert (tmp_path / "out" / "a" / "report.html").is_file()


def test_a_copy_that_was_removed_is_not_taken_for_moved(
    clips: Clips, own: Path, tmp_path: Path
) -> None:
    (own / "copy.mp4").unlink()
    run(clips, tmp_path / "out", folder=own, is_fresh=True)
    assert "copy.mp4" in rows(tmp_path / "out")
    assert "copy" in results(tmp_path / "out")


def test_a_clip_of_which_nothing_is_left_leaves_the_table(
    clips: Clips, own: Path, tmp_path: Path
) -> None:
    (own / "a.mp4").unlink()
    shutil.rmtree(tmp_path / "out" / "a")
    assert run(clips, tmp_path / "out", folder=own).n_others == 0
    assert set(rows(tmp_path / "out")) == {"copy.mp4", "walk.mp4"}


def test_the_tables_are_there_while_a_batch_still_runs(
    clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.batch.run._TABLES_EVERY_S", 0.0)
    monkeypatch.setattr("formcheck.batch.run._TABLES_SHARE", 1e9)
    seen: list[int] = []

    def look(*_: object) -> None:
        seen.append(len(rows(tmp_path / "out")))

    monkeypatch.setattr("formcheck.cli.batch_watch.TerminalWatch.clip_done", look)
    run(clips, tmp_path / "out")
    assert seen == [1, 2, 3]

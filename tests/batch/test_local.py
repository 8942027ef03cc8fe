"""Folders that cannot be looked into cost their own clips, are said, and are counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.batch.clips import Found, find_clips
from formcheck.batch.manifest import Manifest
from formcheck.errors import VideoError
from tests.batch.conftest import GOOD, Clips, rows
from tests.batch.test_clips import touch
from tests.command import Cli
from tests.rights import without_rights_of_root


def found(*sources: Path | str) -> Found:
    return find_clips([str(source) for source in sources], "/nowhere/out", recursive=True)


def names(found: Found) -> list[str]:
    return [clip.name for clip in found.clips]


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder with folders in it that may not be listed, and one that may not be searched."""
    root = touch(tmp_path, "a/a.mp4", "b/b.mp4", "b/c/d.mp4", "z/z.mp4", "lost+found/x", ".h/h.mp4")
    modes = {"a": 0, "b": 0o444, "lost+found": 0, ".h": 0}
    for name, mode in modes.items():
        (root / name).chmod(mode)
    yield root
    for name in modes:
        (root / name).chmod(0o755)


def test_what_may_not_be_read_is_noted_and_the_rest_is_found(locked: Path) -> None:
    with without_rights_of_root():
        every = found(locked)
    assert names(every) == ["b/b.mp4", "z/z.mp4"]  # the first may be seen and not opened
    assert dict(every.unseen) == {
        str(locked / "a"): "Permission denied",
        str(locked / "b/c"): "Permission denied",
    }


@pytest.mark.parametrize("pattern", ["**/*.mp4", "*/*.mp4", "?/**/*.mp4"])
def test_patterns_note_it_too(locked: Path, pattern: str) -> None:
    with without_rights_of_root():
        every = found(f"{locked}/{pattern}")
    assert names(every) == ["b/b.mp4", "z/z.mp4"]
    assert str(locked / "a") in every.unseen


def test_a_store_that_walks_through_folders_notes_it_too(locked: Path) -> None:
    with without_rights_of_root():
        every = found(f"file://{locked}")
    assert names(every) == ["z/z.mp4"]
    places = {url.removeprefix(f"file://{locked}/") for url in every.unseen}
    assert places == {"a", "b", "lost+found"}
    assert set(every.unseen.values()) == {"Permission denied"}


@pytest.mark.parametrize("source", ["{}", "{}/*.mp4", "{}/**/*.mp4", "file://{}"])
def test_a_source_that_may_not_be_read_ends_it(locked: Path, source: str) -> None:
    with without_rights_of_root(), pytest.raises(VideoError, match="permissions do not allow"):
        found(locked / "z", source.format(locked / "a"))


def test_links_that_lead_nowhere_may_have_led_to_folders(tmp_path: Path) -> None:
    source = touch(tmp_path, "a.mp4")
    for name in ("disk", "2026.05.01", "notes.txt", "gone.mp4"):
        (source / name).symlink_to(tmp_path / "away" / name)
    (source / "round").symlink_to(source / "round")
    every = found(source)
    assert names(every) == ["a.mp4", "gone.mp4"]
    assert dict(every.unseen) == {
        str(source / "disk"): "No such file or directory",
        str(source / "2026.05.01"): "No such file or directory",
        str(source / "round"): "Too many levels of symbolic links",
    }


@pytest.mark.mediapipe
def test_a_batch_says_what_it_could_not_look_into_and_goes_on(
    cli: Cli, clips: Clips, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / GOOD).symlink_to(clips.folder / GOOD)
    (source / "disk").symlink_to("/nowhere/disk")
    outcome = cli(
        "batch", source, "-o", tmp_path / "out", "-r", "--poses", clips.poses, "--no-annotate",
        "--jobs", "1",
    )  # fmt: skip
    assert outcome.exit_code == 1
    assert "could not be looked into (there is no such file or folder)" in outcome.complaint
    assert "1 partial; 1 place could not be looked into" in outcome.stdout
    assert set(rows(tmp_path / "out")) == {GOOD}
    page = (tmp_path / "out" / "batch.html").read_text(encoding="utf-8")
    assert "1 place could not be looked into" in page
    assert f"{source / 'disk'} (there is no such file or folder)" in page


def test_places_in_folders_that_were_not_looked_in_now_stay_unseen(tmp_path: Path) -> None:
    (touch(tmp_path, "a/a.mp4", "b/b.mp4") / "a" / "disk").symlink_to("/nowhere")
    first = found(tmp_path / "a").unseen_with({})
    assert [*first] == [f"{tmp_path}/a/disk"]
    assert found(tmp_path / "b").unseen_with(first) == first
    (tmp_path / "a" / "disk").unlink()
    assert found(tmp_path / "a").unseen_with(first) == {}
    assert found(tmp_path).unseen_with(first) == {}


def test_what_could_be_looked_into_again_is_not_said_any_more(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    for places in ({"/in/a": "gone"}, {"/in/a": "gone"}, {}, {}):
        with Manifest(path) as manifest:
            manifest.note_unseen("2026-01-01T00:00:00Z", places)
        with Manifest(path) as manifest:
            assert dict(manifest.unseen) == places
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["unseen"] for line in lines] == [{"/in/a": "gone"}, {}]

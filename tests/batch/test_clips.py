"""Which clips are found, what they are called and where their results go."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.batch.clips import Clip, assign_folders, find_clips, known_by_place
from formcheck.errors import VideoError


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def names(*sources: Path, output: Path, recursive: bool = True) -> list[str]:
    found = find_clips([str(source) for source in sources], str(output), recursive=recursive)
    return [clip.name for clip in found]


def folders(*clips: str) -> dict[str, str]:
    made = [Clip(name, f"/in/{name}", 1) for name in clips]
    return dict(assign_folders(made, {}))


def test_a_folder_gives_its_videos_and_only_recursively_those_below(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "b.MOV", "a.mp4", "notes.txt", "sub/deep/c.webm")
    assert names(source, output=tmp_path / "out") == ["a.mp4", "b.MOV", "sub/deep/c.webm"]
    assert names(source, output=tmp_path / "out", recursive=False) == ["a.mp4", "b.MOV"]


def test_results_are_no_clips(tmp_path: Path) -> None:
    source = touch(
        tmp_path, "a.mp4", "out/a/annotated.mp4", "a_formcheck/annotated.mp4",
        "a_formcheck/summary.json",
    )  # fmt: skip
    assert names(source, output=source / "out") == ["a.mp4"]


def test_patterns_and_files_are_named_from_what_they_have_in_common(tmp_path: Path) -> None:
    source = touch(tmp_path, "in/a.mp4", "in/x/b.mp4", "in/y/c.mp4", "in/y/d.bin")
    output = tmp_path / "out"
    assert names(source / "in" / "*" / "*.mp4", output=output) == ["x/b.mp4", "y/c.mp4"]
    assert names(source / "in" / "x", source / "in" / "y", output=output) == ["x/b.mp4", "y/c.mp4"]
    assert names(source / "in" / "y" / "d.bin", output=output) == ["d.bin"]
    assert names(source / "in", source / "in" / "a.mp4", output=output)[0] == "a.mp4"


def test_links_keep_their_names_and_may_go_round(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "a.mp4")
    (touch(tmp_path / "far", "b.mp4") / "round").symlink_to(source)
    (source / "far").symlink_to(tmp_path / "far")
    assert names(source, output=tmp_path / "out") == ["a.mp4", "far/b.mp4"]


def test_a_pattern_that_matches_nothing_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="No clip matches"):
        names(tmp_path / "*.mp4", output=tmp_path / "out")


def test_a_result_folder_is_the_clip_without_its_suffix() -> None:
    assert folders("a.mp4", "sub/b.mov") == {"a.mp4": "a", "sub/b.mov": "sub/b"}


def test_two_clips_never_share_a_folder() -> None:
    assert folders("a.mov", "a.mp4") == {"a.mov": "a", "a.mp4": "a.mp4"}


def test_a_clip_keeps_the_folder_it_had() -> None:
    kept = assign_folders([Clip("a.mov", "", 1), Clip("a.mp4", "", 1)], {"a.mp4": "a"})
    assert dict(kept) == {"a.mp4": "a", "a.mov": "a.mov"}


def test_a_result_of_an_earlier_run_is_never_written_over() -> None:
    before = {"a.mov": "a", "sub.mp4": "sub", "Big.mp4": "Big"}
    new = [Clip(name, "", 1) for name in ("a.mp4", "sub/b.mp4", "big.mov")]
    assert dict(assign_folders(new, before)) == {
        "a.mp4": "a.mp4",
        "sub/b.mp4": "sub_b.mp4-2",
        "big.mov": "big.mov",
    }


def test_a_clip_keeps_its_name_in_other_company(tmp_path: Path) -> None:
    source = touch(tmp_path, "one/a.mp4", "two/b.mp4")
    before = {"a.mp4": str(source / "one" / "a.mp4")}
    found = find_clips([str(source / "one"), str(source / "two")], "out", recursive=False)
    assert [clip.name for clip in found] == ["one/a.mp4", "two/b.mp4"]
    assert [clip.name for clip in known_by_place(found, before)] == ["a.mp4", "two/b.mp4"]


def test_what_a_dot_hides_is_no_clip(tmp_path: Path) -> None:
    source = touch(tmp_path, "a.mp4", "._a.mp4", ".trash/b.mp4")
    assert names(source, output=tmp_path / "out") == ["a.mp4"]
    assert names(source / "*", output=tmp_path / "out") == ["a.mp4"]


def test_a_pattern_takes_clips_only_and_no_results(tmp_path: Path) -> None:
    source = touch(
        tmp_path, "a.mp4", "notes.txt", "out/a/annotated.mp4", "b/summary.json", "b/b.mp4"
    )
    assert names(source / "*", output=source / "out") == ["a.mp4"]
    assert names(source / "**" / "*.mp4", output=source / "out") == ["a.mp4"]


def test_a_pattern_below_a_folder_that_was_searched_counts_too(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "a.mp4", "sub/b.mp4")
    found = names(source, source / "sub" / "*.mp4", output=tmp_path / "out", recursive=False)
    assert found == ["a.mp4", "sub/b.mp4"]


def test_a_name_that_is_no_text_can_be_written(tmp_path: Path) -> None:
    source = touch(tmp_path, "caf\udce9.mp4")
    (clip,) = find_clips([str(source)], "out", recursive=False)
    assert clip.name.encode() == b"caf_xe9.mp4"
    assert Path(clip.source).exists()


def test_no_result_lies_in_another_or_on_a_file_of_the_batch() -> None:
    assert folders("sub.mp4", "sub/a.mp4")["sub.mp4"] == "sub.mp4"
    assert folders("batch.csv.mp4") == {"batch.csv.mp4": "batch.csv.mp4"}

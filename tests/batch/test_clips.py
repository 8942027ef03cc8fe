"""Which clips are found, what they are called and where their results go."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path, PurePosixPath

import fsspec
import pytest

from formcheck.batch.clips import Clip, assign_folders, find_clips, known_by_place
from formcheck.errors import VideoError


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def names(*sources: Path, output: Path, recursive: bool = True) -> list[str]:
    found = find_clips([str(source) for source in sources], str(output), recursive=recursive).clips
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
    found = find_clips([str(source / "one"), str(source / "two")], "out", recursive=False).clips
    assert [clip.name for clip in found] == ["one/a.mp4", "two/b.mp4"]
    assert [clip.name for clip in known_by_place(found, before)] == ["a.mp4", "two/b.mp4"]


def test_the_output_may_be_the_folder_of_the_clips(tmp_path: Path) -> None:
    source = touch(tmp_path, "a.mp4", "sub/b.mp4", "a/summary.json", "a/annotated.mp4")
    assert names(source, output=source) == ["a.mp4", "sub/b.mp4"]
    assert names(source / "*.mp4", output=source) == ["a.mp4"]
    assert names(source / "sub", output=source) == ["b.mp4"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("misspelt", "does not exist; check the spelling"),
        ("dangling.mp4", "link to something that is not there"),
        ("loop.mp4", "link to something that is not there"),
        ("pipe.mp4", "is a device, a pipe or the like"),
        ("zero", "is a device, a pipe or the like"),
        ("x" * 300, "cannot be read"),
    ],
)
def test_what_is_given_by_name_must_be_a_file_or_a_folder(
    tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "gone.mp4")
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    (tmp_path / "zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.mp4")
    touch(tmp_path, "good/a.mp4")
    with pytest.raises(VideoError, match=said) as raised:
        names(tmp_path / "good", tmp_path / name, output=tmp_path / "out")
    assert name in str(raised.value)


def test_a_link_that_leads_nowhere_is_a_clip_that_will_fail(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "a.mp4")
    (source / "gone.mp4").symlink_to(tmp_path / "away" / "gone.mp4")
    (source / "loop.mp4").symlink_to(source / "loop.mp4")
    (source / "round").symlink_to(source / "round")
    assert names(source, output=tmp_path / "out") == ["a.mp4", "gone.mp4", "loop.mp4"]
    assert names(source / "*.mp4", output=tmp_path / "out") == ["a.mp4", "gone.mp4", "loop.mp4"]


def test_two_files_that_can_only_be_called_the_same_are_two_clips(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "caf\udce9.mp4", "caf_xe9.mp4")
    found = find_clips([str(source)], "out", recursive=False).clips
    assert [clip.name for clip in found] == ["caf_xe9-2.mp4", "caf_xe9.mp4"]
    assert len({clip.source for clip in found}) == 2


def test_thousands_of_clips_are_found_and_placed_in_no_time(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", *(f"{n % 10}/{n}.mp4" for n in range(5000)))
    begun_s = time.process_time()
    found = find_clips([str(source)], "out", recursive=True).clips
    given = assign_folders(found, assign_folders(found, {}))
    assert len(set(given.values())) == 5000
    assert time.process_time() - begun_s < 8  # one second; half a minute if all met all


def test_clips_of_several_remote_folders_are_named_from_what_these_have_in_common() -> None:
    store = fsspec.filesystem("memory")
    for path in ("/shop/one/a.mp4", "/shop/two/a.mp4", "/shop/two/deep/b.mp4"):
        store.pipe_file(path, b"film")
    folders = ["memory://shop/one", "memory://shop/two"]
    found = find_clips(folders, "memory://out", recursive=True).clips
    assert [clip.name for clip in found] == ["one/a.mp4", "two/a.mp4", "two/deep/b.mp4"]
    (alone,) = find_clips(["memory://shop/one/a.mp4"], "memory://out", recursive=True).clips
    assert alone.name == "a.mp4"
    own = find_clips(["memory://shop/two"], "memory://shop/two", recursive=True).clips
    assert [clip.name for clip in own] == ["a.mp4", "deep/b.mp4"]
    above = find_clips(["memory://shop"], "memory://shop/two", recursive=True).clips
    assert [clip.name for clip in above] == ["one/a.mp4"]
    with pytest.raises(VideoError, match="memory://shop/three"):
        find_clips(["memory://shop/one", "memory://shop/three"], "memory://out", recursive=True)


def test_a_remote_clip_and_one_of_this_machine_have_different_names(tmp_path: Path) -> None:
    fsspec.filesystem("memory").pipe_file("/mixed/a.mp4", b"film")
    source = touch(tmp_path, "a.mp4")
    found = find_clips(["memory://mixed", str(source)], "memory://out", recursive=False).clips
    assert [clip.name for clip in found] == [f"file{source}/a.mp4", "memory/mixed/a.mp4"]


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
    (clip,) = find_clips([str(source)], "out", recursive=False).clips
    assert clip.name.encode() == b"caf_xe9.mp4"
    assert Path(clip.source).exists()


def test_a_name_that_a_terminal_would_obey_is_only_read(tmp_path: Path) -> None:
    source = touch(tmp_path, "line\nbreak.mp4", "red\x1b[31m.mp4")
    assert names(source, output=tmp_path / "out") == ["line_x0abreak.mp4", "red_x1b[31m.mp4"]


def test_no_result_lies_in_another_or_on_a_file_of_the_batch() -> None:
    assert folders("sub.mp4", "sub/a.mp4")["sub.mp4"] == "sub.mp4"
    assert folders("batch.csv.mp4") == {"batch.csv.mp4": "batch.csv.mp4"}


def test_a_long_name_is_cut_short_and_still_its_own() -> None:
    long = "ü" * 110
    given = folders(f"sub/{long}1.mp4", f"sub/{long}2.mp4")
    assert len(set(given.values())) == 2
    for folder in given.values():
        assert folder.startswith("sub/üüü")
        assert len(PurePosixPath(folder).name.encode()) <= 120


def test_spellings_that_a_file_system_may_not_tell_apart_get_folders_it_does() -> None:
    composed, decomposed = "caf\u00e9.mp4", "cafe\u0301.mp4"
    given = folders(composed, decomposed, "CAF\u00c9.mp4")
    assert len({unicodedata.normalize("NFC", each).casefold() for each in given.values()}) == 3

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from formcheck.domain import Side
from formcheck.errors import OutputError, VideoError
from formcheck.pose.recorded import load_pose
from formcheck.report import check_output, write_report
from formcheck.report.staging import users_own
from formcheck.video.proxy import Reading
from tests.report import example

FILES = {
    "report.html", "annotated.mp4", "summary.json", "strides.csv", "pose.npz", "config.toml",
    "run.log",
}  # fmt: skip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example.write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_all_files_are_written_and_nothing_is_left_beside_them(clip: Path, tmp_path: Path) -> None:
    page = write_report(example.analysis(), tmp_path / "out", clip=clip)
    assert page == tmp_path / "out" / "report.html"
    assert names(tmp_path / "out") == FILES
    assert names(tmp_path) == {"out"}


def test_without_the_clip_everything_but_the_annotated_clip_is_written(tmp_path: Path) -> None:
    write_report(example.analysis(), tmp_path / "deep" / "out", clip=None)
    assert names(tmp_path / "deep" / "out") == FILES - {"annotated.mp4"}


def test_recorded_pose_and_settings_can_be_read_back(tmp_path: Path) -> None:
    analysis = example.analysis()
    write_report(analysis, tmp_path / "out", clip=None)
    pose = load_pose(tmp_path / "out" / "pose.npz")
    assert pose.xy_px.shape == analysis.recorded_pose.xy_px.shape
    settings = tomllib.loads((tmp_path / "out" / "config.toml").read_text(encoding="utf-8"))
    assert settings == {"model": "full", "sides": {"penalty": 0.05}}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_report(example.analysis(), tmp_path / "out", clip=None)
    assert "report.html" in names(tmp_path / "out")


def test_an_earlier_result_is_kept_unless_forced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(example.analysis(), out, clip=None)
    (out / "run.log").write_text("old")
    with pytest.raises(OutputError, match="--force"):
        write_report(example.analysis(), out, clip=None)
    assert (out / "run.log").read_text() == "old"
    write_report(example.analysis(), out, clip=None, force=True)
    assert (out / "run.log").read_text() != "old"
    assert names(tmp_path) == {"out"}


def test_what_the_user_put_into_a_result_outlives_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(example.analysis(), out, clip=None)
    (out / "notes.txt").write_text("left shoe new")
    (out / "shoes").mkdir()
    (out / "shoes" / "left.txt").write_text("size 44")
    (out / "gone").symlink_to("nowhere")
    (out / "report.pdf").write_text("of the earlier result")
    write_report(example.analysis(), out, clip=None, force=True)
    assert (out / "notes.txt").read_text() == "left shoe new"
    assert (out / "shoes" / "left.txt").read_text() == "size 44"
    assert (out / "gone").is_symlink()
    assert not (out / "report.pdf").exists()
    assert names(tmp_path) == {"out"}


def test_folders_of_clips_belong_to_a_session_and_not_to_a_clip(tmp_path: Path) -> None:
    write_report(example.analysis(), tmp_path / "left", clip=None)
    (tmp_path / "notes.txt").touch()
    assert [path.name for path in users_own(tmp_path)] == ["left", "notes.txt"]
    (tmp_path / "session.json").touch()
    assert [path.name for path in users_own(tmp_path)] == ["notes.txt"]


@pytest.mark.skipif(os.name != "posix", reason="processes can only be asked after on POSIX")
def test_what_the_user_put_into_a_result_outlives_a_kill_in_its_exchange(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(example.analysis(), out, clip=None)
    aside = tmp_path / left_behind(dead_process(), "replaced")
    shutil.copytree(out, aside)
    (aside / "notes.txt").write_text("left shoe new")
    write_report(example.analysis(), out, clip=None, force=True)
    assert (out / "notes.txt").read_text() == "left shoe new"
    assert names(tmp_path) == {"out"}


def test_a_folder_that_is_not_a_result_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "photo.jpg").write_bytes(b"precious")
    with pytest.raises(OutputError, match="no earlier result"):
        write_report(example.analysis(), out, clip=None, force=True)
    assert names(out) == {"photo.jpg"}


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "out")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "out" / "deeper")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_place_is_refused_before_any_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="may not be written"):
        check_output(tmp_path / "out")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody may write to")
def test_a_place_where_no_folder_can_be_made_is_refused() -> None:
    with pytest.raises(OutputError, match="another folder"):
        write_report(example.analysis(), Path("/proc/self/out"), clip=None)


def test_a_failure_leaves_nothing_and_keeps_the_earlier_result(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(example.analysis(), out, clip=None)
    before = (out / "summary.json").read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip.read_bytes()[:2000])
    with pytest.raises(VideoError):
        write_report(example.analysis(), out, clip=broken, force=True)
    assert (out / "summary.json").read_bytes() == before
    assert names(tmp_path) == {"out", "broken.mp4"}


def test_an_interrupt_leaves_nothing(clip: Path, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(example.analysis(), tmp_path / "out", clip=clip, reading=Reading(interrupt))
    assert names(tmp_path) == set()


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left_behind(process: int, ending: str) -> str:
    host = re.sub(r"[^A-Za-z0-9-]", "-", platform.node()) or "host"
    return f".out.{host}.{process}.0123abcd.{ending}"


@pytest.mark.skipif(os.name != "posix", reason="processes can only be asked after on POSIX")
def test_what_a_killed_run_left_is_removed_and_a_running_one_is_spared(tmp_path: Path) -> None:
    dead = tmp_path / left_behind(dead_process(), "partial")
    alive = tmp_path / left_behind(os.getpid(), "partial")
    foreign = tmp_path / ".out.partial"
    for folder in (dead, alive, foreign):
        folder.mkdir()
    write_report(example.analysis(), tmp_path / "out", clip=None)
    assert names(tmp_path) == {"out", alive.name, foreign.name}


@pytest.mark.skipif(os.name != "posix", reason="processes can only be asked after on POSIX")
def test_a_result_caught_in_its_exchange_comes_back(tmp_path: Path) -> None:
    aside = tmp_path / left_behind(dead_process(), "replaced")
    aside.mkdir()
    (aside / "summary.json").write_text("{}")
    with pytest.raises(OutputError, match="--force"):
        write_report(example.analysis(), tmp_path / "out", clip=None)
    assert names(tmp_path) == {"out"}


def test_the_log_says_what_was_done(clip: Path, tmp_path: Path) -> None:
    write_report(example.far_side_missing(), tmp_path / "out", clip=clip)
    log = (tmp_path / "out" / "run.log").read_text(encoding="utf-8")
    for wanted in (
        "30.000 fps",
        "left_leg (far): swapped 6, masked 2",
        "[far_leg_hidden]",
        "time: annotated.mp4",
        "sha256",
    ):
        assert wanted in log


def test_a_clip_of_another_length_is_refused(tmp_path: Path) -> None:
    analysis = example.analysis(Side.RIGHT)
    longer = example.write_clip(tmp_path / "longer.mp4", repeat=2)
    with pytest.raises(VideoError, match="not the clip"):
        write_report(analysis, tmp_path / "out", clip=longer)

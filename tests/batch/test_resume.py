"""What a killed batch had done is kept, what it was at is done again, by code of the same state."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from formcheck import AnalysisConfig
from formcheck.batch.task import recipe
from formcheck.code import PACKAGE, code_sha256
from tests.batch.conftest import GOOD, Clips, records, rows
from tests.batch.test_run import clip_lines, command, partials, run
from tests.command import middle_of, write_clip
from tests.rendered import ROOT, UPRIGHT

DONE, UNDER_WAY = "a_done.mp4", "b_under_way.mp4"


@pytest.fixture
def two(clips: Clips, tmp_path: Path) -> Clips:
    """Two good clips of different content."""
    folder = tmp_path / "two"
    folder.mkdir()
    shutil.copy(clips.folder / GOOD, folder / DONE)
    write_clip(folder / UNDER_WAY, middle_of(UPRIGHT, 2.8))
    return Clips(folder, clips.poses)


@pytest.mark.mediapipe
def test_a_batch_killed_after_a_clip_goes_on_with_the_next(two: Clips, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = subprocess.Popen(
        command(two, output, "--jobs", "1", "--poses", "none"),
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    manifest = output / "manifest.jsonl"
    while not (manifest.exists() and manifest.read_bytes().endswith(b"\n")):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait(timeout=60)
    (first,) = records(output)
    assert first["clip"] == DONE
    written_ns = (output / "a_done" / "summary.json").stat().st_mtime_ns
    assert not (output / "b_under_way").exists()
    run(two, output)
    assert clip_lines(output) == [DONE, UNDER_WAY]
    assert records(output)[0] == first
    assert (output / "a_done" / "summary.json").stat().st_mtime_ns == written_ns
    assert set(rows(output)) == {DONE, UNDER_WAY}
    assert (output / "b_under_way" / "report.html").is_file()
    assert partials(output) == []


def test_the_code_is_known_by_all_that_makes_a_result(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(PACKAGE, tmp_path / "formcheck"))
    before = code_sha256(copy)
    assert before == code_sha256(PACKAGE)
    for name in ("gait/view.py", "guidance/points.toml", "report/templates/report.html.j2"):
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
        code_sha256.cache_clear()
        assert code_sha256(copy) != before
        before = code_sha256(copy)


@pytest.mark.mediapipe
def test_code_changed_at_the_same_version_means_another_analysis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = recipe(AnalysisConfig(), "out", None, is_annotated=False)
    before = made.config_sha256
    assert made.config_sha256 == before
    monkeypatch.setattr("formcheck.batch.task.code_sha256", lambda: "other")
    assert made.config_sha256 != before

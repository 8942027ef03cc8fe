"""What workers have to remark is said once, by who waits for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from formcheck.batch import PoolEngine
from formcheck.batch.remarks import Told
from formcheck.cli import batch
from formcheck.cores import JOB_BYTES
from formcheck.texts import text
from tests.batch.conftest import GOOD, Clips
from tests.batch.test_run import run
from tests.command import Cli
from tests.test_cores import give


def test_a_matter_is_said_once_whatever_file_it_was_met_at(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Told()
    for key, why in (("1.npz", "full"), ("2.npz", "full"), ("3.npz", "locked")):
        said = text("errors", "pose.not_kept", key=key, why=why)
        told.pass_on((said, "100 %s of {this}"))
    assert [record.getMessage() for record in caplog.records] == [
        "1.npz is not kept for another time: full",
        "100 %s of {this}",
        "3.npz is not kept for another time: locked",
    ]


@pytest.mark.mediapipe
def test_a_damaged_cache_is_said_once_and_by_the_batch_itself(
    cli: Cli, clips: Clips, tmp_path: Path
) -> None:
    poses = Path(shutil.copytree(clips.poses, tmp_path / "poses"))
    run(Clips(clips.folder, poses), tmp_path / "out", folder=clips.folder / GOOD)
    for kept in poses.glob("*.gait"):
        kept.write_bytes(b"damaged")
    outcome = cli(
        "batch", clips.folder / GOOD, "-o", tmp_path / "out", "--poses", poses, "--no-annotate",
        "--jobs", "1", "--language", "de", "--fresh",
    )  # fmt: skip
    assert "wird neu gemacht: damaged" in outcome.complaint


@pytest.mark.parametrize(
    ("asked", "n_jobs", "expected"),
    [
        ([], 1, "there is memory for 1 clip at a time, not for the 2 there are cores for"),
        (["--jobs", "2"], 2, ""),
    ],
)
def test_jobs_are_what_memory_allows_which_is_said_or_what_is_asked_for(
    asked: list[str],
    n_jobs: int,
    expected: str,
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def engine(jobs: int, timeout_s: float) -> PoolEngine:
        made.append(jobs)
        return PoolEngine(jobs, timeout_s)

    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_bytes(name.encode())
    give(monkeypatch, n_cores=8, available=JOB_BYTES)
    monkeypatch.setattr(batch, "usable_cores", lambda: 8)
    monkeypatch.setattr(batch, "PoolEngine", engine)
    outcome = cli("batch", tmp_path, "-o", tmp_path / "out", "-q", *asked)
    assert ("there is memory" in outcome.stderr) == bool(expected)
    assert expected in outcome.stderr
    assert made == [n_jobs]

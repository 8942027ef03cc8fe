"""A disk that is full ends a batch in one sentence, and room for it is all that is asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from formcheck.batch.lock import folder_lock
from formcheck.batch.manifest import Manifest
from formcheck.batch.outputs import LocalOutputs
from formcheck.errors import OutputError
from tests.batch.conftest import GOOD, WALK, Clips, record, records, rows
from tests.command import Cli

resource = pytest.importorskip("resource")


@contextmanager
def files_of_at_most(n_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_record_that_finds_no_room_leaves_the_manifest_whole(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    with Manifest(path) as manifest:
        manifest.append(record("first"))
        before = path.read_bytes()
        with files_of_at_most(len(before) + 20), pytest.raises(OutputError, match="manifest"):
            manifest.append(record("second"))
        assert path.read_bytes() == before
        manifest.append(record("third", said="that"))
        assert [each.clip for each in manifest.latest_records()] == ["first", "third"]
    with Manifest(path) as manifest:
        assert [each.row for each in manifest.latest_records()] == [{}, {"said": "that"}]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_who_cannot_sign_the_folder_says_so_and_lets_go_of_it(tmp_path: Path) -> None:
    (tmp_path / ".batch.holder.json").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="no room left"), folder_lock(tmp_path):
        pytest.fail("the folder is not held")
    with folder_lock(tmp_path):
        pass


def test_a_table_that_finds_no_room_leaves_the_earlier_one(tmp_path: Path) -> None:
    outputs = LocalOutputs(tmp_path)
    outputs.publish("batch.csv", iter(["before"]))
    with files_of_at_most(10), pytest.raises(OutputError, match=r"batch\.csv"):
        outputs.publish("batch.csv", iter(["x" * 100_000]))
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {
        "batch.csv": "before"
    }


def mount(folder: Path, size: str, *more: str) -> None:
    command = [
        "mount",
        "-t",
        "tmpfs",
        "-o",
        ",".join([f"size={size}", *more]),
        "tmpfs",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("may not mount a small disk")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for a manifest, and not for a result."""
    if sys.platform != "linux":
        pytest.skip("knows how to make a small disk on Linux only")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount(folder, "64k")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.mediapipe
@pytest.mark.parametrize(
    ("clip", "exit_code", "verdict"), [(GOOD, 0, "partial"), (WALK, 2, "refused")]
)
def test_a_batch_on_a_full_disk_ends_at_once_and_goes_on_when_there_is_room(
    cli: Cli, clips: Clips, small_disk: Path, clip: str, exit_code: int, verdict: str
) -> None:
    name = Path(clip).name
    arguments = ["batch", clips.folder / clip, "-o", small_disk, "--poses", clips.poses]
    arguments += ["--jobs", "1"]
    full = cli(*arguments)
    assert full.exit_code == 2
    assert f"There is no room left for the result of {name}" in full.complaint
    assert records(small_disk) == []
    mount(small_disk, "50m", "remount")
    assert cli(*arguments).exit_code == exit_code
    assert rows(small_disk)[name]["verdict"] == verdict

"""A cluster that shares no disk: clips, poses and results in an S3 store, a worker killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.batch.clusters import local_cluster
from tests.batch.conftest import CUT, GOOD, WALK, Clips, records, rows
from tests.rendered import ROOT

LIBRARIES = Path(sys.prefix) / "s3"

pytestmark = [
    pytest.mark.mediapipe,
    pytest.mark.skipif(
        not (LIBRARIES / "moto").is_dir(), reason="make test installs requirements/s3.txt"
    ),
]

COPIES = [f"copies/{number}.mp4" for number in range(3)]

UPLOAD = """
import sys, fsspec
from pathlib import Path
clips, poses, *copies = sys.argv[1:]
store = fsspec.filesystem("s3")
store.mkdir("bucket")
store.put(clips + "/", "bucket/clips/", recursive=True)
store.put(poses + "/", "bucket/out/poses/", recursive=True)
for name in copies:
    store.put_file(f"{clips}/run.mp4", f"bucket/clips/{name}")
"""

DOWNLOAD = """
import sys, fsspec
store = fsspec.filesystem("s3")
store.get("bucket/out/", sys.argv[1], recursive=True)
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def environment() -> Iterator[Mapping[str, str]]:
    """What makes every process of the test find the store."""
    port = free_port()
    found = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(LIBRARIES), str(ROOT))),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        command, env=found, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        while not answers(port):
            assert server.poll() is None
            time.sleep(0.1)
        yield found
        server.kill()


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def call(code: str, environment: Mapping[str, str], *arguments: object) -> None:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    subprocess.run(command, env=dict(environment), check=True)


def batch(environment: Mapping[str, str], *options: str) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-m", "formcheck", "batch", "s3://bucket/clips", "-r", "--no-annotate",
        "-o", "s3://bucket/out", *options,
    ]  # fmt: skip
    return subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, text=True)


def test_a_cluster_without_a_common_disk_loses_a_worker_and_no_clip(
    clips: Clips, environment: Mapping[str, str], tmp_path: Path
) -> None:
    call(UPLOAD, environment, clips.folder, clips.poses, *COPIES)
    with local_cluster(environment) as cluster:
        process = batch(environment, "--scheduler", cluster.address)
        assert process.stdout is not None
        first = process.stdout.readline()
        os.kill(cluster.pids[0], signal.SIGKILL)
        rest, _ = process.communicate(timeout=240)
        assert process.returncode == 1, first + rest
        again = batch(environment, "--scheduler", cluster.address)
        told, _ = again.communicate(timeout=60)
    assert "6 clips were done before" in told
    call(DOWNLOAD, environment, tmp_path / "out")
    found = rows(tmp_path / "out")
    assert {clip: row["verdict"] for clip, row in found.items()} == {
        GOOD: "partial", WALK: "refused", CUT: "failed", **dict.fromkeys(COPIES, "partial"),
    }  # fmt: skip
    assert found[CUT]["reasons"].startswith(f"{CUT} holds")  # not the name of its copy
    assert len(records(tmp_path / "out")) == 6
    summary = json.loads((tmp_path / "out" / "copies" / "0" / "summary.json").read_text("utf-8"))
    assert summary["video"]["path"] == "s3://bucket/clips/copies/0.mp4"
    broken = tmp_path / "out" / found[CUT]["folder"] / "summary.json"
    assert f"s3://bucket/clips/{CUT}" in broken.read_text(encoding="utf-8")
    refused = tmp_path / "out" / found[WALK]["folder"]
    assert "ten seconds" in (refused / "report.html").read_text(encoding="utf-8")
    told = json.loads((refused / "summary.json").read_text(encoding="utf-8"))
    assert told["video"]["path"] == f"s3://bucket/clips/{WALK}"
    assert not (tmp_path / "out" / "batch.lock.json").exists()

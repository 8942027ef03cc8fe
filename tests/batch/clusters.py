"""A Dask cluster of several worker processes on this machine, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rendered import ROOT

SERVE = """
import json, sys
from distributed import LocalCluster

if __name__ == "__main__":
    workers, has_nannies = int(sys.argv[1]), sys.argv[2] == "True"
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=has_nannies, dashboard_address=":0",
        protocol="tcp", host="127.0.0.1",
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()] if has_nannies else []
        print(json.dumps({"address": cluster.scheduler_address, "pids": pids}), flush=True)
        sys.stdin.read()
"""


# A task is given up after two lost workers, and no worker holds a task that waits for another.
STRICT = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
}


@dataclass(frozen=True)
class Cluster:
    """Where its scheduler listens, and the numbers of its worker processes."""

    address: str
    pids: tuple[int, ...]


@contextmanager
def local_cluster(
    environment: Mapping[str, str],
    *,
    workers: int = 2,
    place: Path = ROOT,
    has_nannies: bool = True,
) -> Iterator[Cluster]:
    """Run a cluster of workers with one thread each; it has the formcheck that is at ``place``."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(workers), str(has_nannies)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=place,
        env={**os.environ, **STRICT, "PYTHONPATH": str(place), **environment},
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    try:
        yield Cluster(told["address"], tuple(told["pids"]))
    finally:
        process.communicate(timeout=30)

"""Two batches never work on one output folder."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

import fsspec
import pytest

from formcheck.batch import lock
from formcheck.batch.lock import folder_lock, lease
from formcheck.errors import OutputError
from tests.command import Cli
from tests.rendered import UPRIGHT


def test_the_second_batch_is_refused_with_who_holds_the_folder(cli: Cli, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    with folder_lock(output):
        outcome = cli("batch", UPRIGHT, "-o", output)
    assert outcome.exit_code == 2
    assert f"process {os.getpid()} on {platform.node()} since 20" in outcome.complaint
    assert not (output / "manifest.jsonl").exists()


def test_a_folder_is_free_again_afterwards_and_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), folder_lock(tmp_path):
            raise RuntimeError
    with folder_lock(tmp_path):
        pass


def test_a_lease_is_refused_while_it_is_renewed_and_taken_when_its_holder_fell_silent() -> None:
    store, path = fsspec.filesystem("memory"), "/lease/batch.lock.json"
    with (
        lease(store, path, "memory://lease"),
        pytest.raises(OutputError, match=f"process {os.getpid()} on "),
        lease(store, path, "memory://lease"),
    ):
        pass
    assert not store.exists(path)
    gone = {"pid": 1, "host": "gone", "since": "then", "renewed_unix_s": 0}
    store.pipe_file(path, json.dumps(gone).encode())
    with lease(store, path, "memory://lease"):
        assert json.loads(store.cat_file(path))["pid"] == os.getpid()


def test_a_lease_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_RENEW_S", 0.01)
    store, path = fsspec.filesystem("memory"), "/renewed/batch.lock.json"
    with lease(store, path, "memory://renewed"):
        first = json.loads(store.cat_file(path))["renewed_unix_s"]
        while json.loads(store.cat_file(path))["renewed_unix_s"] == first:
            pass

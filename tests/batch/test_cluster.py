"""The same work on a Dask cluster: lost workers, hanging tasks, and errors."""

from __future__ import annotations

import logging
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formcheck.batch.engine import Failure, Outcome
from formcheck.batch.lock import folder_lock
from formcheck.batch.needs import library_versions, needs_of
from formcheck.code import PACKAGE
from formcheck.errors import FormcheckError
from tests.batch import work
from tests.batch.clusters import Cluster, local_cluster
from tests.batch.conftest import Clips, records
from tests.batch.test_run import clip_lines, command, run

pytest.importorskip("distributed")

import distributed

from formcheck.batch.cluster import DaskEngine, _is_no_stumble, _Running

GOOD = [f"good:{number}" for number in range(6)]
Outcomes = dict[str, Outcome[str, str]]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with local_cluster({}) as running:
        yield running


@pytest.fixture(scope="module")
def outcomes(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    once = f"{work.KILLED_ONCE}:{tmp_path_factory.mktemp('once') / 'mark'}"
    tasks = [GOOD[0], work.HANGS, once, work.RAISES, *GOOD[1:]]
    engine = DaskEngine(cluster.address, timeout_s=4)
    return {outcome.task: outcome for outcome in engine.run(work.upper, tasks)}


def failure_of(outcomes: Outcomes, task: str) -> Failure:
    failure = outcomes[task].failure
    assert failure is not None
    return failure


# First, while both workers are there: one that is killed further on takes long to come again.


@pytest.mark.parametrize("library", ["mediapipe", "av"])
def test_workers_whose_poses_would_be_others_are_refused(cluster: Cluster, library: str) -> None:
    own = library_versions()
    needs = replace(needs_of("memory://out"), libraries=own | {library: "0.1"})
    said = f"2 of 2 .* its {library} is {own[library]}, that of the batch 0.1"
    with pytest.raises(FormcheckError, match=said):
        list(DaskEngine(cluster.address, needs=needs).run(work.upper, ["good:1"]))


def test_workers_that_may_round_otherwise_take_part_and_are_told_of(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    own = library_versions()
    needs = replace(
        needs_of("memory://out"), libraries=own | {"numpy": "0.1", "processor": "abacus"}
    )
    (outcome,) = DaskEngine(cluster.address, needs=needs).run(work.upper, ["good:1"])
    assert outcome.value == "GOOD:1"
    (said,) = [each.message for each in caplog.records if "differ a little" in each.message]
    assert f"numpy {own['numpy']} / 0.1, processor {own['processor']} / abacus)" in said


def test_workers_that_see_another_disk_are_refused(cluster: Cluster, tmp_path: Path) -> None:
    with folder_lock(tmp_path):
        needs = needs_of(str(tmp_path))
        (outcome,) = DaskEngine(cluster.address, needs=needs).run(work.upper, ["good:1"])
    assert outcome.value == "GOOD:1"
    with pytest.raises(FormcheckError, match=f"2 of 2 .* does not see {tmp_path}"):
        list(DaskEngine(cluster.address, needs=needs).run(work.upper, ["good:1"]))


def test_every_task_has_one_outcome_and_good_ones_their_value(outcomes: Outcomes) -> None:
    assert len(outcomes) == 9
    assert [outcomes[task].value for task in GOOD] == [task.upper() for task in GOOD]


def test_the_task_of_a_lost_worker_is_done_by_another(outcomes: Outcomes) -> None:
    (once,) = [task for task in outcomes if task.startswith(work.KILLED_ONCE)]
    assert Path(once.partition(":")[2]).exists()
    assert outcomes[once].value == once.upper()


def test_a_task_that_hangs_is_ended(outcomes: Outcomes) -> None:
    assert failure_of(outcomes, work.HANGS).code == "timed-out"


def test_a_task_that_hangs_does_so_nowhere_else_when_it_is_cancelled_after_its_worker_is_gone(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages that cancel and those that restart a worker race each other to the scheduler."""
    send: Any = distributed.Client._send_to_scheduler

    def delayed(self: Any, message: dict[str, Any]) -> None:
        if message["op"] == "cancel-keys":
            self.loop.call_later(0.5, send, self, message)
        else:
            send(self, message)

    monkeypatch.setattr(distributed.Client, "_send_to_scheduler", delayed)
    (hung,) = DaskEngine(cluster.address, timeout_s=2).run(work.upper, [work.HANGS])
    assert hung.failure is not None
    assert hung.failure.code == "timed-out"
    with distributed.Client(cluster.address) as client:  # type: ignore[no-untyped-call]
        for worker in client.nthreads():
            ping = client.submit(work.upper, "good:1", workers=[worker], pure=False)
            assert ping.result(timeout=20) == "GOOD:1"


def test_a_task_that_raises_says_what(outcomes: Outcomes) -> None:
    assert "no such luck" in failure_of(outcomes, work.RAISES).message


def test_a_task_that_kills_every_worker_is_given_up(cluster: Cluster, outcomes: Outcomes) -> None:
    (killed,) = DaskEngine(cluster.address).run(work.upper, [work.KILLED])
    assert killed.failure is not None
    assert killed.failure.code == "worker-lost"


def test_a_scheduler_that_does_not_answer_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formcheck.batch.cluster._CONNECT_S", 0.5)
    with pytest.raises(FormcheckError, match="No Dask scheduler"):
        list(DaskEngine("tcp://127.0.0.1:9").run(work.upper, ["good:1"]))


def test_the_task_of_a_worker_that_is_gone_is_not_late(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = _Running.__init__

    def begun_long_ago(self: Any, task: str, future: Any) -> None:
        original(self, task, future, -1e9, "tcp://127.0.0.1:9")

    monkeypatch.setattr(_Running, "__init__", begun_long_ago)
    (outcome,) = DaskEngine(cluster.address, timeout_s=60).run(work.upper, ["sleeps:1.5"])
    assert outcome.value == "SLEEPS:1.5"


def test_a_worker_without_a_nanny_costs_its_clip_and_not_the_batch(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    end = tmp_path / "end"
    late = f"waits:{end}"
    with local_cluster({}, has_nannies=False) as bare:
        engine = DaskEngine(bare.address, timeout_s=3)
        outcomes = {each.task: each for each in engine.run(work.upper, [late, *GOOD])}
        end.touch()
    assert failure_of(outcomes, late).code == "timed-out"
    assert all(outcomes[task].failure is None for task in GOOD)
    assert "has no nanny" in caplog.text


def test_a_cluster_whose_workers_have_other_code_is_refused(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "formcheck", ignore=shutil.ignore_patterns("*.pyc"))
    with (tmp_path / "formcheck" / "gait" / "view.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    needs = needs_of("memory://out")
    with (
        local_cluster({}, workers=1, place=tmp_path) as other,
        pytest.raises(FormcheckError, match=r"1 of 1 .* runs formcheck .* the batch"),
    ):
        list(DaskEngine(other.address, needs=needs).run(len, ["good"]))


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formcheck.batch.needs._POSING", ("no-such-library",))
    needs = replace(needs_of("memory://out"), libraries={"no-such-library": "1.0"})
    assert needs.lacking() == (
        "no-such-library is not installed there; install formcheck with all it needs on every "
        "machine."
    )


def test_a_worker_that_came_late_and_lacks_something_says_so(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.batch.cluster._require_fit_workers", lambda *_: None)
    needs = replace(needs_of("memory://out"), code="0.0.1+other")
    (outcome,) = DaskEngine(cluster.address, needs=needs).run(work.upper, ["good:1"])
    assert outcome.failure is not None
    assert outcome.failure.code == "worker-unfit"
    assert "0.0.1+other" in outcome.failure.message


@pytest.mark.mediapipe
def test_a_cluster_gives_the_same_bytes_as_this_process_wherever_it_was_started(
    clips: Clips, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(clips, Path("here"))
    run(clips, Path("there"), engine=lambda out: DaskEngine(cluster.address, needs=needs_of(out)))
    assert sorted(clip_lines(tmp_path / "there")) == sorted(clip_lines(tmp_path / "here"))
    here, there = (tmp_path / name / "run" / "summary.json" for name in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()


@pytest.mark.parametrize(
    ("error", "is_said"), [(NameError("future"), False), (ValueError("else"), True)]
)
def test_a_stumble_of_dask_at_ctrl_c_is_not_said(error: Exception, is_said: bool) -> None:
    raised = (type(error), error, None)
    record = logging.LogRecord("tornado.application", logging.ERROR, "", 0, "", None, raised)
    assert _is_no_stumble(record) is is_said


@pytest.mark.mediapipe
def test_a_cluster_without_workers_is_waited_for_and_said_so(clips: Clips, tmp_path: Path) -> None:
    with local_cluster({}, workers=0) as empty:
        process = subprocess.Popen(
            command(clips, tmp_path / "out", "--scheduler", empty.address),
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stderr is not None
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[1]
    assert f"No worker is connected to {empty.address}" in said
    assert (process.returncode, rest.count("\n")) == (130, 1), rest
    assert records(tmp_path / "out") == []

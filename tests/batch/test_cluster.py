"""The same work on a Dask cluster: lost workers, hanging tasks, and errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.batch.engine import Failure, Outcome
from formcheck.errors import FormcheckError
from tests.batch import work
from tests.batch.clusters import Cluster, local_cluster

pytest.importorskip("distributed")

from formcheck.batch.cluster import DaskEngine

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


def test_every_task_has_one_outcome_and_good_ones_their_value(outcomes: Outcomes) -> None:
    assert len(outcomes) == 9
    assert [outcomes[task].value for task in GOOD] == [task.upper() for task in GOOD]


def test_the_task_of_a_lost_worker_is_done_by_another(outcomes: Outcomes) -> None:
    (once,) = [task for task in outcomes if task.startswith(work.KILLED_ONCE)]
    assert Path(once.partition(":")[2]).exists()
    assert outcomes[once].value == once.upper()


def test_a_task_that_hangs_is_ended(outcomes: Outcomes) -> None:
    assert failure_of(outcomes, work.HANGS).code == "timed-out"


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

"""What every test may use, and what none may do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck.cli import app
from formcheck.cores import usable_cores
from formcheck.domain import ModelInfo
from formcheck.pose.model_files import find_model
from tests.command import Cli, Outcome

LONGEST = (
    "validation/test_phone_clips.py", "batch/test_run.py", "batch/test_cluster.py",
    "batch/test_s3.py", "test_copies.py", "pose/test_mediapipe.py", "validation/test_gates.py",
    "test_rendered_truth.py", "test_cli.py",
    "test_bad_input.py", "test_faults.py", "batch/test_pool.py", "test_notebooks.py",
    "test_every_reason.py", "test_checkup.py", "test_jobs.py", "batch/test_full_disk.py",
    "batch/test_resume.py", "test_pipeline.py", "gait/test_withhold.py", "test_rendered_rear.py",
)  # fmt: skip
"""Files that take ten seconds or more, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no core is idle while another ends one."""
    folder = Path(__file__).parent
    place = {(folder / name).resolve(strict=True): at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: several tests mostly wait for other processes."""
    return usable_cores() + 1


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which formcheck logs an error: what goes wrong must be raised or be data."""
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    errors = [
        record.getMessage()
        for record in records
        if record.name.startswith("formcheck") and record.levelno >= logging.ERROR
    ]
    assert not errors


@pytest.fixture(scope="session")
def pose_model() -> tuple[Path, ModelInfo]:
    """The default pose model, fetched or built the first time it is needed."""
    return find_model("full")


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Call the command line in this process; stderr includes what libraries write by themselves."""

    def call(*arguments: str | Path) -> Outcome:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr + capfd.readouterr().err)

    return call

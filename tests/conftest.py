"""What every test may use, and what none may do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck.cli import app
from formcheck.domain import ModelInfo
from formcheck.pose.model_files import find_model
from tests.command import Cli, Outcome


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

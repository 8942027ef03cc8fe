"""What every test may use, and what none may do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.domain import ModelInfo
from formcheck.pose.model_files import find_model


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

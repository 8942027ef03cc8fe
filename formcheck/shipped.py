"""Data files that ship with the package, each in the folder of the code that reads it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def shipped_text(package: str, name: str) -> str:
    """The content of a file of a package such as "formcheck.metrics"."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def shipped_table(package: str, name: str) -> dict[str, Any]:
    """The tables of a TOML file of a package."""
    return tomllib.loads(shipped_text(package, name))

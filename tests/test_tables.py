"""TOML tables into dataclasses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
import tomli_w

from formcheck import tables
from formcheck.errors import ConfigError


class Shade(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Everything:
    """One field of each type a stage may declare."""

    cutoff_hz: float = 8.0
    count: int = 3
    is_on: bool = True
    shade: Shade = Shade.DARK
    band: tuple[float, float] = (1.0, 2.0)
    many: tuple[str, ...] = ()
    limit: float | None = None

    def __post_init__(self) -> None:
        if self.cutoff_hz <= 0:
            raise ValueError("cutoff_hz must be positive")


@dataclass(frozen=True)
class Whole:
    stage: Everything = field(default_factory=Everything)


def build(**stage: Any) -> Everything:
    return tables.build(Whole, {"stage": stage}, "key").stage


def test_every_type_a_stage_declares_survives_toml() -> None:
    stage = Everything(6.0, 4, False, Shade.LIGHT, (0.5, 1.5), ("a", "b"), 2.0)
    table = tomllib.loads(tomli_w.dumps({"stage": tables.plain(stage)}))
    assert build(**table["stage"]) == stage


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ({"count": 2.5}, r"stage\.count must be a whole number"),
        ({"count": True}, r"stage\.count must be a whole number"),
        ({"is_on": 1}, r"stage\.is_on must be true or false"),
        ({"shade": "grey"}, r"stage\.shade must be one of light, dark"),
        ({"band": [1.0]}, r"stage\.band must hold 2 values, not 1"),
        ({"band": 1.0}, r"stage\.band must be an array"),
        ({"many": ["a", 1]}, r"stage\.many\[1\] must be text"),
        ({"cutoff_hz": -1}, r"\[stage\] cutoff_hz must be positive"),
    ],
)
def test_a_stage_parameter_of_the_wrong_kind_is_refused(
    stage: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        build(**stage)

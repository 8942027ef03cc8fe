"""What a reader wants to know of a metric besides its value: formula, sign, measured accuracy.

``formulas.toml`` is written by hand; ``accuracy.json`` is written by ``make validation`` together
with docs/validation.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from formcheck.shipped import shipped_table, shipped_text


@dataclass(frozen=True, slots=True)
class Formula:
    """How a metric is computed, and what a positive value means (empty: it has no sign)."""

    formula: str
    positive: str = ""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Error against one kind of truth, in the metric's unit.

    ``n`` comparisons, mean error ``bias``, root mean square ``rmse``, and the share of 95 %
    intervals that held the truth (0-1).
    """

    suite: str
    n: int
    bias: float
    rmse: float
    coverage: float


@cache
def formulas() -> Mapping[str, Formula]:
    """Formula of every metric, by name."""
    table = shipped_table("formcheck.metrics", "formulas.toml")
    return {name: Formula(**entry) for name, entry in table.items()}


@cache
def accuracies() -> Mapping[str, tuple[Accuracy, ...]]:
    """Measured accuracy by metric; absent where no truth exists."""
    table = json.loads(shipped_text("formcheck.metrics", "accuracy.json"))
    return {name: tuple(Accuracy(**entry) for entry in entries) for name, entries in table.items()}

"""How fit a clip is for an analysis, told before there is one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fitness(StrEnum):
    """What a clip, or one side of it, is good for."""

    FIT = "fit"
    LIMITED = "usable with limits"
    UNFIT = "not usable"

    @property
    def severity(self) -> int:
        """0 for fit up to 2 for not usable."""
        return list(Fitness).index(self)


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One side of a clip: what was ``seen`` and, unless it is fit, what to do about it."""

    name: str
    seen: str
    fitness: Fitness
    advice: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """All sides of a clip, the most important first."""

    path: str
    items: tuple[CheckItem, ...]

    @property
    def fitness(self) -> Fitness:
        """That of the worst item."""
        return max((item.fitness for item in self.items), key=lambda f: f.severity)

    @property
    def first_to_fix(self) -> CheckItem | None:
        """The most important of the worst items; None when everything is fit."""
        worst = max(self.items, key=lambda item: item.fitness.severity)
        return None if worst.fitness is Fitness.FIT else worst

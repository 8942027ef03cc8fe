"""What is advised beside the findings, and how careful the advice has to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.domain.guidance import Point, Source


class Caution(StrEnum):
    """What a runner's answers ask for before any advice, from nothing to the gravest.

    ``PAIN``: the back hurts and nothing else was said; ``BEFORE``: something in the runner's
    history to talk over before training; ``SOON`` and ``EMERGENCY``: how fast a clinician should
    be seen.
    """

    NONE = "none"
    PAIN = "pain"
    BEFORE = "before"
    SOON = "soon"
    EMERGENCY = "emergency"

    @property
    def gravity(self) -> int:
        """Place in the order above, 0 for none."""
        return list(Caution).index(self)


class Support(StrEnum):
    """What kind of ground a piece of advice stands on, from the firmest."""

    TRIAL = "trial"
    REVIEW = "review"
    COHORT = "cohort"
    LABORATORY = "laboratory"
    TOGETHER = "together"
    EXPERTS = "experts"
    HABIT = "habit"


@dataclass(frozen=True, slots=True)
class PlanNote:
    """What is known about a group of advice: kind of support and where it was read."""

    id: str
    support: Support
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PlanReason:
    """Why an item stands here: a point that asks to be looked after, else the text ``key``."""

    key: str
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One piece of advice; an exercise also has a dose, an easier and a harder version."""

    id: str
    is_exercise: bool
    note: PlanNote
    reasons: tuple[PlanReason, ...]


@dataclass(frozen=True, slots=True)
class PlanTopic:
    """Advice that belongs together, what has a reason first."""

    id: str
    items: tuple[PlanItem, ...]

    @property
    def notes(self) -> tuple[PlanNote, ...]:
        """The notes of its items, each once."""
        return tuple(dict.fromkeys(item.note for item in self.items))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of its notes, each once."""
        return tuple(dict.fromkeys(source for note in self.notes for source in note.sources))


@dataclass(frozen=True, slots=True)
class Plan:
    """The advice for one runner after one clip.

    ``is_answered`` says whether the runner answered questions. The answers themselves are not
    kept: only what follows from them.
    """

    caution: Caution
    is_answered: bool
    topics: tuple[PlanTopic, ...]

    @property
    def has_exercises(self) -> bool:
        """Whether any exercise is left."""
        return any(item.is_exercise for topic in self.topics for item in topic.items)

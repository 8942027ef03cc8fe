"""What is advised, on whose word, and how a runner compares with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from formcheck.domain.basics import Grade, Side, Verdict
from formcheck.domain.measured import Summary

Band = tuple[float, float]
"""Lowest and highest value; infinite where it is open."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from.

    ``to_verify`` marks one nobody has read again: it may be listed, and nothing it says may be
    quoted to a runner.
    """

    id: str
    citation: str
    locator: str
    evidence: str
    doi: str = ""
    to_verify: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look after: a sentence of the article, or something beyond it.

    ``article_sentence`` is empty for a point the article does not make. ``weight`` (0-1) is how
    well supported a change is; with the grade it decides what to work on first.
    """

    id: str
    title: str
    order: int
    weight: float
    article_sentence: str
    evidence_note: str
    advice: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Another metric that must, very likely, lie inside a range for a criterion to count."""

    metric: str
    inside: Band


@dataclass(frozen=True, slots=True)
class Criterion:
    """One metric against one band.

    ``good`` is the band; beyond ``watch`` (None: no such limit) a value is graded fix, between the
    two watch. ``most`` is the severest grade this metric may give. With ``compared`` the bands are
    standard deviations from what similar runners do at this speed, otherwise in the metric's unit.
    ``messages`` take the place of the rule's.
    """

    metric: str
    good: Band
    watch: Band | None
    most: Grade
    compared: bool
    when: tuple[Condition, ...]
    messages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one pack says about one point; the first criterion is the one that is shown.

    ``pack`` is article, evidence, or own for a user's rule. ``messages`` holds texts for within,
    outside, outside_low and outside_high; ``{value}``, ``{low}`` and ``{high}`` are filled in.
    """

    id: str
    pack: str
    point: Point
    criteria: tuple[Criterion, ...]
    min_strides: int
    messages: Mapping[str, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule applied to one side (None: whole body).

    ``metric`` is that of the deciding criterion and ``band`` its good band in the metric's unit
    (None when similar runners cannot be named). ``grade`` is None when the verdict is
    undetermined; ``reason`` then says why. ``probability_outside`` is the chance that the true
    value lies outside the band, None when nothing was observed.
    """

    rule: Rule
    side: Side | None
    metric: str
    observed: Summary | None
    band: Band | None
    verdict: Verdict
    grade: Grade | None
    probability_outside: float | None
    message: str
    reason: str | None

    @property
    def fires(self) -> bool:
        """Whether it asks the runner to look after something."""
        return self.grade in {Grade.WATCH, Grade.FIX}

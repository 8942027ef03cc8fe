"""Texts that accompany every report: the safety note, and the advice no video can check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from formcheck.texts import Language
from formcheck.texts.tables import table


@dataclass(frozen=True, slots=True)
class SafetyParagraph:
    """One paragraph of the safety text; ``urgency`` is note, emergency or soon."""

    urgency: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class AdviceItem:
    """One topic of general advice with a frank note on its evidence."""

    topic: str
    advice: str
    evidence: str


@dataclass(frozen=True, slots=True)
class GeneralAdvice:
    """The advice page: a line of perspective, the topics, and a closing line."""

    perspective: str
    items: tuple[AdviceItem, ...]
    closing: str


@cache
def safety_text(language: Language = Language.EN) -> tuple[SafetyParagraph, ...]:
    """Return the paragraphs of the safety text, in reading order."""
    rows: Any = table("safety", language)["paragraph"]
    return tuple(SafetyParagraph(**row) for row in rows)


@cache
def general_advice(language: Language = Language.EN) -> GeneralAdvice:
    """Return the advice that is never derived from the video."""
    data: Mapping[str, Any] = table("advice", language)
    items = tuple(AdviceItem(**row) for row in data["item"])
    return GeneralAdvice(perspective=data["perspective"], items=items, closing=data["closing"])

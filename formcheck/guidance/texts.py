"""Texts that accompany every report: the safety note, and the advice no video can check."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


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
def safety_text() -> tuple[SafetyParagraph, ...]:
    """Return the paragraphs of the safety text, in reading order."""
    return tuple(SafetyParagraph(**row) for row in _read("safety.toml")["paragraph"])


@cache
def general_advice() -> GeneralAdvice:
    """Return the advice that is never derived from the video."""
    data = _read("advice.toml")
    items = tuple(AdviceItem(**row) for row in data["item"])
    return GeneralAdvice(perspective=data["perspective"], items=items, closing=data["closing"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("formcheck.guidance").joinpath(name).read_text(encoding="utf-8"))

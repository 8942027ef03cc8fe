"""The safety text that accompanies every report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from formcheck.domain import Caution
from formcheck.texts import Language
from formcheck.texts.tables import table


@dataclass(frozen=True, slots=True)
class SafetyParagraph:
    """One paragraph of the safety text; ``urgency`` is note, emergency or soon."""

    urgency: str
    heading: str
    text: str

    @property
    def said(self) -> str:
        """The paragraph without a layout: what to do first; a note stands without its heading."""
        return self.text if self.urgency == "note" else f"{self.heading} {self.text}"


@cache
def safety_text(
    language: Language = Language.EN, caution: Caution = Caution.NONE
) -> tuple[SafetyParagraph, ...]:
    """Return the paragraphs of the safety text in reading order, that of the caution first."""
    rows: Any = table("safety", language)["paragraph"]
    paragraphs = (SafetyParagraph(**row) for row in rows)
    return tuple(sorted(paragraphs, key=lambda each: each.urgency != caution))


def safety_lines(caution: Caution = Caution.NONE) -> list[str]:
    """Return the safety text as files for machines hold it: in English, a line a paragraph."""
    return [f"{part.heading}: {part.text}" for part in safety_text(caution=caution)]

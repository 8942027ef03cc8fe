"""What no text may say: guidance for similar runners, never a diagnosis (biomechanics 6.3)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from formcheck.texts import Language

BANNED = {
    Language.EN: (
        r"\bcauses?\b(?! of pain)",  # the safety text says that it cannot find one
        r"\bcaus(ed|ing)\b",
        r"\bwill injure\b",
        r"\binjures\b",
        r"\bdamag",
        r"\bincorrect",
        r"\bcorrect(ly)? (form|technique|posture)\b",
        r"\b(wrong|bad|poor) (form|technique|posture)\b",
        r"\bdiagnos",
        r"\bprevents\b",
        r"\bcures?\b",
        r"\bguarantee",
    ),
    Language.DE: (
        r"\bverursach",
        r"\bUrsachen?\b",
        r"\bverletzt dich\b",
        r"\bdich verletzen\b",
        r"\b[Ss]chäd(en|ig|lich)",
        r"\bSchaden\b",
        r"\b(un|in)?korrekt",
        r"\b(falsche|richtige|schlechte)[mnrs]? (Form|Technik|Haltung|Lauftechnik|Laufstil)\b",
        r"\b[Dd]iagnos",
        r"\bverhindert\b",
        r"\bheilt\b",
        r"\b[Gg]arant",
    ),
}
"""Patterns by language."""


def broken_rules(text: str, language: Language) -> Iterator[str]:
    """Everything in a text that may not be said."""
    for pattern in BANNED[language]:
        yield from (found[0] for found in re.finditer(pattern, text, flags=re.IGNORECASE))


def words_of(page: str) -> str:
    """What a reader of an HTML page reads, attributes such as alt and aria-label included."""
    shown = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|aria-label|title|placeholder)="([^"]*)"', shown)
    return html.unescape(" ".join([re.sub(r"<[^>]+>", " ", shown), *spoken]))

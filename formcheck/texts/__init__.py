"""Texts a person reads, in one place per language: ``formcheck/texts/<language>/<area>.toml``."""

from __future__ import annotations

from formcheck.texts.style import DEFAULT_STYLE, Language, ReportStyle, Units
from formcheck.texts.words import Words, own_text, tell, text, words

__all__ = [
    "DEFAULT_STYLE",
    "Language",
    "ReportStyle",
    "Units",
    "Words",
    "own_text",
    "tell",
    "text",
    "words",
]

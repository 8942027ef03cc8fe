"""Texts a person reads, in one place per language: ``formcheck/texts/<language>/<area>.toml``."""

from __future__ import annotations

from formcheck.texts.style import DEFAULT_STYLE, Language, ReportStyle, Units
from formcheck.texts.words import (
    Words,
    in_english,
    own_text,
    tell,
    templates,
    text,
    with_facts,
    words,
)

__all__ = [
    "DEFAULT_STYLE",
    "Language",
    "ReportStyle",
    "Units",
    "Words",
    "in_english",
    "own_text",
    "tell",
    "templates",
    "text",
    "with_facts",
    "words",
]

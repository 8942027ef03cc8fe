"""Texts a person reads, in one place per language: ``formcheck/texts/<language>/<area>.toml``."""

from __future__ import annotations

from formcheck.texts.words import Language, Words, words

__all__ = ["Language", "Words", "words"]

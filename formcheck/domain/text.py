"""Texts that remember what they were made of, so that a report can say them in any language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, in SI or degrees; how it is written is up to who writes it."""

    value: float
    unit: str


_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # control characters
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


class Text(str):
    """An English text that can be said again in another language and in other units.

    ``template`` is what it was made from: a key such as "no_person.seen" of an ``area`` of
    ``formcheck.texts``, or, where ``area`` is empty, the text itself (a user's own). ``facts`` are
    filled in. As a ``str`` it is the English text, which is what is kept in files.
    """

    area: str
    template: str
    facts: Mapping[str, Any]

    def __new__(
        cls,
        english: str,
        area: str = "",
        template: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> Text:
        """Put the English text together with what it was made of."""
        made = super().__new__(cls, english)
        made.area = area
        made.template = template
        made.facts = MappingProxyType(dict(facts or {}))
        return made

    def __getnewargs__(self) -> tuple[str, str, str, dict[str, Any]]:  # type: ignore[override]
        return str(self), self.area, self.template, dict(self.facts)

    def __getstate__(self) -> None:
        """Everything is in the arguments it is made of."""


def printable(name: str) -> str:
    """Return a file's name as text that can be written anywhere.

    Bytes of it that are no UTF-8, as older systems wrote them, become such as ``_xe9``; so do
    characters that a terminal obeys, line breaks among them.
    """
    known = name.encode("utf-8", "surrogateescape")
    if known != name.encode("utf-8", "replace"):
        name = known.decode("utf-8", "backslashreplace").replace("\\x", "_x")
    return _OBEYED.sub(lambda found: f"_x{ord(found[0]):02x}", name)


def as_cell(words: str) -> str:
    """Return words as a cell of a table that no spreadsheet takes for a formula.

    Only a file's name can be at fault: one that begins with = + - @, one of their wide forms, a tab
    or a line break (OWASP, CSV Injection). It gets ``./`` in front, which leaves it the same path.
    """
    return f"./{words}" if words.startswith(_FORMULA) else words

"""Looks a text up by area, key and language, and fills in its facts as that language writes them.

A fact is written by what it is and by the format in the text: a number by Python's format
(``{share:.0%}``), an ``Amount`` in the reader's units, a day written out, a ``Text`` in the
reader's language, several of them one after the other, and a word by the table of names.toml that
the text names (``{side:side}``); ``{title:lower}`` and ``{title:upper}`` change its first letter.
``{why:fault}`` is what a system said, in words of ours where it is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import Any

from babel import Locale

from formcheck.domain import Amount, Text
from formcheck.texts.amounts import amount, by_spec, day
from formcheck.texts.style import DEFAULT_STYLE, Language, ReportStyle
from formcheck.texts.tables import find, table

_ENGLISH = DEFAULT_STYLE
_FIRST_LETTER = {"lower": str.lower, "upper": str.upper}

FAULT = "fault"
"""The table of names.toml with what systems and FFmpeg say went wrong."""
_NUMBERED = re.compile(r"(?:<urlopen error )?\[Errno -?\d+\] (?P<said>[^:>]+).*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one area as a reader wants them; called with a key it gives the text."""

    area: str
    style: ReportStyle = _ENGLISH

    @property
    def language(self) -> Language:
        """The language of the texts."""
        return self.style.language

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text of a key such as "speed.label", with the facts it asks for filled in.

        Of a text with forms for one and other, the fact ``n`` chooses. Raises KeyError for an
        unknown key or a missing fact.
        """
        return _filled(self.area, key, facts, self.style)


def words(area: str, style: ReportStyle | Language = _ENGLISH) -> Words:
    """The texts of an area, for a page to look its sentences up in."""
    return Words(area, ReportStyle(style) if isinstance(style, Language) else style)


def text(area: str, key: str, /, **facts: object) -> Text:
    """A text of an area in English, which ``tell`` says in any language.

    Raises KeyError for an unknown key or a missing fact.
    """
    return Text(_filled(area, key, facts, _ENGLISH), area, key, facts)


def templates(area: str, key: str) -> Mapping[str, Text]:
    """The texts right under a key, if there is one, as they stand in the English file.

    Facts they ask for are not filled in yet, see ``with_facts``.
    """
    try:
        found = find(area, key, Language.EN)
    except KeyError:
        return {}
    texts = found.items() if isinstance(found, Mapping) else ()
    return {
        name: Text(said, area, f"{key}.{name}") for name, said in texts if isinstance(said, str)
    }


def in_english(english: str, area: str, key: str) -> Text:
    """A text whose English stands with what it is about; files of other languages have it."""
    return Text(english, area, key)


def with_facts(said: str, /, **facts: object) -> Text:
    """A template with its facts; what is no ``Text`` is taken for a template of the user's."""
    if isinstance(said, Text) and said.area:
        return text(said.area, said.template, **facts)
    return own_text(said, **facts)


def own_text(template: str, /, **facts: object) -> Text:
    """A text of the user's own, which no language but its own is known for."""
    return Text(_Facts(_ENGLISH).vformat(template, (), facts), "", template, facts)


def tell(said: str, style: ReportStyle) -> str:
    """A text in the reader's language and units; what is no ``Text`` stays as it is."""
    if not isinstance(said, Text):
        return said
    if style.language is Language.EN and not said.facts:
        return str(said)
    if not said.area:
        return _Facts(style).vformat(said.template, (), said.facts)
    return _filled(said.area, said.template, said.facts, style)


def _filled(area: str, key: str, facts: Mapping[str, Any], style: ReportStyle) -> str:
    found = find(area, key, style.language)
    if isinstance(found, Mapping) and "other" in found:
        found = found[Locale(style.language.value).plural_form(facts["n"])]
    if not isinstance(found, str):
        raise KeyError(f"{area}: {key} is no text")
    return _Facts(style).vformat(found, (), facts)


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[tuple[str, str | None, str], ...] | None:
    """Pieces of a template, each with the fact and its format after it; None if it is not plain."""
    parts = tuple(Formatter().parse(template))
    for _, name, spec, conversion in parts:
        if conversion or "{" in (spec or "") or not (name is None or name.isidentifier()):
            return None
    return tuple((literal, name, spec or "") for literal, name, spec, _ in parts)


class _Facts(Formatter):
    """Writes facts as a reader wants them."""

    def __init__(self, style: ReportStyle) -> None:
        self._style = style

    def vformat(self, format_string: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """As any formatter, with templates taken apart once."""
        parts = _parts(format_string)
        if parts is None:
            return super().vformat(format_string, args, kwargs)
        return "".join(
            literal if name is None else literal + self.format_field(kwargs[name], spec)
            for literal, name, spec in parts
        )

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple):
            return "; ".join(self.format_field(each, format_spec) for each in value)
        if isinstance(value, Amount):
            return amount(value.value, value.unit, self._style, signed=format_spec == "+")
        if isinstance(value, date):
            return day(value, self._style.language)
        if isinstance(value, str):
            return self._word(tell(value, self._style), format_spec)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return by_spec(value, format_spec, self._style.language)
        return format(value, format_spec)

    def _word(self, word: str, kind: str) -> str:
        if kind in _FIRST_LETTER:
            return _FIRST_LETTER[kind](word[:1]) + word[1:]
        if kind == FAULT:
            return _fault(word, self._style.language)
        return str(find("names", f"{kind}.{word}", self._style.language)) if kind else str(word)


def _fault(said: str, language: Language) -> str:
    """What a system said went wrong; what is not known stays as it was said.

    Python puts a number before the words of the system and the file after them.
    """
    known = table("names", language)[FAULT]
    numbered = _NUMBERED.fullmatch(said)
    words_of_system = said if numbered is None else numbered["said"]
    found = known.get(words_of_system.strip().lower()) if isinstance(known, Mapping) else None
    return said if found is None else str(found)

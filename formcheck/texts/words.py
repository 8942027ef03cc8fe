"""Looks a text up by area, key and language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Language(StrEnum):
    """A language reports are written in."""

    EN = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one area in one language; called with a key it gives the text."""

    area: str
    language: Language = Language.EN

    def __call__(self, key: str, **facts: object) -> str:
        """The text of a key such as "speed.label", with the facts it asks for filled in.

        Raises KeyError for an unknown key or a missing fact.
        """
        found: object = _texts(self.area, self.language)
        for part in key.split("."):
            if not isinstance(found, dict):
                raise KeyError(f"{self.area}: {key}")
            found = found[part]
        if not isinstance(found, str):
            raise KeyError(f"{self.area}: {key} is no text")
        return found.format(**facts)


def words(area: str, language: Language = Language.EN) -> Words:
    """The texts of an area, for a page to look its sentences up in."""
    return Words(area, language)


@cache
def _texts(area: str, language: Language) -> dict[str, object]:
    place = files("formcheck.texts").joinpath(language.value, f"{area}.toml")
    return tomllib.loads(place.read_text(encoding="utf-8"))

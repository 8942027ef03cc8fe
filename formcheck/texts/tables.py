"""The files the texts lie in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from formcheck.shipped import shipped_table
from formcheck.texts.style import Language


@cache
def table(area: str, language: Language) -> Mapping[str, object]:
    """Everything in ``formcheck/texts/<language>/<area>.toml``."""
    return shipped_table("formcheck.texts", f"{language.value}/{area}.toml")


def find(area: str, key: str, language: Language) -> object:
    """What stands under a key such as "speed.label"; raises KeyError for an unknown one."""
    found: object = table(area, language)
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise KeyError(f"{area}: {key}")
        found = found[part]
    return found

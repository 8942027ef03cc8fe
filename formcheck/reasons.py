"""Every reason formcheck gives for not measuring, in words: one table, read from ``reasons.toml``.

A refusal that only says no helps nobody: each text has what was seen (with the number where one
was measured), what is missing because of it, and how to film it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from formcheck.domain import Reason


@cache
def reason_texts() -> Mapping[str, Mapping[str, str]]:
    """Texts by code: ``kind`` (refused, withheld or note), ``seen``, ``missing`` and ``film``."""
    text = resources.files("formcheck").joinpath("reasons.toml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return table


def reason(code: str, **facts: object) -> Reason:
    """The reason of a code, with the facts its texts ask for filled in.

    Raises KeyError for an unknown code or a missing fact.
    """
    text = reason_texts()[code]
    seen, missing, film = (text[part].format(**facts) for part in ("seen", "missing", "film"))
    return Reason(code, seen, missing, film)

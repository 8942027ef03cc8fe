"""Every reason formcheck gives for not measuring, by code.

A refusal that only says no helps nobody: each has what was seen (with the number where one was
measured), what is missing because of it, and how to film it. The clauses lie in
``formcheck/texts/<language>/reasons.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from formcheck.domain import Reason, Text
from formcheck.shipped import shipped_table
from formcheck.texts import text

CLAUSES = ("seen", "missing", "film")
"""What is said of every code."""


@cache
def reason_kinds() -> Mapping[str, str]:
    """What a code stands for: refused, withheld or note."""
    return shipped_table("formcheck", "reasons.toml")


def reason(code: str, **facts: object) -> Reason:
    """The reason of a code, with the facts its texts ask for filled in.

    Raises KeyError for an unknown code or a missing fact.
    """
    return Reason(code, *(text("reasons", f"{code}.{clause}", **facts) for clause in CLAUSES))


def message(why: Reason) -> Text:
    """All clauses of a reason as one text, each a sentence of its own."""
    return text("analysis", "message", seen=why.seen, missing=why.missing, film=why.film)

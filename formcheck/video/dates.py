"""The day a clip was recorded, as its file has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date")
_DAY = re.compile(r"\d{4}(-?)\d{2}\1\d{2}(?!\d)")

_FIRST, _LAST = date(2000, 1, 2), date(2035, 12, 31)
"""Cameras without a clock begin in 1904, 1970 or on the first day of 2000; 32 bits of seconds end
in 2036, 2038 or 2040."""


def recorded_on(metadata: Mapping[str, str]) -> str | None:
    """The day in the metadata of a container, ``2026-11-23``; None when it says none.

    A time with its distance from Greenwich counts before one of Greenwich, which may be of another
    day. Programs that convert a clip may put the day they did so, or nothing, in its place.
    """
    told = {key.lower(): value for key, value in metadata.items()}
    found = [at for key in _KEYS if (at := _instant(told.get(key, ""))) is not None]
    local = [at for at in found if at.utcoffset()]
    first = next(iter([*local, *found]), None)
    return None if first is None else first.date().isoformat()


def _instant(said: str) -> datetime | None:
    """When something was recorded; None for what is no day, or one that no clock goes by."""
    if _DAY.match(said) is None:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:  # another way to write the time, or a day that does not exist
        return None
    return at if _FIRST <= at.date() <= _LAST else None

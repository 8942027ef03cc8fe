"""The day a clip was recorded, as its file has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date")
"""The first is in local time, the others are UTC."""

_FIRST_YEAR = 2000  # files of cameras without a clock are from 1904 or 1970


def recorded_on(metadata: Mapping[str, str]) -> str | None:
    """The day in the metadata of a container, ``2026-11-23``; None when it says none.

    Programs that convert a clip may put the day they did so, or nothing, in its place.
    """
    told = {key.lower(): value for key, value in metadata.items()}
    for key in _KEYS:
        try:
            at = datetime.fromisoformat(told.get(key, ""))
        except ValueError:  # another way to write it, or only a year
            continue
        if at.year >= _FIRST_YEAR:
            return at.date().isoformat()
    return None

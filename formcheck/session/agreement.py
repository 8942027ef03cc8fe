"""Whether clips can be of one runner and one run: recorded together, and run alike.

Who somebody is, formcheck does not look at. What can be held against each other is the day in the
files, the speeds and inclines given, and, as those may be missing or wrong, the cadences.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from formcheck.compare.changes import SAME_INCLINE_PERCENT, SAME_SPEED
from formcheck.compare.error import detectable_change
from formcheck.domain import Amount, Analysis, Text
from formcheck.texts import text

SAME_CADENCE = 0.01
"""A twentieth more speed makes similar runners take 0.9 % more steps (metrics/norms.toml)."""
SAME_RUN = timedelta(days=1)
"""Files have the day of Greenwich, which may change while somebody runs."""


def contradictions(analyses: Sequence[Analysis]) -> tuple[Text, ...]:
    """Return what speaks against clips being of one runner and one run, none of them proof."""
    days = _other_days(analyses)
    return (*(() if days is None else (days,)), *run_unlike(analyses))


def run_unlike(analyses: Sequence[Analysis]) -> tuple[Text, ...]:
    """Return how clips were not run alike: at other speeds or inclines given, in another rhythm."""
    found = (_speeds(analyses), _inclines(analyses), _cadences(analyses))
    return tuple(said for said in found if said is not None)


def _other_days(analyses: Sequence[Analysis]) -> Text | None:
    days = [
        date.fromisoformat(each.video.recorded_on)
        for each in analyses
        if each.video.recorded_on is not None
    ]
    if not days or max(days) - min(days) <= SAME_RUN:
        return None
    return text("session", "unlike.days", first=min(days), last=max(days))


def _speeds(analyses: Sequence[Analysis]) -> Text | None:
    scales = [each.gait.scale for each in analyses]
    known = [s.speed_mps for s in scales if s.speed_mps is not None and s.speed_source == "given"]
    return _apart("speeds", known, "m/s", SAME_SPEED * min(known, default=0.0))


def _inclines(analyses: Sequence[Analysis]) -> Text | None:
    given = (each.gait.incline_percent for each in analyses)
    known = [slope for slope in given if slope is not None]
    return _apart("inclines", known, "%", SAME_INCLINE_PERCENT)


def _cadences(analyses: Sequence[Analysis]) -> Text | None:
    found = (each.summary("cadence_spm", None) for each in analyses)
    known = sorted((c for c in found if c is not None), key=lambda each: each.median)
    if not known:
        return None
    slow, fast = known[0], known[-1]
    limit = detectable_change("cadence_spm", slow, fast, is_same_camera=False)
    limit += SAME_CADENCE * slow.median
    return _apart("cadences", [slow.median, fast.median], "steps/min", limit)


def _apart(key: str, known: Sequence[float], unit: str, limit: float) -> Text | None:
    """That values of clips lie further apart than a limit."""
    if not known or max(known) - min(known) <= limit:
        return None
    low, high = (Amount(value, unit) for value in (min(known), max(known)))
    return text("session", f"unlike.{key}", low=low, high=high)

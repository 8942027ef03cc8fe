"""How a report is to be written: in which language and in which units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language reports are written in."""

    EN = "en"
    DE = "de"


class Units(StrEnum):
    """Units of lengths and speeds in reports; files for machines are always metric."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@dataclass(frozen=True, slots=True)
class ReportStyle:
    """Language and units of a report.

    With ``pace`` a speed is given as minutes per kilometre (imperial: per mile) instead of
    kilometres (miles) per hour.
    """

    language: Language = Language.EN
    units: Units = Units.METRIC
    pace: bool = False


DEFAULT_STYLE = ReportStyle()
"""English and metric, as files for machines are."""

"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.config import RANGES, AnalysisConfig
from formcheck.domain import Privacy
from formcheck.report.pdf import find_browser
from formcheck.texts import Language, Units


def _span(name: str) -> str:
    low, high, unit = RANGES[name]
    return f"({low:g} to {high:g} {unit})"


Speed = Annotated[
    float | None, typer.Option(help=f"Speed of the treadmill {_span('speed_kmh')}: step length.")
]
Height = Annotated[
    float | None,
    typer.Option(help=f"Height of the runner {_span('height_cm')}: estimates the speed."),
]
CaptureRate = Annotated[
    float | None,
    typer.Option(help=f"For slow motion: rate it was filmed at {_span('capture_fps')}."),
]
Incline = Annotated[
    float | None,
    typer.Option(help=f"Incline of the treadmill, uphill positive {_span('incline_percent')}."),
]
Model = Annotated[
    str | None,
    typer.Option(help=f"lite, full, heavy or a file (default: {AnalysisConfig().model})."),
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Settings file; see 'formcheck config'.")
]
Rules = Annotated[Path | None, typer.Option("--rules", help="Rules laid over the shipped packs.")]
Profile = Annotated[
    Path | None,
    typer.Option("--profile", help="Your answers to the questions of 'formcheck profile'."),
]
Hide = Annotated[
    Privacy | None,
    typer.Option(
        "--privacy",
        help="Of the pictures written: blur the faces of people who were found (somebody never "
        "found is not blurred), or show the skeleton alone.",
    ),
]
ReportLanguage = Annotated[
    Language | None, typer.Option("--language", help="Language of reports (default: en).")
]
ReportUnits = Annotated[
    Units | None, typer.Option("--units", help="Units of reports (default: metric).")
]
Pace = Annotated[
    bool | None,
    typer.Option("--pace/--speed", help="Speeds in reports as minutes per kilometre or mile."),
]
Pdf = Annotated[
    bool,
    typer.Option("--pdf", help="Print the page into a PDF too (needs Chromium, Chrome or Edge)."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


def style(
    language: Language | None, units: Units | None = None, pace: bool | None = None
) -> dict[str, object]:
    """What was asked for of the section ``report`` of the settings."""
    asked = {"language": language, "units": units, "pace": pace}
    return {name: value for name, value in asked.items() if value is not None}


def check_pdf(*, is_wanted: bool) -> None:
    """Raise OutputError when nothing here can print; better now than after minutes of work."""
    if is_wanted:
        find_browser()

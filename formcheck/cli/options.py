"""Options that several commands have; what --help says of them stands in help.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.language import OPTION, VARIABLE
from formcheck.domain import Privacy
from formcheck.report.pdf import find_browser
from formcheck.texts import Language, Units

Speed = Annotated[float | None, typer.Option()]
Height = Annotated[float | None, typer.Option()]
CaptureRate = Annotated[float | None, typer.Option()]
Incline = Annotated[float | None, typer.Option()]
Model = Annotated[str | None, typer.Option()]
Config = Annotated[Path | None, typer.Option("--config")]
Rules = Annotated[Path | None, typer.Option("--rules")]
Profile = Annotated[Path | None, typer.Option("--profile")]
Hide = Annotated[Privacy | None, typer.Option("--privacy")]
ReportLanguage = Annotated[Language | None, typer.Option(OPTION, envvar=VARIABLE)]
ReportUnits = Annotated[Units | None, typer.Option("--units")]
Pace = Annotated[bool | None, typer.Option("--pace/--speed")]
Pdf = Annotated[bool, typer.Option("--pdf")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q")]
Output = Annotated[Path, typer.Option("--output", "-o")]
Embed = Annotated[bool, typer.Option("--embed-video")]
Force = Annotated[bool, typer.Option("--force")]


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

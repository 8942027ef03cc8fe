"""formcheck session: clips from several sides as one report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli import jobs, options
from formcheck.cli.console import complain, exit_codes, frame_bar, say_caution
from formcheck.config import AnalysisConfig, load_config
from formcheck.errors import OutputError, RefusedError, VideoError
from formcheck.guidance.load import load_rules
from formcheck.guidance.plan import caution_of
from formcheck.guidance.profile import read_profile
from formcheck.report import ReportOptions
from formcheck.report.session_files import SessionWay, check_place, write_session
from formcheck.session import RefusedClip, Session, SessionClip, combine
from formcheck.texts import text, words

Sources = Annotated[list[Path], typer.Argument()]
Output = Annotated[Path, typer.Option("--output", "-o")]
Force = Annotated[bool, typer.Option("--force")]


def session(
    clips: Sources,
    output: Output,
    speed_kmh: options.Speed = None,
    height_cm: options.Height = None,
    config: options.Config = None,
    profile: options.Profile = None,
    privacy: options.Hide = None,
    language: options.ReportLanguage = None,
    units: options.ReportUnits = None,
    pace: options.Pace = None,
    pdf: options.Pdf = False,
    quiet: options.Quiet = False,
    force: Force = False,
) -> None:
    """Combine clips of one session: every measurement from the camera that sees it best.

    Left and right are compared where both sides were filmed at one speed. Writes session.html,
    session.json and a result folder for every clip.
    """
    with exit_codes(language):
        check_place(output, force=force)
        asked = {
            "speed_kmh": speed_kmh,
            "height_cm": height_cm,
            "privacy": privacy,
            "report": options.style(language, units, pace),
        }
        settings = load_config(config, **asked)
        answers = None if profile is None else read_profile(profile)
        say_caution(caution_of(answers), settings.report.language, is_shown=not quiet)
    with exit_codes(settings.report.language):
        options.check_pdf(is_wanted=pdf)
        way = jobs.Way(is_shown=not quiet, force=force, pdf=pdf)
        used: list[tuple[SessionClip, Path | None]] = []
        refused: list[RefusedClip] = []
        for name, clip in _named(clips):
            try:
                own = _own_config(clip) if config is None else None
                known = settings if own is None else load_config(own, **asked)
                analysis, film = jobs.analysed(clip, known, answers, way)
            except (RefusedError, VideoError) as error:
                complain(error, name, settings.report)
                refused.append(RefusedClip(name, error.said))
            else:
                used.append((SessionClip(name, analysis), film))
        if not used:
            raise OutputError(text("errors", "no_clip_of_all"))
        clips_used, films = zip(*used, strict=True)
        made = combine(clips_used, refused, load_rules(settings.rules), settings.grading, answers)
        page = _write(made, films, output, settings, way)
    if not quiet:
        typer.echo(str(page))


def _named(given: list[Path]) -> list[tuple[str, Path]]:
    """Each clip, or recorded pose of a result folder, with a name of its own."""
    found: dict[str, Path] = {}
    for path in given:
        is_folder = path.is_dir()
        name = path.resolve().name.removesuffix("_formcheck") if is_folder else path.stem
        if name in found:
            both = {"first": str(found[name]), "second": str(path)}
            raise OutputError(text("errors", "same_name", **both))
        found[name] = path / "pose.npz" if is_folder else path
    return list(found.items())


def _own_config(clip: Path) -> Path | None:
    """The settings a recorded pose was analysed with: what was hidden then stays hidden."""
    own = clip.with_name("config.toml")
    return own if clip.name == "pose.npz" and own.is_file() else None


def _write(
    combined: Session,
    films: Sequence[Path | None],
    output: Path,
    settings: AnalysisConfig,
    way: jobs.Way,
) -> Path:
    say = words("terminal", settings.report)
    with frame_bar(say("bar.drawing_all"), say, is_shown=way.is_shown) as progress:
        return write_session(
            combined,
            films,
            output,
            options=ReportOptions(settings.report, pdf=way.pdf),
            way=SessionWay(way.force, progress),
        )

"""formcheck session: clips from several sides as one report."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from formcheck.cli import jobs, options
from formcheck.cli.console import complain, exit_codes, frame_bar, said_path, say_caution
from formcheck.config import AnalysisConfig, load_config
from formcheck.errors import OutputError, RefusedError, VideoError
from formcheck.guidance.load import load_rules
from formcheck.guidance.plan import caution_of
from formcheck.guidance.profile import RunnerProfile, read_profile
from formcheck.report import ReportOptions
from formcheck.report.refusal import Refusal
from formcheck.report.session_files import (
    SessionWay,
    check_place,
    write_refused_session,
    write_session,
)
from formcheck.session import RefusedClip, SessionClip, combine
from formcheck.texts import text, words

logger = logging.getLogger(__name__)

Sources = Annotated[list[Path], typer.Argument()]


def session(
    clips: Sources,
    output: options.Output,
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
    force: options.Force = False,
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
        work = _Work(settings, asked, answers, own_settings=config is None)
        for name, clip in _named(clips):
            work.add(name, clip, way)
        page = work.write(output, way)
    if not quiet:
        typer.echo(said_path(page))
    raise typer.Exit(work.exit_code)


@dataclass(slots=True)
class _Work:
    """The clips of one session; with ``own_settings`` recorded poses go by those beside them."""

    settings: AnalysisConfig
    asked: Mapping[str, Any]
    answers: RunnerProfile | None
    own_settings: bool
    used: list[tuple[SessionClip, Path | None]] = field(default_factory=list)
    refused: list[RefusedClip] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, name: str, clip: Path, way: jobs.Way) -> None:
        """Analyse a clip; one that cannot be used does not stop the others."""
        own = _own_config(clip) if self.own_settings else None
        known = self.settings if own is None else load_config(own, **self.asked)
        try:
            analysis, film = jobs.analysed(clip, known, self.answers, way)
        except (RefusedError, VideoError) as error:
            complain(error, name, self.settings.report)
            made = jobs.refusal_of(name, clip, error, known, self.answers)
            self.refused.append(RefusedClip(name, made.error.said))
            if jobs.has_page(made):
                self.refusals.append(made)
        else:
            self.used.append((SessionClip(name, analysis), film))

    def write(self, output: Path, way: jobs.Way) -> Path:
        """Write the session, or the page that says why there is none.

        Raises OutputError when not one clip could be looked at.
        """
        options = ReportOptions(self.settings.report, pdf=way.pdf)
        if not self.used:
            if not any(refusal.seen for refusal in self.refusals):
                raise OutputError(text("errors", "no_clip_of_all"))
            return write_refused_session(self.refusals, output, options=options, force=way.force)
        clips, films = zip(*self.used, strict=True)
        rules, grading = load_rules(self.settings.rules), self.settings.grading
        made = combine(clips, self.refused, rules, grading, self.answers)
        for why in made.contradictions:
            asked = text("session", "unlike.title")
            logger.warning(text("session", "unlike.remark", title=asked, why=why))
        say = words("terminal", self.settings.report)
        with frame_bar(say("bar.drawing_all"), say, is_shown=way.is_shown) as progress:
            done = SessionWay(way.force, progress, tuple(self.refusals))
            return write_session(made, films, output, options=options, way=done)

    @property
    def exit_code(self) -> int:
        """0, or that of the first refusal when nothing was left."""
        if self.used:
            return 0
        return next(each.seen.exit_code for each in self.refusals if each.seen is not None)


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

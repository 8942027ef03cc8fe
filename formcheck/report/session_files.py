"""The folder of a session: session.html, session.json and a result folder for every clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from formcheck.domain import Analysis, Progress, Side, silent
from formcheck.guidance.texts import safety_text
from formcheck.report import page as report_page
from formcheck.report import refusal as refused_page
from formcheck.report import staging
from formcheck.report.cards import cards, headline
from formcheck.report.context import ReportContext
from formcheck.report.folder import write_folder
from formcheck.report.html import HtmlWriter, environment
from formcheck.report.json import summary
from formcheck.report.options import PLAIN_REPORT, ReportOptions
from formcheck.report.plain import number, summary_dict
from formcheck.report.privacy import blur_limit
from formcheck.report.refusal import Refusal, fill
from formcheck.report.session import clip_entries, session_context, side_lines
from formcheck.report.wording import Wording
from formcheck.report.writing import write_data, write_page
from formcheck.session import Asymmetry, Session
from formcheck.version import __version__
from formcheck.video.proxy import Reading

PAGE = "session.html"
DATA = "session.json"
SCHEMA_VERSION = "1.2"
"""Of session.json."""

_OF_SUMMARY = ("caution", "measurements", "foot_strike", "findings", "main_finding")


@dataclass(frozen=True, slots=True)
class SessionWay:
    """How a session is written: over an earlier one, and who follows the clips' second look.

    ``refusals`` are the clips that gave no result and whose file is there: each gets a folder with
    its own page.
    """

    force: bool = False
    progress: Progress = silent
    refusals: tuple[Refusal, ...] = ()


def write_session(
    session: Session,
    films: Sequence[Path | None],
    folder: Path,
    *,
    options: ReportOptions = PLAIN_REPORT,
    way: SessionWay | None = None,
) -> Path:
    """Write the folder and return the path of the page.

    ``films`` holds the file of each clip, None where it is gone. A PDF is printed of the session's
    page alone. Raises OutputError when the folder holds anything (unless forced and it is an
    earlier session), cannot be written or cannot be printed, VideoError when a clip is not the one
    analysed.
    """
    way = way or SessionWay()
    of_clips, reading = replace(options, pdf=False), Reading(way.progress)
    with staging.staged(folder, DATA, force=way.force) as place:
        pictures = [
            write_folder(
                clip.analysis, place / clip.name, clip=film, options=of_clips, reading=reading
            ).pictures
            for clip, film in zip(session.clips, films, strict=True)
        ]
        for refusal in way.refusals:
            fill(_made(place / refusal.name), refusal, of_clips)
        context = session_context(session, pictures, options)
        write_data(session_data(session), place / DATA)
        page = render(session, context, way.refusals)
        write_page(page, place / PAGE, pdf=options.pdf)
    return folder / PAGE


def write_refused_session(
    refusals: Sequence[Refusal],
    folder: Path,
    *,
    options: ReportOptions = PLAIN_REPORT,
    force: bool = False,
) -> Path:
    """Write the folder of a session all of whose clips were refused; return the page's path.

    Every clip has a folder with its own page. Raises OutputError as ``write_session`` does.
    """
    wording, caution = Wording(options.style), refusals[0].caution
    of_clips = replace(options, pdf=False)
    entries = []
    with staging.staged(folder, DATA, force=force) as place:
        for refusal in refusals:
            taken = fill(_made(place / refusal.name), refusal, of_clips)
            report = f"{refusal.name}/{HtmlWriter.name}"
            entries.append(refused_page.entry(refusal, wording, taken, report))
        write_data(_refused_data(refusals), place / DATA)
        page = refused_page.render("session", entries, options.style, caution)
        write_page(page, place / PAGE, pdf=options.pdf)
    return folder / PAGE


def _refused_data(refusals: Sequence[Refusal]) -> dict[str, Any]:
    """session.json of a session without a result."""
    first = refusals[0].summary()
    return {
        "schema_version": SCHEMA_VERSION,
        "formcheck_version": __version__,
        "verdict": first["verdict"],
        "safety": first["safety"],
        "caution": first["caution"],
        "clips": [],
        "refused": [{"name": each.name, "message": str(each.error)} for each in refusals],
        "contradictions": [],
    }


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def check_place(folder: Path, *, force: bool = False) -> None:
    """Raise OutputError when a session could not be put there; nothing is created."""
    staging.check_output(folder, DATA, force=force)


def render(session: Session, context: ReportContext, refusals: Sequence[Refusal] = ()) -> str:
    """Return the page; nothing in it is fetched from elsewhere.

    ``refusals`` are the clips that gave no result and have a page of their own.
    """
    wording, shown = context.wording, cards(context)
    reason = session.not_compared
    return (
        environment()
        .get_template("session.html.j2")
        .render(
            t=wording.words("report"),
            w=wording.words("player"),
            s=wording.words("session"),
            p=wording.words("plan"),
            plan=session.combined.plan,
            tell=wording.tell,
            headline=headline(context, shown),
            clips=clip_entries(session, wording, HtmlWriter.name),
            contradictions=session.contradictions,
            refused=session.refused,
            own_pages={each.name: f"{each.name}/{HtmlWriter.name}" for each in refusals},
            unreadable={each.name for each in refusals if each.seen is None},
            cards=shown,
            annotated_clip=None,
            rows=report_page.measured_rows(context),
            near=None,
            blurred=blur_limit((clip.analysis for clip in session.clips), wording.words("report")),
            asymmetries=side_lines(session, wording),
            not_compared="" if reason is None else wording.tell(reason),
            safety=safety_text(context.language, context.analysis.plan.caution),
        )
    )


def session_data(session: Session) -> dict[str, Any]:
    """Return the session as plain data; what is known of a metric is as in summary.json.

    ``from`` names the clip each value is from.
    """
    combined = summary(session.combined)
    names = [clip.name for clip in session.clips]
    for metric, entry in combined["measurements"].items():
        keys: dict[str, Side | None] = {"both": None, "left": Side.LEFT, "right": Side.RIGHT}
        entry["from"] = {
            name: None if index is None else names[index]
            for name, key in keys.items()
            for index in (session.sources.get((metric, key)),)
        }
    return {
        "schema_version": SCHEMA_VERSION,
        "formcheck_version": __version__,
        "safety": combined["safety"],
        "clips": [_clip(clip.name, clip.analysis) for clip in session.clips],
        "refused": [{"name": clip.name, "message": clip.message} for clip in session.refused],
        **{key: combined[key] for key in _OF_SUMMARY},
        "contradictions": [str(each) for each in session.contradictions],
        "asymmetry": [_asymmetry(each, names) for each in session.asymmetries],
        "not_compared": None if session.not_compared is None else str(session.not_compared),
    }


def _clip(name: str, analysis: Analysis) -> dict[str, Any]:
    full = summary(analysis)
    kept = {key: full[key] for key in ("verdict", "reasons", "view", "near_side")}
    return {
        "name": name,
        "video": full["video"]["path"],
        "sha256": full["video"]["sha256"],
        "recorded_on": full["video"]["recorded_on"],
        "speed_mps": full["scale"]["speed_mps"],
        **kept,
    }


def _asymmetry(found: Asymmetry, names: Sequence[str]) -> dict[str, Any]:
    return {
        "metric": found.metric,
        "unit": found.unit,
        "left": summary_dict(found.left),
        "right": summary_dict(found.right),
        "left_from": names[found.left_clip],
        "right_from": names[found.right_clip],
        "difference": summary_dict(found.difference),
        "difference_unit": found.difference_unit,
        "usual_below": number(found.usual),
        "is_real": found.is_real,
        "is_unusual": found.is_unusual,
    }

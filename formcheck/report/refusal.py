"""The page of a clip that was refused: why, what was seen, and how to film it again.

A file that cannot be read at all has one too: what is wrong with it, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.domain import Caution, Privacy, Provenance, Reason, printable
from formcheck.errors import RefusedError, VideoError
from formcheck.guidance.texts import safety_text
from formcheck.pose.recorded import save_pose
from formcheck.reasons import CLAUSES
from formcheck.report import staging
from formcheck.report.context import KeyFrame
from formcheck.report.gallery import Picture, picture
from formcheck.report.html import HtmlWriter, environment
from formcheck.report.json import JsonWriter, refused_summary
from formcheck.report.options import PLAIN_REPORT, ReportOptions
from formcheck.report.pose import PoseWriter
from formcheck.report.seen import pictures_of
from formcheck.report.settings import SettingsWriter, write_settings
from formcheck.report.wording import Wording
from formcheck.report.writing import write_data, write_page
from formcheck.texts import Language, ReportStyle, Words, text

_AREAS = {"clip": "report", "file": "report", "session": "session", "compare": "compare"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused clip: its ``name`` for people, ``path`` or URL as given, the file to look at again.

    ``error`` is a VideoError where the file cannot be read. ``clip`` is None where that file is
    gone. ``caution`` is what the runner's answers ask for, None when nothing was asked.
    """

    name: str
    path: Path | str
    error: RefusedError | VideoError
    clip: Path | None
    provenance: Provenance
    caution: Caution | None = None

    @property
    def seen(self) -> RefusedError | None:
        """Why nothing may be reported of what was seen; None where the file cannot be read."""
        return self.error if isinstance(self.error, RefusedError) else None

    @property
    def privacy(self) -> Privacy:
        """What may not be shown in its pictures."""
        return Privacy(self.provenance.config.get("privacy", Privacy.NONE))

    def summary(self) -> dict[str, Any]:
        """What summary.json holds of it."""
        return refused_summary(self.error, self.path, self.provenance, self.caution)


@dataclass(frozen=True, slots=True)
class Entry:
    """A refused clip on a page; a clause that is not known in the reader's language is empty.

    ``unreadable`` says what is wrong with a file that cannot be read, and ``why`` is empty then.
    ``report`` is the address of its own page, empty on that page itself.
    """

    name: str
    why: tuple[Mapping[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    report: str = ""
    unreadable: str = ""


def retold(error: VideoError, path: str, name: str) -> VideoError:
    """An error about the file at ``path``, told with another name for it."""
    said = error.said
    if said.facts.get("path") != path:
        return error
    return VideoError(text(said.area, said.template, **{**said.facts, "path": printable(name)}))


def write_refusal(
    refusal: Refusal, folder: Path, *, options: ReportOptions = PLAIN_REPORT, force: bool = False
) -> Path:
    """Write the folder of a refused clip and return the page's path.

    Beside report.html and summary.json it holds the settings and, where one was found, the pose, so
    that it can be told again in another language. That of a file that cannot be read says so.

    Raises OutputError when the folder exists and holds anything (unless it is that of a refused
    clip, or ``force`` and it is an earlier result), cannot be written, or cannot be printed.
    """
    with staging.staged(folder, JsonWriter.name, force=force) as place:
        fill(place, refusal, options)
    return folder / HtmlWriter.name


def fill(place: Path, refusal: Refusal, options: ReportOptions) -> tuple[KeyFrame, ...]:
    """Write the files of a refused clip into an existing folder; return the pictures taken."""
    wording = Wording(options.style)
    taken = pictures(refusal, wording)
    write_data(refusal.summary(), place / JsonWriter.name)
    write_settings(refusal.provenance.config, place / SettingsWriter.name)
    if refusal.seen is not None and refusal.seen.pose is not None:
        save_pose(refusal.seen.pose, place / PoseWriter.name)
    shown = entry(refusal, wording, taken)
    kind = "file" if refusal.seen is None else "clip"
    page = render(kind, [shown], options.style, refusal.caution)
    write_page(page, place / HtmlWriter.name, pdf=options.pdf)
    return taken


def pictures(refusal: Refusal, wording: Wording) -> tuple[KeyFrame, ...]:
    """A few pictures of what was seen; none of a file that cannot be read."""
    if refusal.seen is None:
        return ()
    return pictures_of(refusal.seen, refusal.clip, refusal.privacy, wording.words("pictures"))


def entry(refusal: Refusal, wording: Wording, taken: Sequence[KeyFrame], report: str = "") -> Entry:
    """A refused clip as a page shows it."""
    error = refusal.error
    if isinstance(error, VideoError):
        said = retold(error, str(refusal.path), refusal.name).said
        return Entry(refusal.name, report=report, unreadable=wording.tell(said))
    why = tuple(_clauses(reason, wording) for reason in error.reasons)
    found = (picture(each) for each in taken)
    shown = tuple(each for each in found if each is not None)
    return Entry(refusal.name, why, shown, report)


def entry_of_summary(name: str, summary: Mapping[str, Any], wording: Wording, report: str) -> Entry:
    """A refused clip as its summary.json has it, which is in English.

    In other languages only those clauses are said that ask for no facts.
    """
    first = summary["reasons"][0]
    if first["seen"] is None:
        is_english = wording.style.language is Language.EN
        said = first["message"] if is_english else wording.words("refused")("file.unreadable")
        return Entry(name, report=report, unreadable=said)
    why = tuple(_read_back(reason, wording) for reason in summary["reasons"])
    return Entry(name, why, report=report)


def _read_back(reason: Mapping[str, Any], wording: Wording) -> Mapping[str, str]:
    is_english = wording.style.language is Language.EN
    known = {clause: reason[clause] or "" for clause in CLAUSES}
    if is_english:
        return known
    say = wording.words("reasons")
    return {clause: _without_facts(say, f"{reason['code']}.{clause}") for clause in CLAUSES}


def _without_facts(say: Words, key: str) -> str:
    try:
        return say(key)
    except KeyError:  # it asks for facts, which a summary does not keep
        return ""


def _clauses(why: Reason, wording: Wording) -> Mapping[str, str]:
    return {clause: wording.tell(getattr(why, clause)) for clause in CLAUSES}


def render(
    kind: str, entries: Sequence[Entry], style: ReportStyle, caution: Caution | None = None
) -> str:
    """Return the page; ``kind`` is clip, session or compare: what was to come of the clips.

    That of a single file that cannot be read is ``file``.
    """
    wording, asked = Wording(style), caution or Caution.NONE
    return (
        environment()
        .get_template("refused.html.j2")
        .render(
            t=wording.words("report"),
            r=wording.words("refused"),
            p=wording.words("plan"),
            kind=kind,
            title=wording.words(_AREAS[kind])("title"),
            entries=entries,
            refused=wording.name("clip", "refused"),
            plan={"caution": asked.value},
            safety=safety_text(style.language, asked),
        )
    )

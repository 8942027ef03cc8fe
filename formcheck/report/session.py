"""What the page of a session shows, worked out before any HTML is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.domain import View
from formcheck.report.context import Pictures, ReportContext
from formcheck.report.options import ReportOptions
from formcheck.report.wording import Wording
from formcheck.session import Asymmetry, Session, SessionClip


@dataclass(frozen=True, slots=True)
class ClipEntry:
    """One clip of the session; ``report`` is the address of its own report."""

    name: str
    verdict: str
    facts: str
    limits: tuple[str, ...]
    report: str


@dataclass(frozen=True, slots=True)
class SideLine:
    """Left against right in words; ``look`` is none, some, real or unusual."""

    label: str
    left: str
    right: str
    difference: str
    usual: str
    verdict: str
    look: str


def session_context(
    session: Session, pictures: Sequence[Pictures], options: ReportOptions
) -> ReportContext:
    """Return what the cards are written from: each picture from the clip its value is from."""
    key_frames = tuple(
        frame
        for index, taken in enumerate(pictures)
        for frame in taken.key_frames
        if session.sources.get((frame.metric, frame.side)) == index
    )
    strips = tuple(
        strip
        for index, taken in enumerate(pictures)
        for strip in taken.strips
        if session.sources.get((strip.metric, strip.side)) == index
    )
    names = {key: session.clips[index].name for key, index in session.sources.items()}
    return ReportContext(
        session.combined, Pictures(key_frames, strips), style=options.style, sources=names
    )


def clip_entries(session: Session, wording: Wording, page: str) -> tuple[ClipEntry, ...]:
    """Return the clips that were used; ``page`` is the name of a clip's own report.

    What a clip from behind leaves out is no limit where another one shows it.
    """
    views = {clip.analysis.gait.view.view for clip in session.clips}
    is_seen_from_side = views != {View.REAR}
    return tuple(
        ClipEntry(
            name=clip.name,
            verdict=wording.name("clip", clip.analysis.verdict),
            facts=_facts(clip, wording),
            limits=tuple(
                wording.reason(why)
                for why in clip.analysis.reasons
                if why.code != "from_behind" or not is_seen_from_side
            ),
            report=f"{clip.name}/{page}",
        )
        for clip in session.clips
    )


def _facts(clip: SessionClip, wording: Wording) -> str:
    say, gait = wording.words("session"), clip.analysis.gait
    is_rear = gait.view.view is View.REAR
    speed, day = gait.scale.speed_mps, clip.analysis.video.recorded_on
    facts = ", ".join(
        (
            *(() if day is None else (wording.day(day),)),
            say("clips.rear") if is_rear else say("clips.near", side=gait.near_side),
            say("clips.speed_unknown") if speed is None else wording.amount(speed, "m/s"),
            wording.count(len(gait.strides), "stride"),
        )
    )
    return facts[:1].upper() + facts[1:]


def side_lines(session: Session, wording: Wording) -> tuple[SideLine, ...]:
    """Return left against right, what is more than error first."""
    ordered = sorted(session.asymmetries, key=lambda each: not each.is_real)
    return tuple(_side_line(each, wording) for each in ordered)


def _side_line(found: Asymmetry, wording: Wording) -> SideLine:
    say, look = wording.words("session"), _look(found)
    usual = ""
    if found.usual is not None:
        amount = wording.amount(found.usual, found.difference_unit)
        usual = say("asymmetry.below", usual=amount)
    return SideLine(
        label=wording.tell(found.label),
        left=wording.plus_minus(found.left, found.unit),
        right=wording.plus_minus(found.right, found.unit),
        difference=wording.plus_minus(found.difference, found.difference_unit),
        usual=usual,
        verdict=say(f"asymmetry.{look}"),
        look=look,
    )


def _look(found: Asymmetry) -> str:
    if not found.is_real:
        return "none"
    if found.usual is None:
        return "real"
    return "unusual" if found.is_unusual else "some"

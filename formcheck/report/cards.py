"""The findings as cards, one a point, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from formcheck.domain import (
    Caution,
    Finding,
    Measurement,
    Point,
    Side,
    Source,
    StrikeClass,
    Summary,
)
from formcheck.guidance.apply import main_finding
from formcheck.report.bars import BandBar, band_bar
from formcheck.report.context import ReportContext
from formcheck.report.gallery import Picture, StripView, picture, strip_view
from formcheck.report.wording import Wording
from formcheck.texts import text

_PACKS = {"own": 0, "evidence": 1, "article": 2}
"""Who speaks first."""
_SHARES = MappingProxyType({"shoulder_ratio": "trunk lengths"})  # what a bare number is a share of
_DEVIATIONS = "SD of similar runners"
_TELLING_PERCENT = 60
"""Widest range of a percentile that tells anything."""
_FOOT_STRIKE = "foot_strike_angle_deg"
_MOST = 0.99  # no chance is said to be higher: the error model is not that good


@dataclass(frozen=True, slots=True)
class SideResult:
    """What was found on one side (or the whole body); empty strings are not shown.

    ``look`` is the grade, or undetermined, as the style sheet knows it. ``sure`` says how sure
    the verdict is.
    """

    metric: str
    look: str
    verdict_words: str
    who: str
    value: str
    detail: str
    similar: str
    message: str
    reason: str
    sure: str
    strike: str
    bar: BandBar | None
    picture: Picture | None
    strip: StripView | None


@dataclass(frozen=True, slots=True)
class View:
    """What one rule says: the side that matters most in full, the other side in short.

    ``pack`` is own, evidence or article. ``repeats`` when the view before it laid the same range
    against the same measurement.
    """

    pack: str
    speaker: str
    main: SideResult
    others: tuple[SideResult, ...]
    sources: tuple[Source, ...]
    repeats: bool


@dataclass(frozen=True, slots=True)
class PointCard:
    """A point with what the article and what research say of it; research leads.

    ``of_article`` tells the points the article makes from those beyond it.
    """

    id: str
    title: str
    article_sentence: str
    evidence_note: str
    advice: str
    order: int
    views: tuple[View, ...]
    is_first: bool
    asks: bool
    of_article: bool

    @property
    def lead(self) -> View:
        """The view that speaks for the card."""
        return self.views[0]

    @property
    def strip(self) -> StripView | None:
        """The filmstrip of what the card leads with, of the side that has one."""
        results = (result for view in self.views for result in (view.main, *view.others))
        same = (result for result in results if result.metric == self.lead.main.metric)
        return next((result.strip for result in same if result.strip), None)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Everything the card rests on, once."""
        return tuple({s.id: s for view in self.views for s in view.sources}.values())


@dataclass(frozen=True, slots=True)
class Headline:
    """What the findings come to; empty parts are not shown.

    ``first`` is the one thing to work on, or that there is none; ``good`` what lies within its
    range, ``later`` what else is worth a look and ``unclear`` what could not be judged.
    """

    first: str
    good: str
    later: str
    unclear: str


def cards(context: ReportContext) -> tuple[PointCard, ...]:
    """Return a card a point: what asks to be looked after first, then in the article's order."""
    main = main_finding(context.analysis.findings, context.analysis.plan.caution)
    by_point: dict[str, list[Finding]] = {}
    for finding in context.analysis.findings:
        by_point.setdefault(finding.rule.point.id, []).append(finding)
    made = [_card(context, found, main) for found in by_point.values()]
    return tuple(sorted(made, key=lambda card: (not card.is_first, not card.asks, card.order)))


def _card(context: ReportContext, found: list[Finding], main: Finding | None) -> PointCard:
    rules = sorted({f.rule.id: f.rule for f in found}.values(), key=lambda r: _PACKS[r.pack])
    near = context.analysis.gait.near_side
    groups = [
        sorted(
            (f for f in found if f.rule.id == rule.id),
            key=lambda f: (f is not main, *_rank(f, near)),
        )
        for rule in rules
    ]
    point, tell = rules[0].point, context.wording.tell
    return PointCard(
        id=point.id,
        title=tell(point.title),
        article_sentence=tell(point.article_sentence),
        evidence_note=tell(point.evidence_note),
        advice=tell(point.advice),
        order=point.order,
        views=tuple(_rule_view(context, group, groups[0][0]) for group in groups),
        is_first=main is not None and main.rule.point.id == point.id,
        asks=context.analysis.plan.caution is Caution.NONE and any(f.fires for f in groups[0]),
        of_article=is_of_article(point),
    )


def is_of_article(point: Point) -> bool:
    """Whether the article makes a point."""
    return bool(point.article_sentence)


def glanced(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what is shown at a glance: the article's points, or all where it makes none."""
    return tuple(f for f in findings if is_of_article(f.rule.point)) or tuple(findings)


def _rule_view(context: ReportContext, found: list[Finding], lead: Finding) -> View:
    first, rule = found[0], found[0].rule
    main = _side_result(context, first)
    others = [_beside(context, finding, first) for finding in found[1:]]
    same = (first.metric, first.side, first.band) == (lead.metric, lead.side, lead.band)
    return View(
        pack=rule.pack,
        speaker=context.wording.pack(rule.pack),
        main=main,
        others=tuple(others),
        sources=rule.sources,
        repeats=same and first is not lead,
    )


def _beside(context: ReportContext, finding: Finding, first: Finding) -> SideResult:
    """A result below the first one, named where it is of another measurement."""
    result = _side_result(context, finding)
    measured = context.analysis.measurement(finding.metric)
    if finding.metric == first.metric or measured is None:
        return result
    return replace(result, who=f"{context.wording.tell(measured.label)}, {result.who}")


def _rank(finding: Finding, near: Side) -> tuple[int, bool]:
    """Severest first, then undetermined, then within; the near side when both are alike."""
    severity = 0.5 if finding.grade is None else finding.grade.severity
    return -int(2 * severity), finding.side not in (None, near)


def _side_result(context: ReportContext, finding: Finding) -> SideResult:
    analysis, observed = context.analysis, finding.observed
    measured = analysis.measurement(finding.metric)
    unit = "" if measured is None else _SHARES.get(measured.metric, measured.unit)
    wording, reason = context.wording, finding.reason or ""
    return SideResult(
        metric=finding.metric,
        look="undetermined" if finding.grade is None else finding.grade.value,
        verdict_words=wording.grade(finding.grade),
        who=context.from_clip(
            wording.side(finding.side, analysis.gait.view.near_side), finding.metric, finding.side
        ),
        value="" if observed is None else wording.plus_minus(observed, unit),
        detail="" if observed is None else _detail(observed, unit, wording),
        similar="" if measured is None else similar_runners(measured, finding.side, wording),
        message=wording.tell(finding.message),
        reason="" if reason in finding.message else wording.tell(reason),
        sure=_sure(finding, wording),
        strike=_strike(context, finding),
        bar=band_bar(finding.band, observed, unit, wording),
        picture=picture(context.key_frame(finding.metric, finding.side)),
        strip=strip_view(context, finding.metric, finding.side),
    )


def _detail(observed: Summary, unit: str, wording: Wording) -> str:
    span, strides = wording.interval(observed, unit), wording.count(observed.n_strides, "stride")
    return wording.words("report")("findings.detail", interval=span, strides=strides)


def _sure(finding: Finding, wording: Wording) -> str:
    """How likely the value is on the side of the range it was judged to be on."""
    outside = finding.probability_outside
    if outside is None:
        return ""
    say = wording.words("report")
    if finding.grade is None:  # of anything but a close call the reason alone speaks
        is_close = finding.reason == text("analysis", "judged.at_the_edge")
        return say("findings.sure_unclear", chance=100 * (1.0 - outside)) if is_close else ""
    if outside < 0.5:
        return say("findings.sure_inside", chance=100 * min(1.0 - outside, _MOST))
    return say("findings.sure_outside", chance=100 * min(outside, _MOST))


def similar_runners(
    measured: Measurement, side: Side | None, wording: Wording, key: str = "findings.similar"
) -> str:
    """Return where a value stands among similar runners; empty when that cannot be said.

    Of one that is told in their standard deviations, what those are.
    """
    if measured.unit == _DEVIATIONS and key == "findings.similar":
        return wording.words("report")("findings.deviations")
    place = measured.comparisons.get(side)
    if place is None:
        return ""
    say = wording.words("report")
    typical = wording.between(place.typical, measured.unit)
    speed = wording.amount(place.speed_mps, "m/s")
    told = say(key, speed=speed, typical=typical)
    low, high = (min(max(round(percent), 1), 99) for percent in place.percentile_range)
    if key != "findings.similar" or high - low > _TELLING_PERCENT:
        return told
    share = str(low) if low == high else say("findings.interval", low=low, high=high)
    return say("findings.lower", told=told, share=share)


def _strike(context: ReportContext, finding: Finding) -> str:
    strike = None if finding.side is None else context.analysis.foot_strikes.get(finding.side)
    if finding.metric != _FOOT_STRIKE or strike is None or not strike.probabilities:
        return ""
    say = context.wording.words("report")
    kinds = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
    chances = ", ".join(
        say("findings.chance", kind=kind, share=100 * strike.probabilities.get(kind, 0.0))
        for kind in kinds
    )
    strides = ", ".join(
        say("findings.share", kind=kind, share=100 * share)
        for kind, share in strike.shares.items()
        if share > 0
    )
    told = say("findings.strike_told", kind=strike.strike, chances=chances)
    if strides:
        told = say("findings.strike_strides", told=told, strides=strides)
    return say("findings.strike_noted", told=told, note=strike.note) if strike.note else told


def headline(context: ReportContext, shown: tuple[PointCard, ...]) -> Headline:
    """Return what the cards come to: what is good, and the one thing to work on first.

    With a runner in pain or flagged nothing is named to work on; with a warning sign nothing else.
    """
    say, caution = context.wording.words("report"), context.analysis.plan.caution
    looks = [card.lead.main.look for card in shown]
    good = _titles(shown, "good", context.wording)
    unclear, asking = looks.count("undetermined"), [card for card in shown if card.asks]
    if caution is not Caution.NONE:
        first = context.wording.words("plan")(f"headline.{caution}")
        if caution is not Caution.PAIN:
            return Headline(first, "", "", "")
    elif unclear == len(looks):
        return Headline(say("headline.nothing_judged"), "", "", "")
    elif asking:
        lead = asking[0]
        first = say("headline.first", title=lead.title, message=lead.lead.main.message)
    else:
        first = say("headline.nothing_asks")
    more = len(asking) - 1
    return Headline(
        first=first,
        good=say("headline.good", titles=good) if good else "",
        later=say("headline.more", n=more) if more > 0 else "",
        unclear=say("headline.unclear", n=unclear) if unclear else "",
    )


def _titles(shown: tuple[PointCard, ...], look: str, wording: Wording) -> str:
    """The article's points that look like that, in its order, as a list in a sentence."""
    found = [card for card in shown if card.of_article and card.lead.main.look == look]
    say = wording.words("report")
    ordered = sorted(found, key=lambda card: card.order)
    return wording.listed([say("headline.title", title=card.title) for card in ordered])

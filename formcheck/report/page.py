"""What the report page shows, worked out before any HTML is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from formcheck.domain import (
    Amount,
    Analysis,
    Caution,
    Finding,
    Measurement,
    Side,
    Source,
    StrikeClass,
    Summary,
)
from formcheck.guidance.apply import main_finding
from formcheck.report.bars import BandBar, band_bar
from formcheck.report.context import (
    KeyFrame,
    Pictures,
    ReportContext,
    found_contacts_s,
    is_from_behind,
)
from formcheck.report.gallery import StripView, jpeg_uri, strip_view
from formcheck.report.wording import Wording
from formcheck.texts import Words

_PACKS = {"own": 0, "evidence": 1, "article": 2}
"""Who speaks first."""
_FOOT_STRIKE = "foot_strike_angle_deg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A key frame inlined as a data URI."""

    uri: str
    alt: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class SideResult:
    """What was found on one side (or the whole body); empty strings are not shown.

    ``look`` is the grade, or undetermined, as the style sheet knows it.
    """

    look: str
    verdict_words: str
    who: str
    value: str
    detail: str
    similar: str
    message: str
    reason: str
    strike: str
    bar: BandBar | None
    picture: Picture | None
    strip: StripView | None


@dataclass(frozen=True, slots=True)
class View:
    """What one rule says: the side that matters most in full, the other side in short."""

    speaker: str
    main: SideResult
    others: tuple[SideResult, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PointCard:
    """A point with what the article and what research say of it; research leads."""

    title: str
    article_sentence: str
    evidence_note: str
    advice: str
    order: int
    views: tuple[View, ...]
    is_first: bool
    asks: bool

    @property
    def lead(self) -> View:
        """The view that speaks for the card."""
        return self.views[0]

    @property
    def strip(self) -> StripView | None:
        """The filmstrip of the first result that has one."""
        results = (result for view in self.views for result in (view.main, *view.others))
        return next((result.strip for result in results if result.strip), None)


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """One row of the table of measurements."""

    label: str
    definition: str
    both: str
    left: str
    right: str
    n_both: str
    n_left: str
    n_right: str
    similar: str
    not_measured: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A name with its value."""

    name: str
    value: str


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
    groups = [[f for f in found if f.rule.id == rule.id] for rule in rules]
    point, tell = rules[0].point, context.wording.tell
    return PointCard(
        title=tell(point.title),
        article_sentence=tell(point.article_sentence),
        evidence_note=tell(point.evidence_note),
        advice=tell(point.advice),
        order=point.order,
        views=tuple(_rule_view(context, group) for group in groups),
        is_first=main is not None and main.rule.point.id == point.id,
        asks=context.analysis.plan.caution is Caution.NONE and any(f.fires for f in groups[0]),
    )


def _rule_view(context: ReportContext, found: list[Finding]) -> View:
    near = context.analysis.gait.near_side
    main, *others = (
        _side_result(context, finding) for finding in sorted(found, key=lambda f: _rank(f, near))
    )
    rule = found[0].rule
    return View(context.wording.pack(rule.pack), main, tuple(others), rule.sources)


def _rank(finding: Finding, near: Side) -> tuple[int, bool]:
    """Severest first, then undetermined, then within; the near side when both are alike."""
    severity = 0.5 if finding.grade is None else finding.grade.severity
    return -int(2 * severity), finding.side not in (None, near)


def _side_result(context: ReportContext, finding: Finding) -> SideResult:
    analysis, observed = context.analysis, finding.observed
    measured = analysis.measurement(finding.metric)
    unit = "" if measured is None else measured.unit
    wording, reason = context.wording, finding.reason or ""
    return SideResult(
        look="undetermined" if finding.grade is None else finding.grade.value,
        verdict_words=wording.grade(finding.grade),
        who=wording.side(finding.side, analysis.gait.view.near_side),
        value="" if observed is None else wording.plus_minus(observed, unit),
        detail="" if observed is None else _detail(observed, unit, wording),
        similar="" if measured is None else similar_runners(measured, finding.side, wording),
        message=wording.tell(finding.message),
        reason="" if reason in finding.message else wording.tell(reason),
        strike=_strike(context, finding),
        bar=band_bar(finding.band, observed, unit, wording),
        picture=picture(context.key_frame(finding.metric, finding.side)),
        strip=strip_view(context, finding.metric, finding.side),
    )


def _detail(observed: Summary, unit: str, wording: Wording) -> str:
    span, strides = wording.interval(observed, unit), wording.count(observed.n_strides, "stride")
    return wording.words("report")("findings.detail", interval=span, strides=strides)


def similar_runners(
    measured: Measurement, side: Side | None, wording: Wording, key: str = "findings.similar"
) -> str:
    """Return where a value stands among similar runners; empty when that cannot be said."""
    place = measured.comparisons.get(side)
    if place is None:
        return ""
    typical = wording.between(place.typical, measured.unit)
    speed = wording.amount(place.speed_mps, "m/s")
    return wording.words("report")(key, speed=speed, typical=typical)


def _strike(context: ReportContext, finding: Finding) -> str:
    strike = None if finding.side is None else context.analysis.foot_strikes.get(finding.side)
    if finding.metric != _FOOT_STRIKE or strike is None:
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
    return say("findings.strike_strides", told=told, strides=strides) if strides else told


def picture(key_frame: KeyFrame | None) -> Picture | None:
    """Return a key frame for the page."""
    if key_frame is None:
        return None
    size = key_frame.width_px, key_frame.height_px
    return Picture(jpeg_uri(key_frame.jpeg), key_frame.alt, *size)


def headline(context: ReportContext) -> str:
    """Return what the findings come to, and the one thing to work on first.

    With a runner in pain or flagged nothing is named to work on.
    """
    caution = context.analysis.plan.caution
    if caution is not Caution.NONE:
        return context.wording.words("plan")(f"headline.{caution}")
    say, shown = context.wording.words("report"), cards(replace(context, pictures=Pictures()))
    looks = [card.lead.main.look for card in shown]
    unclear, asking = looks.count("undetermined"), sum(card.asks for card in shown)
    if unclear == len(looks):
        return say("headline.nothing_judged")
    said = [_first(shown[0], say) if asking else say("headline.nothing_asks")]
    if asking > 1:
        said.append(say("headline.more", n=asking - 1))
    if unclear:
        said.append(say("headline.unclear", n=unclear))
    return " ".join(said)


def _first(card: PointCard, say: Words) -> str:
    """What to work on first."""
    return say("headline.first", title=card.title, message=card.lead.main.message)


def measured_rows(context: ReportContext) -> tuple[MeasuredRow, ...]:
    """Return every measurement that is read in the clip's view."""
    shown = (measured for measured in context.analysis.measurements if measured.is_of_view)
    return tuple(_row(measured, context.wording) for measured in shown)


def left_out(context: ReportContext) -> str:
    """Return what another view would show; empty when nothing was left out."""
    count = sum(not measured.is_of_view for measured in context.analysis.measurements)
    where = "more_side" if is_from_behind(context.analysis.gait) else "more_rear"
    return context.wording.words("report")(f"measured.{where}", n=count) if count else ""


def _row(measurement: Measurement, wording: Wording) -> MeasuredRow:
    def value(side: Side | None) -> str:
        summary = measurement.summaries.get(side)
        return "" if summary is None else wording.plus_minus(summary, measurement.unit)

    def n_strides(side: Side | None) -> str:
        summary = measurement.summaries.get(side)
        return "" if summary is None else wording.count(summary.n_strides, "stride")

    compared = (similar_runners(measurement, s, wording, "measured.similar") for s in (None, *Side))
    return MeasuredRow(
        label=wording.tell(measurement.label),
        definition=wording.tell(measurement.definition),
        both=value(None),
        left=value(Side.LEFT),
        right=value(Side.RIGHT),
        n_both=n_strides(None),
        n_left=n_strides(Side.LEFT),
        n_right=n_strides(Side.RIGHT),
        similar=next(filter(None, compared), ""),
        not_measured=wording.tell(measurement.not_measured or ""),
    )


def highlights(context: ReportContext) -> tuple[Fact, ...]:
    """Return the few numbers everybody asks for, as far as they were measured."""
    analysis, wording = context.analysis, context.wording
    near = analysis.gait.near_side
    wanted: tuple[tuple[str, Side | None], ...] = (
        ("cadence_spm", None), ("contact_time_s", near), ("trunk_lean_deg", None),
        ("elbow_flexion_deg", near), (_FOOT_STRIKE, near),
        ("step_width_cm", None), ("trunk_side_range_deg", None),
    )  # fmt: skip
    found = [(analysis.measurement(metric), side) for metric, side in wanted]
    return tuple(
        Fact(
            wording.tell(measured.label),
            wording.plus_minus(measured.summaries[side], measured.unit),
        )
        for measured, side in found
        if measured is not None and side in measured.summaries
    )


def n_excluded(analysis: Analysis, side: Side) -> int:
    """Return how many strides between two contacts of a side were found but not used."""
    contacts = len(found_contacts_s(analysis, side))
    used = sum(stride.side is side for stride in analysis.gait.strides)
    return max(0, contacts - 1 - used)


def capture_facts(context: ReportContext) -> tuple[Fact, ...]:
    """Return how the clip was filmed and what was found in it."""
    analysis, wording = context.analysis, context.wording
    video, gait, say = analysis.video, analysis.gait, wording.words("report")
    size = {"width": video.width_px, "height": video.height_px, "duration_s": video.duration_s}
    rate = "rate_variable" if video.is_variable_rate else "rate_value"
    time = wording.tell(gait.time_base.note) or wording.name("time", gait.time_base.status)
    facts = {
        "clip": say("capture.clip_value", **size),
        "rate": say(f"capture.{rate}", fps=video.fps),
        "time": time,
        "view": _view(analysis, say),
        "camera": wording.camera(gait.camera),
        "tilt": _roll(analysis, say),
        "speed": _speed(analysis, wording),
        "strides": _strides(analysis, say),
        "followed": wording.followed(analysis.recorded_pose, analysis.analysed_s),
    }
    return tuple(Fact(say(f"capture.{name}"), value) for name, value in facts.items())


def _view(analysis: Analysis, say: Words) -> str:
    view = analysis.gait.view
    if is_from_behind(analysis.gait):
        return say("capture.from_behind")
    facing = say("capture.facing_unknown")
    if view.facing is not None:
        facing = say("capture.facing", side=view.facing)
    return say(f"capture.from_{view.view}", facing=facing, near=analysis.gait.near_side)


def _roll(analysis: Analysis, say: Words) -> str:
    view = analysis.gait.view
    if not view.roll_measured:
        return say("capture.tilt_assumed")
    return say("capture.tilt_measured", roll=Amount(view.roll_deg, "deg"))


def _speed(analysis: Analysis, wording: Wording) -> str:
    scale, say = analysis.gait.scale, wording.words("report")
    if scale.speed_mps is None:
        return say("capture.speed_unknown")
    speed = wording.speed(scale.speed_mps, 2 * scale.speed_sd * scale.speed_mps)
    source, incline = scale.speed_source or "estimated", analysis.gait.incline_percent
    if incline is None:
        return say("capture.speed_known", speed=speed, source=source)
    return say("capture.speed_incline", speed=speed, source=source, incline=incline)


def _strides(analysis: Analysis, say: Words) -> str:
    parts = []
    for side in Side:
        used = sum(stride.side is side for stride in analysis.gait.strides)
        near = analysis.gait.view.near_side
        place = "alone" if near is None else "near" if side is near else "far"
        counts = {"used": used, "excluded": n_excluded(analysis, side)}
        parts.append(say(f"capture.strides_{place}", side=side, **counts))
    return "; ".join(parts)


def provenance_facts(context: ReportContext) -> tuple[Fact, ...]:
    """Return what made this report."""
    analysis, say = context.analysis, context.wording.words("report")
    made, model = analysis.provenance, analysis.provenance.model
    facts = [Fact("formcheck", made.formcheck_version)]
    facts.append(Fact(say("provenance.clip"), analysis.video.path))
    facts.append(Fact(say("provenance.clip_sha256"), analysis.video.sha256))
    if model is not None:
        made_by = f"{model.name} ({model.origin}), {model.backend}"
        facts.append(Fact(say("provenance.model"), made_by))
        facts.append(Fact(say("provenance.model_sha256"), model.sha256))
    return tuple(facts)

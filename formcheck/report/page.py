"""What the report page shows, worked out before any HTML is written."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from formcheck.domain import (
    Analysis,
    Finding,
    Measurement,
    Point,
    Side,
    Source,
    StrikeClass,
    Summary,
)
from formcheck.guidance.apply import main_finding
from formcheck.report import wording
from formcheck.report.bars import BandBar, band_bar
from formcheck.report.context import (
    KeyFrame,
    ReportContext,
    found_contacts_s,
    is_from_behind,
)

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

    point: Point
    views: tuple[View, ...]
    is_first: bool
    asks: bool

    @property
    def lead(self) -> View:
        """The view that speaks for the card."""
        return self.views[0]


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
    main = main_finding(context.analysis.findings)
    by_point: dict[str, list[Finding]] = {}
    for finding in context.analysis.findings:
        by_point.setdefault(finding.rule.point.id, []).append(finding)
    made = [_card(context, found, main) for found in by_point.values()]
    return tuple(
        sorted(made, key=lambda card: (not card.is_first, not card.asks, card.point.order))
    )


def _card(context: ReportContext, found: list[Finding], main: Finding | None) -> PointCard:
    rules = sorted({f.rule.id: f.rule for f in found}.values(), key=lambda r: _PACKS[r.pack])
    groups = [[f for f in found if f.rule.id == rule.id] for rule in rules]
    return PointCard(
        point=rules[0].point,
        views=tuple(_rule_view(context, group) for group in groups),
        is_first=main is not None and main.rule.point.id == rules[0].point.id,
        asks=any(finding.fires for finding in groups[0]),
    )


def _rule_view(context: ReportContext, found: list[Finding]) -> View:
    near = context.analysis.gait.near_side
    main, *others = (
        _side_result(context, finding) for finding in sorted(found, key=lambda f: _rank(f, near))
    )
    rule = found[0].rule
    return View(wording.pack(rule.pack), main, tuple(others), rule.sources)


def _rank(finding: Finding, near: Side) -> tuple[int, bool]:
    """Severest first, then undetermined, then within; the near side when both are alike."""
    severity = 0.5 if finding.grade is None else finding.grade.severity
    return -int(2 * severity), finding.side not in (None, near)


def _side_result(context: ReportContext, finding: Finding) -> SideResult:
    analysis, observed = context.analysis, finding.observed
    measured = analysis.measurement(finding.metric)
    unit = "" if measured is None else measured.unit
    reason = finding.reason or ""
    return SideResult(
        look="undetermined" if finding.grade is None else finding.grade.value,
        verdict_words=wording.grade(finding.grade),
        who=wording.side(finding.side, analysis.gait.view.near_side),
        value="" if observed is None else wording.plus_minus(observed, unit),
        detail="" if observed is None else _detail(observed, unit),
        similar="" if measured is None else similar_runners(measured, finding.side),
        message=finding.message,
        reason="" if reason in finding.message else reason,
        strike=_strike(analysis, finding),
        bar=band_bar(finding.band, observed, unit),
        picture=picture(context.key_frame(finding.metric, finding.side)),
    )


def _detail(observed: Summary, unit: str) -> str:
    span = wording.interval(observed, unit)
    return f"95 % interval {span}, {wording.count(observed.n_strides, 'stride')}"


def similar_runners(measured: Measurement, side: Side | None) -> str:
    """Return where a value stands among similar runners; empty when that cannot be said."""
    place = measured.comparisons.get(side)
    if place is None:
        return ""
    typical = wording.between(place.typical, measured.unit)
    return f"similar runners at {3.6 * place.speed_mps:.1f} km/h: {typical}"


def _strike(analysis: Analysis, finding: Finding) -> str:
    strike = None if finding.side is None else analysis.foot_strikes.get(finding.side)
    if finding.metric != _FOOT_STRIKE or strike is None:
        return ""
    chances = ", ".join(
        f"{kind.value} {100 * strike.probabilities.get(kind, 0.0):.0f} %"
        for kind in (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
    )
    strides = ", ".join(
        f"{100 * share:.0f} % {kind.value}" for kind, share in strike.shares.items() if share > 0
    )
    told = f"{strike.strike.value.capitalize()} (chances: {chances})"
    return f"{told}; strides one by one: {strides}" if strides else told


def picture(key_frame: KeyFrame | None) -> Picture | None:
    """Return a key frame for the page."""
    if key_frame is None:
        return None
    data = base64.b64encode(key_frame.jpeg).decode("ascii")
    size = key_frame.width_px, key_frame.height_px
    return Picture(f"data:image/jpeg;base64,{data}", key_frame.alt, *size)


def headline(analysis: Analysis) -> str:
    """Return what the findings come to, and the one thing to work on first."""
    shown = cards(ReportContext(analysis))
    looks = [card.lead.main.look for card in shown]
    unclear = looks.count("undetermined")
    left = f" {wording.count(unclear, 'point')} could not be judged." if unclear else ""
    if unclear == len(looks):
        return "Nothing could be judged from this clip; each point below says why."
    asking = sum(card.asks for card in shown)
    if asking == 0:
        return f"Nothing measured asks for a change.{left}"
    first = shown[0]
    more = f" {wording.count(asking - 1, 'more point')} worth a look later." if asking > 1 else ""
    title = first.point.title[0].lower() + first.point.title[1:]
    return f"One thing to work on first: {title}. {first.lead.main.message}{more}{left}"


def measured_rows(analysis: Analysis) -> tuple[MeasuredRow, ...]:
    """Return every measurement that is read in the clip's view."""
    return tuple(_row(measured) for measured in analysis.measurements if measured.is_of_view)


def left_out(analysis: Analysis) -> str:
    """Return what another view would show; empty when nothing was left out."""
    count = sum(not measured.is_of_view for measured in analysis.measurements)
    where = "the side" if is_from_behind(analysis.gait) else "behind"
    return f"{wording.count(count, 'more measurement')} need a clip from {where}." if count else ""


def _row(measurement: Measurement) -> MeasuredRow:
    def value(side: Side | None) -> str:
        summary = measurement.summaries.get(side)
        return "" if summary is None else wording.plus_minus(summary, measurement.unit)

    def n_strides(side: Side | None) -> str:
        summary = measurement.summaries.get(side)
        return "" if summary is None else wording.count(summary.n_strides, "stride")

    return MeasuredRow(
        label=measurement.label,
        definition=measurement.definition,
        both=value(None),
        left=value(Side.LEFT),
        right=value(Side.RIGHT),
        n_both=n_strides(None),
        n_left=n_strides(Side.LEFT),
        n_right=n_strides(Side.RIGHT),
        similar=next(filter(None, (similar_runners(measurement, s) for s in (None, *Side))), ""),
        not_measured=measurement.not_measured or "",
    )


def highlights(analysis: Analysis) -> tuple[Fact, ...]:
    """Return the few numbers everybody asks for, as far as they were measured."""
    near = analysis.gait.near_side
    wanted: tuple[tuple[str, Side | None], ...] = (
        ("cadence_spm", None), ("contact_time_s", near), ("trunk_lean_deg", None),
        ("elbow_flexion_deg", near), (_FOOT_STRIKE, near),
        ("step_width_cm", None), ("trunk_side_range_deg", None),
    )  # fmt: skip
    found = [(analysis.measurement(metric), side) for metric, side in wanted]
    return tuple(
        Fact(measured.label, wording.plus_minus(measured.summaries[side], measured.unit))
        for measured, side in found
        if measured is not None and side in measured.summaries
    )


def n_excluded(analysis: Analysis, side: Side) -> int:
    """Return how many strides between two contacts of a side were found but not used."""
    contacts = len(found_contacts_s(analysis, side))
    used = sum(stride.side is side for stride in analysis.gait.strides)
    return max(0, contacts - 1 - used)


def capture_facts(analysis: Analysis) -> tuple[Fact, ...]:
    """Return how the clip was filmed and what was found in it."""
    video, gait = analysis.video, analysis.gait
    rate = f"{video.fps:.4g} frames per second"
    rate += ", variable" if video.is_variable_rate else ""
    return (
        Fact("Clip", f"{video.width_px} x {video.height_px} pixels, {video.duration_s:.1f} s"),
        Fact("Frame rate", rate),
        Fact("Time", gait.time_base.note or gait.time_base.status.value),
        Fact("View", _view(analysis)),
        Fact("Camera", wording.camera(gait.camera)),
        Fact("Camera tilt", _roll(analysis)),
        Fact("Speed", _speed(analysis)),
        Fact("Strides", _strides(analysis)),
        Fact("Who was followed", wording.followed(analysis.recorded_pose, analysis.analysed_s)),
    )


def _view(analysis: Analysis) -> str:
    view = analysis.gait.view
    if is_from_behind(analysis.gait):
        return "from behind, both sides seen alike"
    facing = "facing unknown" if view.facing is None else f"running to the {view.facing.value}"
    near = f"{analysis.gait.near_side.value} side near the camera"
    return f"from the {view.view.value}, {facing}, {near}"


def _roll(analysis: Analysis) -> str:
    view = analysis.gait.view
    if not view.roll_measured:
        return "not measured, assumed level"
    return f"{wording.amount(view.roll_deg, 'deg', signed=True)}, taken into account"


def _speed(analysis: Analysis) -> str:
    scale = analysis.gait.scale
    if scale.speed_mps is None:
        return "not known; give it with --speed-kmh for stride length in metres"
    source = {"given": "as given", "height": "estimated from the height given"}
    kmh, half = 3.6 * scale.speed_mps, 2 * scale.speed_sd * 3.6 * scale.speed_mps
    known = source.get(scale.speed_source or "", "estimated")
    incline = analysis.gait.incline_percent
    ground = f", incline {incline:g} %" if incline is not None else ""
    return f"{kmh:.1f}\u202f±\u202f{half:.1f} km/h, {known}{ground}"


def _strides(analysis: Analysis) -> str:
    parts = []
    for side in Side:
        used = sum(stride.side is side for stride in analysis.gait.strides)
        near = analysis.gait.view.near_side
        place = wording.camera_side(side, near).removesuffix(" from") if near else ""
        who = f"{side.value} ({place})" if place else side.value
        parts.append(f"{used} {who}, {n_excluded(analysis, side)} excluded")
    return "; ".join(parts)


def provenance_facts(analysis: Analysis) -> tuple[Fact, ...]:
    """Return what made this report."""
    made, model = analysis.provenance, analysis.provenance.model
    facts = [Fact("formcheck", made.formcheck_version), Fact("Clip", analysis.video.path)]
    facts.append(Fact("Clip sha256", analysis.video.sha256))
    if model is not None:
        facts.append(Fact("Pose model", f"{model.name} ({model.origin}), {model.backend}"))
        facts.append(Fact("Model sha256", model.sha256))
    return tuple(facts)

"""What the report page shows, worked out before any HTML is written."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from formcheck.domain import Analysis, Finding, Measurement, Rule, Side, StrikeClass, Verdict
from formcheck.report import wording
from formcheck.report.bars import BandBar, band_bar
from formcheck.report.context import KeyFrame, ReportContext, found_contacts_s

_ORDER = {Verdict.OUTSIDE: 0, Verdict.UNDETERMINED: 1, Verdict.WITHIN: 2}
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
    """What was found on one side (or the whole body); empty strings are not shown."""

    verdict: str
    verdict_words: str
    who: str
    value: str
    detail: str
    message: str
    reason: str
    strike: str
    bar: BandBar | None
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule with its findings: the one that matters most in full, the other side in short."""

    rule: Rule
    main: SideResult
    others: tuple[SideResult, ...]


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
    not_measured: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A name with its value."""

    name: str
    value: str


def cards(context: ReportContext) -> tuple[RuleCard, ...]:
    """Return the rules that could be applied: outside first, then unclear, then by priority.

    Within a rule the finding farthest from "within" leads, the near side when both are alike.
    """
    by_rule: dict[str, list[Finding]] = {}
    for finding in context.analysis.findings:
        if context.analysis.measurement(finding.rule.metric) is not None:
            by_rule.setdefault(finding.rule.id, []).append(finding)
    near = context.analysis.gait.near_side
    groups = [sorted(found, key=lambda f: _rank(f, near)) for found in by_rule.values()]
    groups.sort(key=lambda found: (_ORDER[found[0].verdict], found[0].rule.priority))
    return tuple(_card(context, found) for found in groups)


def _rank(finding: Finding, near: Side) -> tuple[int, bool]:
    return _ORDER[finding.verdict], finding.side not in (None, near)


def _card(context: ReportContext, found: list[Finding]) -> RuleCard:
    main, *others = (_side_result(context, finding) for finding in found)
    return RuleCard(found[0].rule, main, tuple(others))


def not_measured_yet(analysis: Analysis) -> tuple[Rule, ...]:
    """Return the rules whose metric does not exist in this version, by priority."""
    rules = {
        f.rule.id: f.rule for f in analysis.findings if not analysis.measurement(f.rule.metric)
    }
    return tuple(sorted(rules.values(), key=lambda rule: rule.priority))


def _side_result(context: ReportContext, finding: Finding) -> SideResult:
    analysis, rule, observed = context.analysis, finding.rule, finding.observed
    measured = analysis.measurement(rule.metric)
    unit = "" if measured is None else measured.unit
    reason = finding.reason or ""
    return SideResult(
        verdict=finding.verdict.value,
        verdict_words=wording.verdict(finding.verdict),
        who=wording.side(finding.side, analysis.gait.near_side),
        value="" if observed is None else wording.plus_minus(observed, unit),
        detail="" if observed is None else _detail(finding, unit),
        message=finding.message,
        reason="" if reason in finding.message else reason,
        strike=_strike(analysis, finding),
        bar=band_bar(rule, observed, unit),
        picture=picture(context.key_frame(rule.metric, finding.side)),
    )


def _detail(finding: Finding, unit: str) -> str:
    if finding.observed is None:
        return ""
    span = wording.interval(finding.observed, unit)
    return f"95 % interval {span}, {wording.count(finding.observed.n_strides, 'stride')}"


def _strike(analysis: Analysis, finding: Finding) -> str:
    strike = None if finding.side is None else analysis.foot_strikes.get(finding.side)
    if finding.rule.metric != _FOOT_STRIKE or strike is None:
        return ""
    chances = ", ".join(
        f"{kind.value} {100 * strike.probabilities.get(kind, 0.0):.0f} %"
        for kind in (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
    )
    return f"{strike.strike.value.capitalize()} (chances: {chances})"


def picture(key_frame: KeyFrame | None) -> Picture | None:
    """Return a key frame for the page."""
    if key_frame is None:
        return None
    data = base64.b64encode(key_frame.jpeg).decode("ascii")
    size = key_frame.width_px, key_frame.height_px
    return Picture(f"data:image/jpeg;base64,{data}", key_frame.alt, *size)


def headline(analysis: Analysis) -> str:
    """Return what the findings come to in one sentence."""
    shown = cards(ReportContext(analysis))
    count = {kind: sum(card.main.verdict == kind.value for card in shown) for kind in Verdict}
    n_outside, n_unclear = count[Verdict.OUTSIDE], count[Verdict.UNDETERMINED]
    unclear = f" {wording.count(n_unclear, 'point')} could not be judged." if n_unclear else ""
    if n_outside == 0 and count[Verdict.WITHIN] == 0:
        return "Nothing could be judged from this clip; each point below says why."
    if n_outside == 0:
        return "Nothing measured lies outside the range the article suggests." + unclear
    verb = "lies" if n_outside == 1 else "lie"
    where = "outside the range the article suggests. Change one thing at a time."
    return f"{wording.count(n_outside, 'point')} {verb} {where}{unclear}"


def measured_rows(analysis: Analysis) -> tuple[MeasuredRow, ...]:
    """Return every measurement."""
    return tuple(_row(measurement) for measurement in analysis.measurements)


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
        not_measured=measurement.not_measured or "",
    )


def highlights(analysis: Analysis) -> tuple[Fact, ...]:
    """Return the few numbers everybody asks for, as far as they were measured."""
    near = analysis.gait.near_side
    wanted: tuple[tuple[str, Side | None], ...] = (
        ("cadence_spm", None), ("contact_time_s", near), ("trunk_lean_deg", None),
        ("elbow_flexion_deg", near), (_FOOT_STRIKE, near),
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
    """Return how the clip was filmed and how well the runner could be followed."""
    video, gait, tracked = analysis.video, analysis.gait, analysis.side_report
    rate = f"{video.fps:.4g} frames per second"
    rate += ", variable" if video.is_variable_rate else ""
    return (
        Fact("Clip", f"{video.width_px} x {video.height_px} pixels, {video.duration_s:.1f} s"),
        Fact("Frame rate", rate),
        Fact("Time", gait.time_base.note or gait.time_base.status.value),
        Fact("View", _view(analysis)),
        Fact("Camera tilt", _roll(analysis)),
        Fact("Speed", _speed(analysis)),
        Fact("Strides", _strides(analysis)),
        Fact(
            "Legs told apart",
            f"{tracked.legs_swapped} of {tracked.n_frames} frames had left and right exchanged "
            f"back, {tracked.legs_masked} were set aside",
        ),
    )


def _view(analysis: Analysis) -> str:
    view = analysis.gait.view
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
    kmh = 3.6 * scale.speed_mps
    return f"{kmh:.1f} km/h, {source.get(scale.speed_source or '', 'estimated')}"


def _strides(analysis: Analysis) -> str:
    parts = []
    for side in Side:
        used = sum(stride.side is side for stride in analysis.gait.strides)
        place = wording.camera_side(side, analysis.gait.near_side).removesuffix(" from")
        parts.append(f"{used} {side.value} ({place}), {n_excluded(analysis, side)} excluded")
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

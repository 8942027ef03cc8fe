"""What the report page shows, worked out before any HTML is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from formcheck.domain import Amount, Analysis, Measurement, Side, Summary
from formcheck.report.cards import glanced, similar_runners
from formcheck.report.context import ReportContext, found_contacts_s, is_from_behind
from formcheck.report.wording import Wording
from formcheck.texts import Words


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


def measured_rows(context: ReportContext) -> tuple[MeasuredRow, ...]:
    """Return every measurement that is read in the clip's view."""
    shown = (measured for measured in context.analysis.measurements if measured.is_of_view)
    return tuple(_row(measured, context) for measured in shown)


def left_out(context: ReportContext) -> str:
    """Return what another view would show; empty when nothing was left out."""
    count = sum(not measured.is_of_view for measured in context.analysis.measurements)
    where = "more_side" if is_from_behind(context.analysis.gait) else "more_rear"
    return context.wording.words("report")(f"measured.{where}", n=count) if count else ""


def _row(measurement: Measurement, context: ReportContext) -> MeasuredRow:
    wording = context.wording

    def value(side: Side | None) -> str:
        summary = measurement.summaries.get(side)
        return "" if summary is None else wording.plus_minus(summary, measurement.unit)

    def n_strides(side: Side | None) -> str:
        summary = measurement.summaries.get(side)
        if summary is None:
            return ""
        strides = wording.count(summary.n_strides, "stride")
        return context.from_clip(strides, measurement.metric, side)

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


_ASKED_FOR = (
    "cadence_spm", "contact_time_s", "stride_length_m", "vertical_oscillation_cm",
    "trunk_lean_deg", "elbow_flexion_deg", "foot_strike_angle_deg",
    "step_width_cm", "trunk_side_range_deg",
)  # fmt: skip
_MOST_HIGHLIGHTS = 5


def highlights(context: ReportContext) -> tuple[Fact, ...]:
    """Return the few numbers everybody asks for, as far as no point at a glance has them."""
    analysis, wording = context.analysis, context.wording
    at_a_glance = {finding.metric for finding in glanced(analysis.findings)}
    found = [analysis.measurement(name) for name in _ASKED_FOR if name not in at_a_glance]
    facts = [
        Fact(wording.tell(measured.label), wording.plus_minus(summary, measured.unit))
        for measured in found
        if measured is not None
        and (summary := _near_or_whole(measured, analysis.gait.near_side)) is not None
    ]
    return tuple(facts[:_MOST_HIGHLIGHTS])


def _near_or_whole(measured: Measurement, near: Side) -> Summary | None:
    return measured.summaries.get(None) or measured.summaries.get(near)


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
    recorded = {} if video.recorded_on is None else {"date": wording.day(video.recorded_on)}
    facts = {
        **recorded,
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
    facts.append(Fact(say("provenance.clip"), Path(analysis.video.path).name))
    facts.append(Fact(say("provenance.clip_sha256"), analysis.video.sha256))
    if model is not None:
        made_by = f"{model.name} ({model.origin}), {model.backend}"
        facts.append(Fact(say("provenance.model"), made_by))
        facts.append(Fact(say("provenance.model_sha256"), model.sha256))
    return tuple(facts)

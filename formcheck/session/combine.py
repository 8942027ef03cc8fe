"""One result of several clips: every value from the camera that sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from formcheck.domain import Analysis, ClipVerdict, FootStrike, Rule, Side, Text, View
from formcheck.guidance.apply import GradingParams, apply_rules
from formcheck.guidance.plan import make_plan, tempered
from formcheck.guidance.profile import RunnerProfile
from formcheck.metrics import METRICS
from formcheck.session.agreement import contradictions
from formcheck.session.asymmetry import Asymmetry, asymmetries, not_comparable
from formcheck.session.choose import KEYS, best_clip, combined_measurements

_STRIKE = "foot_strike_angle_deg"


@dataclass(frozen=True, slots=True, eq=False)
class SessionClip:
    """A clip that was analysed, by the name it is known by."""

    name: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class RefusedClip:
    """A clip that gave nothing, and why."""

    name: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """What the clips of one session come to.

    ``combined`` is the analysis a report is written from: its measurements, strikes and findings
    are those of all clips, everything else (video, pose, gait) that of the first clip from the
    side, with no side near the camera. ``sources`` says which clip each value is from, by metric
    and side. ``contradictions`` speak against the clips being of one run. ``not_compared`` says why
    left and right were not compared, None when they were.
    """

    clips: tuple[SessionClip, ...]
    refused: tuple[RefusedClip, ...]
    combined: Analysis
    sources: Mapping[tuple[str, Side | None], int]
    contradictions: tuple[Text, ...]
    asymmetries: tuple[Asymmetry, ...]
    not_compared: Text | None


def combine(
    clips: Sequence[SessionClip],
    refused: Sequence[RefusedClip],
    rules: Iterable[Rule],
    grading: GradingParams,
    profile: RunnerProfile | None = None,
) -> Session:
    """Combine the clips of one runner, with their answers, and one session.

    Raises ValueError without any clip.
    """
    if not clips:
        raise ValueError("a session needs a clip")
    analyses = [clip.analysis for clip in clips]
    sources = {
        (metric, key): index
        for metric in METRICS
        for key in KEYS
        if (index := best_clip(analyses, metric, key)) is not None
    }
    not_compared = not_comparable(analyses)
    return Session(
        clips=tuple(clips),
        refused=tuple(refused),
        combined=_with_plan(_combined(analyses, sources, rules, grading), profile),
        sources=sources,
        contradictions=contradictions(analyses),
        asymmetries=asymmetries(analyses) if not_compared is None else (),
        not_compared=not_compared,
    )


def _combined(
    analyses: Sequence[Analysis],
    sources: Mapping[tuple[str, Side | None], int],
    rules: Iterable[Rule],
    grading: GradingParams,
) -> Analysis:
    base = next((a for a in analyses if a.gait.view.view is not View.REAR), analyses[0])
    measurements = combined_measurements(analyses)
    views = {analysis.gait.view.view for analysis in analyses}
    findings = apply_rules(measurements, _rules_of(views, rules), base.gait.near_side, grading)
    verdicts = {analysis.verdict for analysis in analyses}
    return replace(
        base,
        verdict=ClipVerdict.PARTIAL if ClipVerdict.PARTIAL in verdicts else base.verdict,
        reasons=(),
        gait=replace(base.gait, view=replace(base.gait.view, near_side=None)),
        measurements=measurements,
        foot_strikes=_strikes(analyses, sources),
        findings=findings,
    )


def _with_plan(combined: Analysis, profile: RunnerProfile | None) -> Analysis:
    """The plan for the findings of all clips, and findings as careful as it asks for."""
    plan = make_plan(combined.findings, profile)
    return replace(combined, plan=plan, findings=tempered(combined.findings, plan.caution))


def _rules_of(views: set[View], rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules whose first metric is read in one of the views."""

    def is_read(rule: Rule) -> bool:
        entry = METRICS.get(rule.criteria[0].metric)
        return entry is None or bool(views & set(entry.views))

    return tuple(filter(is_read, rules))


def _strikes(
    analyses: Sequence[Analysis], sources: Mapping[tuple[str, Side | None], int]
) -> dict[Side, FootStrike]:
    """The strike of each foot, from the clip its angle is from."""
    found = {}
    for side in Side:
        index = sources.get((_STRIKE, side))
        if index is not None and side in analyses[index].foot_strikes:
            found[side] = analyses[index].foot_strikes[side]
    return found

"""Compare measurements with bands: within, outside, or undetermined with the reason.

The true value is taken as normal around the median with the summary's 1-SD uncertainty. It is
outside when the chance of lying outside the good band is at least ``decide_from``, and graded fix
when the chance of lying beyond the watch band is at least ``fix_from`` (biomechanics 5.2);
otherwise the measurement cannot tell.

A rule with several criteria takes the severest of those that are outside; where none is, its first
criterion speaks. Bands relative to similar runners are put into the metric's own unit first, and
not knowing the speed exactly adds to the uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from formcheck.domain import (
    Amount,
    Band,
    Caution,
    Comparison,
    Condition,
    Criterion,
    Finding,
    Grade,
    Measurement,
    Rule,
    Side,
    Summary,
    Verdict,
)
from formcheck.texts import text, with_facts

Measured = Mapping[str, Measurement]


@dataclass(frozen=True, slots=True)
class GradingParams:
    """Probabilities from which a verdict is given, and from which it is the severest."""

    decide_from: float = 0.8
    fix_from: float = 0.9


def apply_rules(
    measurements: Iterable[Measurement],
    rules: Iterable[Rule],
    near_side: Side,
    params: GradingParams,
) -> tuple[Finding, ...]:
    """Findings in rule order; sided metrics give the near side first, the far when measured."""
    by_name = {entry.metric: entry for entry in measurements}
    return tuple(
        finding for rule in rules for finding in _findings(rule, by_name, near_side, params)
    )


def main_finding(findings: Iterable[Finding], caution: Caution) -> Finding | None:
    """The one to work on first: how severe, how certain and how well supported it is.

    Nothing is to be worked on while the runner's answers ask for any ``caution``.

    The article's own pack does not choose: where research disagrees with it, nothing is asked.
    Nor does a side whose partner, measured more exactly, lies within the same range.
    None when nothing asks to be looked after.
    """
    if caution is not Caution.NONE:
        return None
    told = [found for found in findings if found.rule.pack != "article"]
    firing = [found for found in told if found.fires and not _is_outdone(found, told)]
    return max(firing, key=_urgency, default=None)


def _is_outdone(finding: Finding, findings: Iterable[Finding]) -> bool:
    """Whether the other side says otherwise, and is known better (the far leg is not)."""
    u = math.inf if finding.observed is None else finding.observed.u
    return any(
        other.rule.id == finding.rule.id
        and other.side is not finding.side
        and other.verdict is Verdict.WITHIN
        and other.metric == finding.metric
        and other.observed is not None
        and other.observed.u < u
        for other in findings
    )


def _urgency(finding: Finding) -> float:
    certainty = finding.probability_outside or 0.0
    return _severity_of(finding) * certainty * finding.rule.point.weight


@dataclass(frozen=True, slots=True)
class _Case:
    """A rule about to be applied to one side (None: whole body)."""

    rule: Rule
    side: Side | None
    measured: Measured
    params: GradingParams

    def summary(self, metric: str) -> tuple[Summary | None, Comparison | None]:
        """A metric's summary for this side, else for the whole body, and its comparison."""
        entry = self.measured.get(metric)
        for key in (self.side, None):
            if entry is not None and key in entry.summaries:
                return entry.summaries[key], entry.comparisons.get(key)
        return None, None

    def why_absent(self, metric: str) -> str:
        """Why a metric has no summary."""
        entry = self.measured.get(metric)
        if entry is None:
            return text("analysis", "measured.unknown", metric=metric)
        return entry.not_measured or text("analysis", "measured.not")


def _findings(
    rule: Rule, measured: Measured, near_side: Side, params: GradingParams
) -> Iterator[Finding]:
    """Findings of one rule: one a side, or one for the whole body."""
    entries = [measured.get(criterion.metric) for criterion in rule.criteria]
    # The first criterion that was measured says which sides there are.
    sides = next((entry.summaries for entry in entries if entry and entry.summaries), {})
    seen = [key for key in (None, near_side, near_side.other) if key in sides]
    found = [_decisive(_Case(rule, side, measured, params)) for side in seen or [None]]
    return map(_with_side, found) if len({finding.fires for finding in found}) > 1 else iter(found)


def _with_side(finding: Finding) -> Finding:
    """The finding, with its side in what it says if it asks for something."""
    if not finding.fires or finding.side is None:
        return finding
    said = text("analysis", f"on_side.{finding.side}", message=finding.message)
    return replace(finding, message=said)


def _decisive(case: _Case) -> Finding:
    """The severest criterion that is outside, else the rule's first."""
    first = _judge(case, case.rule.criteria[0])
    others = [_judge(case, other) for other in case.rule.criteria[1:] if _counts(case, other)]
    outside = [found for found in others if found.verdict is Verdict.OUTSIDE]
    return max([first, *outside], key=_severity_of)


def _severity_of(finding: Finding) -> int:
    return 0 if finding.grade is None else finding.grade.severity


def _counts(case: _Case, criterion: Criterion) -> bool:
    """Whether everything a criterion presupposes is measured and very likely so."""
    return all(_likely(case, condition) >= case.params.decide_from for condition in criterion.when)


def _likely(case: _Case, condition: Condition) -> float:
    """Chance that a condition holds; 0 when it was not measured."""
    observed, _ = case.summary(condition.metric)
    return 0.0 if observed is None else 1.0 - sum(_chances(condition.inside, observed))


def _judge(case: _Case, criterion: Criterion) -> Finding:
    """Verdict of one criterion."""
    observed, place = case.summary(criterion.metric)
    blank = Finding(
        rule=case.rule,
        side=case.side,
        metric=criterion.metric,
        observed=observed,
        band=None if criterion.compared else criterion.good,
        verdict=Verdict.UNDETERMINED,
        grade=None,
        probability_outside=None,
        message="",
        reason=None,
    )
    if observed is None:
        return _unclear(blank, case.why_absent(criterion.metric))
    entry = case.measured[criterion.metric]
    if entry.not_judged is not None:
        return _unclear(blank, entry.not_judged)
    if criterion.compared and place is None:
        return _unclear(blank, entry.not_compared or text("analysis", "judged.no_similar"))
    good = _in_unit(criterion.good, criterion, place)
    widened = replace(observed, u=_total_u(criterion, observed, place))
    found = replace(blank, band=good, probability_outside=sum(_chances(good, widened)))
    if observed.n_strides < case.rule.min_strides:
        n, needed = observed.n_strides, case.rule.min_strides
        return _unclear(found, text("analysis", "judged.few_strides", n=n, needed=needed))
    beyond = _beyond(criterion, place, widened)
    return _graded(case, criterion, found, beyond, entry.unit)


def _graded(case: _Case, criterion: Criterion, found: Finding, beyond: float, unit: str) -> Finding:
    """The finding with its grade and text; ``beyond`` is the chance of lying beyond watch."""
    observed, band, outside = found.observed, found.band, found.probability_outside
    if observed is None or band is None or outside is None:
        raise ValueError("only an observed value with a band can be graded")
    own = criterion.messages
    if outside >= case.params.decide_from:
        key = "outside_low" if observed.median < band[0] else "outside_high"
        texts = (own.get(key), own.get("outside"), case.rule.messages.get(key))
        said = next(filter(None, texts), case.rule.messages.get("outside", ""))
        is_fix = criterion.watch is not None and beyond >= case.params.fix_from
        grade = Grade.FIX if is_fix else min(criterion.most, Grade.WATCH, key=_severity)
        message = _fill(said, band, observed, unit)
        return replace(found, verdict=Verdict.OUTSIDE, grade=grade, message=message)
    if 1 - outside >= case.params.decide_from:
        said = own.get("within") or case.rule.messages.get("within", "")
        message = _fill(said, band, observed, unit)
        return replace(found, verdict=Verdict.WITHIN, grade=Grade.GOOD, message=message)
    return _unclear(found, text("analysis", "judged.at_the_edge"))


def _severity(grade: Grade) -> int:
    return grade.severity


def _beyond(criterion: Criterion, place: Comparison | None, observed: Summary) -> float:
    """Chance of lying beyond the watch band; 0 when there is none."""
    if criterion.watch is None:
        return 0.0
    return sum(_chances(_in_unit(criterion.watch, criterion, place), observed))


def _in_unit(band: Band, criterion: Criterion, place: Comparison | None) -> Band:
    """A band in the metric's own unit."""
    if not criterion.compared or place is None:
        return band
    return place.expected + band[0] * place.spread, place.expected + band[1] * place.spread


def _total_u(criterion: Criterion, observed: Summary, place: Comparison | None) -> float:
    """1-SD uncertainty of the distance between value and band."""
    if not criterion.compared or place is None:
        return observed.u
    return float(np.hypot(observed.u, place.expected_u))


def _chances(band: Band, observed: Summary) -> tuple[float, float]:
    """Probability that the true value lies below, and above, the band."""
    below = float(ndtr((band[0] - observed.median) / observed.u))
    return below, float(ndtr((observed.median - band[1]) / observed.u))


def _fill(said: str, band: Band, observed: Summary, unit: str) -> str:
    """Put value and band into a text."""
    value, low, high = (Amount(number, unit) for number in (observed.median, *band))
    return with_facts(said, value=value, low=low, high=high)


def _unclear(finding: Finding, reason: str) -> Finding:
    """The same finding without a verdict."""
    message = text("analysis", "cannot_judge", reason=reason)
    return replace(
        finding, verdict=Verdict.UNDETERMINED, grade=None, message=message, reason=reason
    )

"""Compare measurements with bands: within, outside, or undetermined with the reason.

The true value is taken as normal around the median with the summary's 1-SD uncertainty. A verdict
is given when the chance of being on that side of the band's edges is at least ``decide_from``
(biomechanics 5.2); otherwise the measurement cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from formcheck.domain import Finding, Measurement, Rule, Side, Summary, Verdict


@dataclass(frozen=True, slots=True)
class GradingParams:
    """Probability from which a verdict is given."""

    decide_from: float = 0.8


def apply_rules(
    measurements: Iterable[Measurement],
    rules: Iterable[Rule],
    near_side: Side,
    params: GradingParams,
) -> tuple[Finding, ...]:
    """Findings in rule order; sided metrics give the near side first, the far when measured."""
    by_name = {entry.metric: entry for entry in measurements}
    return tuple(
        finding
        for rule in rules
        for finding in _findings(rule, by_name.get(rule.metric), near_side, params)
    )


def _findings(
    rule: Rule, measurement: Measurement | None, near_side: Side, params: GradingParams
) -> Iterator[Finding]:
    """Findings of one rule."""
    if measurement is None:
        yield _undetermined(rule, None, None, "not measured yet")
        return
    seen = [key for key in (None, near_side, near_side.other) if key in measurement.summaries]
    if not seen:
        reason = measurement.not_measured or "not measured"
        yield _undetermined(rule, None, None, reason)
    for side in seen:
        yield _judge(rule, side, measurement.summaries[side], measurement.unit, params)


def _judge(
    rule: Rule, side: Side | None, observed: Summary, unit: str, params: GradingParams
) -> Finding:
    """Verdict on one summary."""
    below, above = _chances(rule, observed)
    outside = below + above
    if observed.n_strides < rule.min_strides:
        reason = f"only {observed.n_strides} strides, {rule.min_strides} are needed for a verdict"
        return _undetermined(rule, side, observed, reason, outside)
    if outside >= params.decide_from:
        message = _outside_text(rule, observed, unit, is_low=below > above)
        return Finding(rule, side, observed, Verdict.OUTSIDE, outside, message, None)
    if 1 - outside >= params.decide_from:
        message = _fill(rule.messages.get("within", ""), rule, observed, unit)
        return Finding(rule, side, observed, Verdict.WITHIN, outside, message, None)
    reason = "within measurement error of the edge of the band"
    return _undetermined(rule, side, observed, reason, outside)


def _chances(rule: Rule, observed: Summary) -> tuple[float, float]:
    """Probability that the true value lies below, and above, the band."""
    low = -np.inf if rule.low is None else rule.low
    high = np.inf if rule.high is None else rule.high
    below = float(ndtr((low - observed.median) / observed.u))
    above = float(ndtr((observed.median - high) / observed.u))
    return below, above


def _outside_text(rule: Rule, observed: Summary, unit: str, *, is_low: bool) -> str:
    """Text for a value outside the band, for its side of the band if there is one."""
    sided = rule.messages.get("outside_low" if is_low else "outside_high")
    return _fill(sided or rule.messages.get("outside", ""), rule, observed, unit)


def _fill(text: str, rule: Rule, observed: Summary, unit: str) -> str:
    """Put value and band into a text."""
    return text.format(
        value=with_unit(observed.median, unit),
        low="" if rule.low is None else with_unit(rule.low, unit),
        high="" if rule.high is None else with_unit(rule.high, unit),
    )


def with_unit(value: float, unit: str) -> str:
    """A value as people read it: whole degrees, otherwise two significant decimals."""
    if unit == "deg":
        return f"{value:.0f}°"
    return f"{value:.2f} {unit}".rstrip()


def _undetermined(
    rule: Rule,
    side: Side | None,
    observed: Summary | None,
    reason: str,
    outside: float | None = None,
) -> Finding:
    """A finding that does not decide, with the reason."""
    message = f"Cannot be judged from this clip: {reason}."
    return Finding(rule, side, observed, Verdict.UNDETERMINED, outside, message, reason)

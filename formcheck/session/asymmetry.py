"""Left against right, each side from the clip in which it is near the camera.

One clip cannot compare angles of both sides, which are seen with different errors; two clips from
the two sides at the same speed can (biomechanics 4.9). The errors of the two clips are independent
as far as anybody knows, so the uncertainty of a difference is the root of the sum of their squares;
nothing is taken out for what both clips have in common.

A difference is told as information: in 836 runners asymmetry did not raise the risk of injury
(Malisoux 2024).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formcheck.domain import Analysis, Side, Summary, Text
from formcheck.metrics import METRICS
from formcheck.session.agreement import run_unlike
from formcheck.session.choose import best_clip, is_near
from formcheck.texts import text

Z_95 = 1.96

USUAL: Mapping[str, float] = {
    "contact_time_s": 5.6,
    "step_time_s": 5.1,
    "flight_time_s": 11.8,
    "knee_peak_stance_deg": 7.7,
    "knee_peak_swing_deg": 11.7,
    "foot_strike_angle_deg": 6.6,
    "shank_angle_deg": 3.2,
    "ankle_ahead_of_hip_leg_lengths": 0.028,
}
"""What 95 % of healthy runners stay below: times in percent of the mean of both sides, the rest in
the metric's unit (biomechanics 4.9; 2.6 cm over the mean leg of 0.936 m)."""


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """One metric, left less right.

    ``difference`` (with the 95 % interval in it) is in percent of the mean for times and in the
    metric's unit otherwise; ``usual`` is what most healthy runners stay below, None when that is
    not known. ``is_real`` when the interval leaves out zero.
    """

    metric: str
    label: str
    unit: str
    left: Summary
    right: Summary
    left_clip: int
    right_clip: int
    difference: Summary
    difference_unit: str
    usual: float | None

    @property
    def is_real(self) -> bool:
        """Whether the difference is more than error."""
        return self.difference.low > 0 or self.difference.high < 0

    @property
    def is_unusual(self) -> bool:
        """Whether it is, beyond error, larger than in most healthy runners."""
        nearest = min(abs(self.difference.low), abs(self.difference.high))
        return self.is_real and self.usual is not None and nearest > self.usual


def not_comparable(analyses: Sequence[Analysis]) -> Text | None:
    """Return why left and right may not be compared; None when they may.

    There has to be a clip from either side, and all of them have to be run alike.
    """
    from_side = [each for each in analyses if any(is_near(each, side) for side in Side)]
    if len({each.gait.view.near_side for each in from_side}) < 2:
        return text("session", "asymmetry.one_side")
    why = next(iter(run_unlike(from_side)), None)
    return None if why is None else text("session", "asymmetry.unlike", why=why)


def asymmetries(analyses: Sequence[Analysis]) -> tuple[Asymmetry, ...]:
    """Return left against right for every metric both near sides were measured in.

    They mean something where ``not_comparable`` has nothing to say.
    """
    found = (_asymmetry(analyses, metric) for metric in METRICS)
    return tuple(each for each in found if each is not None)


def _asymmetry(analyses: Sequence[Analysis], metric: str) -> Asymmetry | None:
    chosen = {side: best_clip(analyses, metric, side) for side in Side}
    left, right = (chosen[side] for side in (Side.LEFT, Side.RIGHT))
    if left is None or right is None:
        return None
    if not (is_near(analyses[left], Side.LEFT) and is_near(analyses[right], Side.RIGHT)):
        return None
    values = (
        analyses[left].summary(metric, Side.LEFT),
        analyses[right].summary(metric, Side.RIGHT),
    )
    if values[0] is None or values[1] is None:
        return None
    entry = METRICS[metric]
    in_percent = entry.unit == "s"
    return Asymmetry(
        metric=metric,
        label=entry.label,
        unit=entry.unit,
        left=values[0],
        right=values[1],
        left_clip=left,
        right_clip=right,
        difference=_difference(values[0], values[1], in_percent=in_percent),
        difference_unit="%" if in_percent else entry.unit,
        usual=USUAL.get(metric),
    )


def _difference(left: Summary, right: Summary, *, in_percent: bool) -> Summary:
    """Left less right with its interval."""
    scale = 100.0 / (0.5 * (left.median + right.median)) if in_percent else 1.0
    value, u = scale * (left.median - right.median), scale * math.hypot(left.u, right.u)
    count = min(left.n_strides, right.n_strides)
    return Summary(value, value - Z_95 * u, value + Z_95 * u, u, count)

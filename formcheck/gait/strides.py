r"""Strides from events.

::

    left    IC━━━━stance━━━━TO┄┄┄┄┄┄┄┄┄┄swing┄┄┄┄┄┄┄┄┄┄IC
    right   ┄┄┄┄swing┄┄┄┄┄┄┄┄┄┄┄IC━━━━stance━━━━TO┄┄┄┄┄┄┄┄
                              │  │
                           flight (left toe-off to right contact)

    stride  IC to next IC of the same foot       stance  IC to TO of the same foot
    step    IC to next IC of the other foot      flight  TO to next IC of the other foot

Contacts are accepted by the consistency checks of biomechanics 3.5: a stride whose time is far
from the usual one, whose stance is impossible, or without exactly one opposite contact in its
middle, is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, GaitEvents, Side, Stride


@dataclass(frozen=True, slots=True)
class StrideParams:
    """What a believable stride looks like; times in real seconds, shares of the stride."""

    max_time_deviation: float = 0.15
    step_share: tuple[float, float] = (0.35, 0.65)
    stance_s: tuple[float, float] = (0.12, 0.42)
    duty_factor: tuple[float, float] = (0.18, 0.52)
    min_near_strides: int = 4


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Strides that passed the checks, and how many of each side did not."""

    strides: tuple[Stride, ...]
    dropped: dict[Side, int]
    found: dict[Side, int]

    def dropped_share(self, side: Side) -> float:
        """Share of one side's stride candidates that failed; 1 when there were none."""
        total = self.found[side]
        return self.dropped[side] / total if total else 1.0


def segment_strides(events: GaitEvents, params: StrideParams) -> Segmentation:
    """Cut the events into strides, both sides together in order of initial contact."""
    candidates = {side: _candidates(events, side) for side in Side}
    times = [stride.stride_time_s for side in Side for stride in candidates[side]]
    usual = _usual_stride_s(times)
    kept = {
        side: [
            _without_bad_toe_off(stride, params)
            for stride in candidates[side]
            if _is_believable(stride, usual, params)
        ]
        for side in Side
    }
    strides = sorted((*kept[Side.LEFT], *kept[Side.RIGHT]), key=lambda s: s.initial_contact_s)
    found = {side: len(candidates[side]) for side in Side}
    dropped = {side: found[side] - len(kept[side]) for side in Side}
    return Segmentation(tuple(strides), dropped, found)


def _usual_stride_s(times: list[float]) -> float:
    """Median stride time; NaN without strides."""
    return float(np.median(times)) if times else float("nan")


def _candidates(events: GaitEvents, side: Side) -> list[Stride]:
    """Every pair of successive contacts of one foot."""
    contact, toe_off = events.initial_contact_s[side], events.toe_off_s[side]
    middle = events.mid_stance_s[side]
    known = np.flatnonzero(np.isfinite(contact))
    others = events.initial_contact_s[side.other]
    return [
        Stride(
            side=side,
            initial_contact_s=float(contact[first]),
            mid_stance_s=float(middle[first]),
            toe_off_s=float(toe_off[first]),
            next_initial_contact_s=float(contact[second]),
            other_contact_s=_only_between(others, contact[first], contact[second]),
        )
        for first, second in pairwise(known)
    ]


def _only_between(times: FloatArray, start: float, stop: float) -> float:
    """The single time inside a stride; NaN when there is none or more than one."""
    inside = times[(times > start) & (times < stop)]
    return float(inside[0]) if len(inside) == 1 else float("nan")


def _is_believable(stride: Stride, usual_s: float, params: StrideParams) -> bool:
    """Whether stride time and the opposite contact's place are possible."""
    if abs(stride.stride_time_s / usual_s - 1) > params.max_time_deviation:
        return False
    if not np.isfinite(stride.other_contact_s):
        return True  # the far foot may be hidden; alternation is judged on what was seen
    share = (stride.other_contact_s - stride.initial_contact_s) / stride.stride_time_s
    return params.step_share[0] <= share <= params.step_share[1]


def _without_bad_toe_off(stride: Stride, params: StrideParams) -> Stride:
    """The stride, with an impossible toe-off forgotten."""
    stance, duty = stride.stance_time_s, stride.stance_time_s / stride.stride_time_s
    possible = (
        params.stance_s[0] <= stance <= params.stance_s[1]
        and params.duty_factor[0] <= duty <= params.duty_factor[1]
    )
    return stride if possible else replace(stride, toe_off_s=float("nan"))

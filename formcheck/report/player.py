"""What the player of report.html knows: frame times, contacts and curves, as compact data.

Times are seconds of the file's own timeline. Curves are whole numbers of a signal's ``step``, so
that a minute of a clip takes some hundred kilobytes.
"""

from __future__ import annotations

import json
from itertools import groupby
from math import isfinite
from types import MappingProxyType
from typing import Any

import numpy as np

from formcheck.domain import FloatArray, Side
from formcheck.report.context import ReportContext, found_contacts_s
from formcheck.report.footer import stances
from formcheck.report.plots import side_name
from formcheck.report.signals import Signal, at_frames, rule_band, shown_sides, signals
from formcheck.texts.amounts import decimals_of, suffix

TICKS_PER_S = 10_000
"""Frame times are told to a tenth of a millisecond."""

_MAX_RATE_HZ = 60.0  # curves of faster clips are told at every second frame, or fewer
_MAX_POINTS = 6_000  # a curve is never longer, however long the clip
_STEPS = {"deg": 0.1, "leg lengths": 0.001}  # what one whole number of a curve stands for


def player_json(context: ReportContext) -> str:
    """The data of a page's player, safe inside a script element."""
    text = json.dumps(player_data(context), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def player_data(context: ReportContext) -> dict[str, Any]:
    """Frame times (runs of equal steps), contacts, stances, strides and curves of a clip."""
    analysis, t = context.analysis, context.wording.words("player")
    times_s = analysis.pose.time_s
    every = _every(times_s)
    return {
        "file": context.annotated_clip,
        "ticks": TICKS_PER_S,
        "frames": _runs(times_s),
        "every": every,
        "contacts": _contacts(context),
        "stances": {side.value: _pairs(stances(analysis, side)) for side in Side},
        "strides": _pairs(
            [
                (float(to_file(stride.start_s)), float(to_file(stride.stop_s)))
                for to_file in (analysis.gait.time_base.file_s,)
                for stride in analysis.gait.strides
                if stride.side is analysis.gait.near_side
            ]
        ),
        "near": analysis.gait.near_side.value,
        "signals": [_signal(context, signal, every) for signal in signals(analysis.gait)],
        "words": {key: t(key, **_FILLED_LATER) for key in _WORDS},
    }


_WORDS = ("play", "pause", "at", "contact", "time_axis", "curves", "missing")
_FACTS = ("time", "end", "frame", "frames", "side", "file")
_FILLED_LATER = MappingProxyType({fact: f"{{{fact}}}" for fact in _FACTS})  # by the player itself


def _every(times_s: FloatArray) -> int:
    """A curve has a point at every so many frames."""
    duration_s = float(times_s[-1] - times_s[0])
    rate = (len(times_s) - 1) / duration_s if duration_s > 0 else 0.0
    return max(1, round(rate / _MAX_RATE_HZ), -(-len(times_s) // _MAX_POINTS))


def _runs(times_s: FloatArray) -> list[list[int]]:
    """Steps from frame to frame, ``[ticks, how often]``; the first is that to the first frame."""
    ticks = np.round(times_s * TICKS_PER_S).astype(int)
    steps = np.diff(ticks, prepend=0)
    return [[int(step), len(list(same))] for step, same in groupby(steps.tolist())]


def _contacts(context: ReportContext) -> list[list[Any]]:
    analysis, wording = context.analysis, context.wording
    to_file = analysis.gait.time_base.file_s
    found = [
        [round(float(at), 3), side.value, wording.name("Side", side.value)]
        for side in Side
        for at in to_file(found_contacts_s(analysis, side))
    ]
    return sorted(found)


def _pairs(spans: list[tuple[float, float]]) -> list[list[float]]:
    return [[round(start, 3), round(stop, 3)] for start, stop in spans]


def _signal(context: ReportContext, signal: Signal, every: int) -> dict[str, Any]:
    analysis, t = context.analysis, context.wording.words("plots")
    band = None if signal.rule_at_contact else rule_band(analysis, signal)
    return {
        "id": signal.id,
        "title": t(f"{signal.id}.title"),
        "axis": t(f"{signal.id}.axis"),
        "unit": suffix(signal.unit, context.style),
        "decimals": decimals_of(signal.unit, context.style),
        "step": _STEPS[signal.unit],
        "band": band,
        "lines": [
            _line(context, signal, side, every) for side in shown_sides(analysis.gait, signal)
        ],
    }


def _line(context: ReportContext, signal: Signal, side: Side, every: int) -> dict[str, Any]:
    analysis = context.analysis
    values = at_frames(analysis, signal, side)[::every] / _STEPS[signal.unit]
    gait = analysis.gait
    return {
        "kind": "near" if side is gait.near_side else "far",
        "name": ""
        if signal.is_whole_body
        else side_name(gait, side, context.wording.words("plots")),
        "values": [round(value) if isfinite(value) else None for value in values.tolist()],
    }

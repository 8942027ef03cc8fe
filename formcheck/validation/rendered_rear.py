"""Rendered clips from behind: both feet's contacts and what is read across the running direction.

Angles and widths are those of the points in space, in the plane across the running direction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from formcheck.domain import Analysis, Motion, Side
from formcheck.gait.scale import LEG_TO_HEIGHT
from formcheck.geometry import valleys
from formcheck.synthetic.frontal_truth import Values, values_from_behind
from formcheck.validation.rendered import (
    TOLERANCE_S,
    Compared,
    RenderedTruth,
    load_truth,
    truths_in,
)
from formcheck.validation.score import EventScore, match_events, pooled

PARTS = ("shoulder", "hip", "knee", "heel")


@dataclass(frozen=True, slots=True, eq=False)
class RearScore:
    """One clip, both sides; toe-offs are not told from behind."""

    clip: str
    fps: float
    contact: EventScore
    cadence: Compared
    values: tuple[Compared, ...]


def rear_clips(*folders: Path) -> Iterator[Path]:
    """Rendered clips from behind that have their truth beside them."""
    return (clip for clip, truth in truths_in(*folders) if truth.raw["view"] == "rear")


def true_values(truth: RenderedTruth) -> Values:
    """Medians over the clip by metric name."""
    leg_m = LEG_TO_HEIGHT * truth.height_m
    names = [f"{side}_{part}" for side in Side for part in PARTS]
    points = [f"{part}_{side[0]}" for side in Side for part in PARTS]
    place = np.array([[frame["p"][p][:2] for p in points] for frame in truth.raw["frames"]])
    right_up = place * np.array([-1.0, 1.0]) / leg_m  # x of the renderer points to the left
    seen = Motion(truth.times_s, right_up, np.zeros(right_up.shape[:2], dtype=bool), tuple(names))
    lowest = valleys(seen.time_s, seen.midpoint("hip")[:, 1])
    middle = {}
    for side in Side:
        stances = zip(*(truth.events_s(k, side) for k in ("contact", "toe_off")), strict=True)
        spans = [(lowest > start) & (lowest < stop) for start, stop in stances]
        middle[side] = lowest[np.any(spans, axis=0)]
    strides = pairwise(truth.events_s("contact", Side.RIGHT))
    return values_from_behind(seen, middle, strides, leg_m)


def score_rear(clip: Path, analysis: Analysis) -> RearScore:
    """Compare the analysis of a clip from behind with its truth."""
    truth = load_truth(clip)
    events = analysis.gait.events
    contacts = []
    for side in Side:
        whole = truth.seen_events_s("contact", side)
        others = np.setdiff1d(truth.events_s("contact", side), whole)
        found = events.initial_contact_s[side]
        near_other = np.array([np.min(np.abs(others - at), initial=np.inf) for at in found])
        contacts.append(match_events(found[near_other > TOLERANCE_S], whole, TOLERANCE_S))
    values = tuple(
        _compared(analysis, metric, side, true)
        for metric, by_side in true_values(truth).items()
        for side, true in by_side.items()
    )
    cadence = _compared(analysis, "cadence_spm", None, truth.cadence_spm)
    return RearScore(clip.stem, analysis.video.fps, pooled(contacts), cadence, values)


def _compared(analysis: Analysis, metric: str, side: Side | None, true: float) -> Compared:
    """One metric's summary beside its truth."""
    summary = analysis.summary(metric, side)
    if summary is None:
        return Compared(metric, float("nan"), float("nan"), float("nan"), true)
    return Compared(metric, summary.median, summary.low, summary.high, true)

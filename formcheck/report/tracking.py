"""How well every limb could be followed, for the page, the summary and the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.domain import Analysis, BoolArray, Limb, LimbTrack
from formcheck.gait.confidence import unsure_strides
from formcheck.geometry import runs
from formcheck.report.context import ReportContext
from formcheck.report.plain import number
from formcheck.texts import Words

_TIP = {"leg": "ankle", "arm": "wrist"}
"""The point that tells whether a limb was seen or bridged."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the clip, percent of its frames: ``exchanged`` back or ``missing``."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class LimbRow:
    """One limb: its name and place, and what happened to it in one line.

    Counts of file frames (``filled``: of analysed frames) and of its side's strides.
    ``confidence`` is None when the limb could not be judged or was never drawn.
    """

    limb: Limb
    place: str
    label: str
    words: str
    n_frames: int
    swapped: int
    masked: int
    filled: int
    confidence: float | None
    n_strides: int
    n_unsure: int
    stretches: tuple[Stretch, ...]


def limb_rows(context: ReportContext) -> tuple[LimbRow, ...]:
    """Every limb, near side first, legs before arms."""
    near = context.analysis.gait.near_side
    limbs = sorted(Limb, key=lambda limb: (limb.kind != "leg", limb.side is not near))
    return tuple(_row(context, limb) for limb in limbs)


def _row(context: ReportContext, limb: Limb) -> LimbRow:
    gait, tracking = context.analysis.gait, context.analysis.tracking
    track, say = tracking.limbs[limb], context.wording.words("report")
    own = np.array([side is limb.side for side in gait.sides()], dtype=bool)
    column = gait.motion.landmarks.index(f"{limb.side}_{_TIP[limb.kind]}")
    n_unsure = int((unsure_strides(gait, limb.kind) & own).sum())
    place = "near" if limb.side is gait.near_side else "far"
    return LimbRow(
        limb=limb,
        place=place,
        label=say("limbs.label", limb=limb, place=place),
        words=", ".join(_happened(track, n_unsure, say)),
        n_frames=len(track.masked),
        swapped=int(track.swapped.sum()),
        masked=int(track.masked.sum()),
        filled=int(gait.motion.filled[:, column].sum()),
        confidence=number(tracking.confidence(limb)),
        n_strides=int(own.sum()),
        n_unsure=n_unsure,
        stretches=tuple(_stretches(track.swapped & ~track.masked, track.masked)),
    )


def _happened(track: LimbTrack, n_unsure: int, say: Words) -> Iterator[str]:
    yield say("limbs.seen", share=100 * (1 - track.masked.mean()))
    if track.swapped.any():
        yield say("limbs.put_back", n=int(track.swapped.sum()))
    if n_unsure:
        yield say("limbs.unsure", n=n_unsure)


def _stretches(swapped: BoolArray, masked: BoolArray) -> Iterator[Stretch]:
    """What is drawn on the bar."""
    scale = 100.0 / max(1, len(masked))
    for kind, frames in (("exchanged", swapped), ("missing", masked)):
        for start, stop in runs(frames):
            yield Stretch(kind, round(scale * start, 2), round(scale * (stop - start), 2))


def tracking_dict(analysis: Analysis) -> dict[str, Any]:
    """The tracking report as plain data for summary.json."""
    tracking = analysis.tracking
    return {
        "n_frames": len(tracking.time_s),
        "is_judged": tracking.is_judged,
        "side_confidence": number(tracking.side_confidence),
        "limbs": {
            row.limb.value: {
                "frames_swapped": row.swapped,
                "frames_masked": row.masked,
                "frames_filled": row.filled,
                "confidence": row.confidence,
                "strides": row.n_strides,
                "strides_unsure": row.n_unsure,
            }
            for row in limb_rows(ReportContext(analysis))
        },
    }

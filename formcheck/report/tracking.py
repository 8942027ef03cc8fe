"""How well every limb could be followed, for the page, the summary and the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.domain import Analysis, BoolArray, Limb
from formcheck.gait.confidence import unsure_strides
from formcheck.geometry import runs
from formcheck.report import wording
from formcheck.report.plain import number

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
    """One limb: counts of file frames (``filled``: of analysed frames) and of its side's strides.

    ``confidence`` is None when the limb could not be judged or was never drawn.
    """

    limb: Limb
    place: str
    n_frames: int
    swapped: int
    masked: int
    filled: int
    confidence: float | None
    n_strides: int
    n_unsure: int
    stretches: tuple[Stretch, ...]

    @property
    def label(self) -> str:
        """Name and place: ``Left leg, near``."""
        return f"{self.limb.value.replace('_', ' ').capitalize()}, {self.place}"

    @property
    def words(self) -> str:
        """What happened to it, in one line."""
        parts = [f"seen in {100 * (1 - self.masked / self.n_frames):.0f} % of the frames"]
        if self.swapped:
            parts.append(f"put back in {wording.count(self.swapped, 'frame')}")
        if self.n_unsure:
            parts.append(f"{wording.count(self.n_unsure, 'stride')} left out as unsure")
        return ", ".join(parts)


def limb_rows(analysis: Analysis) -> tuple[LimbRow, ...]:
    """Every limb, near side first, legs before arms."""
    near = analysis.gait.near_side
    limbs = sorted(Limb, key=lambda limb: (limb.kind != "leg", limb.side is not near))
    return tuple(_row(analysis, limb) for limb in limbs)


def _row(analysis: Analysis, limb: Limb) -> LimbRow:
    gait, tracking = analysis.gait, analysis.tracking
    track = tracking.limbs[limb]
    own = np.array([side is limb.side for side in gait.sides()], dtype=bool)
    column = gait.motion.landmarks.index(f"{limb.side}_{_TIP[limb.kind]}")
    return LimbRow(
        limb=limb,
        place="near" if limb.side is gait.near_side else "far",
        n_frames=len(track.masked),
        swapped=int(track.swapped.sum()),
        masked=int(track.masked.sum()),
        filled=int(gait.motion.filled[:, column].sum()),
        confidence=number(tracking.confidence(limb)),
        n_strides=int(own.sum()),
        n_unsure=int((unsure_strides(gait, limb.kind) & own).sum()),
        stretches=tuple(_stretches(track.swapped & ~track.masked, track.masked)),
    )


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
            for row in limb_rows(analysis)
        },
    }

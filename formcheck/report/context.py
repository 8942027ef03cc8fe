"""What a report is written from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import Analysis, FloatArray, Gait, Side, View
from formcheck.report.wording import Wording
from formcheck.texts import DEFAULT_STYLE, Language, ReportStyle


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """One picture of the runner with what was measured drawn on it.

    ``jpeg`` holds the encoded picture of ``width_px`` x ``height_px``; ``file_time_s`` is where it
    is in the clip; ``alt`` says in words what it shows.
    """

    metric: str
    side: Side | None
    file_time_s: float
    width_px: int
    height_px: int
    jpeg: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """An analysis and what the second look at its clip gave.

    Without the clip there are no key frames and ``annotated_clip`` is None (else its file name).
    ``style`` says in which language and units it is written.
    """

    analysis: Analysis
    key_frames: tuple[KeyFrame, ...] = ()
    annotated_clip: str | None = None
    style: ReportStyle = DEFAULT_STYLE

    @property
    def language(self) -> Language:
        """The language its sentences are written in."""
        return self.style.language

    @property
    def wording(self) -> Wording:
        """What its numbers and sentences are written with."""
        return Wording(self.style)

    def key_frame(self, metric: str, side: Side | None) -> KeyFrame | None:
        """The key frame of a metric on a side, None when there is none."""
        wanted = (metric, side)
        return next((k for k in self.key_frames if (k.metric, k.side) == wanted), None)


def is_from_behind(gait: Gait) -> bool:
    """Whether a clip shows the runner from behind, both sides alike."""
    return gait.view.view is View.REAR


def found_contacts_s(analysis: Analysis, side: Side) -> FloatArray:
    """Initial contacts of a side that were found, real seconds: a toe-off may stand alone."""
    contacts = analysis.gait.events.initial_contact_s[side]
    return contacts[np.isfinite(contacts)]

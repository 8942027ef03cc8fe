"""What a report is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
class StripPicture:
    """One stride in a filmstrip: ``number`` among those of its side, its value (NaN: none).

    ``mark`` is best or worst (nearest to a range, furthest from it; best_inside and worst_inside
    inside it), lowest or highest where there is no range, or empty.
    """

    number: int
    file_time_s: float
    value: float
    mark: str
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Strip:
    """The instant a finding speaks of in several of ``n_strides`` strides of the near side.

    ``drawn_side`` is the near side of the clip the pictures are from, in a session one of several.
    """

    metric: str
    side: Side | None
    drawn_side: Side
    instant: str
    unit: str
    n_strides: int
    width_px: int
    height_px: int
    pictures: tuple[StripPicture, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """What the second look at a clip took out of it."""

    key_frames: tuple[KeyFrame, ...] = ()
    strips: tuple[Strip, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportContext:
    """An analysis and what the second look at its clip gave.

    Without the clip there are no pictures and ``annotated_clip`` is None (else its file name).
    ``clip_address`` is where the page finds it: that file, or the clip itself as a data URI.
    ``style`` says in which language and units it is written. ``sources`` names the clip a value is
    from, by metric and side, where several clips were combined.
    """

    analysis: Analysis
    pictures: Pictures = Pictures()
    annotated_clip: str | None = None
    clip_address: str | None = None
    style: ReportStyle = DEFAULT_STYLE
    sources: Mapping[tuple[str, Side | None], str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The language its sentences are written in."""
        return self.style.language

    @property
    def wording(self) -> Wording:
        """What its numbers and sentences are written with."""
        return Wording(self.style)

    def from_clip(self, said: str, metric: str, side: Side | None) -> str:
        """What is said of a value, with the clip it is from where there are several."""
        clip = self.sources.get((metric, side))
        return said if clip is None else self.wording.words("session")("of", said=said, clip=clip)

    def key_frame(self, metric: str, side: Side | None) -> KeyFrame | None:
        """The key frame of a metric on a side, None when there is none."""
        wanted = (metric, side)
        return next((k for k in self.pictures.key_frames if (k.metric, k.side) == wanted), None)

    def strip(self, metric: str, side: Side | None) -> Strip | None:
        """The filmstrip of a metric on a side, None when there is none."""
        wanted = (metric, side)
        return next((s for s in self.pictures.strips if (s.metric, s.side) == wanted), None)


def is_from_behind(gait: Gait) -> bool:
    """Whether a clip shows the runner from behind, both sides alike."""
    return gait.view.view is View.REAR


def found_contacts_s(analysis: Analysis, side: Side) -> FloatArray:
    """Initial contacts of a side that were found, real seconds: a toe-off may stand alone."""
    contacts = analysis.gait.events.initial_contact_s[side]
    return contacts[np.isfinite(contacts)]

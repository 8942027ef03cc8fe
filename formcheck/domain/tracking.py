"""How well every limb could be followed through a clip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain.basics import BoolArray, FloatArray, Reason, Side


class Limb(StrEnum):
    """A leg (knee to toes) or an arm (elbow and wrist) of the runner."""

    LEFT_LEG = "left_leg"
    RIGHT_LEG = "right_leg"
    LEFT_ARM = "left_arm"
    RIGHT_ARM = "right_arm"

    @property
    def side(self) -> Side:
        """The side of the body it is on."""
        return Side(self.value.split("_")[0])

    @property
    def kind(self) -> str:
        """``leg`` or ``arm``."""
        return self.value.split("_")[1]


def limb_of(side: Side, kind: str) -> Limb:
    """The ``leg`` or ``arm`` of a side."""
    return Limb(f"{side}_{kind}")


@dataclass(frozen=True, slots=True, eq=False)
class LimbTrack:
    """One limb in every file frame, all ``(n_frames,)``.

    ``swapped``: the model had drawn it under the other side's name; ``masked``: most of it was
    thrown away, because what was drawn there is not this limb; ``probability`` that what is left
    is this limb, NaN where nothing is left.
    """

    swapped: BoolArray
    masked: BoolArray
    probability: FloatArray

    def confidence(self, frames: BoolArray | slice) -> float:
        """Mean probability over some frames; NaN when the limb is drawn in none of them."""
        seen = self.probability[frames]
        seen = seen[np.isfinite(seen)]
        return float(seen.mean()) if len(seen) else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class TrackingReport:
    """What was done to tell the limbs apart.

    ``time_s`` (n_frames,) are the file's own times. ``is_judged``: the legs' own strides could be
    found, so every frame was compared with them; otherwise nothing was changed and the
    probabilities are NaN. ``side_confidence`` is the chance that the whole clip's left is the
    runner's left, NaN when not judged. ``notes`` say what a reader should know.
    """

    time_s: FloatArray
    limbs: Mapping[Limb, LimbTrack]
    is_judged: bool
    side_confidence: float
    notes: tuple[Reason, ...] = ()

    def confidence(self, limb: Limb) -> float:
        """Mean probability over the clip; NaN when never drawn or not judged."""
        track = self.limbs[limb]
        return track.confidence(np.ones(len(track.masked), dtype=bool))


def untouched(time_s: FloatArray) -> TrackingReport:
    """Report of a clip in which the limbs could not be judged, and so were left as drawn."""
    no, unknown = np.zeros(len(time_s), dtype=bool), np.full(len(time_s), np.nan)
    track = LimbTrack(no, no, unknown)
    return TrackingReport(time_s, dict.fromkeys(Limb, track), False, float("nan"))

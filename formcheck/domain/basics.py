"""Words and arrays every other type is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
RgbImage = NDArray[np.uint8]

LANDMARKS: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye",
    "right_eye_outer", "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_pinky",
    "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb", "left_hip",
    "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel",
    "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
"""The 33 landmarks of the pose model, in its own order; left and right are the runner's own."""


class Side(StrEnum):
    """A side of the runner's own body."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class View(StrEnum):
    """What the camera sees of the runner."""

    SIDE = "side"
    OBLIQUE = "oblique"
    FRONT = "front"
    REAR = "rear"


class Verdict(StrEnum):
    """Outcome of comparing one measurement with one band."""

    WITHIN = "within"
    OUTSIDE = "outside"
    UNDETERMINED = "undetermined"


class Grade(StrEnum):
    """How far a value lies from a band: inside, only different, worth watching, worth changing."""

    GOOD = "good"
    INFO = "info"
    WATCH = "watch"
    FIX = "fix"

    @property
    def severity(self) -> int:
        """0 for good up to 3 for fix."""
        return list(Grade).index(self)


class ClipVerdict(StrEnum):
    """What a clip was good for."""

    ANALYSED = "analysed"
    PARTIAL = "partial"
    REFUSED = "refused"


class Privacy(StrEnum):
    """What is taken out of the pictures that are written: nothing, faces, or all but the body."""

    NONE = "none"
    BLUR = "blur"
    SKELETON = "skeleton"


class TimeStatus(StrEnum):
    """How far the clock of the file can be trusted."""

    REAL = "real"
    SLOW_MOTION = "slow-motion"
    UNTRUSTWORTHY = "untrustworthy"


class StrikeClass(StrEnum):
    """Which part of the foot touches the ground first."""

    REARFOOT = "rearfoot"
    MIDFOOT = "midfoot"
    FOREFOOT = "forefoot"
    NOT_REARFOOT = "not rearfoot"
    UNDETERMINED = "undetermined"


Progress = Callable[[int, int | None], None]
"""Called with (frames done, frames in the clip or None when unknown)."""


def silent(done: int, total: int | None) -> None:
    """Report no progress."""


def frozen_array(values: Any, *shape: int | None, name: str) -> FloatArray:
    """Return a read-only float64 copy of ``values`` after checking its shape.

    ``None`` in ``shape`` accepts any length. Raises ValueError when the shape differs.
    """
    array: FloatArray = np.array(values, dtype=np.float64)
    fits = array.ndim == len(shape) and all(
        want is None or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was withheld: a stable ``code`` and three clauses for people.

    ``seen`` is what was found, ``missing`` what cannot be had because of it, ``film`` how to get
    it. ``formcheck.reasons`` makes them, in English, of texts that can be said in any language.
    """

    code: str
    seen: str
    missing: str
    film: str

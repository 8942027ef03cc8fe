"""What the pictures of a clip show besides the runner: cuts, repeats, camera motion, light."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np

from formcheck.domain.basics import BoolArray, FloatArray, frozen_array


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One row for every frame of a clip, all ``(n_frames,)`` unless said otherwise.

    ``is_cut`` marks the first frame of a new shot, ``is_repeat`` frames that show the same picture
    as the frame before (a freeze, or a copy made to fill up a frame rate). ``change`` is how much
    the runner (or the whole picture, when nobody is seen) differs from the frame before, mean grey
    levels (0-255).

    ``shift_px`` (n_frames, 2) is how far the background moved since the frame before, pixels of the
    upright picture; ``parallax_px`` how much further its lower part moved sideways than its upper
    part (a camera that turns moves both alike, one that travels moves what is near more). NaN where
    the background has no texture, and 0 in the first frame.

    ``sharpness`` is the variance of the Laplacian over the runner (or the whole picture), sampled
    on some frames, NaN between; ``brightness`` the mean grey level of the same part (0-255).
    """

    is_cut: BoolArray
    is_repeat: BoolArray
    change: FloatArray
    shift_px: FloatArray
    parallax_px: FloatArray
    sharpness: FloatArray
    brightness: FloatArray

    def __post_init__(self) -> None:
        frames = len(self.change)
        for name in ("is_cut", "is_repeat"):
            marks: BoolArray = np.array(getattr(self, name), dtype=bool)
            if marks.shape != (frames,):
                raise ValueError(f"{name} must have shape {(frames,)}, not {marks.shape}")
            marks.setflags(write=False)
            object.__setattr__(self, name, marks)
        for name in ("change", "parallax_px", "sharpness", "brightness"):
            values = frozen_array(getattr(self, name), frames, name=name)
            object.__setattr__(self, name, values)
        shift = frozen_array(self.shift_px, frames, 2, name="shift_px")
        object.__setattr__(self, "shift_px", shift)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.change)

    def only(self, kept: BoolArray) -> Self:
        """The scene of some of the frames, ``kept`` (n_frames,).

        Shifts stay those since the frame before in the clip: leave out repeats, which do not move.
        """
        return type(self)(**{name: getattr(self, name)[kept] for name in SCENE_ARRAYS})


class CameraWork(StrEnum):
    """How the camera was held: fixed, in the hand, keeping its distance to the runner, or else."""

    STILL = "still"
    HAND_HELD = "hand-held"
    FOLLOWING = "following"
    PANNING = "panning"


@dataclass(frozen=True, slots=True)
class CameraEstimate:
    """How the camera moved; ``drift_per_s`` is how far the background usually gets in a second.

    As a share of the picture's width, on the file's own clock.
    """

    work: CameraWork
    drift_per_s: float


SCENE_ARRAYS = (
    "is_cut", "is_repeat", "change", "shift_px", "parallax_px", "sharpness", "brightness",
)  # fmt: skip
"""The arrays a scene is made of."""

"""Hand labels of legs: which real leg each drawn leg of the pose model lies on.

How they were made, and what counts as lying on a leg, stands beside the data in
``tests/validation/hand_labels/legs/README.md``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from formcheck.domain import FloatArray

JOINTS = ("knee", "ankle")


class LegSeen(StrEnum):
    """What a drawn leg lies on: the leg towards the camera, the other one, neither, who knows."""

    NEAR = "near"
    FAR = "far"
    NONE = "none"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class LegLabel:
    """One hand-labelled frame of a clip.

    ``left`` and ``right`` are what the model's left and right leg lie on; ``far_hidden``: nothing
    of the far shank and foot can be seen. ``left_px`` and ``right_px`` (2, 2) knee and ankle, x and
    y in pixels of the upright picture, as the model gave them when the frame was labelled; NaN
    where it gave none.
    """

    frame: int
    time_s: float
    left: LegSeen
    right: LegSeen
    far_hidden: bool
    left_px: FloatArray
    right_px: FloatArray


def load_leg_labels(path: Path) -> tuple[LegLabel, ...]:
    """The labelled frames of one clip, in the order of the file.

    Raises ValueError for a word outside the vocabulary and KeyError for a missing column.
    """
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(_label(row) for row in csv.DictReader(file))


def _label(row: dict[str, str]) -> LegLabel:
    if row["far_hidden"] not in ("yes", "no"):
        raise ValueError(f"far_hidden is yes or no, not {row['far_hidden']!r}")
    return LegLabel(
        frame=int(row["frame"]),
        time_s=float(row["time_s"]),
        left=LegSeen(row["model_left"]),
        right=LegSeen(row["model_right"]),
        far_hidden=row["far_hidden"] == "yes",
        left_px=_points(row, "left"),
        right_px=_points(row, "right"),
    )


def _points(row: dict[str, str], side: str) -> FloatArray:
    return np.array(
        [[float(row[f"model_{side}_{joint}_{axis}"] or "nan") for axis in "xy"] for joint in JOINTS]
    )

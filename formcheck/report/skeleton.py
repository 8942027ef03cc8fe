"""The runner's body as lines between landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, RgbImage, Side
from formcheck.report import paint
from formcheck.report.paint import Pen

_LIMB_BONES = (
    ("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"),
    ("ankle", "heel"), ("heel", "foot_index"), ("ankle", "foot_index"),
)  # fmt: skip
_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The landmarks of one frame: ``xy_px`` (n_landmarks, 2) in the picture drawn on."""

    xy_px: FloatArray
    landmarks: tuple[str, ...]

    def point(self, name: str) -> FloatArray:
        """A landmark, ``(2,)``."""
        return np.asarray(self.xy_px[self.landmarks.index(name)])

    def limb(self, side: Side, part: str) -> FloatArray:
        """A landmark of one side, ``(2,)``."""
        return self.point(f"{side.value}_{part}")

    def middle(self, part: str) -> FloatArray:
        """The point halfway between left and right, ``(2,)``; NaN when one is unknown."""
        return 0.5 * (self.limb(Side.LEFT, part) + self.limb(Side.RIGHT, part))


def draw_body(
    picture: RgbImage, body: Body, near: Side, width_px: int, *, from_behind: bool = False
) -> None:
    """Draw the far side, the trunk, then the near side over both; unknown parts are left out.

    From behind the lines between the hips and between the shoulders are part of the trunk.
    """
    far_pen = Pen(paint.FAR, max(1, round(0.7 * width_px)), 1)
    draw_side(picture, body, near.other, far_pen)
    trunk = [
        (body.middle("hip"), body.middle("shoulder")),
        (body.middle("shoulder"), body.middle("ear")),
    ]
    if from_behind:
        trunk += [
            (body.limb(Side.LEFT, part), body.limb(Side.RIGHT, part))
            for part in ("hip", "shoulder")
        ]
    paint.lines(picture, trunk, Pen(paint.BODY, max(1, round(0.8 * width_px)), 1))
    draw_side(picture, body, near, Pen(paint.NEAR, width_px, max(1, width_px // 3)))


def draw_side(picture: RgbImage, body: Body, side: Side, pen: Pen) -> None:
    """Draw arm, leg and foot of one side."""
    bones = [(body.limb(side, start), body.limb(side, end)) for start, end in _LIMB_BONES]
    paint.lines(picture, bones, pen)
    for joint in _JOINTS:
        paint.dot(picture, body.limb(side, joint), 0.9 * pen.width, pen._replace(rim=1))


def foot_centre(body: Body, side: Side) -> FloatArray:
    """The point halfway between heel and toe, ``(2,)``."""
    return np.asarray(0.5 * (body.limb(side, "heel") + body.limb(side, "foot_index")))

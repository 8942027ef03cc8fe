"""Angles written beside the joints they are measured at, while the clip plays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import Analysis, BoolArray, FloatArray, RgbImage, Side
from formcheck.report import paint
from formcheck.report.context import is_from_behind
from formcheck.report.footer import stances
from formcheck.report.paint import Colour
from formcheck.report.signals import at_frames, signals
from formcheck.report.skeleton import Body
from formcheck.report.wording import Wording

_BEFORE_S = 0.1  # of file time; the fall of the foot onto the ground is worth watching
_AWAY = 2.4  # distance of a label from its joint, in heights of its letters


@dataclass(frozen=True, slots=True, eq=False)
class _Label:
    """One angle: ``texts`` (n_frames,), empty where it is not shown; ``ahead`` is 1 or -1."""

    part: str
    texts: tuple[str, ...]
    ahead: int
    colour: Colour


class JointLabels:
    """Writes trunk, elbow and foot of the near side; from behind, pelvis and trunk.

    What is withheld is not written, nor is the foot in the air, where its angle says nothing.
    """

    def __init__(self, analysis: Analysis, wording: Wording, width_px: int, height_px: int) -> None:
        self.font_px = max(11, round(0.011 * (width_px + height_px)))
        self._near = analysis.gait.near_side
        facing = analysis.gait.view.facing
        self._forward = -1.0 if facing is Side.LEFT else 1.0
        self._labels = _labels(analysis, wording)

    def draw(self, picture: RgbImage, body: Body, frame_index: int) -> None:
        """Write the angles of a frame; those of unknown joints are left out."""
        for each in self._labels:
            text, joint = each.texts[frame_index], self._joint(body, each.part)
            if text and paint.is_known(joint):
                away = _AWAY * self.font_px * self._forward * each.ahead
                centre = float(joint[0]) + away, float(joint[1])
                paint.tag(picture, text, centre, self.font_px, each.colour)

    def _joint(self, body: Body, part: str) -> FloatArray:
        if part in {"shoulder", "hip"}:
            return body.middle(part)
        return body.limb(self._near, part)


_FROM_BEHIND = (("pelvis", "hip", 1, paint.BODY), ("trunk_side", "shoulder", 1, paint.BODY))
_FROM_THE_SIDE = (
    ("trunk_lean", "shoulder", -1, paint.BODY),
    ("elbow", "elbow", -1, paint.NEAR),
    ("foot", "foot_index", 1, paint.NEAR),
)


def _labels(analysis: Analysis, wording: Wording) -> tuple[_Label, ...]:
    known = {signal.id: signal for signal in signals(analysis.gait)}
    wanted = _FROM_BEHIND if is_from_behind(analysis.gait) else _FROM_THE_SIDE
    near = analysis.gait.near_side
    found = []
    for name, part, ahead, colour in wanted:
        if name not in known:
            continue
        values = at_frames(analysis, known[name], near)
        if name == "foot":
            values = np.where(_is_down(analysis, near), values, np.nan)
        texts = tuple(wording.amount(v, "deg") if np.isfinite(v) else "" for v in values)
        found.append(_Label(part, texts, ahead, colour))
    return tuple(found)


def _is_down(analysis: Analysis, side: Side) -> BoolArray:
    """Frames in which a foot is on the ground or about to land, (n_frames,)."""
    time_s = analysis.pose.time_s
    marks = np.zeros(len(time_s), dtype=bool)
    for start_s, end_s in stances(analysis, side):
        marks |= (time_s >= start_s - _BEFORE_S) & (time_s <= end_s)
    return marks

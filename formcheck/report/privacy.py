"""What is taken out of the pictures before any of them leaves the program.

With ``blur`` every head that may be somebody's is made unrecognisable: the runner's, also in frames
in which the face was not found, and, while other people are in the picture, everything but the
runner's body. Somebody the tracking never saw stays as filmed. With ``skeleton`` nothing of the
camera's picture is left. What is analysed is the clip itself, before: the numbers do not change.

Sizes are shares of the length of the trunk, hip to shoulder, 0.288 of body height (biomechanics
7.3); a head is 0.13 of it high, so that a radius of half a head is 0.23 trunks.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import cv2
import numpy as np

from formcheck.domain import Analysis, BoolArray, FloatArray, PoseSequence, Privacy, RgbImage, Side
from formcheck.report import paint
from formcheck.report.context import is_from_behind
from formcheck.report.skeleton import Body, draw_body
from formcheck.texts import Words

PLAIN = (44, 50, 58)
"""Colour of the ground a skeleton is drawn on."""

_FACE = 11  # the first landmarks: nose, eyes, ears, mouth
_HEAD, _ABOVE = 0.42, 0.45  # radius of what is hidden; middle of the head above the shoulders
_TRUNK_WIDTH, _LIMB_WIDTH = 0.55, 0.3  # of what stays sharp of a runner among others
_HOLD_S = 0.5  # a head is looked for at both ends of a gap as long as this
_REACH = 2  # frames to both sides whose heads are hidden too: landmarks lag behind fast heads
_GROWTH = 1.6  # in a gap the head may be elsewhere
_CELLS = 3.0  # a head is as wide as that many cells of the blurred picture
_LIMBS = (
    ("shoulder", "elbow", "wrist", "index"),
    ("hip", "knee", "ankle", "heel", "foot_index"),
)


def privacy_of(analysis: Analysis) -> Privacy:
    """What the settings of an analysis ask for: no caller can forget it."""
    return Privacy(analysis.provenance.config.get("privacy", Privacy.NONE))


def blur_limit(analyses: Iterable[Analysis], say: Words) -> str:
    """What blurring cannot promise, to be said below pictures; empty where nothing is blurred."""
    is_blurred = any(privacy_of(analysis) is Privacy.BLUR for analysis in analyses)
    return say("provenance.blurred") if is_blurred else ""


class Veil:
    """Takes out of each frame of one clip, at one picture size, what may not be shown."""

    def __init__(self, analysis: Analysis, width_px: int, height_px: int) -> None:
        self._kind = privacy_of(analysis)
        self._near, self._from_behind = analysis.gait.near_side, is_from_behind(analysis.gait)
        scale = width_px / analysis.video.width_px
        self._xy_px = analysis.recorded_pose.xy_px * scale
        self._drawn_px = analysis.pose.xy_px * scale
        self._landmarks = analysis.recorded_pose.landmarks
        self._line_px = max(2, round(max(width_px, height_px) / 320))
        self._shape = height_px, width_px
        self._trunk_px = _trunk_px(analysis.recorded_pose) * scale
        self._cell_px = 2 * _HEAD * self._trunk_px / _CELLS
        self._plain = np.full((height_px, width_px, 3), PLAIN, np.uint8)
        self._heads = _heads_px(self._xy_px, self._landmarks, self._trunk_px)
        self._is_held, self._is_lost = _gaps(self._heads, analysis.recorded_pose.time_s)
        self._has_company = _company(analysis.recorded_pose)

    def hide(self, rgb: RgbImage, frame_index: int) -> RgbImage:
        """Return the picture of a frame as it may be shown; ``rgb`` is left as it is."""
        if self._kind is Privacy.NONE:
            return rgb
        if self._kind is Privacy.SKELETON:
            return self._bare(frame_index)
        if self._is_lost[frame_index]:
            return _blurred(rgb, self._cell_px)
        shown = self._alone(rgb, frame_index) if self._has_company[frame_index] else rgb.copy()
        self._hide_heads(shown, frame_index)
        return shown

    def _bare(self, frame_index: int) -> RgbImage:
        picture = self._plain.copy()
        body = Body(self._drawn_px[frame_index], self._landmarks)
        draw_body(picture, body, self._near, self._line_px, from_behind=self._from_behind)
        return picture

    def _alone(self, rgb: RgbImage, frame_index: int) -> RgbImage:
        """The picture with everything blurred but what lies on the runner's trunk and limbs."""
        body = Body(self._xy_px[frame_index], self._landmarks)
        is_runner = np.zeros(self._shape, np.uint8)
        for points, width in _stretches(body):
            wide = max(1, round(width * self._trunk_px))
            for start, end in pairwise(points):
                if paint.is_known(start, end):
                    ends = paint.fixed(start), paint.fixed(end)
                    cv2.line(is_runner, *ends, (255,), wide, cv2.LINE_8, paint.SHIFT)
        hidden = _blurred(rgb, self._cell_px)
        return np.asarray(cv2.copyTo(rgb, is_runner, hidden), np.uint8)

    def _hide_heads(self, picture: RgbImage, frame_index: int) -> None:
        first, last = frame_index - _REACH, frame_index + _REACH + 1
        near = self._heads[max(0, first) : last].reshape(-1, 3)
        growth = 1.0
        if self._is_held[frame_index]:
            near = np.vstack([near, *self._around(frame_index)])
            growth = _GROWTH
        known = near[np.isfinite(near).all(axis=1)]
        mask = np.zeros(self._shape, np.uint8)
        for x, y, radius in known:
            cv2.circle(mask, (round(x), round(y)), round(growth * radius) + 1, 255, -1)
        left, top, width, height = cv2.boundingRect(mask)
        part = picture[top : top + height, left : left + width]
        if part.size:
            hidden = _blurred(part, self._cell_px)
            part[:] = cv2.copyTo(hidden, mask[top : top + height, left : left + width], part)

    def _around(self, frame_index: int) -> list[FloatArray]:
        """Heads at both ends of a gap, and between them."""
        known = np.flatnonzero(_is_known(self._heads))
        before, after = known[known < frame_index][-1:], known[known > frame_index][:1]
        ends = [self._heads[k] for k in (*before, *after)]
        middle = [ends[0] + share * (ends[-1] - ends[0]) for share in (0.25, 0.5, 0.75)]
        return [*ends, *middle]


def blurred_all_over(rgb: RgbImage, pose: PoseSequence | None, scale: float) -> RgbImage:
    """The whole picture blurred so that no face is left, whoever it is.

    ``pose`` gives the size of heads, None when nobody was found: then they are taken to be large.
    ``scale`` is what one pixel of the clip is in the picture.
    """
    trunk_px = 0.2 * rgb.shape[0] if pose is None else _trunk_px(pose) * scale
    return _blurred(rgb, 2 * _HEAD * trunk_px / _CELLS)


def _trunk_px(pose: PoseSequence) -> float:
    """Usual length of the trunk in the picture; where it was never seen, a fifth of its height."""
    trunk = np.hypot(*(pose.midpoint_px("shoulder") - pose.midpoint_px("hip")).T)
    seen = trunk[np.isfinite(trunk)]
    return float(np.median(seen)) if len(seen) else 0.2 * pose.video.height_px


def _heads_px(xy_px: FloatArray, landmarks: tuple[str, ...], trunk_px: float) -> FloatArray:
    """Discs that hold the head, (n_frames, 2, 3): x, y and radius, by face and by shoulders."""
    body = [Body(frame, landmarks) for frame in xy_px]
    face = xy_px[:, :_FACE]
    is_seen: BoolArray = np.asarray(np.isfinite(face).all(axis=2), dtype=bool)
    count = is_seen.sum(axis=1).astype(np.float64)
    count[count == 0] = np.nan
    middle = np.where(is_seen[..., None], face, 0.0).sum(axis=1) / count[:, None]
    spread = np.hypot(*np.moveaxis(face - middle[:, None], 2, 0))
    reach = np.where(is_seen, spread, 0.0).max(axis=1)
    by_face = np.column_stack([middle, np.maximum(_HEAD * trunk_px, 1.5 * reach)])
    shoulders = np.array([each.middle("shoulder") for each in body])
    up = shoulders - np.array([each.middle("hip") for each in body])
    top = shoulders + _ABOVE * up
    by_shoulders = np.column_stack([top, np.full(len(top), _HEAD * trunk_px)])
    return np.stack([by_face, by_shoulders], axis=1)


def _is_known(heads: FloatArray) -> BoolArray:
    """Frames in which a head was found in one way or the other, (n_frames,)."""
    is_known: BoolArray = np.isfinite(heads.sum(axis=2))
    return np.asarray(is_known.any(axis=1), dtype=bool)


def _gaps(heads: FloatArray, time_s: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Frames without a head that have one close by in time, and frames without any close by."""
    known_s = time_s[_is_known(heads)]
    away = np.array([np.min(np.abs(known_s - at), initial=np.inf) for at in time_s])
    return (away > 0) & (away <= _HOLD_S), away > _HOLD_S


def _company(pose: PoseSequence) -> BoolArray:
    """Frames in which somebody else was, or may have been, in the picture, (n_frames,)."""
    others = [person for person in pose.people if not person.is_followed]
    marks = np.zeros(len(pose.time_s), dtype=bool)
    for person in others:
        first_s, last_s = person.first_s - _HOLD_S, person.last_s + _HOLD_S
        marks |= (pose.time_s >= first_s) & (pose.time_s <= last_s)
    return marks


def _stretches(body: Body) -> list[tuple[list[FloatArray], float]]:
    """The runner below the head: lines and how wide they are, in trunks."""
    trunk = [body.middle("shoulder"), body.middle("hip")]
    limbs = [
        ([body.limb(side, part) for part in parts], _LIMB_WIDTH)
        for side in Side
        for parts in _LIMBS
    ]
    return [(trunk, _TRUNK_WIDTH), *limbs]


def _blurred(picture: RgbImage, cell_px: float) -> RgbImage:
    """The picture without anything smaller than a cell."""
    height, width = picture.shape[:2]
    cells = max(1, round(width / max(cell_px, 1.0))), max(1, round(height / max(cell_px, 1.0)))
    # Every fourth pixel of a large cell is enough to average, and four times as fast.
    thin = picture[::4, ::4] if cell_px >= 16 and min(height, width) >= 16 else picture
    small = cv2.resize(np.ascontiguousarray(thin), cells, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)

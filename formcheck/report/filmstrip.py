"""Filmstrips: the instant a finding speaks of, in several strides of the clip.

All pictures of a strip are cut around the same point of the body and to the same size, so that a
runner who stays alike looks alike. The lines are those of the frame, the value is the stride's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.domain import Analysis, Band, Finding, FloatArray, Measurement, RgbImage, Side
from formcheck.report.context import Strip, StripPicture
from formcheck.report.keyframes import (
    cut_out,
    draw_measured,
    encode_jpeg,
    instant_s,
    is_visible,
    nearest_frame,
    typical_stride,
)
from formcheck.report.paint import is_known
from formcheck.report.skeleton import Body
from formcheck.report.sketch import Ground, ground, sketch_of, whole_body

N_PICTURES = 6
"""Pictures in a strip, if there are as many strides."""

_SIZE_PX = 216, 300
_ASPECT = _SIZE_PX[0] / _SIZE_PX[1]
_MARGIN = 0.12  # of the height of what must be seen
_JPEG_QUALITY = 74
_PACKS = ("own", "evidence", "article")  # whose range marks the best stride: the first there is
_WITHOUT_VALUES = "arm_leg_"
"""Of a whole clip, read against the near leg; yet each of its strides shows where the arm is."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A frame to be taken: ``number`` of the stride among those of its side, and its value.

    ``box_px`` is left, top, right, bottom in pixels of the clip. ``mark`` is a key of the texts
    (best, worst, lowest, highest; the first two with _inside inside the range) or empty.
    """

    number: int
    frame_index: int
    file_time_s: float
    value: float
    mark: str
    box_px: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A strip to be taken of ``drawn_side``, for a finding of ``side`` (None: whole body)."""

    metric: str
    side: Side | None
    drawn_side: Side
    instant: str
    unit: str
    n_strides: int
    shots: tuple[Shot, ...]


def plans(analysis: Analysis) -> tuple[Plan, ...]:
    """One strip a measured finding of the near side, of the whole body, or that asks for a change.

    What the far side does well is not shown: another body part is often before it.
    """
    near = analysis.gait.near_side
    found: dict[tuple[str, Side | None], Plan | None] = {}
    for finding in sorted(analysis.findings, key=lambda f: _PACKS.index(f.rule.pack)):
        key = finding.metric, finding.side
        measured = analysis.measurement(finding.metric)
        is_shown = finding.fires or finding.side in (None, near)
        wanted = finding.observed is not None and is_shown
        if wanted and measured is not None and is_visible(measured) and key not in found:
            found[key] = _plan(analysis, finding, measured)
    return tuple(plan for plan in found.values() if plan is not None)


def _plan(analysis: Analysis, finding: Finding, measured: Measurement) -> Plan | None:
    side = finding.side or analysis.gait.near_side
    is_whole_clip = finding.metric.startswith(_WITHOUT_VALUES)
    counted = analysis.gait.near_side if is_whole_clip else side
    own = [k for k, stride in enumerate(analysis.gait.strides) if stride.side is counted]
    values = {k: float(measured.values[k]) for k in own if np.isfinite(measured.values[k])}
    shown = own if is_whole_clip else list(values)
    if len(shown) < 2:
        return None
    marks = _marks(finding.band, values) if values else {}
    picked = _picked(shown, tuple(marks))
    times_s = _times_s(analysis, measured, side, picked)
    frames = [nearest_frame(analysis.pose.time_s, at_s) for at_s in times_s]
    bodies = [Body(analysis.pose.xy_px[frame], analysis.pose.landmarks) for frame in frames]
    boxes = _boxes(finding.metric, bodies, side, ground(analysis.gait))
    shots = tuple(
        Shot(own.index(k) + 1, frame, at_s, float(measured.values[k]), marks.get(k, ""), box)
        for k, frame, at_s, box in zip(picked, frames, times_s, boxes, strict=True)
        if is_known(box[:2], box[2:])
    )
    instant = measured.instant if values else "initial_contact"
    return Plan(finding.metric, finding.side, side, instant, measured.unit, len(own), shots)


def _marks(band: Band | None, values: dict[int, float]) -> dict[int, str]:
    """The strides nearest to a range and furthest from it; without one the lowest and highest."""
    off = values if band is None else {k: _off(value, band) for k, value in values.items()}
    first, last = min(off, key=off.__getitem__), max(off, key=off.__getitem__)
    if off[first] == off[last]:
        return {}
    if band is None:
        return {first: "lowest", last: "highest"}
    best, worst = (
        f"{name}_inside" if off[k] <= 0 else name for name, k in (("best", first), ("worst", last))
    )
    return {first: best, last: worst}


def _off(value: float, band: Band) -> float:
    """How far a value is beyond the nearer edge of a range; negative inside."""
    return max(band[0] - value, value - band[1])


def _picked(known: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Strides spread over the clip, those wanted among them."""
    others = [k for k in known if k not in wanted]
    room = min(N_PICTURES - len(wanted), len(others))
    spread = np.linspace(0, len(others) - 1, room).round().astype(int)
    return sorted({*wanted, *(others[k] for k in spread)})


def _times_s(
    analysis: Analysis, measured: Measurement, side: Side, picked: Sequence[int]
) -> list[float]:
    """File time of the instant in each stride; of a whole stride, the same share of each."""
    gait, strides = analysis.gait, analysis.gait.strides
    median = float(np.median(measured.values[list(picked)]))
    if measured.instant != "stride":
        real = [instant_s(analysis, measured, strides[k], median) for k in picked]
    else:
        typical = typical_stride(analysis, measured, side, median)
        example = strides[picked[0] if typical is None else typical]
        at_s = instant_s(analysis, measured, example, median)
        share = (at_s - example.start_s) / example.stride_time_s
        real = [strides[k].start_s + share * strides[k].stride_time_s for k in picked]
    return [float(gait.time_base.file_s(at)) for at in real]


def _boxes(metric: str, bodies: Sequence[Body], side: Side, ground: Ground) -> list[FloatArray]:
    """Left, top, right, bottom of every cut: all alike around the point the lines start from."""
    extents = np.array([_extent(metric, body, side, ground) for body in bodies])
    anchors, low, high = extents[:, 0], extents[:, 1], extents[:, 2]
    if not np.isfinite(extents).all(axis=(1, 2)).any():
        return [np.full(4, np.nan) for _ in bodies]
    middle = np.nanmedian(0.5 * (low + high) - anchors, axis=0)
    size = np.nanmax(high - low, axis=0)
    height = max(float(size[1]), float(size[0]) / _ASPECT, 24.0) * (1.0 + 2.0 * _MARGIN)
    half = 0.5 * height * np.array([_ASPECT, 1.0])
    centres = anchors + middle
    return [np.concatenate([centre - half, centre + half]) for centre in centres]


def _extent(metric: str, body: Body, side: Side, ground: Ground) -> FloatArray:
    """Anchor, low and high corner of what a cut must show, ``(3, 2)``; NaN when unknown."""
    sketch = sketch_of(metric, body, side, ground)
    focus = whole_body(body, side) if sketch is None else (*sketch.focus, *sketch.reference)
    points = np.array([point for point in focus if is_known(point)]).reshape(-1, 2)
    anchor = body.middle("hip") if sketch is None else sketch.measured[0]
    if len(points) == 0 or not is_known(anchor):
        return np.full((3, 2), np.nan)
    return np.stack([anchor, points.min(axis=0), points.max(axis=0)])


class StripTaker:
    """Takes the pictures of all strips out of the stream of frames."""

    def __init__(self, analysis: Analysis) -> None:
        self._plans = plans(analysis)
        self._ground = ground(analysis.gait)
        self._clip_width_px = analysis.video.width_px
        self._waiting: dict[int, list[tuple[Plan, Shot]]] = defaultdict(list)
        self._taken: dict[Shot, bytes] = {}
        for plan in self._plans:
            for shot in plan.shots:
                self._waiting[shot.frame_index].append((plan, shot))

    def look(self, frame_index: int, rgb: RgbImage, body: Body) -> None:
        """Take the pictures wanted of this unmarked frame; ``body`` in its pixels."""
        for plan, shot in self._waiting.get(frame_index, ()):
            box = shot.box_px * (rgb.shape[1] / self._clip_width_px)
            picture, moved = cut_out(rgb, _inside(box, rgb), _SIZE_PX, body)
            draw_measured(picture, plan.metric, plan.drawn_side, moved, self._ground)
            self._taken[shot] = encode_jpeg(picture, _JPEG_QUALITY)

    def found(self) -> tuple[Strip, ...]:
        """The strips, without frames the clip did not show."""
        return tuple(self._strip(plan) for plan in self._plans if plan.shots)

    def _strip(self, plan: Plan) -> Strip:
        pictures = tuple(
            StripPicture(s.number, s.file_time_s, s.value, s.mark, self._taken[s])
            for s in plan.shots
            if s in self._taken
        )
        what = plan.metric, plan.side, plan.drawn_side
        about = plan.instant, plan.unit, plan.n_strides
        return Strip(*what, *about, *_SIZE_PX, pictures)


def _inside(box: FloatArray, rgb: RgbImage) -> tuple[int, int, int, int]:
    """A cut moved into the picture, or made smaller when it is larger than that."""
    rows, columns = rgb.shape[:2]
    width, height = box[2:] - box[:2]
    scale = min(1.0, columns / width, rows / height)
    width, height = width * scale, height * scale
    left = min(max(0.0, 0.5 * (box[0] + box[2] - width)), columns - width)
    top = min(max(0.0, 0.5 * (box[1] + box[3] - height)), rows - height)
    return round(left), round(top), round(left + width), round(top + height)

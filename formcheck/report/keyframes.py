"""Key frames: which moments to show, and how the measured angle is drawn on them.

The moment is taken from the stride whose value is nearest the median, so that the picture shows
what the number says. The lines are drawn from the landmarks of that very frame; the value beside
them is the median over all strides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.domain import Analysis, FloatArray, Measurement, RgbImage, Side, Stride, Summary
from formcheck.gait import angles, frontal_angles
from formcheck.report import paint
from formcheck.report.context import KeyFrame
from formcheck.report.paint import Pen
from formcheck.report.skeleton import Body, draw_body
from formcheck.report.sketch import Ground, Sketch, sketch_of, whole_body
from formcheck.report.wording import Wording

_HEIGHT_PX = 520
_ASPECT = 0.85  # width over height of every key frame
_MARGIN = 0.16  # of the height of what must be seen
_JPEG_QUALITY = 82
_LABEL_PX = 26
_NARROW = 0.6  # chord of unit directions below which an angle is too narrow for a label inside
_BESIDE_PX, _BEYOND_PX = 52.0, 40.0
_FOOT_STRIKE = "foot_strike_angle_deg"
_TIMES = frozenset({"s", "steps/min"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame of the clip to be shown for a metric, drawn on ``drawn_side``."""

    metric: str
    side: Side | None
    drawn_side: Side
    frame_index: int
    file_time_s: float
    caption: str
    value: str


def moments(analysis: Analysis, wording: Wording) -> tuple[Moment, ...]:
    """Return the moments to show: one per finding with a value, and each measured foot strike."""
    chosen = {}
    for metric, side, observed in _wanted(analysis):
        measurement = analysis.measurement(metric)
        is_new = (metric, side) not in chosen
        if measurement is not None and is_visible(measurement) and is_new:
            chosen[metric, side] = _moment(analysis, measurement, (side, observed), wording)
    return tuple(moment for moment in chosen.values() if moment is not None)


def is_visible(measurement: Measurement) -> bool:
    """Return whether a picture can show a metric: no single one shows how long something takes."""
    return measurement.unit not in _TIMES and measurement.metric != "duty_factor"


def _wanted(analysis: Analysis) -> Iterator[tuple[str, Side | None, Summary]]:
    for finding in analysis.findings:
        if finding.observed is not None:
            yield finding.metric, finding.side, finding.observed
    strike = analysis.measurement(_FOOT_STRIKE)
    for side, observed in ({} if strike is None else strike.summaries).items():
        yield _FOOT_STRIKE, side, observed


def _moment(
    analysis: Analysis,
    measurement: Measurement,
    found: tuple[Side | None, Summary],
    wording: Wording,
) -> Moment | None:
    side, observed = found
    drawn = side or analysis.gait.near_side
    index = typical_stride(analysis, measurement, drawn, observed.median)
    if index is None:
        return None
    real_s = instant_s(analysis, measurement, analysis.gait.strides[index], observed.median)
    file_s = float(analysis.gait.time_base.file_s(real_s))
    value = wording.amount(observed.median, measurement.unit)
    facts = {"label": wording.tell(measurement.label), "when": measurement.instant, "value": value}
    say = wording.words("pictures")
    return Moment(
        metric=measurement.metric,
        side=side,
        drawn_side=drawn,
        frame_index=nearest_frame(analysis.pose.time_s, file_s),
        file_time_s=file_s,
        caption=say("caption", **facts)
        if side is None
        else say("caption_side", side=side, **facts),
        value=value,
    )


def nearest_frame(time_s: FloatArray, at_s: float) -> int:
    """Return the index of the frame shown closest to a time of the file."""
    return int(np.argmin(np.abs(time_s - at_s)))


def typical_stride(
    analysis: Analysis, measurement: Measurement, side: Side, median: float
) -> int | None:
    """Return the stride of a side whose value is nearest the median, without values the middle."""
    own = [k for k, stride in enumerate(analysis.gait.strides) if stride.side is side]
    known = [k for k in own if np.isfinite(measurement.values[k])]
    if known:
        return min(known, key=lambda k: abs(float(measurement.values[k]) - median))
    return own[len(own) // 2] if own else None


def instant_s(analysis: Analysis, measurement: Measurement, stride: Stride, median: float) -> float:
    """Return the real time of the instant at which a metric is read in a stride."""
    if measurement.instant == "stride":
        return _typical_instant_s(analysis, measurement.metric, stride, median)
    instants = {
        "mid_stance": stride.mid_stance_s,
        "stance": stride.mid_stance_s,
        "toe_off": stride.toe_off_s,
        "swing": 0.5 * (stride.toe_off_s + stride.stop_s),
    }
    at_s = instants.get(measurement.instant, stride.initial_contact_s)
    return at_s if np.isfinite(at_s) else stride.start_s


def _typical_instant_s(analysis: Analysis, metric: str, stride: Stride, median: float) -> float:
    """Time in the stride at which the angle is nearest its median over strides."""
    motion = analysis.gait.motion
    inside = (motion.time_s >= stride.start_s) & (motion.time_s < stride.stop_s)
    series = _series(analysis, metric, stride.side)
    usable = inside & np.isfinite(series)
    if not usable.any():
        return stride.start_s
    return float(motion.time_s[usable][np.argmin(np.abs(series[usable] - median))])


def _series(analysis: Analysis, metric: str, side: Side) -> FloatArray:
    motion = analysis.gait.motion
    if metric.startswith("trunk_side"):
        return frontal_angles.trunk_side_lean_deg(motion)
    if metric.startswith("trunk_lean"):
        return angles.trunk_lean_deg(motion)
    if metric.startswith("elbow_flexion"):
        return angles.elbow_flexion_deg(motion, side)
    if metric.startswith("knee_flexion"):
        return angles.knee_flexion_deg(motion, side)
    return np.full(len(motion.time_s), np.nan)


def picture_of(moment: Moment, rgb: RgbImage, body: Body, ground: Ground) -> KeyFrame | None:
    """Cut the runner out of an unmarked frame, draw the measured angle and encode it.

    ``body`` is in pixels of ``rgb``. Returns None when nothing of the runner is known there.
    """
    sketch = sketch_of(moment.metric, body, moment.drawn_side, ground)
    focus = whole_body(body, moment.drawn_side) if sketch is None else sketch.focus
    box = _box([*focus, *(() if sketch is None else sketch.reference)], rgb)
    if box is None:
        return None
    left, top, right, bottom = box
    size = round((right - left) * _HEIGHT_PX / (bottom - top)), _HEIGHT_PX
    cut, moved = cut_out(rgb, box, size, body)
    at = draw_measured(cut, moment.metric, moment.drawn_side, moved, ground)
    paint.label(cut, moment.value, at, _LABEL_PX)
    return KeyFrame(
        metric=moment.metric,
        side=moment.side,
        file_time_s=moment.file_time_s,
        width_px=size[0],
        height_px=size[1],
        jpeg=encode_jpeg(cut),
        alt=moment.caption,
    )


def _box(points: list[FloatArray], rgb: RgbImage) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of a cut of the usual shape that holds the known points."""
    known = np.array([point for point in points if paint.is_known(point)])
    if len(known) == 0:
        return None
    low, high = known.min(axis=0), known.max(axis=0)
    height = max(float(high[1] - low[1]), float(high[0] - low[0]) / _ASPECT, 24.0)
    height *= 1.0 + 2.0 * _MARGIN
    frame = float(rgb.shape[0])
    height = min(height, frame)
    width = min(height * _ASPECT, float(rgb.shape[1]))
    centre = 0.5 * (low + high)
    left = min(max(0.0, centre[0] - width / 2), rgb.shape[1] - width)
    top = min(max(0.0, centre[1] - height / 2), frame - height)
    return round(left), round(top), round(left + width), round(top + height)


def cut_out(
    rgb: RgbImage, box: tuple[int, int, int, int], size_px: tuple[int, int], body: Body
) -> tuple[RgbImage, Body]:
    """Return a part of a picture at another size, and the body in its pixels.

    ``box`` is left, top, right, bottom; ``size_px`` width and height.
    """
    left, top, right, bottom = box
    scale = size_px[1] / (bottom - top)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    cut: RgbImage = cv2.resize(rgb[top:bottom, left:right], size_px, interpolation=method).astype(
        np.uint8, copy=False
    )
    return cut, Body((body.xy_px - (left, top)) * scale, body.landmarks)


def draw_measured(
    picture: RgbImage, metric: str, side: Side, body: Body, ground: Ground
) -> tuple[float, float]:
    """Draw what a metric measures, the body when it has no lines; return a place for the value."""
    sketch = sketch_of(metric, body, side, ground)
    size = picture.shape[0] / _HEIGHT_PX
    if sketch is None:
        draw_body(picture, body, ground.near, max(2, round(4 * size)))
        return picture.shape[1] / 2, float(_LABEL_PX)
    thick, thin = (
        Pen(paint.NEAR if side is ground.near else paint.FAR, max(3, round(5 * size)), 2),
        Pen(paint.PAPER, max(2, round(3 * size)), 2),
    )
    paint.dashed(picture, *sketch.reference, thin, 11.0 * size)
    for bone in (sketch.measured, *(() if sketch.support is None else (sketch.support,))):
        paint.line(picture, bone[0], bone[1], thick)
    for point in sketch.measured:
        paint.dot(picture, point, 1.2 * thick.width, thick)
    if sketch.arc is not None:
        vertex, first, second = sketch.arc
        paint.arc(picture, vertex, (first, second), thin)
    return _label_at(sketch)


def _label_at(sketch: Sketch) -> tuple[float, float]:
    """Place for the value: beside the arc, on the side away from the body's own line."""
    if sketch.arc is None:
        middle = 0.5 * (sketch.measured[0] + sketch.measured[1])
        return float(middle[0]), float(middle[1]) + 34.0
    vertex, first, second = sketch.arc
    ahead, own = first / np.hypot(*first), second / np.hypot(*second)
    away = ahead - own
    if np.hypot(*away) < _NARROW:  # the label would hide the lines: put it beside them
        normal = np.array([-ahead[1], ahead[0]])
        side = normal * (1.0 if float(normal @ away) >= 0 else -1.0)
        place = vertex + 0.8 * first + _BESIDE_PX * side
    else:
        middle = (ahead + own) / max(float(np.hypot(*(ahead + own))), 1e-6)
        place = vertex + middle * (float(np.hypot(*first)) + _BEYOND_PX)
    return float(place[0]), float(place[1])


def encode_jpeg(rgb: RgbImage, quality: int = _JPEG_QUALITY) -> bytes:
    """Return a picture as a JPEG file."""
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()

"""Plane geometry and signals on arrays; no gait words.

Angles are degrees. Points are ``(..., 2)`` with the second axis pointing up unless said otherwise.
"""

from __future__ import annotations

import importlib

import numpy as np
import scipy  # loads scipy.signal when it is first used: it takes a second

from formcheck.domain import BoolArray, FloatArray


def hanging_angle_deg(proximal: FloatArray, distal: FloatArray) -> FloatArray:
    """Angle of a segment from straight down, ``(...)``; positive: distal end in front."""
    span = distal - proximal
    angle: FloatArray = np.degrees(np.arctan2(span[..., 0], -span[..., 1]))
    return angle


def standing_angle_deg(low: FloatArray, high: FloatArray) -> FloatArray:
    """Angle of a segment from straight up, ``(...)``; positive: upper end in front."""
    span = high - low
    angle: FloatArray = np.degrees(np.arctan2(span[..., 0], span[..., 1]))
    return angle


def slope_deg(back: FloatArray, front: FloatArray) -> FloatArray:
    """Angle of a segment from horizontal, ``(...)``; positive: front end higher."""
    span = front - back
    angle: FloatArray = np.degrees(np.arctan2(span[..., 1], span[..., 0]))
    return angle


def flexion_deg(proximal: FloatArray, joint: FloatArray, distal: FloatArray) -> FloatArray:
    """180 minus the inner angle at ``joint``, ``(...)``, in [0, 180]; 0 is straight."""
    first, second = proximal - joint, distal - joint
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    dot = np.sum(first * second, axis=-1)
    angle: FloatArray = 180.0 - np.degrees(np.abs(np.arctan2(cross, dot)))
    return angle


def unwrap_deg(angle_deg: FloatArray) -> FloatArray:
    """Remove 360-degree jumps along the first axis; NaN samples stay NaN."""
    out = angle_deg.copy()
    known = np.isfinite(out)
    out[known] = np.degrees(np.unwrap(np.radians(out[known])))
    return out


def rotate(points: FloatArray, angle_deg: float) -> FloatArray:
    """Rotate points counter-clockwise about the origin."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turned: FloatArray = points @ np.array([[cosine, sine], [-sine, cosine]])
    return turned


def distance(first: FloatArray, second: FloatArray) -> FloatArray:
    """Euclidean distance between paired points, ``(...)``."""
    length: FloatArray = np.hypot(*np.moveaxis(first - second, -1, 0))
    return length


def crossings(time_s: FloatArray, values: FloatArray, level: float, *, rising: bool) -> FloatArray:
    """Times at which ``values`` passes ``level`` in the given direction, by linear interpolation.

    ``time_s`` and ``values`` are ``(n,)``; steps that touch a NaN are skipped.
    """
    above = values - level if rising else level - values
    steps = np.flatnonzero((above[:-1] < 0) & (above[1:] >= 0))
    share = above[steps] / (above[steps] - above[steps + 1])
    times: FloatArray = time_s[steps] + share * (time_s[steps + 1] - time_s[steps])
    return times


def valleys(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Times at which ``(n,)`` values turn from falling to rising, by the parabola through three.

    ``time_s`` is even; nothing is found beside a NaN.
    """
    low = np.flatnonzero((values[1:-1] <= values[:-2]) & (values[1:-1] < values[2:])) + 1
    before, middle, after = values[low - 1], values[low], values[low + 1]
    shift = 0.5 * (before - after) / (before - 2 * middle + after)
    times: FloatArray = time_s[low] + shift * (time_s[1] - time_s[0])
    return times


def highest(time_s: FloatArray, values: FloatArray, start_s: float, stop_s: float) -> float:
    """Highest value of ``(n,)`` samples between two times, also between the samples.

    The parabola through the highest sample and its neighbours; NaN without a known sample inside.
    """
    inside = np.flatnonzero((time_s >= start_s) & (time_s <= stop_s) & np.isfinite(values))
    if len(inside) == 0:
        return float("nan")
    top = int(inside[np.argmax(values[inside])])
    if top in (0, len(values) - 1):
        return float(values[top])
    before, middle, after = values[top - 1 : top + 2]
    bend = before - 2 * middle + after
    if not bend < 0 or not middle >= max(before, after):
        return float(middle)  # the highest sample is at an end, not at a turn
    return float(middle - (before - after) ** 2 / (8 * bend))


def runs(mask: BoolArray) -> list[tuple[int, int]]:
    """Start and end (exclusive) of every stretch of True in ``(n,)``."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


ZERO_LAG_CORRECTION = (2**0.5 - 1) ** 0.25
"""A filter run twice loses 6 dB at its design frequency: design it higher (biomechanics 2.4)."""


def load_filters() -> None:
    """Load what ``low_pass`` needs, for whoever has something else to wait for."""
    importlib.import_module("scipy.signal")


def low_pass(values: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    """Zero-lag fourth-order Butterworth along the first axis.

    Each unbroken stretch is filtered on its own; stretches too short to filter and NaN samples
    stay as they are. A cut-off at or above 0.8 of the Nyquist rate returns the input.
    """
    design_hz = cutoff_hz / ZERO_LAG_CORRECTION
    out: FloatArray = values.copy()
    if design_hz >= 0.8 * rate_hz / 2:
        return out
    sections = scipy.signal.butter(2, design_hz, fs=rate_hz, output="sos")
    pad = max(6, int(0.5 * rate_hz))
    columns = out.reshape(len(out), -1)
    # Columns known at the same samples are filtered together.
    patterns: dict[bytes, list[int]] = {}
    for column, known in enumerate(np.isfinite(columns).T):
        patterns.setdefault(known.tobytes(), []).append(column)
    for pattern, alike in patterns.items():
        for start, stop in runs(np.frombuffer(pattern, dtype=bool)):
            if stop - start > 8:
                columns[start:stop, alike] = scipy.signal.sosfiltfilt(
                    sections, columns[start:stop, alike], axis=0, padlen=min(pad, stop - start - 1)
                )
    return out


def derivative(values: FloatArray, time_s: FloatArray) -> FloatArray:
    """Central differences along the first axis; NaN beside NaN."""
    slope: FloatArray = np.gradient(values, time_s, axis=0)
    return slope

"""Where in a clip somebody runs steadily, and in one shot.

A clip may begin with stepping on and end with stepping off, or be cut together from several shots.
Three things tell, none of which changes when left and right are exchanged:

- A shot ends where the pictures are cut, or where the trunk is somewhere else, or of another size,
  from one frame to the next.
- Steps come at one rate: over two strides, most of how the distance between the ankles changes is
  at the step rate of the whole clip. Measured on real clips: 0.3 to 1.0 while somebody runs or
  walks, 0.0 to 0.2 while they get on or off, start, stop, or pass into slow motion.
- Legs that run come apart and together in every step, so over one stride that distance ranges
  about as far as it usually does; that of somebody who stands does not.

Without a clear step rate nothing is said, and every frame of a shot counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d

from formcheck.domain import BoolArray, FloatArray, IntArray, PoseSequence
from formcheck.pose.link import each_apart
from formcheck.pose.link import sizes as body_sizes
from formcheck.pose.rhythm import MIN_SHARE, even_grid, stride_rhythm

_CALM_S = 0.5
_JUMP_TRUNKS = 1.5  # from one frame to the next
_OTHER_SIZE = 1.8
_LEAST_RANGE = 0.5  # of the usual one
_LEAST_SHARE = 0.25  # of the power of two strides that lies at the step rate
_LEAST_KNOWN = 10  # frames
_SLOW = 0.3  # of the step rate: slower changes are the view's, not the legs'


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """Steps per second of the file's clock, and the distance of the ankles they show in.

    ``gap`` (n_frames,) is a share of trunk and legs, NaN where not seen.
    """

    steps_hz: float
    gap: FloatArray


def steady_parts(pose: PoseSequence, blink_s: float) -> IntArray:
    """Number of the steady part every frame is in, ``(n_frames,)``, -1 for none.

    A body that is somewhere else for at most ``blink_s`` (file's clock) and comes back was lost by
    the model for a moment.
    """
    sizes = _sizes(pose)
    shot = np.cumsum(_shot_starts(pose, sizes, blink_s))
    rhythm = _rhythm(pose, sizes)
    if rhythm is None:
        return shot.astype(np.intp)
    steady = _ranges_as_usual(pose.time_s, rhythm) & _at_one_rate(pose.time_s, rhythm)
    starts = np.diff(shot, prepend=shot[0]).astype(bool) | np.diff(steady, prepend=False)
    return np.where(steady, np.cumsum(starts), -1)


def _sizes(pose: PoseSequence) -> FloatArray:
    """Trunk and legs end to end in every frame, pixels, ``(n_frames,)``, calm over time.

    A median, because a limb that is lost makes a body long or short for some frames.
    """
    found = np.flatnonzero(np.isfinite(pose.xy_px[:, 0, 0]))
    sizes = np.full(len(pose.time_s), np.nan)
    if len(found):
        seen = body_sizes(pose.xy_px[found])
        sizes[found] = median_filter(seen, _frames_in(_CALM_S, pose.time_s), mode="nearest")
    return sizes


def _shot_starts(pose: PoseSequence, sizes: FloatArray, blink_s: float) -> BoolArray:
    """Frames that show another place, or the person in another place or size."""
    starts = np.zeros(len(pose.time_s), dtype=bool)
    if pose.scene is not None:
        starts |= pose.scene.is_cut
    blink = _frames_in(2.0 * blink_s, pose.time_s) // 2
    found = np.flatnonzero(np.isfinite(sizes))
    moved = _are_elsewhere(pose.xy_px[found[:-1]], pose.xy_px[found[1:]])
    for at in 1 + np.flatnonzero(moved):
        before, after = found[max(0, at - blink) : at], found[at : at + blink]
        one, other = pose.xy_px[before[[-1, 0]]], pose.xy_px[after[[-1, 0]]]
        starts[after[0]] |= bool(_are_elsewhere(one, other).all())
    return starts


def _are_elsewhere(before: FloatArray, now: FloatArray) -> BoolArray:
    """Whether bodies are in another place or of another size, ``(n,)``."""
    ratio = body_sizes(now) / np.maximum(body_sizes(before), 1e-9)
    as_large = (ratio > 1 / _OTHER_SIZE) & (ratio < _OTHER_SIZE)
    elsewhere: BoolArray = (each_apart(before, now) > _JUMP_TRUNKS) | ~as_large
    return elsewhere


def _rhythm(pose: PoseSequence, sizes: FloatArray) -> _Rhythm | None:
    """The clearest rhythm of the ankles' distance, across or up and down; None without one."""
    distance = np.abs(pose.track_px("left_ankle") - pose.track_px("right_ankle"))
    gaps = (distance / sizes[:, None]).T
    found = []
    for gap in gaps:
        rhythm = stride_rhythm(pose.time_s, gap)
        if rhythm is not None and rhythm[1] >= MIN_SHARE:
            found.append((rhythm[1], rhythm[0], gap))
    if not found:
        return None
    _, steps_hz, gap = max(found, key=lambda entry: entry[0])
    return _Rhythm(steps_hz, gap)


def _ranges_as_usual(time_s: FloatArray, rhythm: _Rhythm) -> BoolArray:
    """Frames around which the ankles come apart and together as far as usual in one stride."""
    window = _frames_in(2.0 / rhythm.steps_hz, time_s)
    known = np.isfinite(rhythm.gap)
    widest = maximum_filter1d(np.where(known, rhythm.gap, -np.inf), window, mode="nearest")
    nearest = minimum_filter1d(np.where(known, rhythm.gap, np.inf), window, mode="nearest")
    spans = np.where(np.isfinite(widest), widest - nearest, 0.0)
    usual = float(np.median(spans[spans > _LEAST_RANGE * np.percentile(spans, 95)]))
    as_usual: BoolArray = spans >= _LEAST_RANGE * usual
    return as_usual


def _at_one_rate(time_s: FloatArray, rhythm: _Rhythm) -> BoolArray:
    """Frames around which two strides are at the clip's step rate, or too little is known."""
    step_s = 1.0 / rhythm.steps_hz
    centres = np.arange(time_s[0], time_s[-1] + step_s, 0.5 * step_s)
    shares = np.array(
        [_share_at_rate(time_s, rhythm, np.abs(time_s - at) <= 2.0 * step_s) for at in centres]
    )
    nearest = np.searchsorted(0.5 * (centres[:-1] + centres[1:]), time_s)
    at_rate: BoolArray = ~(shares[nearest] < _LEAST_SHARE)
    return at_rate


def _share_at_rate(time_s: FloatArray, rhythm: _Rhythm, inside: BoolArray) -> float:
    """Share of the power of some frames that lies near the step rate; NaN when unknown."""
    gap = rhythm.gap[inside]
    if np.isfinite(gap).sum() < _LEAST_KNOWN:
        return float("nan")
    grid, even = even_grid(time_s[inside], gap)
    padded = 8 * len(even)
    power = np.abs(np.fft.rfft((even - even.mean()) * np.hanning(len(even)), padded)) ** 2
    rate = np.fft.rfftfreq(padded, grid[1] - grid[0]) / rhythm.steps_hz
    total = float(power[rate > _SLOW].sum())
    near = float(power[(rate > 0.6) & (rate < 1.4)].sum())
    return near / total if total > 0 else float("nan")


def _frames_in(duration_s: float, time_s: FloatArray) -> int:
    """Frames in a duration, an odd number of at least 3."""
    step_s = float(np.median(np.diff(time_s)))
    return 2 * max(1, round(duration_s / step_s / 2)) + 1

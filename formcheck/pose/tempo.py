"""Where a clip changes from life to slow motion, told by the runner's rhythm.

Ankles, knees and elbows pass each other once a step. Runners change the time of a step by a few
percent, by a quarter from a jog to a sprint, and to two thirds from a walk to a run; slow motion
starts at twice. A clip in which steps take nearly twice as long before some moment as after it was
not played at one speed.

Measured on 38 clips before left and right are repaired (the repair trusts in a steady rhythm): on
steady runners at least one pair of joints keeps its step times within 1.2; what is mistracked shows
scattered step times, not two levels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import FloatArray, PoseSequence

_MIN_STEPS = 6
_KEPT_RHYTHM = 1.25
_OTHER_RHYTHM = 1.8  # who walks first and then runs changes by up to 1.7
_CLEARLY_EXPLAINED = 0.75  # of the variance of the logarithm of step times
_APART = 0.4  # of a wide separation of the joints: between two passings they are that far apart


@dataclass(frozen=True, slots=True)
class TempoChange:
    """Steps take ``ratio`` times longer on one side of ``at_s`` than on the other.

    One speed holds up to ``before_s``, another from ``after_s`` on; all file seconds.
    """

    ratio: float
    before_s: float
    at_s: float
    after_s: float


def tempo_change(pose: PoseSequence) -> TempoChange | None:
    """Return where the clip changes its speed; None when it keeps it, or nothing tells."""
    found = [_two_levels(pose.time_s, _gap_px(pose, part)) for part in ("ankle", "knee", "elbow")]
    known = [levels for levels in found if levels is not None]
    if any(change.ratio <= _KEPT_RHYTHM for change, _ in known):
        return None
    clear = [change for change, is_clear in known if is_clear and change.ratio > _OTHER_RHYTHM]
    return max(clear, key=lambda change: change.ratio, default=None)


def longer_part(pose: PoseSequence, change: TempoChange | None) -> PoseSequence:
    """Return the part of more frames that has one speed; the rate in ``video`` is then its own."""
    if change is None:
        return pose
    seen = np.any(np.isfinite(pose.xy_px), axis=(1, 2))
    before, after = pose.time_s <= change.before_s, pose.time_s >= change.after_s
    part = pose.only(before if np.sum(seen & before) >= np.sum(seen & after) else after)
    fps = (len(part.time_s) - 1) / float(part.time_s[-1] - part.time_s[0])
    return replace(part, video=replace(pose.video, fps=fps, n_frames=len(part.time_s)))


def among_all(part: PoseSequence, pose: PoseSequence) -> PoseSequence:
    """Return ``pose`` with the body of ``part`` in its frames and nobody in the others."""
    if len(part.time_s) == len(pose.time_s):
        return part
    frames = np.searchsorted(pose.time_s, part.time_s)
    xy = np.full(pose.xy_px.shape, np.nan)
    xy[frames] = part.xy_px
    return replace(pose, xy_px=xy)


def _gap_px(pose: PoseSequence, part: str) -> FloatArray:
    """How far the left part is to the right of the right one, ``(n_frames,)``."""
    gap: FloatArray = pose.track_px(f"left_{part}")[:, 0] - pose.track_px(f"right_{part}")[:, 0]
    return gap


def _two_levels(time_s: FloatArray, gap: FloatArray) -> tuple[TempoChange, bool] | None:
    """The two levels that explain the step times best, and whether they explain them clearly.

    None with too few steps.
    """
    known = np.isfinite(gap)
    if known.sum() < 2:
        return None
    passings = _passings_s(time_s[known], gap[known])
    steps = np.log(np.diff(passings))
    if len(steps) < _MIN_STEPS:
        return None
    splits = range(2, len(steps) - 1)
    left_over = [steps[:k].var() * k + steps[k:].var() * (len(steps) - k) for k in splits]
    split = int(np.argmin(left_over)) + 2
    explained = 1.0 - min(left_over) / max(steps.var() * len(steps), 1e-12)
    ratio = np.exp(abs(np.median(steps[:split]) - np.median(steps[split:])))
    before_s, at_s, after_s = (float(passings[split + k]) for k in (-1, 0, 1))
    return TempoChange(float(ratio), before_s, at_s, after_s), explained > _CLEARLY_EXPLAINED


def _passings_s(time_s: FloatArray, gap: FloatArray) -> FloatArray:
    """When the joints pass each other: changes of sign between two clear separations."""
    level = gap - np.median(gap)
    places = np.flatnonzero(np.abs(level) > _APART * np.percentile(np.abs(level), 90))
    turns = np.flatnonzero(np.diff(np.sign(level[places])))
    passings: FloatArray = 0.5 * (time_s[places[turns]] + time_s[places[turns + 1]])
    return passings

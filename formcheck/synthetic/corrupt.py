"""What goes wrong between a runner and a pose, one step at a time.

Every function takes a pose and a seed and returns a new pose; equal seeds give equal damage.
Lengths are pixels: multiply metres by ``Camera.px_per_m``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from formcheck.domain import BoolArray, IntArray, PoseSequence, Side

LEG = ("knee", "ankle", "heel", "foot_index")
CORRELATION_S = 0.050
"""Pose errors last a few frames (biomechanics 8)."""
BURST_S = 0.10


def white_jitter(pose: PoseSequence, sd_px: float, *, seed: int) -> PoseSequence:
    """Independent noise on every coordinate."""
    noise = np.random.default_rng(seed).standard_normal(pose.xy_px.shape)
    return replace(pose, xy_px=pose.xy_px + sd_px * noise)


def correlated_jitter(
    pose: PoseSequence, sd_px: float, *, seed: int, correlation_s: float = CORRELATION_S
) -> PoseSequence:
    """First-order autoregressive noise on every coordinate, of the same spread at any rate."""
    noise = np.random.default_rng(seed).standard_normal(pose.xy_px.shape)
    keep = np.exp(-np.diff(pose.time_s) / correlation_s)
    for frame, share in enumerate(keep, start=1):
        noise[frame] = share * noise[frame - 1] + np.sqrt(1 - share**2) * noise[frame]
    return replace(pose, xy_px=pose.xy_px + sd_px * noise)


def skip_frames(pose: PoseSequence, share: float, *, seed: int) -> PoseSequence:
    """Leave out single frames, as a phone with a variable rate does; times stay true."""
    kept = np.random.default_rng(seed).random(len(pose.time_s)) >= share
    kept[[0, -1]] = True
    return _frames(pose, kept)


def jitter_times(pose: PoseSequence, sd_s: float, *, seed: int) -> PoseSequence:
    """Wrong presentation times; their order is kept."""
    noise = sd_s * np.random.default_rng(seed).standard_normal(len(pose.time_s))
    least = 0.45 * float(np.diff(pose.time_s).min())
    time_s = pose.time_s + np.clip(noise, -least, least)
    return replace(pose, time_s=time_s - time_s[0])


def lose_frames(pose: PoseSequence, share: float, *, seed: int) -> PoseSequence:
    """Nobody is found in some single frames."""
    lost = np.random.default_rng(seed).random(len(pose.time_s)) < share
    xy, depth, visibility = (np.array(v) for v in (pose.xy_px, pose.depth_px, pose.visibility))
    xy[lost], depth[lost], visibility[lost] = np.nan, np.nan, np.nan
    return replace(pose, xy_px=xy, depth_px=depth, visibility=visibility)


def swap_legs(pose: PoseSequence, share: float, *, seed: int) -> tuple[PoseSequence, BoolArray]:
    """Exchange the legs in bursts of up to 0.2 s that mostly begin where the legs cross.

    Returns the pose and which frames were exchanged, ``(n_frames,)``.
    """
    swapped = _bursts(pose, share, seed)
    order = np.arange(len(pose.landmarks))
    left, right = (_columns(pose, [f"{side}_{part}" for part in LEG]) for side in Side)
    order[left + right] = right + left
    arrays = [np.array(v) for v in (pose.xy_px, pose.depth_px, pose.visibility)]
    for values in arrays:
        values[swapped] = values[swapped][:, order]
    xy, depth, visibility = arrays
    return replace(pose, xy_px=xy, depth_px=depth, visibility=visibility), swapped


def collapse_legs(
    pose: PoseSequence, share: float, *, onto: Side, amount: float = 1.0, seed: int
) -> tuple[PoseSequence, BoolArray]:
    """Draw the other leg on ``onto`` in bursts; ``amount`` below 1 leaves it in between.

    Returns the pose and which frames were spoilt, ``(n_frames,)``.
    """
    collapsed = _bursts(pose, share, seed)
    xy = np.array(pose.xy_px)
    target = _columns(pose, [f"{onto}_{part}" for part in LEG])
    moved = _columns(pose, [f"{onto.other}_{part}" for part in LEG])
    frames = np.flatnonzero(collapsed)[:, None]
    xy[frames, moved] += amount * (xy[frames, target] - xy[frames, moved])
    return replace(pose, xy_px=xy), collapsed


def lag(pose: PoseSequence, delay_s: float) -> PoseSequence:
    """Points trail behind, as blurred or causally smoothed ones do (first-order, in real time)."""
    xy = np.array(pose.xy_px)
    keep = np.exp(-np.diff(pose.time_s) / delay_s)
    for frame, share in enumerate(keep, start=1):
        xy[frame] += share * (xy[frame - 1] - xy[frame])
    return replace(pose, xy_px=xy)


def hide(
    pose: PoseSequence,
    landmarks: Sequence[str],
    *,
    visibility: float,
    noise_px: float,
    seed: int,
) -> PoseSequence:
    """Something stands before some landmarks: the model is unsure of them and guesses."""
    columns = _columns(pose, landmarks)
    shown, xy = np.array(pose.visibility), np.array(pose.xy_px)
    shown[:, columns] = visibility
    noise = np.random.default_rng(seed).standard_normal((len(xy), len(columns), 2))
    xy[:, columns] += noise_px * noise
    return replace(pose, xy_px=xy, visibility=shown)


def displace(pose: PoseSequence, landmark: str, offset_px: tuple[float, float]) -> PoseSequence:
    """Put one landmark constantly off its place."""
    xy = np.array(pose.xy_px)
    xy[:, pose.index(landmark)] += np.array(offset_px)
    return replace(pose, xy_px=xy)


def slowed(pose: PoseSequence, factor: float) -> PoseSequence:
    """Store the same frames ``factor`` times slower, as slow-motion files do."""
    video = replace(
        pose.video, fps=pose.video.fps / factor, duration_s=pose.video.duration_s * factor
    )
    return replace(pose, time_s=pose.time_s * factor, video=video)


def _columns(pose: PoseSequence, landmarks: Sequence[str]) -> list[int]:
    return [pose.index(name) for name in landmarks]


def _frames(pose: PoseSequence, kept: BoolArray) -> PoseSequence:
    """Only some frames of a pose."""
    shown = pose.only(kept)
    time_s = shown.time_s - shown.time_s[0]
    steps = np.diff(time_s)
    video = replace(
        pose.video,
        fps=float(1.0 / steps.mean()),
        n_frames=len(time_s),
        duration_s=float(time_s[-1] + steps.mean()),
        is_variable_rate=bool(np.ptp(steps) > 0.1 * steps.mean()),
    )
    return replace(shown, time_s=time_s, video=video)


def _bursts(pose: PoseSequence, share: float, seed: int) -> BoolArray:
    """Frames in bursts until ``share`` of all is reached, three in four beginning at a crossing."""
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(pose.time_s), dtype=bool)
    crossings = _crossings(pose)
    while chosen.mean() < share:
        anywhere = len(crossings) == 0 or rng.random() < 0.25
        start = int(rng.integers(len(chosen)) if anywhere else rng.choice(crossings))
        stop_s = pose.time_s[start] + rng.uniform(0.2, 2.0) * BURST_S
        chosen[start : max(start + 1, int(np.searchsorted(pose.time_s, stop_s)))] = True
    return chosen


def _crossings(pose: PoseSequence) -> IntArray:
    """Frames just before the ankles pass each other in the picture."""
    gap = pose.track_px("left_ankle")[:, 0] - pose.track_px("right_ankle")[:, 0]
    places: IntArray = np.flatnonzero(np.diff(np.sign(gap)) != 0)
    return places

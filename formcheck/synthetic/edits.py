"""What hands and editing programs do to a clip, with the scene that a watcher would see.

Every function takes a pose and returns a new one of the clip as it plays afterwards.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.domain import BoolArray, FloatArray, IntArray, PoseSequence, Scene

_CHANGE = 20.0  # grey levels; any number, the scene's marks are what counts


def seen_still(pose: PoseSequence) -> PoseSequence:
    """Watched by a fixed camera that misses nothing."""
    count = len(pose.time_s)
    return replace(pose, scene=_scene(np.zeros(count, dtype=bool), np.zeros((count, 2))))


def shown_at(pose: PoseSequence, fps: float) -> PoseSequence:
    """Converted to another rate: at each new time the last picture taken is shown."""
    time_s = np.arange(0.0, pose.time_s[-1], 1.0 / fps)
    picture = np.searchsorted(pose.time_s, time_s + 1e-9, side="right") - 1
    return _played(pose, picture, time_s)


def frozen_start(pose: PoseSequence, duration_s: float) -> PoseSequence:
    """The first picture stands for a while before anything moves."""
    step_s = float(np.median(np.diff(pose.time_s)))
    extra = round(duration_s / step_s)
    picture = np.concatenate((np.zeros(extra, dtype=np.intp), np.arange(len(pose.time_s))))
    time_s = np.concatenate((np.arange(extra) * step_s, extra * step_s + pose.time_s))
    return _played(pose, picture, time_s)


def ramped(pose: PoseSequence, start_s: float, factor: float) -> PoseSequence:
    """Life's speed up to ``start_s``, ``factor`` times slower afterwards."""
    late = np.maximum(pose.time_s - start_s, 0.0)
    return replace(pose, time_s=pose.time_s + (factor - 1.0) * late)


def moved(pose: PoseSequence, place_px: FloatArray, runner_px: FloatArray) -> PoseSequence:
    """The background at ``place_px`` and the runner shifted by ``runner_px``, (n_frames, 2)."""
    shift = np.diff(place_px, axis=0, prepend=place_px[:1])
    scene = _scene(np.zeros(len(shift), dtype=bool), shift)
    return replace(pose, xy_px=pose.xy_px + runner_px[:, None], scene=scene)


def _played(pose: PoseSequence, picture: IntArray, time_s: FloatArray) -> PoseSequence:
    """Some pictures of a clip at new times; which of them are repeats is marked."""
    is_repeat: BoolArray = np.diff(picture, prepend=-1) == 0
    steps = np.diff(time_s)
    video = replace(
        pose.video,
        fps=float(1.0 / steps.mean()),
        n_frames=len(time_s),
        duration_s=float(time_s[-1] + steps.mean()),
    )
    return replace(
        pose,
        time_s=time_s,
        xy_px=pose.xy_px[picture],
        depth_px=pose.depth_px[picture],
        visibility=pose.visibility[picture],
        video=video,
        scene=_scene(is_repeat, np.zeros((len(time_s), 2))),
    )


def _scene(is_repeat: BoolArray, shift_px: FloatArray) -> Scene:
    count = len(is_repeat)
    return Scene(
        is_cut=np.zeros(count, dtype=bool),
        is_repeat=is_repeat,
        change=np.where(is_repeat, 0.0, _CHANGE),
        shift_px=shift_px,
        parallax_px=np.zeros(count),
        sharpness=np.full(count, np.nan),
        brightness=np.full(count, 120.0),
    )

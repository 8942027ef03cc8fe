"""Lengths of the body in the picture, and where its parts are in the landmark table."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter

from formcheck.domain import FloatArray, PoseSequence, Side
from formcheck.geometry import distance

SCALE_WINDOW_S = 0.7
"""Of the file's clock: longer than a flicker of the shoulders, shorter than a change of place."""


def trunk_px(pose: PoseSequence) -> float:
    """Mid-shoulder to mid-hip distance, pixels, 95th percentile; NaN when unseen."""
    shoulder = pose.midpoint_px("shoulder")
    hip = pose.midpoint_px("hip")
    length = distance(shoulder, hip)
    length = length[np.isfinite(length)]
    return float(np.percentile(length, 95)) if len(length) else float("nan")


def rough_leg_px(pose: PoseSequence) -> float:
    """Hip-knee-ankle length, pixels: 95th percentile over frames and legs; NaN when unseen.

    A high percentile because a limb that points at the camera only gets shorter in the picture.
    """
    lengths = [
        distance(pose.track_px(f"{side}_hip"), pose.track_px(f"{side}_knee"))
        + distance(pose.track_px(f"{side}_knee"), pose.track_px(f"{side}_ankle"))
        for side in Side
    ]
    seen = np.concatenate(lengths)
    seen = seen[np.isfinite(seen)]
    return float(np.percentile(seen, 95)) if len(seen) else float("nan")


def shoulder_width_ratio(pose: PoseSequence) -> float:
    """Median shoulder width over trunk length in the picture: 0 from the side; NaN when unseen."""
    width = pose.track_px("left_shoulder")[:, 0] - pose.track_px("right_shoulder")[:, 0]
    width = width[np.isfinite(width)]
    return float(np.median(np.abs(width)) / trunk_px(pose)) if len(width) else float("nan")


def leg_scale_px(pose: PoseSequence) -> FloatArray:
    """Thigh plus shank in the picture at every moment, pixels, ``(n_frames,)``; NaN when unseen.

    A runner who comes nearer grows. The trunk, which is hardly ever drawn elsewhere, says how
    much; its ratio to the legs is taken over the clip (85th percentile, because a limb that points
    at the camera only gets shorter, and what is drawn on something else is seldom longer).
    """
    trunk = distance(pose.midpoint_px("shoulder"), pose.midpoint_px("hip"))
    bones = [
        distance(pose.track_px(f"{side}_hip"), pose.track_px(f"{side}_knee"))
        + distance(pose.track_px(f"{side}_knee"), pose.track_px(f"{side}_ankle"))
        for side in Side
    ]
    known = np.isfinite(trunk) & np.isfinite(bones).any(axis=0)
    if known.sum() < 2:
        return np.full(len(trunk), np.nan)
    whole = np.interp(pose.time_s, pose.time_s[known], trunk[known])
    half = round(0.5 * SCALE_WINDOW_S / float(np.median(np.diff(pose.time_s))))
    steady = median_filter(whole, 2 * half + 1, mode="nearest")
    scale: FloatArray = steady * np.nanpercentile(np.array(bones) / steady, 85)
    return scale


def columns(pose: PoseSequence, side: Side, parts: tuple[str, ...]) -> list[int]:
    """Landmark columns of some parts of one side."""
    return [pose.index(f"{side}_{part}") for part in parts]

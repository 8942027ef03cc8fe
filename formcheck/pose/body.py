"""Lengths of the body in the picture, and where its parts are in the landmark table."""

from __future__ import annotations

import numpy as np

from formcheck.domain import PoseSequence, Side
from formcheck.geometry import distance


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


def columns(pose: PoseSequence, side: Side, parts: tuple[str, ...]) -> list[int]:
    """Landmark columns of some parts of one side."""
    return [pose.index(f"{side}_{part}") for part in parts]

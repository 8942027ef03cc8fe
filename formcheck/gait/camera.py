"""How the camera was held, from the movement of the background and the runner's size.

Deviation from biomechanics 5.3, which withholds lengths when the background moves: a camera that
follows the runner at a constant distance sees the same runner all the time, whether it travels
along or turns far away. Its ground moves with the stance foot, which is what the speed is read
from. Only a camera that moves otherwise spoils lengths, and one that comes nearer or falls behind
(``size_change``).

A distant background hardly moves when the camera travels: what counts is the movement of its lower
half, as far as it differs.

A camera held in the hand sways about one place. That sway shifts runner and background alike, so
the background's position is taken out of the tracks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import CameraEstimate, CameraWork, FloatArray, PoseSequence, Reason, Side
from formcheck.pose.clean import CleanTracks
from formcheck.reasons import reason


@dataclass(frozen=True, slots=True)
class CameraParams:
    """Limits as shares of the picture's width, per second of the file's clock where said.

    ``still_per_s`` is biomechanics 5.3. Measured on 35 clips: fixed cameras 0.0-0.7 % a second,
    held ones 1-12 %, followed runners 2-90 %. ``max_size_change`` of the trunk over the clip puts
    lengths off by half of it at either end.
    """

    still_per_s: float = 0.01
    max_sway: float = 0.15
    max_size_change: float = 0.10
    min_known_share: float = 0.5


def estimate_camera(
    pose: PoseSequence, facing: Side, params: CameraParams
) -> CameraEstimate | None:
    """Return how the camera moved while somebody was seen; None when the background does not tell.

    ``facing`` is the running direction in the picture.
    """
    seen = np.flatnonzero(np.isfinite(pose.xy_px).any(axis=(1, 2)))
    if pose.scene is None or len(seen) < 2:
        return None
    frames = slice(int(seen[0]), int(seen[-1]) + 1)
    shift = pose.scene.shift_px[frames] / pose.video.width_px
    nearer = 0.5 * pose.scene.parallax_px[frames] / pose.video.width_px
    if np.isfinite(shift[:, 0]).mean() < params.min_known_share:
        return None
    place = np.cumsum(np.nan_to_num(shift), axis=0)
    moved = _moved_per_s(pose.time_s[frames], place)
    drift = float(np.percentile(np.abs(moved).max(axis=1), 90))
    if drift <= params.still_per_s:
        return CameraEstimate(CameraWork.STILL, drift)
    ground = np.cumsum(np.nan_to_num(shift + np.stack([nearer, 0 * nearer], axis=-1)), axis=0)
    moved = _moved_per_s(pose.time_s[frames], ground)[:, 0]
    against = -moved if facing is Side.RIGHT else moved
    if np.percentile(against, 10) > params.still_per_s:
        return CameraEstimate(CameraWork.FOLLOWING, drift)
    is_held = np.ptp(place, axis=0).max() <= params.max_sway
    return CameraEstimate(CameraWork.HAND_HELD if is_held else CameraWork.PANNING, drift)


def without_sway(
    tracks: CleanTracks, pose: PoseSequence, frame_time_s: FloatArray, camera: CameraEstimate | None
) -> CleanTracks:
    """Return the tracks as a fixed camera would see them, if the camera was held in the hand.

    ``frame_time_s`` (n_frames,) is each frame's time on the clock of the tracks.
    """
    if camera is None or camera.work is not CameraWork.HAND_HELD or pose.scene is None:
        return tracks
    place = np.cumsum(np.nan_to_num(pose.scene.shift_px), axis=0)
    sway = np.stack([np.interp(tracks.time_s, frame_time_s, axis) for axis in place.T], axis=-1)
    return replace(tracks, xy_px=tracks.xy_px - sway[:, None])


def unsteady_picture(
    pose: PoseSequence, camera: CameraEstimate | None, params: CameraParams
) -> dict[str, Reason]:
    """Reasons by topic why lengths in the picture do not mean the same throughout the clip."""
    change = size_change(pose)
    if camera is not None and camera.work is CameraWork.PANNING:
        why = reason("camera_moves", drift=camera.drift_per_s)
    elif change > params.max_size_change:
        why = reason("size_changes", change=change)
    else:
        return {}
    return dict.fromkeys(("length", "comparison"), why)


def _moved_per_s(time_s: FloatArray, place: FloatArray) -> FloatArray:
    """How far the background gets within each second, ``(n, 2)``; all of it in a shorter clip."""
    span_s = min(1.0, float(time_s[-1] - time_s[0]))
    starts = time_s[time_s <= time_s[-1] - span_s + 1e-9]
    ends = starts + span_s
    moves = [np.interp(ends, time_s, axis) - np.interp(starts, time_s, axis) for axis in place.T]
    return np.stack(moves, axis=-1) / span_s


def size_change(pose: PoseSequence) -> float:
    """Change of the trunk's length from one end of the clip to the other, as a share."""
    trunk = np.hypot(*(pose.midpoint_px("shoulder") - pose.midpoint_px("hip")).T)
    known = np.isfinite(trunk)
    if known.sum() < 2:
        return 0.0
    time_s = pose.time_s[known] - pose.time_s[known].mean()
    slope, middle = np.polyfit(time_s, trunk[known], 1)
    return float(abs(slope) * np.ptp(time_s) / middle)

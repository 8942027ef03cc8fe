"""From where the runner is filmed, which way they run, and which side is near.

Method: biomechanics 1.3. The shoulder width over the trunk length tells side, oblique and
front/rear views apart; four sign votes tell the running direction, in each third of the clip.

Where the votes leave the direction open, bent knees and the stance leg alone may still show it, in
each third of the clip. The side towards the camera is then known, but its name is not:
``sides_named`` is False. A clip whose names and
direction disagree was renamed before (``pose.naming``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import FloatArray, IntArray, PoseSequence, Side, View, ViewEstimate
from formcheck.pose.body import shoulder_width_ratio


@dataclass(frozen=True, slots=True)
class ViewParams:
    """Limits of the view classes (ratio of shoulder width to trunk length) and of the votes."""

    side_max_ratio: float = 0.25
    oblique_max_ratio: float = 0.55
    facing_min_vote: float = 4.0  # of 6
    knee_vote_flexion_deg: float = 40.0


def estimate_view(pose: PoseSequence, params: ViewParams) -> ViewEstimate:
    """Return view, facing and near side; facing and near side are None when undecided."""
    width = pose.track_px("left_shoulder")[:, 0] - pose.track_px("right_shoulder")[:, 0]
    ratio = shoulder_width_ratio(pose)
    view = _view(ratio, float(np.nanmedian(width)), params)
    if view not in {View.SIDE, View.OBLIQUE}:
        return ViewEstimate(view, None, None, ratio)
    facing = _facing(pose, params)
    is_sure = facing is not None
    if facing is None and view is View.SIDE:
        facing = _legs_facing(pose, params)
    # A runner who faces image-right shows the right side of the body, and the other way round.
    return ViewEstimate(view, facing, facing, ratio, sides_named=is_sure)


def _view(ratio: float, width_px: float, params: ViewParams) -> View:
    """Class of the view from the shoulder width."""
    if ratio < params.side_max_ratio:
        return View.SIDE
    if ratio < params.oblique_max_ratio:
        return View.OBLIQUE
    return View.REAR if width_px < 0 else View.FRONT


def _facing(pose: PoseSequence, params: ViewParams) -> Side | None:
    """Running direction in the picture when all thirds of the seen frames agree on it."""
    votes = np.stack([_foot_vote(pose), _head_vote(pose), _knee_vote(pose, params)])
    weights = np.array([2.0, 2.0, 1.0])
    seen = np.flatnonzero(np.isfinite(votes).any(axis=0))
    thirds = [
        float(np.sum(_mean_sign(votes[:, part]) * weights) + _sweep_vote(pose, part))
        for part in np.array_split(seen, 3)
    ]
    for side, sign in ((Side.RIGHT, 1.0), (Side.LEFT, -1.0)):
        agreed = sign * np.array(thirds)
        if np.all(agreed > 0) and agreed.mean() >= params.facing_min_vote / 2:
            return side
    return None


def _legs_facing(pose: PoseSequence, params: ViewParams) -> Side | None:
    """Running direction when bent knees and stance agree on it in all thirds of the clip."""
    knees = _knee_vote(pose, params)
    seen = np.flatnonzero(np.isfinite(pose.midpoint_px("hip")[:, 0]))
    signs = {
        float(sign)
        for part in np.array_split(seen, 3)
        for sign in (np.sign(np.nansum(np.sign(knees[part]))), np.sign(_sweep_vote(pose, part)))
    }
    if len(signs) != 1:
        return None
    return {1.0: Side.RIGHT, -1.0: Side.LEFT}.get(signs.pop())


def turns_around(pose: PoseSequence, *, window_s: float, time_scale: float) -> bool:
    """Whether the runner looks left for one window and right for another, real seconds."""
    sign = np.sign(_foot_vote(pose)) + np.sign(_head_vote(pose))
    seen = np.isfinite(sign)
    time_s = pose.time_s[seen] / time_scale
    running = np.concatenate(([0.0], np.cumsum(sign[seen])))
    ends = np.searchsorted(time_s, time_s + window_s)
    whole = ends < len(time_s)
    starts = np.arange(len(time_s))[whole]
    mean = (running[ends[whole]] - running[starts]) / np.maximum(ends[whole] - starts, 1)
    # 2 is every foot and head vote of the window for one direction.
    return bool(np.any(mean > 1.4) and np.any(mean < -1.4))


def _mean_sign(votes: FloatArray) -> FloatArray:
    """Mean sign of each row of votes, in [-1, 1]; 0 where nobody voted."""
    cast = np.isfinite(votes).sum(axis=1)
    total: FloatArray = np.nansum(np.sign(votes), axis=1) / np.maximum(cast, 1)
    return total


def _foot_vote(pose: PoseSequence) -> FloatArray:
    """Toes ahead of heels, both feet, ``(n_frames,)`` pixels to the right."""
    spans = [
        pose.track_px(f"{side}_foot_index")[:, 0] - pose.track_px(f"{side}_heel")[:, 0]
        for side in Side
    ]
    vote: FloatArray = np.nan_to_num(spans[0]) + np.nan_to_num(spans[1])
    return np.where(vote == 0, np.nan, vote)


def _head_vote(pose: PoseSequence) -> FloatArray:
    """Nose ahead of the ears, ``(n_frames,)`` pixels to the right."""
    ears = pose.midpoint_px("ear")[:, 0]
    vote: FloatArray = pose.track_px("nose")[:, 0] - ears
    return vote


def _knee_vote(pose: PoseSequence, params: ViewParams) -> FloatArray:
    """Bent knees point forward, ``(n_frames,)``, NaN where no knee is bent enough."""
    votes = []
    for side in Side:
        hip, knee, ankle = (pose.track_px(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
        thigh, shank = knee - hip, ankle - knee
        turn = np.degrees(
            np.arctan2(
                thigh[:, 0] * shank[:, 1] - thigh[:, 1] * shank[:, 0],
                np.sum(thigh * shank, axis=1),
            )
        )
        # With y down, a knee bent as in running to the right turns the shank clockwise: + here.
        votes.append(np.where(np.abs(turn) > params.knee_vote_flexion_deg, turn, np.nan))
    stack = np.stack(votes)
    vote: FloatArray = np.nansum(stack, axis=0)
    return np.where(np.isfinite(stack).any(axis=0), vote, np.nan)


def _sweep_vote(pose: PoseSequence, frames: IntArray) -> float:
    """The lower foot moves backward under the hip: +1 when it moves left, -1 right."""
    hip = pose.midpoint_px("hip")[frames]
    ankles = np.stack([pose.track_px(f"{side}_ankle")[frames] - hip for side in Side])
    steps = np.diff(ankles[:, :, 0], axis=1)
    lower = np.nan_to_num(ankles[0, 1:, 1]) > np.nan_to_num(ankles[1, 1:, 1])
    moved = np.where(lower, steps[0], steps[1])
    moved = moved[np.isfinite(moved)]
    return -float(np.sign(np.median(moved))) if len(moved) else 0.0

"""Left stays left: undo exchanged legs and arms over a whole clip.

Method: Viterbi over pairs of frames with two states per frame, keep or swap, for legs (knee,
ankle, heel, foot_index) and arms (elbow, wrist) apart. The cost of a frame is the squared second
difference of all points of the limb pair after applying the states, in leg lengths: where limbs
cross their positions coincide but their velocities are opposite. Each point's cost is capped, so
that one garbage frame does not buy a long wrong exchange, and a swap costs ``swap_cost``, because
the model's own label is evidence (biomechanics 2.5).

Legs are then judged a second time against the runner's own typical leg cycle (``cycle.py``): the
distance of every frame from it, kept or exchanged, joins the cost. A spell with garbage at both
ends, which motion alone cannot bridge, is settled by that; a leg far from the cycle is garbage and
is masked.

Deviations from the two-state description in biomechanics 2.5: the cap, the heavier tie-break and
the cycle, all measured on rendered truth. Limits: a leg that is drawn on the other leg cannot be
repaired; it is masked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import BoolArray, FloatArray, PoseSequence, Side, SideReport
from formcheck.geometry import distance
from formcheck.pose.body import columns, rough_leg_px
from formcheck.pose.cycle import LegCycle, leg_cycle

LEG_PARTS = ("knee", "ankle", "heel", "foot_index")
ARM_PARTS = ("elbow", "wrist")


@dataclass(frozen=True, slots=True)
class SideParams:
    """Parameters of the left/right repair; costs in squared leg lengths."""

    swap_cost: float = 0.05  # biomechanics 2.5: 0.03-0.1 exchanged the right 3-6 % on a real clip
    point_cost_cap: float = 0.05
    gap_reset_s: float = 0.15
    cycle_cost_cap: float = 0.15
    garbage_leg_lengths: float = 0.12
    garbage_mads: float = 5.0
    collapse_leg_lengths: float = 0.06
    collapse_s: float = 0.12


def resolve_sides(pose: PoseSequence, params: SideParams) -> tuple[PoseSequence, SideReport]:
    """Return the pose with exchanged limbs put back and garbage legs masked, and what was done."""
    leg_px = rough_leg_px(pose)
    if not np.isfinite(leg_px):
        return pose, SideReport(len(pose.time_s), 0, 0, 0)
    no_evidence = np.zeros((len(pose.time_s), 2))
    legs = _swapped_frames(pose, LEG_PARTS, leg_px, no_evidence, params)
    cycle = _cycle(_exchange(pose, LEG_PARTS, legs), leg_px)
    if cycle is not None:
        evidence = _cycle_cost(pose, cycle, leg_px, params)
        legs = _swapped_frames(pose, LEG_PARTS, leg_px, evidence, params)
    arms = _swapped_frames(pose, ARM_PARTS, leg_px, no_evidence, params)
    repaired = _exchange(_exchange(pose, LEG_PARTS, legs), ARM_PARTS, arms)
    masks = _garbage_points(repaired, leg_px, params)
    masks[_far_side(repaired)] |= _collapsed_frames(repaired, leg_px, params)[:, None]
    worst = np.maximum(*(mask.sum(axis=1) for mask in masks.values()))
    report = SideReport(
        n_frames=len(pose.time_s),
        legs_swapped=int(legs.sum()),
        legs_masked=int((worst >= len(LEG_PARTS) / 2).sum()),
        arms_swapped=int(arms.sum()),
    )
    return _mask_legs(repaired, masks), report


def _swapped_frames(
    pose: PoseSequence,
    parts: tuple[str, ...],
    leg_px: float,
    evidence: FloatArray,
    params: SideParams,
) -> BoolArray:
    """Which frames have the limb pair exchanged, ``(n_frames,)``.

    ``evidence`` (n_frames, 2) is the cost of keeping and of exchanging each frame.
    """
    left = pose.xy_px[:, columns(pose, Side.LEFT, parts)] / leg_px
    right = pose.xy_px[:, columns(pose, Side.RIGHT, parts)] / leg_px
    swapped = np.zeros(len(left), dtype=bool)
    known = np.isfinite(left[:, 0, 0]) & np.isfinite(right[:, 0, 0])
    for start, stop in _unbroken(known, pose.time_s, params.gap_reset_s):
        chosen = start + np.flatnonzero(known[start:stop])
        if len(chosen) > 2:
            pair = np.stack([left[chosen], right[chosen]], axis=1)
            swapped[chosen] = _viterbi(pair, evidence[chosen], params)
    return swapped


def _unbroken(known: BoolArray, time_s: FloatArray, gap_s: float) -> list[tuple[int, int]]:
    """Stretches of the clip without an unknown gap longer than ``gap_s``."""
    seen = np.flatnonzero(known)
    if len(seen) == 0:
        return []
    breaks = np.flatnonzero(np.diff(time_s[seen]) > gap_s)
    starts = np.concatenate(([seen[0]], seen[breaks + 1]))
    stops = np.concatenate((seen[breaks], [seen[-1]])) + 1
    return [(int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)]


def _viterbi(pair: FloatArray, evidence: FloatArray, params: SideParams) -> BoolArray:
    """Cheapest keep/swap sequence, ``(n,)``; ``pair`` is (n, 2 sides, n_points, 2)."""
    frames = len(pair)
    states = np.stack([pair, pair[:, ::-1]], axis=1)  # (n, state, side, point, xy)
    own = evidence + params.swap_cost * np.array([0.0, 1.0])
    best = own[0][:, None] + own[1][None, :]
    back = np.zeros((frames, 2, 2), dtype=np.int8)
    for frame in range(2, frames):
        before, last, now = states[frame - 2], states[frame - 1], states[frame]
        bend = now[None, None, :] - 2 * last[None, :, None] + before[:, None, None]
        cost = np.minimum(np.sum(bend**2, axis=-1), params.point_cost_cap).sum(axis=(-1, -2))
        total = best[:, :, None] + cost  # (before, last, now)
        back[frame] = np.argmin(total, axis=0)
        best = np.min(total, axis=0) + own[frame]
    return _trace_back(best, back)


def _trace_back(
    best: FloatArray, back: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
) -> BoolArray:
    """Read the state sequence from the back pointers."""
    frames = len(back)
    path = np.zeros(frames, dtype=bool)
    last, now = np.unravel_index(np.argmin(best), (2, 2))
    path[frames - 2], path[frames - 1] = bool(last), bool(now)
    for frame in range(frames - 1, 1, -1):
        before = back[frame, int(path[frame - 1]), int(path[frame])]
        path[frame - 2] = bool(before)
    return path


def _exchange(pose: PoseSequence, parts: tuple[str, ...], frames: BoolArray) -> PoseSequence:
    """Exchange left and right parts in the chosen frames."""
    left, right = columns(pose, Side.LEFT, parts), columns(pose, Side.RIGHT, parts)
    order = np.arange(len(pose.landmarks))
    order[left + right] = right + left

    def exchanged(values: FloatArray) -> FloatArray:
        out = values.copy()
        out[frames] = values[frames][:, order]
        return out

    return replace(
        pose,
        xy_px=exchanged(pose.xy_px),
        depth_px=exchanged(pose.depth_px),
        visibility=exchanged(pose.visibility),
    )


def _collapsed_frames(pose: PoseSequence, leg_px: float, params: SideParams) -> BoolArray:
    """Frames in which both legs are drawn on one for longer than a crossing takes."""
    gaps = [
        distance(pose.track_px(f"left_{part}"), pose.track_px(f"right_{part}"))
        for part in LEG_PARTS
    ]
    close = np.max(gaps, axis=0) < params.collapse_leg_lengths * leg_px
    collapsed = np.zeros(len(close), dtype=bool)
    for start, stop in _unbroken(close, pose.time_s, params.gap_reset_s):
        if pose.time_s[stop - 1] - pose.time_s[start] > params.collapse_s:
            collapsed[start:stop] = close[start:stop]
    return collapsed


def _hip_relative(pose: PoseSequence, side: Side, leg_px: float) -> FloatArray:
    """Leg points relative to mid-hip in leg lengths, ``(n_frames, n_points, 2)``."""
    hip = pose.midpoint_px("hip")
    leg: FloatArray = (pose.xy_px[:, columns(pose, side, LEG_PARTS)] - hip[:, None]) / leg_px
    return leg


def _cycle(pose: PoseSequence, leg_px: float) -> LegCycle | None:
    """Typical leg cycle of the clip."""
    left, right = (_hip_relative(pose, side, leg_px) for side in (Side.LEFT, Side.RIGHT))
    return leg_cycle(pose.time_s, left, right)


def _cycle_cost(
    pose: PoseSequence, cycle: LegCycle, leg_px: float, params: SideParams
) -> FloatArray:
    """Cost of keeping and of exchanging the legs of each frame, ``(n_frames, 2)``."""
    left, right = (_hip_relative(pose, side, leg_px) for side in (Side.LEFT, Side.RIGHT))
    first, second = cycle.expected(0.0), cycle.expected(np.pi)

    def cost(as_left: FloatArray, as_right: FloatArray) -> FloatArray:
        apart = np.stack([as_left - first, as_right - second])
        capped = np.minimum(np.sum(apart**2, axis=-1), params.cycle_cost_cap)
        total: FloatArray = np.nan_to_num(capped).sum(axis=(0, -1))
        return total

    return np.stack([cost(left, right), cost(right, left)], axis=-1)


def _garbage_points(pose: PoseSequence, leg_px: float, params: SideParams) -> dict[Side, BoolArray]:
    """Points nowhere near the place they pass at that phase of other strides.

    Per side ``(n_frames, n_points)``.
    """
    shape = (len(pose.time_s), len(LEG_PARTS))
    masks = {side: np.zeros(shape, dtype=bool) for side in Side}
    cycle = _cycle(pose, leg_px)
    if cycle is None:
        return masks
    for side, lag in ((Side.LEFT, 0.0), (Side.RIGHT, np.pi)):
        apart = distance(_hip_relative(pose, side, leg_px), cycle.expected(lag))
        usual = np.nanmedian(apart, axis=0)
        spread = 1.4826 * np.nanmedian(np.abs(apart - usual), axis=0)
        limit = np.maximum(params.garbage_leg_lengths, usual + params.garbage_mads * spread)
        mask = np.nan_to_num(apart) > limit
        # Two of four astray: the model drew this leg elsewhere, so the others are no better.
        masks[side] = mask | (mask.sum(axis=1) >= len(LEG_PARTS) / 2)[:, None]
    return masks


def _far_side(pose: PoseSequence) -> Side:
    """The side whose hip the model puts farther from the camera."""
    depths = [np.nanmedian(pose.depth_px[:, pose.index(f"{side}_hip")]) for side in Side]
    return list(Side)[int(np.argmax(depths))]


def _mask_legs(pose: PoseSequence, masks: dict[Side, BoolArray]) -> PoseSequence:
    """Hide the chosen points of each side's leg."""
    xy = np.array(pose.xy_px)
    for side, mask in masks.items():
        for part, column in enumerate(columns(pose, side, LEG_PARTS)):
            xy[mask[:, part], column] = np.nan
    return replace(pose, xy_px=xy)

"""May running form be reported from this clip at all? Each refusal says what to do.

Running is told from walking by what the hips do (biomechanics 3.5): in running they are lowest
when the foot passes under them, in walking highest. In between, the swing knee decides: walkers
bend it about 60 degrees, runners 80 and more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import (
    Choice,
    FloatArray,
    GaitEvents,
    Motion,
    PoseSequence,
    Side,
    View,
    ViewEstimate,
)
from formcheck.errors import NoRunnerError, TooFewStridesError, ViewError
from formcheck.gait.angles import knee_flexion_deg
from formcheck.gait.strides import Segmentation, StrideParams
from formcheck.gait.view import turns_around
from formcheck.geometry import low_pass
from formcheck.pose.body import rough_leg_px
from formcheck.pose.choose import list_people
from formcheck.pose.track import Coverage
from formcheck.reasons import reason


@dataclass(frozen=True, slots=True)
class RunningParams:
    """Limits of the refusals; shares of frames, angles in degrees, lengths in leg lengths."""

    min_found_share: float = 0.10
    min_whole_share: float = 0.30
    min_fps: float = 23.5  # 23.976 is filmed "at 24"
    standing_ankle_range: float = 0.20
    # From behind the ankles only rise: three rendered runners came to 0.19 to 0.29.
    standing_ankle_rise: float = 0.12
    turn_window_s: float = 0.5
    running_max_hip_score: float = -0.3
    walking_min_hip_score: float = 0.3
    walking_max_knee_deg: float = 72.0
    no_walker_knee_deg: float = 100.0


def require_runner(pose: PoseSequence, coverage: Coverage, params: RunningParams) -> None:
    """Refuse clips without exactly one person, who is in the picture for long enough."""
    if coverage.found_share < params.min_found_share:
        raise NoRunnerError(reason("no_person", missing_share=1 - coverage.found_share))
    if pose.choice is Choice.UNDECIDED:
        raise NoRunnerError(reason("several_people", people=list_people(pose.people)))


def require_frame_rate(fps: float, params: RunningParams) -> None:
    """Refuse frame rates at which steps cannot be followed."""
    if fps < params.min_fps:
        raise ViewError(reason("frame_rate_too_low", fps=fps))


def require_movement(pose: PoseSequence, view: View, params: RunningParams) -> None:
    """Refuse people who stand: their ankles hardly move against the hips."""
    hip = pose.midpoint_px("hip")
    ranges = [
        np.nanpercentile(ankle, 95, axis=0) - np.nanpercentile(ankle, 5, axis=0)
        for ankle in (pose.track_px(f"{side}_ankle") - hip for side in Side)
    ]
    ankle_range = float(np.max(ranges)) / rough_leg_px(pose)
    is_rear = view is View.REAR
    if ankle_range < (params.standing_ankle_rise if is_rear else params.standing_ankle_range):
        raise NoRunnerError(reason("standing", ankle_range=ankle_range))


def require_one_direction(pose: PoseSequence, time_scale: float, params: RunningParams) -> None:
    """Refuse people who turn around; wants the pose as found, for repair masks what disagrees."""
    if turns_around(pose, window_s=params.turn_window_s, time_scale=time_scale):
        raise ViewError(reason("turns", window_s=params.turn_window_s))


def require_side_view(view: ViewEstimate) -> Side:
    """Refuse views across the running direction and undecided directions; return the facing."""
    if view.view is not View.SIDE:
        raise ViewError(reason(f"view_{view.view}", width_ratio=view.width_ratio))
    if view.facing is None:
        raise ViewError(reason("facing_unclear"))
    return view.facing


def require_whole_body(coverage: Coverage, params: RunningParams) -> None:
    """Refuse clips in which the feet or other parts are out of the picture most of the time."""
    if coverage.whole_share < params.min_whole_share * coverage.found_share:
        raise ViewError(reason("body_out_of_frame", body_share=coverage.whole_share))


def require_running(
    motion: Motion, events: GaitEvents, near_side: Side, params: RunningParams
) -> None:
    """Refuse walking."""
    score = hip_score(motion, events)
    knee = float(np.nanpercentile(knee_flexion_deg(motion, near_side), 98))
    # An unknown score (NaN) leaves the verdict to the knee.
    looks_walking = score > params.walking_min_hip_score
    least_knee = params.no_walker_knee_deg if looks_walking else params.walking_max_knee_deg
    if not (score < params.running_max_hip_score or knee > least_knee):
        raise NoRunnerError(reason("walking", knee_deg=knee))


def hip_score(motion: Motion, events: GaitEvents) -> float:
    """Correlation of hip height with "foot under the hip"; -1 running, +1 walking, NaN unknown."""
    height = motion.midpoint("hip")[:, 1]
    scores = []
    for side in Side:
        anchors = events.mid_stance_s[side]
        if len(anchors) >= 3:
            scores.append(_correlation(motion, height, anchors))
    return float(np.nanmean(scores)) if np.isfinite(scores).any() else float("nan")


def _correlation(motion: Motion, height: FloatArray, anchors_s: FloatArray) -> float:
    """Correlation of detrended height with the cosine of the step phase."""
    # A runner passes mid-stance twice a stride, once on each foot: two cycles per anchor.
    order = np.arange(len(anchors_s), dtype=np.float64)
    phase = 2 * np.interp(motion.time_s, anchors_s, order, np.nan, np.nan)
    stride = max(3, round(float(np.median(np.diff(anchors_s))) * motion.rate_hz))
    calm = low_pass(height, motion.rate_hz, 6.0)
    known = np.isfinite(phase) & np.isfinite(calm)
    if known.sum() < stride:
        return float("nan")
    trend = np.convolve(
        np.where(known, calm, np.nanmean(calm)), np.full(stride, 1 / stride), "same"
    )
    return float(np.corrcoef((calm - trend)[known], np.cos(2 * np.pi * phase[known]))[0, 1])


def require_strides(segmentation: Segmentation, near_side: Side, params: StrideParams) -> None:
    """Refuse clips with too few whole strides of the near leg."""
    found = sum(stride.side is near_side for stride in segmentation.strides)
    if found < params.min_near_strides:
        needed = params.min_near_strides
        raise TooFewStridesError(reason("too_few_strides", found=found, needed=needed))

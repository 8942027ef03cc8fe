"""From a side-resolved pose to a Gait: the stages between the picture and the metrics, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import (
    Gait,
    GaitEvents,
    Motion,
    PoseSequence,
    Scale,
    Side,
    TimeBase,
)
from formcheck.errors import NoRunnerError
from formcheck.gait.checks import (
    RunningParams,
    require_frame_rate,
    require_running,
    require_side_view,
    require_strides,
)
from formcheck.gait.foot_motion import EventParams, detect_events
from formcheck.gait.frame import SmoothingParams, leg_length_px, smooth_motion, to_running_frame
from formcheck.gait.ground import flat_foot_deg, ground_roll_deg
from formcheck.gait.strides import Segmentation, StrideParams, segment_strides
from formcheck.gait.timing import TimeParams, apparent_cadence_spm, time_base
from formcheck.gait.view import ViewParams, estimate_view
from formcheck.gait.withhold import WithholdParams, withheld_topics
from formcheck.pose.clean import CleaningParams, CleanTracks, clean_pose
from formcheck.reasons import reason

LEG_TO_HEIGHT = 0.527
"""Leg length over body height of shod runners, SD 0.013 (biomechanics 1.6)."""
AVERAGE_LEG_M = 0.90
AVERAGE_LEG_SD = 0.07
"""Adults of both sexes (1.71 m), with the spread of bodies and of the scale as a share."""
GIVEN_SPEED_SD = 0.03
"""Belts run at 98-103 % of the set speed and slow under load (Willwacher et al. 2021)."""
HEIGHT_SPEED_SD = 0.05


@dataclass(frozen=True, slots=True)
class GaitParams:
    """The parameters of every stage between pose and metrics."""

    cleaning: CleaningParams
    view: ViewParams
    time: TimeParams
    smoothing: SmoothingParams
    events: EventParams
    strides: StrideParams
    running: RunningParams
    withhold: WithholdParams


@dataclass(frozen=True, slots=True)
class RunnerFacts:
    """What the user says about clip and runner; None when not said."""

    speed_kmh: float | None = None
    height_cm: float | None = None
    capture_fps: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """One pass of event detection."""

    motion: Motion
    events: GaitEvents
    segmentation: Segmentation


def observe_gait(pose: PoseSequence, facts: RunnerFacts, params: GaitParams) -> Gait:
    """Build the gait of a side-resolved pose.

    Raises a RefusedError when no running form may be reported.
    """
    view = estimate_view(pose, params.view)
    cadence = apparent_cadence_spm(pose)
    if cadence is None:
        raise NoRunnerError(reason("no_rhythm"))
    base = time_base(
        cadence, capture_fps=facts.capture_fps, file_fps=pose.video.fps, params=params.time
    )
    near = require_side_view(view)
    # A clock that is not trusted may be too fast, but nothing says it is: the file's rate counts.
    real_fps = pose.video.fps * (base.scale if base.is_trusted else max(base.scale, 1.0))
    require_frame_rate(real_fps, params.running)
    tracks = clean_pose(pose, pose.time_s / base.scale, near, params.cleaning)
    leg_px = leg_length_px(tracks, near)
    seen = _detect(tracks, near, leg_px, 0.0, params)
    require_running(seen.motion, seen.events, near, params.running)
    require_strides(seen.segmentation, near, params.strides)
    roll = ground_roll_deg(seen.motion, seen.segmentation.strides, near)
    if roll is not None:
        view = replace(view, roll_deg=roll, roll_measured=True)
        seen = _detect(tracks, near, leg_px, roll, params)
        require_strides(seen.segmentation, near, params.strides)
    scale = _scale(seen, near, leg_px, facts, base)
    withheld = withheld_topics(seen.motion, seen.segmentation, near, base, scale, params.withhold)
    motion = smooth_motion(seen.motion, params.smoothing)
    return Gait(
        motion=motion,
        events=seen.events,
        strides=seen.segmentation.strides,
        near_side=near,
        view=view,
        time_base=base,
        scale=scale,
        frame_rate_hz=real_fps,
        foot_flat_deg={
            side: flat_foot_deg(seen.motion, seen.segmentation.strides, side) for side in Side
        },
        withheld=withheld,
    )


def _detect(
    tracks: CleanTracks, facing: Side, leg_px: float, roll_deg: float, params: GaitParams
) -> _Seen:
    """Motion, events and strides for a given camera roll."""
    motion = to_running_frame(tracks, facing, leg_px, roll_deg=roll_deg)
    events = detect_events(motion, params.events)
    return _Seen(motion, events, segment_strides(events, params.strides))


def _scale(seen: _Seen, near: Side, leg_px: float, facts: RunnerFacts, base: TimeBase) -> Scale:
    """Metres and speed from what the user gave, else an average adult for comparisons only."""
    leg_m = None if facts.height_cm is None else LEG_TO_HEIGHT * facts.height_cm / 100
    seen_speed = seen.events.runner_speed_ll_s[near]
    usable = base.is_trusted and np.isfinite(seen_speed)
    if facts.speed_kmh is not None:
        speed = facts.speed_kmh / 3.6
        return Scale(leg_px, leg_m, speed, "given", speed, GIVEN_SPEED_SD * speed)
    if not usable:
        return Scale(leg_px, leg_m, None, None, None, None)
    if leg_m is not None:
        speed = leg_m * seen_speed
        return Scale(leg_px, leg_m, speed, "height", speed, HEIGHT_SPEED_SD * speed)
    average = AVERAGE_LEG_M * seen_speed
    return Scale(leg_px, None, None, None, average, AVERAGE_LEG_SD * average)

"""From a side-resolved pose to a Gait: the stages between the picture and the metrics, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import (
    Gait,
    GaitEvents,
    Motion,
    PoseSequence,
    Side,
    TimeBase,
)
from formcheck.errors import NoRunnerError
from formcheck.gait.camera import CameraParams, estimate_camera, unsteady_picture, without_sway
from formcheck.gait.checks import (
    RunningParams,
    require_frame_rate,
    require_running,
    require_side_view,
    require_strides,
)
from formcheck.gait.foot_motion import EventParams, detect_events
from formcheck.gait.frame import (
    SmoothingParams,
    leg_length_px,
    smooth_motion,
    tilted,
    to_running_frame,
)
from formcheck.gait.gravity import gravity_time_scale
from formcheck.gait.ground import flat_foot_deg, ground_roll_deg
from formcheck.gait.scale import AVERAGE_LEG_M, LEG_TO_HEIGHT, ScaleParams, find_scale, incomparable
from formcheck.gait.strides import Segmentation, StrideParams, segment_strides
from formcheck.gait.timing import (
    TimeParams,
    apparent_cadence_spm,
    time_base,
    with_suggestion,
)
from formcheck.gait.view import ViewParams, estimate_view
from formcheck.gait.withhold import WithholdParams, withheld_topics
from formcheck.pose.clean import CleaningParams, CleanTracks, clean_pose
from formcheck.pose.tempo import TempoChange
from formcheck.reasons import reason


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
    camera: CameraParams
    scale: ScaleParams


@dataclass(frozen=True, slots=True)
class RunnerFacts:
    """What the user says about clip and runner; None when not said."""

    speed_kmh: float | None = None
    height_cm: float | None = None
    capture_fps: float | None = None
    incline_percent: float | None = None

    @property
    def incline_deg(self) -> float:
        """Angle of the ground above level, uphill positive; level where nothing was said."""
        return float(np.degrees(np.arctan((self.incline_percent or 0.0) / 100)))


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """One pass of event detection."""

    motion: Motion
    events: GaitEvents
    segmentation: Segmentation


def observe_gait(
    pose: PoseSequence,
    facts: RunnerFacts,
    params: GaitParams,
    *,
    change: TempoChange | None = None,
) -> Gait:
    """Build the gait of a side-resolved pose.

    ``change`` is where the clip changes its speed. Raises a RefusedError when no running form may
    be reported.
    """
    view = estimate_view(pose, params.view)
    base = _clock(pose, facts, params.time, change)
    near = require_side_view(view)
    real_fps = _real_fps(pose, base)
    require_frame_rate(real_fps, params.running)
    real_s = pose.time_s / base.scale
    camera = estimate_camera(pose, near, params.camera)
    tracks = clean_pose(pose, real_s, near, params.cleaning)
    tracks = without_sway(tracks, pose, real_s, camera)
    leg_px = leg_length_px(tracks, near)
    seen = _detect(tracks, near, leg_px, 0.0, params)
    require_running(seen.motion, seen.events, near, params.running)
    require_strides(seen.segmentation, near, params.strides)
    # The path of the foot is that of the ground: what the incline explains is not the camera's.
    slope = facts.incline_deg
    roll = ground_roll_deg(seen.motion, seen.segmentation.strides, near, slope_deg=slope)
    if roll is not None:
        view = replace(view, roll_deg=roll, roll_measured=True)
        seen = _detect(tracks, near, leg_px, roll + slope, params)
        require_strides(seen.segmentation, near, params.strides)
    base = _suggested(base, seen, near, facts, pose.video.fps, params.time)
    scale = find_scale(
        leg_px,
        seen.events.runner_speed_ll_s[near],
        clock_is_trusted=base.is_trusted,
        speed_kmh=facts.speed_kmh,
        height_cm=facts.height_cm,
    )
    withheld = withheld_topics(seen.motion, seen.segmentation, near, base, scale, params.withhold)
    withheld = unsteady_picture(pose, camera, params.camera) | withheld
    withheld = incomparable(scale, facts.incline_percent, params.scale) | withheld
    motion = smooth_motion(tilted(seen.motion, slope), params.smoothing)
    return Gait(
        motion=motion,
        events=seen.events,
        strides=seen.segmentation.strides,
        near_side=near,
        view=view,
        time_base=base,
        scale=scale,
        frame_rate_hz=real_fps,
        foot_flat_deg=_flat_feet_deg(seen, slope),
        withheld=withheld,
        incline_percent=facts.incline_percent,
        camera=camera,
    )


def _flat_feet_deg(seen: _Seen, slope_deg: float) -> dict[Side, float]:
    """Angle of each flat foot in the picture, the ground's own slope included."""
    strides = seen.segmentation.strides
    return {side: slope_deg + flat_foot_deg(seen.motion, strides, side) for side in Side}


def _real_fps(pose: PoseSequence, base: TimeBase) -> float:
    """Frames per real second."""
    # A clock that is not trusted may be too fast, but nothing says it is: the file's rate counts.
    return pose.video.fps * (base.scale if base.is_trusted else max(base.scale, 1.0))


def _clock(
    pose: PoseSequence, facts: RunnerFacts, params: TimeParams, change: TempoChange | None
) -> TimeBase:
    """How far the file's clock can be trusted. Raises NoRunnerError without a rhythm."""
    cadence = apparent_cadence_spm(pose)
    if cadence is None:
        raise NoRunnerError(reason("no_rhythm"))
    return time_base(
        cadence,
        capture_fps=facts.capture_fps,
        file_fps=pose.video.fps,
        params=params,
        change=change,
    )


def _suggested(
    base: TimeBase, seen: _Seen, near: Side, facts: RunnerFacts, file_fps: float, params: TimeParams
) -> TimeBase:
    """The clock with a slow-motion factor to try, where one is likely."""
    leg_m = AVERAGE_LEG_M if facts.height_cm is None else LEG_TO_HEIGHT * facts.height_cm / 100
    gravity = gravity_time_scale(seen.motion, seen.segmentation.strides, near, leg_m)
    total = None if gravity is None else gravity * base.scale
    return with_suggestion(base, total, file_fps=file_fps, params=params)


def _detect(
    tracks: CleanTracks, facing: Side, leg_px: float, roll_deg: float, params: GaitParams
) -> _Seen:
    """Motion, events and strides for a given camera roll."""
    motion = to_running_frame(tracks, facing, leg_px, roll_deg=roll_deg)
    events = detect_events(motion, params.events)
    return _Seen(motion, events, segment_strides(events, params.strides))

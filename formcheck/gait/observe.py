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
    Stride,
    TimeBase,
    View,
    ViewEstimate,
)
from formcheck.gait.camera import CameraParams, estimate_camera, unsteady_picture, without_sway
from formcheck.gait.checks import (
    Doubt,
    RunningParams,
    refuse_front,
    require_enough_for_oblique,
    require_facing,
    require_frame_rate,
    require_one_stride,
    require_rhythm,
    require_running,
    require_steady_oblique,
    require_steady_trunk,
)
from formcheck.gait.foot_motion import NO_EVENTS, EventParams, detect_events
from formcheck.gait.frame import (
    SmoothingParams,
    leg_length_px,
    smooth_motion,
    tilted,
    to_running_frame,
)
from formcheck.gait.gravity import gravity_time_scale
from formcheck.gait.ground import flat_foot_deg, ground_roll_deg
from formcheck.gait.rhythm import BodyRhythm, body_rhythm
from formcheck.gait.scale import AVERAGE_LEG_M, LEG_TO_HEIGHT, ScaleParams, find_scale, incomparable
from formcheck.gait.strides import Segmentation, StrideParams, segment_strides
from formcheck.gait.timing import STEPS_PER_STRIDE, TimeParams, time_base, with_suggestion
from formcheck.gait.view import ViewParams, estimate_view
from formcheck.gait.withhold import Seen, WithholdParams, foot_length_ll, withheld_topics
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
class _Followed:
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
    facing, near = _direction(view)
    rhythm = _rhythm(pose, view, params.running)
    base = _clock(rhythm, pose, facts, params.time, change)
    real_fps = _real_fps(pose, base)
    require_frame_rate(real_fps, rhythm.sharpness, params.running)
    real_s = pose.time_s / base.scale
    camera = estimate_camera(pose, facing, params.camera)
    tracks = clean_pose(pose, real_s, near, params.cleaning)
    tracks = without_sway(tracks, pose, real_s, camera)
    leg_px = leg_length_px(tracks, near)
    followed = _follow(tracks, facing, leg_px, 0.0, params)
    require_steady_trunk(followed.motion, params.running)
    doubt = _doubt(followed, near, view, params.strides)
    require_running(followed.motion, near, rhythm, params.running, doubt)
    # The path of the foot is that of the ground: what the incline explains is not the camera's.
    slope = facts.incline_deg
    roll = ground_roll_deg(followed.motion, followed.segmentation.strides, near, slope_deg=slope)
    if roll is not None:
        view = replace(view, roll_deg=roll, roll_measured=True)
        followed = _follow(tracks, facing, leg_px, roll + slope, params)
    base = _suggested(base, followed, near, facts, pose.video.fps, params.time)
    has_events = _has_events(followed, near, rhythm, params.strides)
    cut = _cut_by_rhythm(rhythm, facing, base)
    seen = Seen(
        motion=followed.motion,
        segmentation=followed.segmentation,
        strides=followed.segmentation.strides if has_events else cut,
        has_events=has_events,
        near=near,
        view=view,
        rhythm=rhythm,
        base=base,
        scale=find_scale(
            leg_px,
            followed.events.runner_speed_ll_s[near],
            clock_is_trusted=base.is_trusted,
            speed_kmh=facts.speed_kmh,
            height_cm=facts.height_cm,
        ),
        fps=real_fps,
        foot_px=leg_px * foot_length_ll(followed.motion, near),
        height_px=leg_px / LEG_TO_HEIGHT,
    )
    gait = _gait(seen, followed.events, facts, params)
    unsteady = unsteady_picture(pose, camera, params.camera)
    return replace(gait, camera=camera, withheld={**unsteady, **gait.withheld})


def _direction(view: ViewEstimate) -> tuple[Side, Side]:
    """Facing and near side. Raises ViewError where they cannot be told."""
    refuse_front(view)
    return require_facing(view)


def _rhythm(pose: PoseSequence, view: ViewEstimate, params: RunningParams) -> BodyRhythm:
    """Rhythm of the body. Raises a RefusedError where it is too little for the view."""
    rhythm = require_rhythm(body_rhythm(pose), params)
    require_one_stride(rhythm, params)
    require_enough_for_oblique(view, rhythm, params)
    require_steady_oblique(pose, view, params)
    return rhythm


def _gait(seen: Seen, events: GaitEvents, facts: RunnerFacts, params: GaitParams) -> Gait:
    """The gait of what was seen, with what may not be measured of it."""
    slope = facts.incline_deg
    withheld = withheld_topics(seen, params.withhold)
    return Gait(
        motion=smooth_motion(tilted(seen.motion, slope), params.smoothing),
        events=events if seen.has_events else NO_EVENTS,
        strides=seen.strides,
        near_side=seen.near,
        view=seen.view,
        time_base=seen.base,
        scale=seen.scale,
        frame_rate_hz=seen.fps,
        foot_flat_deg=_flat_feet_deg(seen, slope),
        withheld=incomparable(seen.scale, facts.incline_percent, params.scale) | withheld,
        incline_percent=facts.incline_percent,
        notes=() if seen.view.sides_named else (reason("sides_unnamed"),),
    )


def _flat_feet_deg(seen: Seen, slope_deg: float) -> dict[Side, float]:
    """Angle of each flat foot in the picture, the ground's own slope included."""
    return {side: slope_deg + flat_foot_deg(seen.motion, seen.strides, side) for side in Side}


def _real_fps(pose: PoseSequence, base: TimeBase) -> float:
    """Frames per real second."""
    # A clock that is not trusted may be too fast, but nothing says it is: the file's rate counts.
    return pose.video.fps * (base.scale if base.is_trusted else max(base.scale, 1.0))


def _clock(
    rhythm: BodyRhythm,
    pose: PoseSequence,
    facts: RunnerFacts,
    params: TimeParams,
    change: TempoChange | None,
) -> TimeBase:
    """How far the file's clock can be trusted."""
    return time_base(
        60.0 * STEPS_PER_STRIDE * rhythm.frequency_hz,
        capture_fps=facts.capture_fps,
        file_fps=pose.video.fps,
        params=params,
        change=change,
    )


def _suggested(
    base: TimeBase,
    seen: _Followed,
    near: Side,
    facts: RunnerFacts,
    file_fps: float,
    params: TimeParams,
) -> TimeBase:
    """The clock with a slow-motion factor to try, where one is likely."""
    leg_m = AVERAGE_LEG_M if facts.height_cm is None else LEG_TO_HEIGHT * facts.height_cm / 100
    gravity = gravity_time_scale(seen.motion, seen.segmentation.strides, near, leg_m)
    total = None if gravity is None else gravity * base.scale
    return with_suggestion(base, total, file_fps=file_fps, params=params)


def _doubt(followed: _Followed, near: Side, view: ViewEstimate, params: StrideParams) -> Doubt:
    """Whether view or strides leave room for something else than running."""
    if view.view is View.OBLIQUE:
        return Doubt.VIEW
    few = _n_strides(followed, near) < params.min_near_strides
    return Doubt.FEW_STRIDES if few else Doubt.NONE


def _n_strides(followed: _Followed, side: Side) -> int:
    """Whole strides of one side."""
    return sum(stride.side is side for stride in followed.segmentation.strides)


def _has_events(followed: _Followed, near: Side, rhythm: BodyRhythm, params: StrideParams) -> bool:
    """Whether contacts cut the clip into strides.

    Of few strides, they must be most of what the rhythm counts, with the other foot's contact in
    between: a single pair of contacts may be anything.
    """
    own = [stride for stride in followed.segmentation.strides if stride.side is near]
    confirmed = sum(np.isfinite(stride.other_contact_s) for stride in own)
    return len(own) >= params.min_near_strides or confirmed >= max(1.0, 0.5 * rhythm.n_strides)


def _cut_by_rhythm(rhythm: BodyRhythm, facing: Side, base: TimeBase) -> tuple[Stride, ...]:
    """Leg cycles of both sides in order, real seconds."""
    cycles = [
        Stride.cut_by_rhythm(side, start / base.scale, stop / base.scale)
        for side in Side
        for start, stop in rhythm.cycles_s(side, facing)
    ]
    return tuple(sorted(cycles, key=lambda stride: stride.start_s))


def _follow(
    tracks: CleanTracks, facing: Side, leg_px: float, roll_deg: float, params: GaitParams
) -> _Followed:
    """Motion, events and strides for a given camera roll."""
    motion = to_running_frame(tracks, facing, leg_px, roll_deg=roll_deg)
    events = detect_events(motion, params.events)
    return _Followed(motion, events, segment_strides(events, params.strides))

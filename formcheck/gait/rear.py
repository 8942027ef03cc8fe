"""From a pose filmed from behind to a Gait: its own frame, events and checks (biomechanics 4.10).

The camera stands level behind a treadmill, near hip height. ``x`` of the motion is the runner's
right, and left and right are seen alike: no side is near. A trunk looks as long from behind as it
is, legs do not (their bones point at the camera and away): the leg length comes from the trunk.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.domain import (
    Gait,
    Motion,
    PoseSequence,
    Reason,
    Scale,
    Side,
    Stride,
    TimeBase,
)
from formcheck.errors import NoRunnerError, TooFewStridesError
from formcheck.gait.camera import estimate_camera, unsteady_picture, without_sway
from formcheck.gait.checks import require_frame_rate
from formcheck.gait.frame import smooth_motion, to_running_frame
from formcheck.gait.observe import GaitParams, RunnerFacts
from formcheck.gait.rear_events import STEPS_PER_STRIDE, RearEventParams, detect_from_behind
from formcheck.gait.scale import (
    AVERAGE_LEG_M,
    LEG_TO_HEIGHT,
    find_scale,
    incomparable,
    scale_errors,
)
from formcheck.gait.strides import StrideParams, segment_strides
from formcheck.gait.timing import time_base
from formcheck.gait.view import estimate_view
from formcheck.geometry import low_pass
from formcheck.pose.body import trunk_px
from formcheck.pose.clean import clean_pose
from formcheck.pose.rhythm import stride_rhythm
from formcheck.pose.tempo import TempoChange
from formcheck.reasons import reason

GRAVITY_MPS2 = 9.81
TRUNK_TO_HEIGHT = 0.288
"""Mid-hip to mid-shoulder over body height (biomechanics 7.3), 95th percentile: leaning only
shortens it. Two rendered bodies seen from behind came out at 0.290 and 0.294."""


@dataclass(frozen=True, slots=True)
class RearParams:
    """What running looks like from behind.

    ``min_rhythm_share`` of the power of the hips' height lies near the step rate; ``min_fall_g`` is
    the least downward acceleration of the hips as a share of gravity: of
    runners (synthetic at 2.0 to 5.5 m/s, three rendered) 1.16 to 1.35, of walkers (1.1 to 2.0 m/s)
    0.20 to 0.37.
    """

    min_rhythm_share: float = 0.35
    min_fall_g: float = 0.7
    events: RearEventParams = field(default_factory=RearEventParams)


def observe_rear(
    pose: PoseSequence,
    facts: RunnerFacts,
    params: GaitParams,
    rear: RearParams,
    *,
    change: TempoChange | None = None,
) -> Gait:
    """Build the gait of a pose seen from behind.

    ``change`` is where the clip changes its speed. Raises a RefusedError when no running form may
    be reported.
    """
    frequency = _stride_frequency_hz(pose, rear)
    base = time_base(
        60.0 * STEPS_PER_STRIDE * frequency,
        capture_fps=facts.capture_fps,
        file_fps=pose.video.fps,
        params=params.time,
        change=change,
    )
    # A clock that is not trusted may be too fast, but nothing says it is: the file's rate counts.
    real_fps = pose.video.fps * (base.scale if base.is_trusted else max(base.scale, 1.0))
    require_frame_rate(real_fps, 0.0, params.running)  # steps are wanted, not only a rhythm
    real_s = pose.time_s / base.scale
    camera = estimate_camera(pose, Side.RIGHT, params.camera)
    tracks = without_sway(clean_pose(pose, real_s, None, params.cleaning), pose, real_s, camera)
    leg_px = trunk_px(pose) * LEG_TO_HEIGHT / TRUNK_TO_HEIGHT
    motion = to_running_frame(tracks, Side.RIGHT, leg_px)  # image-right is the runner's right
    leg_m = AVERAGE_LEG_M if facts.height_cm is None else LEG_TO_HEIGHT * facts.height_cm / 100
    _require_running(motion, frequency * base.scale, leg_m, rear)
    events = detect_from_behind(motion, frequency * base.scale, rear.events)
    strides = segment_strides(events, params.strides).strides
    _require_strides(strides, params.strides)
    scale = find_scale(
        leg_px,
        float("nan"),
        clock_is_trusted=base.is_trusted,
        speed_kmh=facts.speed_kmh,
        height_cm=facts.height_cm,
    )
    return Gait(
        motion=smooth_motion(motion, params.smoothing),
        events=events,
        strides=strides,
        near_side=Side.RIGHT,
        view=estimate_view(pose, params.view),
        time_base=base,
        scale=replace(scale, leg_length_sd=scale_errors().leg_of_trunk),
        frame_rate_hz=real_fps,
        foot_flat_deg=dict.fromkeys(Side, float("nan")),
        withheld=unsteady_picture(pose, camera, params.camera)
        | _withheld(scale, base, facts, params),
        incline_percent=facts.incline_percent,
        camera=camera,
    )


def _stride_frequency_hz(pose: PoseSequence, rear: RearParams) -> float:
    """Strides per second of the file's timeline: the hips bounce twice a stride."""
    height = pose.midpoint_px("hip")[:, 1]
    known = np.isfinite(height)
    middle = pose.time_s - pose.time_s[known].mean()
    trend = np.polyval(np.polyfit(middle[known], height[known], 2), middle)
    rhythm = stride_rhythm(pose.time_s, height - trend)
    share, needed = 0.0 if rhythm is None else rhythm[1], rear.min_rhythm_share
    if rhythm is None or share < needed:
        raise NoRunnerError(reason("no_rhythm", sharpness=share, needed=needed))
    return rhythm[0] / STEPS_PER_STRIDE


def fall_g(motion: Motion, stride_hz: float, leg_m: float, params: RearEventParams) -> float:
    """How fast the hips fall faster at most, as a share of gravity; NaN unknown.

    Of a bounce that is a sine. In flight it is 1; with a foot always on the ground far less.
    """
    step_hz = STEPS_PER_STRIDE * stride_hz
    height = low_pass(motion.midpoint("hip")[:, 1], motion.rate_hz, params.cutoff * step_hz)
    height = height[np.isfinite(height)]
    window = max(3, round(motion.rate_hz / stride_hz))
    if len(height) < 3 * window:
        return float("nan")
    trend = np.convolve(height, np.full(window, 1.0 / window), "same")
    bounce_m = leg_m * float(np.std((height - trend)[window:-window])) * np.sqrt(2)
    return float(bounce_m * (2 * np.pi * step_hz) ** 2 / GRAVITY_MPS2)


def _require_running(motion: Motion, stride_hz: float, leg_m: float, rear: RearParams) -> None:
    """Refuse walking and whatever else does not bounce as running does."""
    fall = fall_g(motion, stride_hz, leg_m, rear.events)
    if not fall >= rear.min_fall_g:
        raise NoRunnerError(reason("not_running_from_behind", fall=fall))


def _require_strides(strides: tuple[Stride, ...], params: StrideParams) -> None:
    """Refuse clips with too few whole strides of either leg."""
    counts = {side: sum(stride.side is side for stride in strides) for side in Side}
    side = min(counts, key=lambda key: counts[key])
    if counts[side] < params.min_near_strides:
        raise TooFewStridesError(
            reason(
                "too_few_rear_strides",
                found=counts[side],
                side=side,
                needed=params.min_near_strides,
            )
        )


def _withheld(
    scale: Scale, base: TimeBase, facts: RunnerFacts, params: GaitParams
) -> dict[str, Reason]:
    """Topics that clock, speed or incline take away."""
    withheld = incomparable(scale, facts.incline_percent, params.scale)
    if not base.is_trusted:
        why = reason("time_withheld", note=base.note)
        withheld |= dict.fromkeys(("rhythm", "comparison"), why)
    if scale.norm_speed_mps is None:
        withheld.setdefault("comparison", reason("speed_not_given"))
    return withheld

"""Synthetic records and their analyses, each made once per test run."""

from __future__ import annotations

import functools

import numpy as np

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import (
    Analysis,
    FloatArray,
    Gait,
    Motion,
    PoseSequence,
    Scale,
    Side,
    TimeBase,
    TimeStatus,
    View,
    ViewEstimate,
)
from formcheck.gait.frame import SmoothingParams, smooth_motion
from formcheck.gait.strides import StrideParams, segment_strides
from formcheck.synthetic import (
    Camera,
    RunnerKind,
    RunnerSpec,
    Toe,
    Truth,
    frame_times,
    runner_and_truth,
    synthetic_pose,
    world_motion,
)
from formcheck.synthetic.foot import FLAT_PITCH_DEG

STEADY = RunnerSpec()
NATURAL = RunnerSpec(variability=1.0)
SIDE_ON = Camera()
FAR_AWAY = Camera(distance_m=60.0)
FROM_BEHIND = Camera(yaw_deg=-90.0)
MATCH_S = 0.06
MARGIN_S = 0.15


@functools.cache
def record(
    spec: RunnerSpec = STEADY,
    camera: Camera = SIDE_ON,
    *,
    fps: float = 60.0,
    duration_s: float = 10.0,
    seed: int = 3,
    kind: RunnerKind = RunnerKind.CONTACT,
    toe: Toe = Toe.BALL,
) -> tuple[PoseSequence, Truth]:
    """A filmed runner and the truth."""
    return synthetic_pose(
        spec, camera, duration_s=duration_s, fps=fps, seed=seed, kind=kind, toe=toe
    )


@functools.cache
def analysis(
    spec: RunnerSpec = STEADY, camera: Camera = SIDE_ON, fps: float = 60.0, seed: int = 3
) -> Analysis:
    """The analysis of a filmed runner at the speed they run."""
    pose, _ = record(spec, camera, fps=fps, seed=seed)
    return analyze_pose(pose, AnalysisConfig(speed_kmh=3.6 * spec.belt_speed_mps))


def seen_exactly(
    spec: RunnerSpec,
    fps: float,
    *,
    kind: RunnerKind = RunnerKind.CONTACT,
    toe: Toe = Toe.BALL,
    jitter_m: float = 0.0,
    seed: int = 3,
    duration_s: float = 10.0,
) -> tuple[Motion, Truth]:
    """Motion in leg lengths from a perfect camera, with jitter that lasts 50 ms, and the truth."""
    runner, truth = runner_and_truth(spec, duration_s, seed, kind, toe)
    motion = world_motion(runner, frame_times(duration_s, fps), toe).sagittal(spec.leg_length_m)
    noise = np.random.default_rng(seed).standard_normal(motion.position_ll.shape)
    keep = np.exp(-1.0 / fps / 0.050)
    for frame in range(1, len(noise)):
        noise[frame] = keep * noise[frame - 1] + np.sqrt(1 - keep**2) * noise[frame]
    position = motion.position_ll + jitter_m / spec.leg_length_m * noise
    return Motion(motion.time_s, position, motion.filled), truth


def errors_s(found_s: FloatArray, true_s: FloatArray) -> FloatArray:
    """Found less true time for every true event; NaN where nothing was found nearby."""
    apart = found_s[None, :] - true_s[:, None]
    apart = np.where(np.isfinite(apart), apart, np.inf)
    nearest = np.argmin(np.abs(apart), axis=1)
    error = apart[np.arange(len(true_s)), nearest]
    return np.where(np.abs(error) < MATCH_S, error, np.nan)


def n_invented(found_s: FloatArray, true_s: FloatArray) -> int:
    """Found events with no true one nearby."""
    found_s = found_s[np.isfinite(found_s)]
    return int(np.sum(np.isnan(errors_s(true_s, found_s)))) if len(found_s) else 0


def median_of(result: Analysis, metric: str, side: Side | None = None) -> float:
    """Median of a metric; fails when it was not measured."""
    measurement = result.measurement(metric)
    assert measurement is not None
    return measurement.summaries[side].median


def exact_gait(spec: RunnerSpec, fps: float, kind: RunnerKind) -> tuple[Gait, Truth]:
    """A perfectly filmed runner cut into strides at the true events, and the truth."""
    motion, truth = seen_exactly(spec, fps, kind=kind)
    events = truth.events
    speed = spec.belt_speed_mps
    gait = Gait(
        motion=smooth_motion(motion, SmoothingParams()),
        events=events,
        strides=segment_strides(events, StrideParams()).strides[2:-2],
        near_side=Side.RIGHT,
        view=ViewEstimate(View.SIDE, Side.RIGHT, Side.RIGHT, 0.1, 0.0, roll_measured=True),
        time_base=TimeBase(TimeStatus.REAL, 1.0, is_trusted=True, note="exact"),
        scale=Scale(300.0, spec.leg_length_m, speed, "given", speed, 0.03 * speed),
        frame_rate_hz=fps,
        foot_flat_deg=dict.fromkeys(Side, FLAT_PITCH_DEG),
        withheld={},
    )
    return gait, truth

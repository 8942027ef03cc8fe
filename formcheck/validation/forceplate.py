"""Force-plate suite: marker tracks of treadmill runners, through every stage after the pose.

Data: Fukuchi, Fukuchi & Duarte 2017 (PeerJ 5:e3298, CC BY 4.0), condensed to sagittal marker
tracks with force-plate contacts; kept beside the project, never in it. Each trial becomes a
PoseSequence as a phone to the runner's right would see it: resampled at a frame rate with random
phase, with jitter, and with a head, shoulders and arms added, because the stages need them. The
toe marker is the middle of the metatarsal heads, not the toe tip a pose model gives.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.config import AnalysisConfig
from formcheck.domain import (
    LANDMARKS,
    Analysis,
    FloatArray,
    PoseSequence,
    Side,
    VideoInfo,
)
from formcheck.errors import RefusedError
from formcheck.pipeline import analyze_pose
from formcheck.synthetic.corrupt import correlated_jitter
from formcheck.validation.score import EventScore, match_events, pooled

PX_PER_M = 350.0
SIZE_PX = (1920, 1080)
TOLERANCE_S = 0.1
EDGE_S = 1.0
"""Events this near to either end of the cut are not scored: their strides are incomplete."""
NAMES = {"toe": "foot_index"}


@dataclass(frozen=True, slots=True)
class Condition:
    """How a trial is degraded: frames per second, and jitter (1 SD, correlated) in metres."""

    rate_hz: float
    jitter_m: float


@dataclass(frozen=True, slots=True, eq=False)
class TrialScore:
    """One trial under one condition; None where the analysis was refused.

    ``contact_time_error_s`` and ``strike_angle_error_deg`` are by side (median of the trial),
    ``speed_ratio`` is found over true belt speed; ``intervals`` holds (low, high, true) by metric.
    """

    trial: str
    condition: Condition
    refused: str | None
    contact: EventScore
    toe_off: EventScore
    contact_time_error_s: Mapping[Side, float]
    strike_angle_error_deg: Mapping[Side, float]
    strikes: Mapping[Side, tuple[str, str]]
    speed_ratio: float
    intervals: tuple[tuple[str, float, float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Markers and truth of one recorded trial; ``xy_m`` (n, n_points, 2), y up."""

    name: str
    time_s: FloatArray
    xy_m: FloatArray
    points: tuple[str, ...]
    speed_mps: float
    contact_s: Mapping[Side, FloatArray]
    toe_off_s: Mapping[Side, FloatArray]
    strike_angle_deg: Mapping[Side, FloatArray]
    lab_strike: Mapping[Side, str]
    cadence_spm: float


def load_trials(folder: Path) -> Iterator[Trial]:
    """Trials of a folder with ``trials.csv`` and one ``.npz`` each, in the table's order."""
    with (folder / "trials.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield _trial(folder / f"{row['trial']}.npz", row)


def _trial(path: Path, row: Mapping[str, str]) -> Trial:
    with np.load(path) as data:
        return Trial(
            name=row["trial"],
            time_s=data["time_s"].astype(np.float64),
            xy_m=data["xy_m"].astype(np.float64),
            points=tuple(str(point) for point in data["points"]),
            speed_mps=float(data["speed_mps"]),
            contact_s={side: data[f"{side}_initial_contact_s"] for side in Side},
            toe_off_s={side: data[f"{side}_toe_off_s"] for side in Side},
            strike_angle_deg={side: data[f"{side}_foot_strike_angle_deg"] for side in Side},
            lab_strike={side: row[f"{side}_lab_strike_index"].lower() for side in Side},
            cadence_spm=float(row["cadence_spm"]),
        )


def marker_pose(
    trial: Trial, condition: Condition, rng: np.random.Generator, *, duration_s: float
) -> tuple[PoseSequence, float]:
    """A trial as a phone to the runner's right would record it, and the trial time it starts at."""
    step = 1.0 / condition.rate_hz
    clock = trial.time_s[0] + rng.uniform(0, step) + np.arange(0, duration_s, step)
    body = np.full((len(clock), len(LANDMARKS), 2), np.nan)
    for column, point in enumerate(trial.points):
        side, part = point.split("_")
        track = CubicSpline(trial.time_s, trial.xy_m[:, column])(clock)
        body[:, LANDMARKS.index(f"{side}_{NAMES.get(part, part)}")] = track
    _add_upper_body(body)
    centre = np.nanmedian(body[:, LANDMARKS.index("left_hip")], axis=0)
    xy_px = (body - centre) * np.array([PX_PER_M, -PX_PER_M]) + np.array(SIZE_PX) / 2
    near = np.array([name.startswith("right") for name in LANDMARKS])
    depth = np.where(near, -0.45, 0.45) * PX_PER_M
    pose = PoseSequence(
        time_s=clock - clock[0],
        xy_px=xy_px,
        depth_px=np.tile(depth, (len(clock), 1)),
        visibility=np.ones(body.shape[:2]),
        video=_video(trial.name, clock, condition.rate_hz),
    )
    noise_px = condition.jitter_m * PX_PER_M
    return correlated_jitter(pose, noise_px, seed=int(rng.integers(2**31))), float(clock[0])


def _add_upper_body(body: FloatArray) -> None:
    """Give the markers a trunk, a head and resting arms, metres from mid-hip."""
    hip = 0.5 * (body[:, LANDMARKS.index("left_hip")] + body[:, LANDMARKS.index("right_hip")])
    offsets = {
        "shoulder": (0.06, 0.50),
        "elbow": (-0.10, 0.22),
        "wrist": (0.10, 0.20),
        "ear": (0.09, 0.70),
        "eye": (0.17, 0.72),
    }
    for column, name in enumerate(LANDMARKS):
        if np.isfinite(body[0, column, 0]):
            continue
        part = next((key for key in offsets if key in name), None)
        forward_up = offsets[part] if part else (0.20, 0.69)
        if any(word in name for word in ("pinky", "index", "thumb")):
            forward_up = (0.15, 0.20)
        body[:, column] = hip + np.array(forward_up)


def _video(name: str, clock: FloatArray, rate_hz: float) -> VideoInfo:
    return VideoInfo(
        path=name,
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        fps=rate_hz,
        n_frames=len(clock),
        duration_s=len(clock) / rate_hz,
        rotation_deg=0,
        time_scale=1.0,
        is_variable_rate=False,
        codec="markers",
        sha256="",
    )


def score_trial(
    trial: Trial, condition: Condition, *, seed: int, duration_s: float = 15.0
) -> TrialScore:
    """Analyse one trial under one condition and compare it with the force plate."""
    rng = np.random.default_rng(seed)
    pose, start = marker_pose(trial, condition, rng, duration_s=duration_s)
    truth = _Truth(trial, start, duration_s)
    try:
        analysis = analyze_pose(pose, AnalysisConfig(speed_kmh=3.6 * trial.speed_mps))
    except RefusedError as refusal:
        return _score(truth, condition, None, str(refusal))
    return _score(truth, condition, analysis, None)


@dataclass(frozen=True, slots=True, eq=False)
class _Truth:
    """Truth of one cut, on the cut's own clock."""

    trial: Trial
    start_s: float
    duration_s: float

    def events(self, table: Mapping[Side, FloatArray], side: Side) -> FloatArray:
        """Events far enough from both ends."""
        times = table[side] - self.start_s
        return times[(times > EDGE_S) & (times < self.duration_s - EDGE_S)]

    def values(self, side: Side) -> dict[str, float]:
        """Medians of what the force plate knows, by metric."""
        contact, toe_off = self.trial.contact_s[side], self.trial.toe_off_s[side]
        after = np.searchsorted(toe_off, contact)
        paired = after < len(toe_off)
        stance = toe_off[after[paired]] - contact[paired]
        return {
            "contact_time_s": float(np.median(stance)),
            "stride_time_s": float(np.median(np.diff(contact))),
            "foot_strike_angle_deg": float(np.median(self.trial.strike_angle_deg[side])),
        }


def _score(
    truth: _Truth, condition: Condition, analysis: Analysis | None, refused: str | None
) -> TrialScore:
    """Compare one analysis (None: refused, everything missed) with its truth."""
    errors = {
        name: {side: _error(truth, analysis, name, side) for side in Side}
        for name in ("contact_time_s", "foot_strike_angle_deg")
    }
    return TrialScore(
        trial=truth.trial.name,
        condition=condition,
        refused=refused,
        contact=pooled([_events(truth, analysis, side, is_contact=True) for side in Side]),
        toe_off=pooled([_events(truth, analysis, side, is_contact=False) for side in Side]),
        contact_time_error_s=errors["contact_time_s"],
        strike_angle_error_deg=errors["foot_strike_angle_deg"],
        strikes={side: (_strike(analysis, side), truth.trial.lab_strike[side]) for side in Side},
        speed_ratio=_speed_ratio(truth, analysis),
        intervals=tuple(_intervals(truth, analysis)),
    )


def _events(
    truth: _Truth, analysis: Analysis | None, side: Side, *, is_contact: bool
) -> EventScore:
    """One side's contacts or toe-offs against the plate's."""
    table = truth.trial.contact_s if is_contact else truth.trial.toe_off_s
    true = truth.events(table, side)
    if analysis is None:
        return match_events(np.empty(0), true, TOLERANCE_S)
    events = analysis.gait.events
    found = (events.initial_contact_s if is_contact else events.toe_off_s)[side]
    edge = EDGE_S - TOLERANCE_S
    found = found[(found > edge) & (found < truth.duration_s - edge)]
    score = match_events(found, true, TOLERANCE_S)
    # Found between the cut for truth and the wider one for found events: neither right nor wrong.
    outside = (found < EDGE_S) | (found > truth.duration_s - EDGE_S)
    spare = min(score.n_extra, int(outside.sum()))
    return replace(score, n_extra=score.n_extra - spare)


def _error(truth: _Truth, analysis: Analysis | None, name: str, side: Side) -> float:
    """Median found minus true; NaN when not measured."""
    summary = analysis.summary(name, side) if analysis else None
    return summary.median - truth.values(side)[name] if summary else float("nan")


def _intervals(
    truth: _Truth, analysis: Analysis | None
) -> Iterator[tuple[str, float, float, float]]:
    """Stated 95 % intervals with the truth they should hold."""
    if analysis is None:
        return
    for side in Side:
        for name, true in truth.values(side).items():
            summary = analysis.summary(name, side)
            if summary:
                yield name, summary.low, summary.high, true
    summary = analysis.summary("cadence_spm", None)
    if summary:
        yield "cadence_spm", summary.low, summary.high, truth.trial.cadence_spm


def _strike(analysis: Analysis | None, side: Side) -> str:
    return str(analysis.foot_strikes[side].strike) if analysis else "undetermined"


def _speed_ratio(truth: _Truth, analysis: Analysis | None) -> float:
    """Ground speed found on the near foot over the belt's; NaN when refused."""
    if analysis is None:
        return float("nan")
    gait = analysis.gait
    found_px = gait.events.ground_speed_ll_s[gait.near_side] * gait.scale.leg_length_px
    return found_px / PX_PER_M / truth.trial.speed_mps

"""Rendered suite: treadmill runners whose every point is known, seen by the real pose model.

A best case (even light, steady camera): it proves correctness, never accuracy on real people.
Angles are compared with the projected points, in two dimensions as the camera has them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.domain import Analysis, FloatArray, Side, StrikeClass
from formcheck.gait.frame import LEG_SHARE
from formcheck.geometry import crossings, hanging_angle_deg
from formcheck.metrics.foot import strike_model
from formcheck.metrics.uncertainty import uncertainties
from formcheck.synthetic.upper_body import SeenBody, arm_values, posture_values
from formcheck.validation.rendered_legs import leg_values
from formcheck.validation.rendered_lengths import Lengths, length_values
from formcheck.validation.rendered_steps import Steps, bounce, step_values
from formcheck.validation.score import EventScore, match_events

EDGE_S = 0.1
"""The movement around a contact that it is told by must be in the clip."""
TOLERANCE_S = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class RenderedTruth:
    """What was rendered; times are seconds of the clip, angles degrees of the projected points."""

    raw: Mapping[str, Any]

    @property
    def near(self) -> Side:
        """The side the camera sees, for side views."""
        return Side(self.raw["view"])

    @property
    def cadence_spm(self) -> float:
        """Steps per minute over the clip."""
        return float(self.raw["gait"]["cadence"])

    @property
    def contact_time_s(self) -> float:
        """Mean contact time of the near foot."""
        return self._near("tc", float(self.raw["tc"]))

    @property
    def strike_deg(self) -> float:
        """Heel-toe line of the near foot at contact against the ground."""
        return self._near("strike", float(self.raw["gait"]["strike"]))

    def _near(self, name: str, asked: float) -> float:
        """What the near side came to; what was asked for where nothing scattered."""
        measured = self.raw.get("measured")
        return float(measured[name][self.near[0]]) if measured else asked

    @property
    def strike(self) -> StrikeClass:
        """Class of the true strike angle."""
        limits = strike_model()
        if self.strike_deg > limits.rearfoot_above_deg:
            return StrikeClass.REARFOOT
        is_forefoot = self.strike_deg < limits.forefoot_below_deg
        return StrikeClass.FOREFOOT if is_forefoot else StrikeClass.MIDFOOT

    @property
    def duration_s(self) -> float:
        """Length of the clip."""
        times = self.times_s
        return float(times[-1] + np.median(np.diff(times)))

    @property
    def times_s(self) -> FloatArray:
        """Time of every frame, ``(n_frames,)``."""
        return np.array([frame["t"] for frame in self.raw["frames"]], dtype=np.float64)

    def events_s(self, kind: str, side: Side) -> FloatArray:
        """All ``contact`` or ``toe_off`` times of a side, also those outside the clip."""
        times = [event[kind] for event in self.raw["events"] if event["side"] == side[0]]
        return np.array(times, dtype=np.float64)

    def seen_events_s(self, kind: str, side: Side) -> FloatArray:
        """Events of stances that lie wholly inside the clip, with a margin."""
        contact, toe_off = (self.events_s(name, side) for name in ("contact", "toe_off"))
        inside = (contact > EDGE_S) & (toe_off < self.duration_s - EDGE_S)
        seen: FloatArray = (contact if kind == "contact" else toe_off)[inside]
        return seen

    def pixel(self, name: str) -> FloatArray:
        """A projected point as it is in the picture, x right and y down, ``(n_frames, 2)``."""
        return np.array([frame["p"][name][3:5] for frame in self.raw["frames"]], dtype=np.float64)

    def point(self, name: str) -> FloatArray:
        """A projected point, forward and up, pixels of a level camera, ``(n_frames, 2)``."""
        frames = self.raw["frames"]
        sign = 1.0 if self.near is Side.RIGHT else -1.0
        xy = self.pixel(name)
        level = (0.0, 0.0, 0.0)  # clips without this entry: a camera that never rolls
        roll_deg = np.array([frame.get("camera", level)[2] for frame in frames])
        turn = np.radians(sign * roll_deg)
        forward, up = (xy * np.array([sign, -1.0])).T
        return np.stack(
            [
                np.cos(turn) * forward - np.sin(turn) * up,
                np.sin(turn) * forward + np.cos(turn) * up,
            ],
            axis=-1,
        )

    def landmark(self, name: str) -> FloatArray:
        """The projected point that a landmark stands for, ``(n_frames, 2)``.

        The middle of the eye stands for its outer corner.
        """
        side, part = name.split("_", 1)
        return self.point(f"{part.removesuffix('_outer')}_{side[0]}")

    def upper_body(self) -> dict[str, float]:
        """Medians of trunk, head and arm over whole strides of the near side."""
        near, body = self.near, SeenBody(self.times_s, self.landmark)
        ahead = self.landmark(f"{near}_ankle")[:, 0] - body.middle("hip")[:, 0]
        contact_s = self.seen_events_s("contact", near)
        moments = (
            contact_s,
            crossings(self.times_s, ahead, 0.0, rising=False),
            self.seen_events_s("toe_off", near),
        )
        values = posture_values(body, near, moments) | arm_values(body, near, contact_s)
        in_pixels = "wrist_travel_leg_lengths"
        values[in_pixels] = values[in_pixels] / self._leg_length(self.point)
        return {name: float(np.nanmedian(found)) for name, found in values.items()} | {
            "arm_leg_frequency_ratio": 1.0
        }

    def shank_angle_deg(self, side: Side) -> float:
        """Median at contact; positive: ankle in front."""
        knee, ankle = (self.point(f"{part}_{side[0]}") for part in ("knee", "ankle"))
        return self._at_contact(hanging_angle_deg(knee, ankle), side)

    def ankle_ahead_of_hip_leg_lengths(self, side: Side) -> float:
        """Median at contact."""
        return self._ahead_of_hip_ll("ankle", side)

    def heel_ahead_of_hip_cm(self, side: Side) -> float:
        """Median at contact."""
        return 100 * self._leg_length(self._in_space) * self._ahead_of_hip_ll("heel", side)

    def _ahead_of_hip_ll(self, part: str, side: Side) -> float:
        hip, point = (self.point(f"{each}_{side[0]}") for each in ("hip", part))
        ahead = (point - hip)[:, 0] / self._leg_length(self.point)
        return self._at_contact(ahead, side)

    def steps(self) -> Steps:
        """Both feet's stances and the bounce of the hips."""
        hip = 0.5 * (self.point("hip_l") + self.point("hip_r"))
        return Steps(
            self.near,
            self.times_s,
            hip[:, 1] / self._leg_length(self.point),
            {side: self.seen_events_s("contact", side) for side in Side},
            {side: self.seen_events_s("toe_off", side) for side in Side},
            self.speed_mps / self._leg_length(self._in_space),
        )

    def _in_space(self, name: str) -> FloatArray:
        """A point in metres, ``(n_frames, 3)``."""
        return np.array([frame["p"][name][:3] for frame in self.raw["frames"]], dtype=np.float64)

    def _leg_length(self, point: Callable[[str], FloatArray]) -> float:
        """Near leg length as ``formcheck.gait.frame`` has it, in the unit of the points."""
        hip, knee, ankle = (point(f"{part}_{self.near[0]}") for part in ("hip", "knee", "ankle"))
        bones = np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)
        return float(np.percentile(bones, 95)) / LEG_SHARE

    def _at_contact(self, values: FloatArray, side: Side) -> float:
        contacts = self.seen_events_s("contact", side)
        return float(np.median(np.interp(contacts, self.times_s, values)))

    @property
    def height_m(self) -> float:
        """Height of the runner."""
        return float(self.raw.get("runner", self.raw["gait"])["height"])

    @property
    def speed_mps(self) -> float:
        """Speed of the belt."""
        return float(self.raw["gait"]["speed"])

    def values(self) -> dict[str, float]:
        """True values of the near side by metric."""
        near = self.near
        known = {
            "cadence_spm": self.cadence_spm,
            "stride_time_s": 120.0 / self.cadence_spm,
            "contact_time_s": self.contact_time_s,
            "foot_strike_angle_deg": self.strike_deg,
            "shank_angle_deg": self.shank_angle_deg(near),
            "heel_ahead_of_hip_cm": self.heel_ahead_of_hip_cm(near),
            "ankle_ahead_of_hip_leg_lengths": self.ankle_ahead_of_hip_leg_lengths(near),
            **leg_values(
                self.point,
                near,
                self.times_s,
                self.seen_events_s("contact", near),
                self.seen_events_s("toe_off", near),
            ),
            **self.upper_body(),
            **step_values(self.steps()),
        }
        return known | length_values(known, self._lengths())

    def _lengths(self) -> Lengths:
        """Metres; height is the second coordinate of the points in space."""
        hip = 0.5 * (self._in_space("hip_l") + self._in_space("hip_r"))
        steps = self.steps()
        return Lengths(
            self.speed_mps,
            self.height_m,
            self._leg_length(self._in_space),
            bounce(replace(steps, hip_height_ll=hip[:, 1])),
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric of one clip: measured median and interval (NaN: none) and the truth."""

    metric: str
    measured: float
    low: float
    high: float
    true: float


@dataclass(frozen=True, slots=True, eq=False)
class RenderedScore:
    """One clip, near side."""

    clip: str
    fps: float
    contact: EventScore
    toe_off: EventScore
    values: tuple[Compared, ...]
    strike: tuple[str, str]


@lru_cache(maxsize=2)  # a clip is scored several ways in a row
def load_truth(clip: Path) -> RenderedTruth:
    """Truth kept beside a rendered clip."""
    with gzip.open(clip.with_suffix(".truth.json.gz"), "rt", encoding="utf-8") as file:
        return RenderedTruth(json.load(file))


def side_clips(*folders: Path) -> Iterator[Path]:
    """Rendered side-view clips of some folders that have their truth beside them."""
    return (clip for clip, truth in truths_in(*folders) if truth.raw["view"] in set(Side))


def truths_in(*folders: Path) -> Iterator[tuple[Path, RenderedTruth]]:
    """Rendered clips of some folders with their truth."""
    for folder in folders:
        for clip in sorted(folder.glob("*.mp4")):
            if clip.with_suffix(".truth.json.gz").exists():
                yield clip, load_truth(clip)


def score_rendered(clip: Path, analysis: Analysis) -> RenderedScore:
    """Compare the analysis of a rendered clip with its truth."""
    truth = load_truth(clip)
    near, events = truth.near, analysis.gait.events
    found = {"contact": events.initial_contact_s[near], "toe_off": events.toe_off_s[near]}
    contact, toe_off = (_events(truth, kind, found[kind]) for kind in ("contact", "toe_off"))
    return RenderedScore(
        clip=clip.stem,
        fps=analysis.video.fps,
        contact=contact,
        toe_off=toe_off,
        values=compare_values(analysis, near, truth.values()),
        strike=(str(analysis.foot_strikes[near].strike), str(truth.strike)),
    )


def _events(truth: RenderedTruth, kind: str, found: FloatArray) -> EventScore:
    """Found against true; found events of half-seen stances are neither right nor extra."""
    whole = truth.seen_events_s(kind, truth.near)
    others = np.setdiff1d(truth.events_s(kind, truth.near), whole)
    known = found[np.isfinite(found)]
    near_other = np.array([np.min(np.abs(others - time), initial=np.inf) for time in known])
    return match_events(known[near_other > TOLERANCE_S], whole, TOLERANCE_S)


def compare_values(
    analysis: Analysis, near: Side, true: Mapping[str, float]
) -> tuple[Compared, ...]:
    """True values of the whole body or the near side beside those measured."""
    return tuple(_compared(analysis, near, *item) for item in true.items())


def _compared(analysis: Analysis, near: Side, metric: str, true: float) -> Compared:
    """One metric's summary beside its truth, seen with the pose model's own zero."""
    true += uncertainties()[metric].zero
    summary = analysis.summary(metric, None) or analysis.summary(metric, near)
    if summary is None:
        return Compared(metric, float("nan"), float("nan"), float("nan"), true)
    return Compared(metric, summary.median, summary.low, summary.high, true)

"""Rendered runners: what is true of them, and their analysis, made once per test run."""

from __future__ import annotations

import functools
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from formcheck import AnalysisConfig, analyze_video
from formcheck.domain import Analysis, FloatArray, Side

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_videos"
SHARED = ROOT.parent / "shared"
SHARED_RENDERED = SHARED / "synthetic" / "clips"

UPRIGHT = SAMPLES / "treadmill_side_right.mp4"
OVERSTRIDE = SAMPLES / "treadmill_overstride.mp4"

EDGE_S = 0.1  # the movement around a contact that it is told by


@dataclass(frozen=True)
class Truth:
    """What was rendered; times are seconds of the clip, angles of the projected points."""

    raw: dict[str, Any]

    @property
    def near(self) -> Side:
        """The side the camera sees."""
        return Side(self.raw["view"])

    @property
    def forward(self) -> int:
        """+1 when running towards the right edge of the picture."""
        return 1 if self.near is Side.RIGHT else -1

    @property
    def cadence_spm(self) -> float:
        return float(self.raw["gait"]["cadence"])

    @property
    def contact_time_s(self) -> float:
        return float(self.raw["tc"])

    @property
    def strike_deg(self) -> float:
        return float(self.raw["gait"]["strike"])

    @property
    def duration_s(self) -> float:
        return len(self.raw["frames"]) / float(self.raw["fps"])

    def contacts_s(self, side: Side) -> FloatArray:
        """Initial contacts, also those before the first and after the last frame."""
        return np.array([e["contact"] for e in self.raw["events"] if e["side"] == side[0]])

    def whole_contacts_s(self, side: Side) -> FloatArray:
        """Initial contacts seen from ``EDGE_S`` before the foot lands until it has left again."""
        times = self.contacts_s(side)
        last_s = self.duration_s - self.contact_time_s - EDGE_S
        inside: FloatArray = times[(times > EDGE_S) & (times < last_s)]
        return inside

    def track_px(self, point: str) -> FloatArray:
        """Forward and up, pixels, ``(n_frames, 2)``."""
        xy = np.array([frame["p"][point][3:5] for frame in self.raw["frames"]], dtype=float)
        return xy * (self.forward, -1)

    def trunk_lean_deg(self) -> float:
        """Mean over the clip, mid-hip to mid-shoulder, forward positive."""
        shoulder = self.track_px("shoulder_l") + self.track_px("shoulder_r")
        hip = self.track_px("hip_l") + self.track_px("hip_r")
        forward, up = (shoulder - hip).T
        return float(np.degrees(np.arctan2(forward, up)).mean())

    def elbow_flexion_deg(self, side: Side) -> float:
        """Mean over the clip, 0 for a straight arm."""
        shoulder, elbow, wrist = (
            self.track_px(f"{part}_{side[0]}") for part in ("shoulder", "elbow", "wrist")
        )
        upper, lower = elbow - shoulder, wrist - elbow
        lengths = np.hypot(*upper.T) * np.hypot(*lower.T)
        return float(np.degrees(np.arccos((upper * lower).sum(axis=1) / lengths)).mean())


def truth_of(clip: Path) -> Truth:
    """What was rendered into a clip."""
    with gzip.open(clip.with_suffix(".truth.json.gz"), "rt", encoding="utf-8") as file:
        return Truth(json.load(file))


@functools.cache
def analysis_of(clip: Path) -> Analysis:
    """The analysis of a rendered clip with the default settings and its true speed."""
    speed_kmh = 3.6 * float(truth_of(clip).raw["gait"]["speed"])
    return analyze_video(clip, AnalysisConfig(speed_kmh=speed_kmh))

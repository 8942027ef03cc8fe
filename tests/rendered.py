"""Rendered runners: what is true of them, and their analysis, made once per test run."""

from __future__ import annotations

import functools
from pathlib import Path

from formcheck import AnalysisConfig, analyze_video
from formcheck.domain import Analysis
from formcheck.validation.rendered import load_truth

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_videos"
SHARED = ROOT.parent / "shared"
SHARED_RENDERED = SHARED / "synthetic" / "clips"

UPRIGHT = SAMPLES / "treadmill_side_right.mp4"
OVERSTRIDE = SAMPLES / "treadmill_overstride.mp4"

truth_of = load_truth


@functools.cache
def analysis_of(clip: Path) -> Analysis:
    """The analysis of a rendered clip with the default settings and its true speed."""
    speed_kmh = 3.6 * float(truth_of(clip).raw["gait"]["speed"])
    return analyze_video(clip, AnalysisConfig(speed_kmh=speed_kmh))

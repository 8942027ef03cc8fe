"""Rendered runners: what is true of them, and their analysis, made once per test process.

Their poses are kept as ``formcheck.cache`` keeps them, so that every test process, and the next
test run until the code of the pose stage changes, finds them.
"""

from __future__ import annotations

import fcntl
import functools
from pathlib import Path

from formcheck import AnalysisConfig, analyze_pose
from formcheck.cache import default_cache
from formcheck.domain import Analysis, PoseSequence
from formcheck.validation.poses import cached_pose
from formcheck.validation.rendered import load_truth

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_videos"
SHARED = ROOT.parent / "shared"
SHARED_RENDERED = SHARED / "synthetic" / "clips"

UPRIGHT = SAMPLES / "treadmill_side_right.mp4"
OVERSTRIDE = SAMPLES / "treadmill_overstride.mp4"

truth_of = load_truth


@functools.cache
def pose_of(clip: Path) -> PoseSequence:
    """The pose in a rendered clip; of several test processes one estimates and the others wait."""
    folder = default_cache().folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{clip.stem}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cached_pose(clip, AnalysisConfig())


@functools.cache
def analysis_of(clip: Path) -> Analysis:
    """The analysis of a rendered clip with the default settings and its true speed."""
    speed_kmh = 3.6 * float(truth_of(clip).raw["gait"]["speed"])
    return analyze_pose(pose_of(clip), AnalysisConfig(speed_kmh=speed_kmh))

"""Elbows of phone clips against hand labels.

How the labels were made stands beside the data in ``tests/validation/hand_labels/arms/README.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.config import AnalysisConfig
from formcheck.domain import Analysis, FloatArray, Side
from formcheck.gait.angles import elbow_flexion_deg
from formcheck.geometry import flexion_deg
from formcheck.pipeline import analyze_pose
from formcheck.validation.poses import cached_pose
from formcheck.validation.tables import SuiteResult, Table

JOINTS = ("shoulder", "elbow", "wrist")


@dataclass(frozen=True, slots=True, eq=False)
class ArmLabels:
    """The near arm in the labelled frames of a clip: times, ``(n,)``, and elbows, ``(n,)``."""

    time_s: FloatArray
    flexion_deg: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ArmScore:
    """Found less labelled flexion, ``(n,)``, and the clip's interval against the labels' mean."""

    error_deg: FloatArray
    labelled_deg: float
    found_deg: float
    low_deg: float
    high_deg: float


def load_arm_labels(path: Path) -> ArmLabels:
    """The labelled frames of one clip.

    Raises KeyError for a missing column and ValueError for a cell that is no number.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points = [np.array([[float(row[f"{j}_{a}"]) for a in "xy"] for row in rows]) for j in JOINTS]
    return ArmLabels(np.array([float(row["time_s"]) for row in rows]), flexion_deg(*points))


def score_arms(analysis: Analysis, labels: ArmLabels) -> ArmScore:
    """Compare the near elbow in every labelled frame, and over the clip.

    Raises ValueError when the near side or its elbow was not measured.
    """
    side = analysis.gait.near_side
    summary = analysis.summary("elbow_flexion_deg", side)
    if summary is None:
        raise ValueError("the near elbow of a labelled clip was not measured")
    error = _near_elbow_deg(analysis, side, labels.time_s) - labels.flexion_deg
    labelled = float(np.mean(labels.flexion_deg))
    return ArmScore(error, labelled, summary.median, summary.low, summary.high)


def _near_elbow_deg(analysis: Analysis, side: Side, video_s: FloatArray) -> FloatArray:
    """Elbow at times of the file, ``(n,)``; NaN where the arm was masked."""
    gait = analysis.gait
    real_s = video_s / gait.time_base.scale
    found: FloatArray = np.interp(
        real_s, gait.motion.time_s, elbow_flexion_deg(gait.motion, side), np.nan, np.nan
    )
    return found


def arm_suite(labels: Path, clips: Path) -> SuiteResult:
    """Score the clips that lie beside the project, under a number each."""
    title = "Elbows of phone clips"
    scores = list(_scores(labels, clips))
    if not scores:
        return SuiteResult(title, "", absent="the labelled clips are not on this machine")
    off = np.array([score.found_deg - score.labelled_deg for score in scores])
    held = [score.low_deg <= score.labelled_deg <= score.high_deg for score in scores]
    return SuiteResult(
        title,
        "Near shoulder, elbow and wrist were marked by hand in a few frames of each clip, drawn by "
        "lot, without seeing the landmarks. Elbow flexion, found less labelled.",
        (Table("Near elbow", HEAD, tuple(_cells(k, s) for k, s in enumerate(scores, start=1))),),
        {
            "arms/labels/bias_deg": float(off.mean()),
            "arms/labels/worst_deg": float(np.abs(off).max()),
            "arms/labels/held": float(np.mean(held)),
        },
    )


HEAD = ("clip", "frames", "in them, deg", "clip: labelled", "clip: found", "95 % interval")


def _scores(labels: Path, clips: Path) -> Iterator[ArmScore]:
    for file in sorted(labels.glob("*.csv")):
        clip = clips / f"{file.stem}.mp4"
        if clip.exists():
            config = AnalysisConfig()
            yield score_arms(analyze_pose(cached_pose(clip, config), config), load_arm_labels(file))


def _cells(index: int, score: ArmScore) -> tuple[str, ...]:
    known = score.error_deg[np.isfinite(score.error_deg)]
    return (
        f"clip {index}",
        f"{len(known)} of {len(score.error_deg)}",
        f"{known.mean():+.1f} ± {known.std(ddof=1):.1f}",
        f"{score.labelled_deg:.0f}",
        f"{score.found_deg:.0f}",
        f"{score.low_deg:.0f} to {score.high_deg:.0f}",
    )

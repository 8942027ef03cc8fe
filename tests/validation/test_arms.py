"""Elbows against hand labels: the score itself, and what is reached on phone clips."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import FloatArray, Side
from formcheck.validation.arms import JOINTS, load_arm_labels, score_arms
from tests.synthetic.made import analysis, record

SHARED = Path(__file__).parents[3] / "shared"
LABELS = Path(__file__).parent / "hand_labels" / "arms"


def labelled(path: Path, frames: list[int], shift_px: FloatArray) -> Path:
    """Labels where the record has its near arm, the wrist moved."""
    pose, _ = record()
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["frame", "time_s", *(f"{j}_{a}" for j in JOINTS for a in "xy")])
        for frame in frames:
            points = [pose.xy_px[frame, pose.index(f"{Side.RIGHT}_{joint}")] for joint in JOINTS]
            points[-1] = points[-1] + shift_px
            table.writerow([frame, pose.time_s[frame], *np.concatenate(points)])
    return path


def test_labels_on_the_very_joints_find_no_error_and_moved_ones_do(tmp_path: Path) -> None:
    frames = [100, 160, 220]
    exact = load_arm_labels(labelled(tmp_path / "exact.csv", frames, np.zeros(2)))
    assert score_arms(analysis(), exact).error_deg == pytest.approx(np.zeros(3), abs=1.0)
    # A wrist that hangs lower is an arm less bent.
    low = load_arm_labels(labelled(tmp_path / "low.csv", frames, np.array([0.0, 30.0])))
    assert (score_arms(analysis(), low).error_deg > 5.0).all()


def test_a_clip_is_compared_with_the_mean_of_its_labels(tmp_path: Path) -> None:
    labels = load_arm_labels(labelled(tmp_path / "exact.csv", [100, 160], np.zeros(2)))
    score = score_arms(analysis(), labels)
    assert score.labelled_deg == pytest.approx(float(np.mean(labels.flexion_deg)))
    assert score.low_deg < score.found_deg < score.high_deg


@pytest.mark.parametrize("path", sorted(LABELS.glob("*.csv")), ids=lambda path: path.stem)
def test_labelled_arms_bend_as_arms_do(path: Path) -> None:
    labels = load_arm_labels(path)
    assert len(labels.time_s) >= 5
    assert (np.diff(labels.time_s) > 0).all()
    assert ((labels.flexion_deg > 40) & (labels.flexion_deg < 150)).all()

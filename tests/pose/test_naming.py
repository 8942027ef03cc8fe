"""Mirrored clips and labels that are exchanged for a whole clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.config import AnalysisConfig
from formcheck.domain import LANDMARKS, PoseSequence, Side, Summary
from formcheck.pipeline import analyze_pose
from formcheck.pose.sides import SideParams, resolve_sides
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import record

OTHER = [
    LANDMARKS.index(
        name.replace("left", "right") if "left" in name else name.replace("right", "left")
    )
    for name in LANDMARKS
]


def renamed(pose: PoseSequence) -> PoseSequence:
    """All labels of the clip exchanged, as by a model that takes the runner for facing away."""
    return replace(
        pose,
        xy_px=pose.xy_px[:, OTHER],
        depth_px=pose.depth_px[:, OTHER],
        visibility=pose.visibility[:, OTHER],
    )


def flipped(pose: PoseSequence) -> PoseSequence:
    """The clip flipped left to right, as the model sees it: it names what it sees."""
    xy = pose.xy_px * np.array([-1.0, 1.0]) + np.array([pose.video.width_px, 0.0])
    return renamed(replace(pose, xy_px=xy))


def spoilt(seed: int = 4) -> PoseSequence:
    clean, _ = record(RunnerSpec(variability=1.0, contact_asymmetry=0.1))
    jittered = corrupt.correlated_jitter(clean, 0.008 * Camera().px_per_m, seed=seed)
    return corrupt.swap_legs(jittered, 0.10, seed=seed)[0]


def test_a_flipped_clip_gives_the_same_numbers_with_sides_exchanged() -> None:
    pose = spoilt()
    plain, mirror = (analyze_pose(each, AnalysisConfig()) for each in (pose, flipped(pose)))
    assert mirror.gait.near_side is plain.gait.near_side.other
    compared = 0
    for one, two in zip(plain.measurements, mirror.measurements, strict=True):
        for side, summary in one.summaries.items():
            twin = two.summaries[None if side is None else side.other]
            wanted = values(summary)
            if "symmetry" in one.metric:  # left less right
                wanted = (-wanted[0], -wanted[2], -wanted[1])
            assert values(twin) == pytest.approx(wanted, rel=1e-6, abs=1e-6), one.metric
            compared += 1
    assert compared > 10
    assert not mirror.tracking.notes


def values(summary: Summary) -> tuple[float, float, float]:
    return summary.median, summary.low, summary.high


def test_labels_exchanged_for_the_whole_clip_are_put_right_and_noted() -> None:
    pose = spoilt()
    wanted, _ = resolve_sides(pose, SideParams())
    repaired, report = resolve_sides(renamed(pose), SideParams())
    assert np.array_equal(repaired.xy_px, wanted.xy_px, equal_nan=True)
    assert [note.code for note in report.notes] == ["sides_renamed"]
    assert "legs and arms and trunk" in report.notes[0].seen


def test_a_clip_mirrored_after_the_model_keeps_the_geometry() -> None:
    pose = spoilt()
    xy = pose.xy_px * np.array([-1.0, 1.0]) + np.array([pose.video.width_px, 0.0])
    analysis = analyze_pose(replace(pose, xy_px=xy), AnalysisConfig())
    assert analysis.gait.near_side is Side.LEFT
    assert "sides_renamed" in [reason.code for reason in analysis.reasons]


def test_legs_alone_exchanged_for_the_whole_clip_are_put_right_alone() -> None:
    pose = spoilt()
    wanted, _ = resolve_sides(pose, SideParams())
    legs = [
        i
        for i, name in enumerate(LANDMARKS)
        if any(p in name for p in ("knee", "ankle", "heel", "foot"))
    ]
    order = np.arange(len(LANDMARKS))
    order[legs] = np.array(OTHER)[legs]
    changed = replace(
        pose,
        xy_px=pose.xy_px[:, order],
        depth_px=pose.depth_px[:, order],
        visibility=pose.visibility[:, order],
    )
    repaired, report = resolve_sides(changed, SideParams())
    assert np.array_equal(repaired.xy_px, wanted.xy_px, equal_nan=True)
    assert "of the legs were" in report.notes[0].seen

"""Right, wrong or masked: the score of drawn legs, and what the repair reaches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import Side
from formcheck.synthetic import corrupt
from formcheck.validation.hand_labels import LegLabel, LegSeen
from formcheck.validation.legs import LegCount, score_labels, total
from tests.synthetic.made import record

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
LABELS = Path(__file__).parent / "hand_labels" / "legs"


def label(frame: int, left: LegSeen, right: LegSeen) -> LegLabel:
    """A label given to what the model drew in the clean record, which faces right."""
    pose, _ = record()
    left_px, right_px = (
        pose.xy_px[frame, [pose.index(f"{side}_{part}") for part in ("knee", "ankle")]]
        for side in Side
    )
    return LegLabel(frame, float(pose.time_s[frame]), left, right, False, left_px, right_px)


def test_a_leg_is_right_on_its_own_leg_and_wrong_on_another_or_none() -> None:
    pose, _ = record()
    labels = [
        label(10, LegSeen.FAR, LegSeen.NEAR),
        label(11, LegSeen.NEAR, LegSeen.FAR),
        label(12, LegSeen.NONE, LegSeen.NEAR),
        label(13, LegSeen.FAR, LegSeen.UNCLEAR),
    ]
    counts = score_labels(labels, pose, pose, Side.RIGHT)
    assert counts["near"] == LegCount(right=2, wrong=1)
    assert counts["far"] == LegCount(right=2, wrong=2)


def test_a_repaired_exchange_is_right_and_a_masked_leg_neither() -> None:
    pose, _ = record()
    swapped, _ = corrupt.swap_legs(pose, 1.0, seed=0)
    labels = [label(10, LegSeen.NEAR, LegSeen.FAR)]
    assert score_labels(labels, pose, swapped, Side.RIGHT) == {
        "near": LegCount(right=1),
        "far": LegCount(right=1),
    }
    xy = np.array(pose.xy_px)
    xy[10, pose.index("right_ankle")] = np.nan
    counts = score_labels(labels, pose, replace(pose, xy_px=xy), Side.RIGHT)
    assert counts == {"near": LegCount(masked=1), "far": LegCount(wrong=1)}


@pytest.mark.parametrize(
    ("shift", "outcome"),
    [(0.2, LegCount(right=1)), (0.45, LegCount()), (0.8, LegCount(wrong=1))],
)
def test_a_leg_drawn_elsewhere_than_when_it_was_labelled_is_judged_by_its_place(
    shift: float, outcome: LegCount
) -> None:
    pose, _ = record()
    seen = label(10, LegSeen.FAR, LegSeen.NEAR)
    shank_px = float(np.hypot(*(seen.right_px[0] - seen.right_px[1])))
    moved = replace(pose, xy_px=pose.xy_px + np.array([0.0, shift * shank_px]))
    assert score_labels([seen], moved, moved, Side.RIGHT)["near"] == outcome


def test_a_leg_drawn_elsewhere_says_nothing_when_none_was_on_the_wanted_one() -> None:
    pose, _ = record()
    moved = replace(pose, xy_px=pose.xy_px + 5.0)
    seen = label(10, LegSeen.NONE, LegSeen.NONE)
    assert total(score_labels([seen], moved, moved, Side.RIGHT).values()).n == 0

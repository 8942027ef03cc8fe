"""Gates on hand-labelled phone clips; in one file, so that the poses are estimated once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from formcheck.validation.arms import arm_suite
from formcheck.validation.gates import GATES
from formcheck.validation.leg_suite import leg_suite

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
LABELS = Path(__file__).parent / "hand_labels"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.mediapipe,
    pytest.mark.skipif(
        not (SHARED / "videos" / "labels.csv").exists(),
        reason="the labelled clips are not beside the project",
    ),
]


def broken(suite: str, facts: Mapping[str, float]) -> list[str]:
    """Gates of a suite that do not hold."""
    gates = [gate for gate in GATES if gate.fact.startswith(f"{suite}/")]
    assert gates
    return [
        f"{gate.says}: {facts[gate.fact]:.4g}" for gate in gates if not gate.holds(facts[gate.fact])
    ]


def test_legs_of_phone_and_rendered_clips_stay_told_apart() -> None:
    """Of rendered clips those that come along; ``make validation`` looks at all."""
    folders = (ROOT / "sample_videos",)
    assert broken("legs", leg_suite(LABELS / "legs", SHARED / "videos", folders).facts) == []


def test_elbows_of_phone_clips_stay_as_near_to_their_labels() -> None:
    assert broken("arms", arm_suite(LABELS / "arms", SHARED / "videos").facts) == []

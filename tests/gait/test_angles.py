"""Angles over time that need more than three points of one picture."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, Side
from formcheck.gait.angles import elbow_flexion_deg
from tests.metrics.made import motion_of

ELBOW = (0.0, 1.20)
FOREARM = 0.28
BENT_DEG = 60.0


def flexion_when_turned_deg(most_deg: float) -> FloatArray:
    """Flexion found of an elbow bent by 60 degrees whose forearm turns out of the picture."""
    swing = np.linspace(0, 6 * np.pi, len(motion_of({}).time_s))
    turn = np.radians(most_deg) * np.sin(swing) ** 2
    bent = np.radians(BENT_DEG)
    wrist = np.stack([np.sin(bent) * np.cos(turn), -np.full_like(turn, np.cos(bent))], axis=-1)
    motion = motion_of({"elbow": ELBOW, "wrist": np.array(ELBOW) + FOREARM * wrist})
    return elbow_flexion_deg(motion, Side.RIGHT)


def test_a_forearm_that_points_away_from_the_camera_leaves_the_elbow_bent() -> None:
    found = flexion_when_turned_deg(70.0)
    in_the_picture = np.degrees(np.arctan(np.tan(np.radians(BENT_DEG)) * np.cos(np.radians(70.0))))
    assert in_the_picture < 31.0
    assert found.min() > BENT_DEG - 8.0
    assert found.max() == pytest.approx(BENT_DEG, abs=1.0)


def test_a_forearm_hardly_turned_is_read_as_the_picture_has_it() -> None:
    found = flexion_when_turned_deg(15.0)
    least = np.degrees(np.arctan(np.tan(np.radians(BENT_DEG)) * np.cos(np.radians(15.0))))
    assert found.min() == pytest.approx(least, abs=0.1)

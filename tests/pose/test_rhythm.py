"""The rhythm of a clip."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, PoseSequence, Side
from formcheck.pose.rhythm import stride_rhythm
from formcheck.synthetic import RunnerSpec
from tests.synthetic.made import record


def ankle_gap(pose: PoseSequence) -> FloatArray:
    gap: FloatArray = pose.track_px("left_ankle")[:, 0] - pose.track_px("right_ankle")[:, 0]
    return gap


@pytest.mark.parametrize("speed", [2.0, 3.5, 5.5])
@pytest.mark.parametrize("fps", [24.0, 60.0, 240.0])
def test_the_rhythm_is_that_of_the_strides(speed: float, fps: float) -> None:
    pose, truth = record(RunnerSpec(speed_mps=speed), fps=fps)
    rhythm = stride_rhythm(pose.time_s, ankle_gap(pose))
    assert rhythm is not None
    assert 1 / rhythm[0] == pytest.approx(truth.value("stride_time_s", Side.LEFT), rel=0.01)
    assert rhythm[1] > 0.9


@pytest.mark.parametrize("known", [0, 15])
def test_too_few_frames_have_no_rhythm(known: int) -> None:
    gap = np.full(600, np.nan)
    gap[:known] = np.sin(np.arange(known))
    assert stride_rhythm(np.arange(600) / 60, gap) is None


def test_ankles_that_never_move_have_no_rhythm() -> None:
    assert stride_rhythm(np.arange(600) / 60, np.zeros(600)) is None

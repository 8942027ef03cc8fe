"""Head and shoulders of a body in a known pose."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.metrics import head, measure
from formcheck.reasons import reason
from tests.metrics.made import N_STRIDES, at_angle, gait_of


@pytest.mark.parametrize("pitch", [-20.0, 0.0, 15.0])
def test_head_pitch_is_positive_looking_up(pitch: float) -> None:
    up, forward = at_angle(pitch, 0.08)
    values = head.head_pitch_deg(gait_of({"eye_outer": (0.05 + forward, 1.78 + up)}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, pitch))


@pytest.mark.parametrize(("lean", "neck"), [(0.0, 10.0), (12.0, 25.0), (12.0, 0.0)])
def test_the_neck_is_measured_from_the_trunk_line(lean: float, neck: float) -> None:
    shoulder = np.array([0.0, 1.0]) + at_angle(lean, 0.55)
    ear = shoulder + at_angle(lean + neck, 0.23)
    values = head.neck_forward_deg(gait_of({"shoulder": tuple(shoulder), "ear": tuple(ear)}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, neck))


@pytest.mark.parametrize("lean", [0.0, 15.0])
@pytest.mark.parametrize("ratio", [0.3, 0.45])
def test_the_shoulder_ratio_is_taken_along_the_trunk(lean: float, ratio: float) -> None:
    shoulder = np.array([0.0, 1.0]) + at_angle(lean, 0.55)
    across = np.array(at_angle(lean + 90.0, 0.1))
    ear = shoulder + at_angle(lean, ratio * 0.55) + across
    values = head.shoulder_ratio(gait_of({"shoulder": tuple(shoulder), "ear": tuple(ear)}))
    assert values == pytest.approx(np.full(2 * N_STRIDES, ratio))


def test_a_hidden_head_silences_head_and_nothing_else() -> None:
    hidden = {"head": reason("head_hidden", side="right", missing_share=0.4)}
    measured = {m.metric: m for m in measure(gait_of(withheld=hidden))}
    assert measured["head_pitch_deg"].not_measured == hidden["head"].seen
    assert measured["shoulder_ratio"].summaries
    assert measured["trunk_lean_deg"].summaries

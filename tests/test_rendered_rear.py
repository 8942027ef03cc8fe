"""The whole way from a clip filmed from behind to what is read there, on rendered runners.

A rendered body is the best case: these tests prove the arithmetic, not accuracy on real people.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis, ClipVerdict, View
from formcheck.validation.rendered_rear import RearScore, score_rear
from tests.rendered import SAMPLES, pose_of, truth_of

PARALLEL = SAMPLES / "treadmill_rear.mp4"
CROSSED = SAMPLES / "treadmill_rear_crossover.mp4"
CLIPS = [
    pytest.param(clip, marks=pytest.mark.mediapipe, id=clip.stem) for clip in (PARALLEL, CROSSED)
]


@functools.cache
def analysis_of(clip: Path) -> Analysis:
    truth = truth_of(clip)
    speed_kmh = 3.6 * float(truth.raw["gait"]["speed"])
    config = AnalysisConfig(speed_kmh=speed_kmh, height_cm=100 * truth.height_m)
    return analyze_pose(pose_of(clip), config)


def score_of(clip: Path) -> RearScore:
    return score_rear(clip, analysis_of(clip))


@pytest.mark.parametrize("clip", CLIPS)
def test_the_view_is_told_and_only_a_note_is_left(clip: Path) -> None:
    result = analysis_of(clip)
    assert result.gait.view.view is View.REAR
    assert result.verdict is ClipVerdict.ANALYSED
    assert [reason.code for reason in result.reasons] == ["from_behind"]


@pytest.mark.parametrize("clip", CLIPS)
def test_every_contact_is_found_under_its_own_foot_and_none_is_invented(clip: Path) -> None:
    contact = score_of(clip).contact
    assert (contact.n_missed, contact.n_extra) == (0, 0)
    # Crossed feet hide each other, the hips are drawn worse: 27 ms late, 12 with parallel feet.
    assert abs(contact.bias_s) < 0.035
    assert contact.sd_s < 0.015


@pytest.mark.parametrize("clip", CLIPS)
def test_every_interval_from_behind_holds_the_truth(clip: Path) -> None:
    score = score_of(clip)
    for value in (score.cadence, *score.values):
        assert np.isfinite(value.measured), value.metric
        assert value.low <= value.true <= value.high, value.metric


@pytest.mark.parametrize("clip", CLIPS)
def test_cadence_is_within_half_a_step_per_minute(clip: Path) -> None:
    cadence = score_of(clip).cadence
    assert cadence.measured == pytest.approx(cadence.true, abs=0.5)


@pytest.mark.mediapipe
def test_a_runner_who_crosses_over_is_told_from_one_who_does_not() -> None:
    def of(clip: Path) -> dict[str, float]:
        values = score_of(clip).values
        return {metric: min(v.measured for v in values if v.metric == metric) for metric in WORSE}

    parallel, crossed = of(PARALLEL), of(CROSSED)
    assert crossed["step_width_cm"] < 0 < parallel["step_width_cm"]
    assert crossed["knee_window"] < parallel["knee_window"]
    for metric in ("pelvic_drop_deg", "thigh_adduction_deg", "trunk_side_range_deg"):
        assert crossed[metric] > parallel[metric]


WORSE = (
    "step_width_cm", "knee_window", "pelvic_drop_deg", "thigh_adduction_deg",
    "trunk_side_range_deg",
)  # fmt: skip


@pytest.mark.mediapipe
def test_a_runner_without_anything_to_find_has_no_finding() -> None:
    assert not any(finding.fires for finding in analysis_of(PARALLEL).findings)

"""The whole way from file to measurement, held against rendered runners.

A rendered body is the best case: these tests prove the arithmetic, not accuracy on real people.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import Side
from formcheck.validation.rendered import RenderedTruth
from tests.rendered import OVERSTRIDE, SAMPLES, SHARED_RENDERED, UPRIGHT, analysis_of, truth_of

FOREFOOT = SHARED_RENDERED / "side_left_forefoot.mp4"
MIDFOOT_30_FPS = SHARED_RENDERED / "side_right_portrait30.mp4"
ARMS_LATE = SAMPLES / "treadmill_arms_out_of_time.mp4"
LANDING_S = 0.1  # what a contact at the very end of a clip is told by
MATCH_S = 0.05


def needs_shared(clip: Path) -> Path:
    if not clip.is_file():
        pytest.skip(f"{clip.name} is kept beside the project and is not here")
    return clip


@pytest.fixture(
    params=[
        pytest.param(UPRIGHT, marks=pytest.mark.mediapipe),
        pytest.param(OVERSTRIDE, marks=pytest.mark.mediapipe),
        pytest.param(FOREFOOT, marks=(pytest.mark.mediapipe, pytest.mark.shared)),
        pytest.param(MIDFOOT_30_FPS, marks=(pytest.mark.mediapipe, pytest.mark.shared)),
    ],
    ids=lambda clip: clip.stem,
)
def clip(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return needs_shared(path)


@pytest.fixture
def truth(clip: Path) -> RenderedTruth:
    return truth_of(clip)


def median_of(clip: Path, metric: str, side: Side | None) -> float:
    measurement = analysis_of(clip).measurement(metric)
    assert measurement is not None
    return measurement.summaries[side].median


@pytest.mark.parametrize("side", Side)
def test_every_contact_is_found_and_none_is_invented(
    clip: Path, truth: RenderedTruth, side: Side
) -> None:
    found = analysis_of(clip).gait.events.initial_contact_s[side]
    found = found[np.isfinite(found)]
    contacts_s = truth.events_s("contact", side)
    inside = (contacts_s > 0) & (contacts_s < truth.duration_s - LANDING_S)
    for contact_s in contacts_s[inside]:
        assert np.sum(np.abs(found - contact_s) < MATCH_S) == 1, f"contact at {contact_s:.3f} s"
    assert all(np.min(np.abs(contacts_s - contact_s)) < MATCH_S for contact_s in found)


def test_contact_time_is_within_25_ms(clip: Path, truth: RenderedTruth) -> None:
    contact_time_s = median_of(clip, "contact_time_s", truth.near)
    assert contact_time_s == pytest.approx(truth.contact_time_s, abs=0.025)


def test_cadence_is_within_one_step_per_minute(clip: Path, truth: RenderedTruth) -> None:
    assert median_of(clip, "cadence_spm", None) == pytest.approx(truth.cadence_spm, abs=1.0)


def test_trunk_lean_is_within_3_degrees(clip: Path, truth: RenderedTruth) -> None:
    assert median_of(clip, "trunk_lean_deg", None) == pytest.approx(
        truth.upper_body()["trunk_lean_deg"], abs=3.0
    )


def test_near_elbow_is_within_8_degrees_of_the_projected_one(
    clip: Path, truth: RenderedTruth
) -> None:
    elbow_deg = median_of(clip, "elbow_flexion_deg", truth.near)
    assert elbow_deg == pytest.approx(truth.upper_body()["elbow_flexion_deg"], abs=8.0)


def test_the_near_arms_phase_is_within_12_degrees(clip: Path, truth: RenderedTruth) -> None:
    late_deg = median_of(clip, "arm_leg_phase_deg", truth.near)
    assert late_deg == pytest.approx(truth.upper_body()["arm_leg_phase_deg"], abs=12.0)
    assert median_of(clip, "arm_leg_sync", truth.near) > 0.98
    assert median_of(clip, "arm_leg_frequency_ratio", truth.near) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("metric", "within"),
    [
        ("trunk_lean_contact_deg", 4.0),
        ("trunk_lean_mid_stance_deg", 4.0),
        ("trunk_lean_toe_off_deg", 2.5),
        ("trunk_range_deg", 3.0),
        ("lean_from_ankle_deg", 2.0),
        ("waist_bend_deg", 3.0),
    ],
)
def test_the_trunk_is_found_as_it_was_rendered(
    clip: Path, truth: RenderedTruth, metric: str, within: float
) -> None:
    assert median_of(clip, metric, None) == pytest.approx(truth.upper_body()[metric], abs=within)


def test_facing_and_near_side_are_told(clip: Path, truth: RenderedTruth) -> None:
    view = analysis_of(clip).gait.view
    assert view.facing == truth.near.value
    assert view.near_side is truth.near


@pytest.mark.mediapipe
def test_the_overstriding_runner_strikes_with_the_toes_higher() -> None:
    overstride = median_of(OVERSTRIDE, "foot_strike_angle_deg", Side.RIGHT)
    upright = median_of(UPRIGHT, "foot_strike_angle_deg", Side.RIGHT)
    assert overstride > upright > 0


@pytest.mark.mediapipe
@pytest.mark.shared
def test_strike_angles_at_60_fps_come_in_the_right_order() -> None:
    clips = sorted(
        [UPRIGHT, OVERSTRIDE, needs_shared(FOREFOOT)], key=lambda c: truth_of(c).strike_deg
    )
    angles = [median_of(clip, "foot_strike_angle_deg", truth_of(clip).near) for clip in clips]
    assert angles == sorted(angles)
    assert angles[0] < 0


def noticed(clip: Path) -> set[str]:
    """Points that research would have looked after, near side and whole body."""
    sides = {None, truth_of(clip).near}
    findings = [f for f in analysis_of(clip).findings if f.side in sides and f.fires]
    return {f.rule.point.id for f in findings if f.rule.pack == "evidence"}


@pytest.mark.mediapipe
def test_arms_that_come_a_quarter_stride_late_are_noticed_and_arms_in_time_are_not() -> None:
    assert "arms_in_sync" in noticed(ARMS_LATE)
    assert "arms_in_sync" not in noticed(UPRIGHT) | noticed(OVERSTRIDE)

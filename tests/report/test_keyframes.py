from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, Side
from formcheck.report import paint
from formcheck.report.filmstrip import plans
from formcheck.report.keyframes import draw_measured, moments
from formcheck.report.skeleton import Body
from formcheck.report.sketch import SKETCHES, ground, sketch_of
from formcheck.report.wording import DEFAULT_WORDING
from tests.report import example
from tests.synthetic.made import NATURAL
from tests.synthetic.made import analysis as known_analysis


def body(facing: Side, frame_index: int = 12) -> Body:
    pose = example.pose(facing)
    return Body(pose.xy_px[frame_index], pose.landmarks)


def angle_deg(first: FloatArray, second: FloatArray) -> float:
    cosine = float(first @ second / np.hypot(*first) / np.hypot(*second))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


@pytest.mark.parametrize("facing", list(Side))
def test_the_drawn_trunk_angle_is_the_lean_from_the_tilted_vertical(facing: Side) -> None:
    sketch = sketch_of("trunk_lean_deg", body(facing), facing, ground(example.gait(facing)))
    assert sketch is not None
    assert sketch.arc is not None
    # The ground rises 1.5 degrees ahead, so its upright leans back by as much.
    assert angle_deg(*sketch.arc[1:]) == pytest.approx(example.TRUNK_DEG + 1.5, abs=1e-6)


@pytest.mark.parametrize("facing", list(Side))
def test_the_drawn_elbow_angle_is_flexion(facing: Side) -> None:
    sketch = sketch_of("elbow_flexion_deg", body(facing), facing, ground(example.gait(facing)))
    assert sketch is not None
    assert sketch.arc is not None
    assert angle_deg(*sketch.arc[1:]) == pytest.approx(90.0, abs=1e-6)


def test_the_drawn_foot_angle_is_against_the_flat_foot_on_the_tilted_ground() -> None:
    gait = example.gait(Side.RIGHT)
    shown = body(Side.RIGHT)
    sketch = sketch_of("foot_strike_angle_deg", shown, Side.RIGHT, ground(gait))
    assert sketch is not None
    assert sketch.arc is not None
    heel, toe = shown.limb(Side.RIGHT, "heel"), shown.limb(Side.RIGHT, "foot_index")
    in_picture = float(np.degrees(np.arctan2(heel[1] - toe[1], toe[0] - heel[0])))
    assert angle_deg(*sketch.arc[1:]) == pytest.approx(abs(in_picture - 1.5 - 2.0), abs=1e-6)


@pytest.mark.parametrize("metric", list(SKETCHES))
def test_no_lines_are_drawn_from_unknown_landmarks(metric: str) -> None:
    pose = example.pose()
    nowhere = Body(np.full_like(pose.xy_px[0], np.nan), pose.landmarks)
    assert sketch_of(metric, nowhere, Side.RIGHT, ground(example.gait())) is None


def test_a_metric_without_an_angle_gets_a_picture_without_lines() -> None:
    assert sketch_of("cadence_spm", body(Side.RIGHT), Side.RIGHT, ground(example.gait())) is None


@pytest.mark.parametrize("metric", ["elbow_flexion_deg", "foot_strike_angle_deg", "cadence_spm"])
def test_each_side_is_drawn_in_its_colour(metric: str) -> None:
    directions, shown = ground(example.gait(Side.RIGHT)), body(Side.RIGHT)
    for side, colour, other in (
        (Side.RIGHT, paint.NEAR, paint.FAR),
        (Side.LEFT, paint.FAR, paint.NEAR),
    ):
        picture = np.full((example.HEIGHT, example.WIDTH, 3), 90, np.uint8)
        draw_measured(picture, metric, side, shown, directions)
        assert (picture == colour).all(axis=-1).any()
        # Without lines of its own the whole body is drawn, both sides of it.
        assert (picture == other).all(axis=-1).any() == (metric == "cadence_spm")


def test_moment_is_taken_from_the_stride_nearest_the_median() -> None:
    analysis = example.analysis()
    moment = next(
        m for m in moments(analysis, DEFAULT_WORDING) if m.metric == "foot_strike_angle_deg"
    )
    strike = analysis.measurement("foot_strike_angle_deg")
    assert strike is not None
    own = [k for k, stride in enumerate(analysis.gait.strides) if stride.side is moment.drawn_side]
    best = min(own, key=lambda k: abs(strike.values[k] - strike.summaries[moment.side].median))
    assert moment.file_time_s == analysis.gait.strides[best].initial_contact_s


def test_moments_of_slow_motion_are_file_times() -> None:
    moment = next(
        m
        for m in moments(example.analysis(scale=2.0), DEFAULT_WORDING)
        if m.metric == "foot_strike_angle_deg"
    )
    contacts = 2.0 * example.contacts_s(moment.drawn_side)
    assert np.min(np.abs(contacts - moment.file_time_s)) < 1e-9


def test_caption_says_what_when_and_how_much() -> None:
    moment = next(
        m
        for m in moments(example.analysis(), DEFAULT_WORDING)
        if m.metric == "foot_strike_angle_deg"
    )
    assert moment.caption == "Foot strike angle, right side, at initial contact: median 12°."


def test_no_picture_pretends_to_show_how_long_something_takes() -> None:
    analysis = known_analysis(NATURAL)
    found = {finding.metric for finding in analysis.findings if finding.observed is not None}
    assert {"cadence_spm", "contact_time_s", "trunk_lean_deg"} <= found
    pictured = {moment.metric for moment in moments(analysis, DEFAULT_WORDING)}
    assert "trunk_lean_deg" in pictured
    assert not pictured & {"cadence_spm", "contact_time_s"}
    assert not {plan.metric for plan in plans(analysis)} & {"cadence_spm", "contact_time_s"}

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from formcheck.domain import Analysis, Grade, Measurement, Side
from formcheck.report.context import Pictures, ReportContext, Strip, StripPicture
from formcheck.report.filmstrip import N_PICTURES, Plan, StripTaker, plans
from formcheck.report.gallery import strip_view
from formcheck.report.keyframes import encode_jpeg
from formcheck.report.overlay import annotate
from formcheck.report.skeleton import Body
from tests.report import example
from tests.session.made import FROM_THE_RIGHT, filmed


def plan_of(analysis: Analysis, metric: str) -> Plan:
    return next(plan for plan in plans(analysis) if plan.metric == metric)


def with_values(metric: str, *values: float) -> Analysis:
    """The example with other values for the strides of the near side, in their order."""
    base = example.analysis()
    near = [k for k, stride in enumerate(base.gait.strides) if stride.side is base.gait.near_side]

    def changed(measured: Measurement) -> Measurement:
        new = np.full(len(base.gait.strides), np.nan)
        new[near] = values
        return replace(measured, values=new) if measured.metric == metric else measured

    return replace(base, measurements=tuple(changed(m) for m in base.measurements))


def test_every_measured_finding_of_the_near_side_has_a_strip() -> None:
    made = {(plan.metric, plan.side) for plan in plans(example.analysis())}
    assert made == {
        ("trunk_lean_deg", None),
        ("elbow_flexion_deg", Side.RIGHT),
        ("foot_strike_angle_deg", Side.RIGHT),
    }


@pytest.mark.parametrize("grade", [Grade.GOOD, Grade.INFO, Grade.WATCH, Grade.FIX])
def test_the_far_side_has_a_strip_where_it_asks_for_a_change(grade: Grade) -> None:
    base = example.analysis()
    near = next(f for f in base.findings if f.metric == "foot_strike_angle_deg")
    far = replace(near, side=Side.LEFT, grade=grade)
    found = [plan for plan in plans(replace(base, findings=(far,))) if plan.side is Side.LEFT]
    assert len(found) == (grade in {Grade.WATCH, Grade.FIX})
    contacts = example.contacts_s(Side.LEFT)
    for plan in found:
        assert plan.drawn_side is Side.LEFT
        for shot in plan.shots:
            assert shot.file_time_s == pytest.approx(contacts[shot.number - 1])


def test_the_far_arm_is_shown_where_it_is_measured_at_contacts_of_the_near_foot() -> None:
    base = filmed("right", FROM_THE_RIGHT, seed=2).analysis
    finding = next(f for f in base.findings if f.metric == "arm_leg_phase_deg")
    far = replace(finding, side=Side.LEFT, grade=Grade.FIX)
    (plan,) = plans(replace(base, findings=(far,)))
    assert plan.drawn_side is Side.LEFT
    near = [stride for stride in base.gait.strides if stride.side is Side.RIGHT]
    assert plan.n_strides == len(near)
    for shot in plan.shots:
        at_s = base.gait.time_base.file_s(near[shot.number - 1].start_s)
        assert shot.file_time_s == pytest.approx(float(at_s))


def test_pictures_are_taken_at_the_contacts_of_the_near_foot() -> None:
    plan = plan_of(example.analysis(), "foot_strike_angle_deg")
    contacts = example.contacts_s(Side.RIGHT)
    for shot in plan.shots:
        assert shot.file_time_s == pytest.approx(contacts[shot.number - 1])
        assert shot.frame_index == pytest.approx(shot.file_time_s * example.FPS, abs=0.5)


def test_a_value_of_the_whole_stride_is_shown_at_one_share_of_every_stride() -> None:
    plan = plan_of(example.analysis(), "elbow_flexion_deg")
    shares = {
        round(s.file_time_s - example.contacts_s(Side.RIGHT)[s.number - 1], 6) for s in plan.shots
    }
    assert len(shares) == 1


def test_slow_motion_is_shown_at_file_times() -> None:
    plan = plan_of(example.analysis(scale=2.0), "foot_strike_angle_deg")
    assert plan.shots[0].file_time_s == pytest.approx(2 * example.contacts_s(Side.RIGHT)[0])


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ((12.0, 9.0, 14.0, 21.0), {"best": 2, "worst": 4}),
        ((12.0, 3.0, 9.0, 21.0), {"best_inside": 2, "worst": 4}),
        ((7.0, 3.0, 7.9, 0.0), {"best_inside": 2, "worst_inside": 3}),
    ],
)
def test_the_strides_nearest_to_the_range_and_furthest_from_it_are_marked(
    values: tuple[float, ...], marks: dict[str, int]
) -> None:
    """The range goes from -1.6 to 8 degrees."""
    plan = plan_of(with_values("foot_strike_angle_deg", *values), "foot_strike_angle_deg")
    assert {shot.mark: shot.number for shot in plan.shots if shot.mark} == marks


def test_strides_that_are_all_alike_get_no_mark() -> None:
    plan = plan_of(
        with_values("foot_strike_angle_deg", 12.0, 12.0, 12.0, 12.0), "foot_strike_angle_deg"
    )
    assert [shot.mark for shot in plan.shots] == ["", "", "", ""]


def test_strides_without_a_value_are_left_out() -> None:
    plan = plan_of(
        with_values("foot_strike_angle_deg", 12.0, np.nan, 9.0, 21.0), "foot_strike_angle_deg"
    )
    assert [shot.number for shot in plan.shots] == [1, 3, 4]


def test_one_stride_is_no_strip() -> None:
    one = with_values("foot_strike_angle_deg", 12.0, np.nan, np.nan, np.nan)
    assert "foot_strike_angle_deg" not in {plan.metric for plan in plans(one)}


def test_cuts_keep_their_size_and_their_place_on_the_body() -> None:
    analysis = example.analysis()
    plan = plan_of(analysis, "foot_strike_angle_deg")
    assert len(plan.shots) <= N_PICTURES
    heel = analysis.pose.track_px("right_heel")
    sizes = np.array([shot.box_px[2:] - shot.box_px[:2] for shot in plan.shots])
    places = np.array([heel[shot.frame_index] - shot.box_px[:2] for shot in plan.shots])
    assert np.ptp(sizes, axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert np.ptp(places, axis=0) == pytest.approx([0, 0], abs=1e-6)


def test_pictures_are_small_and_of_the_size_the_strip_says(tmp_path: Path) -> None:
    clip = example.write_clip(tmp_path / "clip.mp4")
    strips = annotate(example.analysis(), clip, tmp_path / "annotated.mp4").strips
    assert len(strips) == 3
    for strip in strips:
        assert len(strip.pictures) == 4
        for picture in strip.pictures:
            size = Image.open(io.BytesIO(picture.jpeg)).size
            assert size == (strip.width_px, strip.height_px)
            assert len(picture.jpeg) < 25_000


def test_a_runner_at_the_edge_of_the_picture_is_cut_inside_it() -> None:
    analysis = example.analysis()
    pose = replace(analysis.pose, xy_px=analysis.pose.xy_px - (150.0, 0.0))
    moved = replace(analysis, pose=pose)
    taker = StripTaker(moved)
    blank = np.full((example.HEIGHT, example.WIDTH, 3), 128, np.uint8)
    for index, xy_px in enumerate(pose.xy_px):
        taker.look(index, blank, Body(xy_px, pose.landmarks))
    assert all(len(strip.pictures) == 4 for strip in taker.found())


@pytest.mark.parametrize(("worst", "marks"), [(10.3, ["", ""]), (14.0, ["best", "worst"])])
def test_strides_of_one_value_as_it_is_shown_are_not_marked(worst: float, marks: list[str]) -> None:
    jpeg = encode_jpeg(example.picture(example.pose().xy_px[0]))
    pictures = (
        StripPicture(1, 0.5, 10.1, "best", jpeg),
        StripPicture(2, 1.2, worst, "worst", jpeg),
    )
    strip = _strip(pictures)
    context = ReportContext(example.analysis(), Pictures(strips=(strip,)))
    view = strip_view(context, "trunk_lean_deg", None)
    assert view is not None
    assert [image.mark for image in view.images] == marks


def _strip(pictures: tuple[StripPicture, ...], drawn_side: Side = Side.RIGHT) -> Strip:
    about = "trunk_lean_deg", None, drawn_side, "initial_contact"
    return Strip(*about, "deg", 2, 100, 100, pictures)


@pytest.mark.parametrize("side", Side)
def test_a_strip_names_the_side_that_is_near_in_its_own_clip(side: Side) -> None:
    jpeg = encode_jpeg(example.picture(example.pose().xy_px[0]))
    strip = _strip((StripPicture(1, 0.5, 10.1, "", jpeg),), side)
    view = strip_view(
        ReportContext(example.analysis(), Pictures(strips=(strip,))), "trunk_lean_deg", None
    )
    assert view is not None
    assert f"{side} side" in view.lead

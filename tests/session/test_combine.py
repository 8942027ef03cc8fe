from __future__ import annotations

import pytest

from formcheck.domain import Side
from formcheck.session import RefusedClip
from tests.session.made import FROM_THE_RIGHT, both_sides, filmed, from_behind, session


def test_each_side_is_from_the_clip_in_which_it_is_near() -> None:
    made = session(*both_sides())
    for metric in ("contact_time_s", "shank_angle_deg", "elbow_flexion_deg"):
        assert made.sources[metric, Side.LEFT] == 0
        assert made.sources[metric, Side.RIGHT] == 1


def test_a_value_is_that_of_its_clip() -> None:
    clips = both_sides()
    made = session(*clips)
    for side, clip in zip((Side.LEFT, Side.RIGHT), clips, strict=True):
        assert made.combined.summary("contact_time_s", side) == clip.analysis.summary(
            "contact_time_s", side
        )


def test_what_is_seen_from_behind_is_from_the_clip_from_behind() -> None:
    made = session(*both_sides(), from_behind())
    assert made.sources["pelvic_drop_deg", Side.LEFT] == 2
    assert made.combined.summary("pelvic_drop_deg", Side.LEFT) is not None
    points = {finding.rule.point.id for finding in made.combined.findings}
    alone = {finding.rule.point.id for finding in from_behind().analysis.findings}
    assert alone <= points


def test_without_a_clip_from_behind_its_points_are_left_out() -> None:
    made = session(*both_sides())
    metrics = {measured.metric for measured in made.combined.measurements}
    assert "pelvic_drop_deg" not in metrics
    assert all(f.metric != "pelvic_drop_deg" for f in made.combined.findings)


def test_the_whole_body_is_from_the_clip_that_is_surest() -> None:
    clips = both_sides()
    made = session(*clips)
    us = [clip.analysis.summary("trunk_lean_deg", None) for clip in clips]
    chosen = us[made.sources["trunk_lean_deg", None]]
    assert chosen is not None
    assert chosen.u == min(each.u for each in us if each is not None)


def test_with_one_side_clip_the_other_side_is_what_that_clip_saw_of_it() -> None:
    alone = filmed("right", FROM_THE_RIGHT, seed=2)
    made = session(alone)
    assert made.combined.summary("contact_time_s", Side.LEFT) == alone.analysis.summary(
        "contact_time_s", Side.LEFT
    )


def test_a_refused_clip_is_kept_with_its_reason() -> None:
    refused = RefusedClip("walk", "Nobody runs.")
    assert session(*both_sides(), refused=(refused,)).refused == (refused,)


def test_no_clip_is_no_session() -> None:
    with pytest.raises(ValueError, match="needs a clip"):
        session()

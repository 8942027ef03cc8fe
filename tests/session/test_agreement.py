from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from formcheck.domain import Analysis
from formcheck.session import SessionClip
from formcheck.session.agreement import contradictions
from formcheck.texts import Language, ReportStyle, tell
from tests.session.made import FROM_THE_LEFT, both_sides, filmed, from_behind, session
from tests.synthetic.made import NATURAL


def keys(analyses: Sequence[Analysis]) -> list[str]:
    return [said.template for said in contradictions(analyses)]


def recorded(clip: SessionClip, day: str | None) -> Analysis:
    video = replace(clip.analysis.video, recorded_on=day)
    return replace(clip.analysis, video=video)


def inclined(clip: SessionClip, percent: float | None) -> Analysis:
    gait = replace(clip.analysis.gait, incline_percent=percent)
    return replace(clip.analysis, gait=gait)


def test_nothing_speaks_against_one_runner_from_three_sides() -> None:
    made = session(*both_sides(), from_behind())
    assert made.contradictions == ()
    assert made.not_compared is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-03-01", "2026-03-03", ["unlike.days"]),
        ("2026-03-03", "2026-02-28", ["unlike.days"]),
        ("2026-02-28", "2026-03-01", []),
        ("2026-03-01", "2026-03-01", []),
        ("2026-03-01", None, []),
        (None, None, []),
    ],
)
def test_days_that_no_run_spans(first: str | None, last: str | None, expected: list[str]) -> None:
    left, right = both_sides()
    assert keys([recorded(left, first), recorded(right, last)]) == expected


def test_days_are_said_as_the_reader_writes_them() -> None:
    left, right = both_sides()
    (said,) = contradictions([recorded(left, "2026-03-01"), recorded(right, "2026-03-09")])
    assert "March 1, 2026" in said
    assert "9. März 2026" in tell(said, ReportStyle(Language.DE))


@pytest.mark.parametrize(
    ("slopes", "expected"),
    [
        ((0.0, 0.9), []),
        ((0.0, 1.1), ["unlike.inclines"]),
        ((4.0, 4.0), []),
        ((None, 4.0), []),
        ((None, None), []),
    ],
)
def test_inclines_that_were_given(
    slopes: tuple[float | None, float | None], expected: list[str]
) -> None:
    pairs = zip(both_sides(), slopes, strict=True)
    assert keys([inclined(clip, slope) for clip, slope in pairs]) == expected


def test_a_clip_from_behind_of_somebody_quicker_is_noticed_and_the_sides_are_compared() -> None:
    quick = filmed("quick", FROM_THE_LEFT, replace(NATURAL, cadence_factor=1.12), seed=4)
    made = session(*both_sides(), from_behind())
    cadence = quick.analysis.measurement("cadence_spm")
    assert cadence is not None
    rear = made.clips[2].analysis
    others = [each for each in rear.measurements if each.metric != "cadence_spm"]
    stranger = replace(rear, measurements=(*others, cadence))
    mixed = session(*both_sides(), SessionClip("rear", stranger))
    assert [said.template for said in mixed.contradictions] == ["unlike.cadences"]
    assert f"{cadence.summaries[None].median:.0f} steps" in mixed.contradictions[0]
    assert mixed.not_compared is None
    assert len(mixed.asymmetries) > 15

"""Which advice goes to whom, over tables of answers and findings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from formcheck.domain import Caution, Criterion, Finding, Grade, Plan, Rule, Summary, Verdict
from formcheck.guidance.load import load_points, load_sources
from formcheck.guidance.plan import When, caution_of, make_plan, plan_rules, tempered
from formcheck.guidance.profile import profile_of, questions
from formcheck.texts import words

T = words("plan")
QUESTIONS = {question.id: question for question in questions()}
FLAGS = [flag.answer for flag in plan_rules().flag if flag.answer.startswith("red_flags")]
ITEMS = [item for topic in plan_rules().topic for item in topic.item]
CONDITIONS = [
    *(flag.when for flag in plan_rules().flag),
    *(when for item in ITEMS for when in (*item.only_when, *item.first_when)),
]


def finding(point: str, grade: Grade | None = Grade.WATCH, pack: str = "evidence") -> Finding:
    criterion = Criterion("m", (0.0, 1.0), None, Grade.WATCH, compared=False, when=(), messages={})
    rule = Rule(f"{pack}_{point}", pack, load_points()[point], (criterion,), 8, {}, ())
    summary = Summary(2.0, 1.8, 2.2, 0.1, 20)
    return Finding(rule, None, "m", summary, (0, 1), Verdict.OUTSIDE, grade, 0.95, "seen", None)


def plan(*points: str, **answers: dict[str, Any]) -> Plan:
    return make_plan([finding(point) for point in points], profile_of(answers, "test"))


def items(made: Plan) -> list[str]:
    return [item.id for topic in made.topics for item in topic.items]


def topic(made: Plan, name: str) -> list[str]:
    return [item.id for found in made.topics if found.id == name for item in found.items]


@pytest.mark.parametrize("when", CONDITIONS, ids=str)
def test_a_condition_names_a_question_or_a_point_and_has_one_test(when: When) -> None:
    tests = [when.yes is not None, bool(when.any_of), when.above is not None]
    if when.finding is not None:
        assert when.finding in load_points()
        assert not any((*tests, when.answer))
        return
    assert sum((*tests, when.at_most is not None)) == 1
    assert set(when.any_of) <= set(QUESTIONS[when.answer or ""].choices)


def test_every_row_has_its_words_and_its_sources() -> None:
    notes = {note.id for note in plan_rules().note}
    for item in ITEMS:
        assert item.note in notes
        parts = ("title", "how", *(("dose", "easier", "harder") if item.is_exercise else ()))
        assert all(T(f"item.{item.id}.{part}") for part in parts)
    for when in CONDITIONS:
        assert not when.because or T(f"why.{when.because}")
    sources = load_sources()
    for note in plan_rules().note:
        assert T(f"note.{note.id}")
        assert T(f"support.{note.support}")
        assert not any(sources[name].to_verify for name in note.sources)
    assert all(T(f"topic.{row.id}") for row in plan_rules().topic)
    assert not any(sources[name].to_verify for name in plan_rules().flag_sources)


def test_without_answers_there_is_a_general_plan() -> None:
    made = make_plan([], None)
    assert (made.caution, made.is_answered) == (Caution.NONE, False)
    assert {"plank", "bridge", "russian_twist", "squat", "lunge", "deadlift"} <= set(items(made))
    assert {"leg_swings", "fluids", "rest_days", "foam_rolling", "active_days"} <= set(items(made))
    assert {"mix", "comfortable_shoes", "hip_flexors", "hamstrings"} <= set(items(made))
    assert not any(item.reasons for found in made.topics for item in found.items)


@pytest.mark.parametrize(
    ("point", "name", "first"),
    [
        ("trunk_lean", "strength", "bridge"),
        ("trunk_lean", "running", "lean"),
        ("shorter_stride", "running", "cadence"),
        ("shorter_stride", "strength", "squat"),
        ("arms_in_sync", "strength", "russian_twist"),
        ("late_stance", "mobility", "hip_flexors"),
        ("pelvis_level", "strength", "lunge"),
        ("fatigue", "recovery", "easy_days"),
    ],
)
def test_what_has_to_do_with_a_finding_comes_first_and_says_so(
    point: str, name: str, first: str
) -> None:
    made = plan(point)
    assert topic(made, name)[0] == first
    (lead,) = (t.items[0] for t in made.topics if t.id == name)
    assert [reason.point for reason in lead.reasons] == [load_points()[point]]


@pytest.mark.parametrize("grade", [None, Grade.GOOD, Grade.INFO])
def test_a_finding_that_asks_for_nothing_adds_nothing(grade: Grade | None) -> None:
    assert make_plan([finding("trunk_lean", grade)], None) == make_plan([], None)


def test_the_article_alone_changes_no_plan() -> None:
    assert make_plan([finding("trunk_lean", pack="article")], None) == make_plan([], None)


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({"habits": {"strength_days": 0}}, "start_strength"),
        ({"habits": {"strength_days": 3}}, "keep_strength"),
        ({"habits": {"warm_up": "static_stretches"}}, "not_static"),
        ({"shoes": {"km": 501}}, "look_at_shoes"),
        ({"shoes": {"months": 25}}, "look_at_shoes"),
        ({"shoes": {"are_new": True}}, "change_shoes_slowly"),
        ({"training": {"change_percent": 40}}, "slow_down"),
        ({"training": {"surface": "trail"}}, "uneven"),
    ],
)
def test_an_answer_brings_its_advice_and_its_absence_does_not(
    answers: dict[str, Any], wanted: str
) -> None:
    assert wanted in items(plan(**answers))
    assert wanted not in items(plan())


@pytest.mark.parametrize(
    ("answers", "name", "first"),
    [
        ({"habits": {"flexibility": "stiff"}}, "mobility", "hip_flexors"),
        ({"training": {"rest_days": 0}}, "recovery", "rest_days"),
        ({"habits": {"warm_up": "nothing"}}, "warm_up", "easy_start"),
        ({"shoes": {"are_comfortable": False}}, "shoes", "comfortable_shoes"),
    ],
)
def test_an_answer_puts_its_advice_first(answers: dict[str, Any], name: str, first: str) -> None:
    assert topic(plan(**answers), name)[0] == first


@pytest.mark.parametrize("at_limit", [{"km": 500}, {"months": 24}, {"km": 0}])
def test_shoes_within_the_range_are_left_alone(at_limit: dict[str, Any]) -> None:
    assert "look_at_shoes" not in items(plan(shoes=at_limit))


EMERGENCIES = ("bladder_or_bowel", "saddle_numbness", "leg_weakness", "pain_both_legs",
               "serious_accident")  # fmt: skip


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("pain", [True, False, None])
def test_a_red_flag_always_asks_for_caution_and_leaves_no_exercise(
    name: str, pain: bool | None
) -> None:
    answers = {"red_flags": {name.partition(".")[2]: True}}
    if pain is not None:
        answers["pain"] = {"back_pain_now": pain}
    made = plan("trunk_lean", **answers)
    assert made.caution.gravity > Caution.PAIN.gravity
    assert (made.caution is Caution.EMERGENCY) is name.endswith(EMERGENCIES)
    assert not any(item.is_exercise for found in made.topics for item in found.items)
    assert topic(made, "running") == []


@pytest.mark.parametrize("name", FLAGS)
def test_a_red_flag_denied_asks_for_nothing(name: str) -> None:
    assert plan(red_flags={name.partition(".")[2]: False}).caution is Caution.NONE


@pytest.mark.parametrize(
    ("answers", "caution"),
    [
        ({"pain": {"back_pain_now": True}}, Caution.PAIN),
        ({"pain": {"back_pain_now": False}}, Caution.NONE),
        ({"pain": {"back_pain_now": True, "weeks": 6}}, Caution.PAIN),
        ({"pain": {"back_pain_now": True, "weeks": 7}}, Caution.SOON),
        ({"pain": {"back_pain_now": False, "weeks": 7}}, Caution.NONE),
        ({"pain": {"place": "below_knee"}}, Caution.SOON),
        ({"pain": {"back_pain_now": True, "stops_running": True}}, Caution.SOON),
        ({"red_flags": {"cancer_history": True}}, Caution.SOON),
        (
            {"red_flags": {"cancer_history": True}, "pain": {"back_pain_now": False}},
            Caution.BEFORE,
        ),
        ({"red_flags": {"fever_or_ill": True, "leg_weakness": True}}, Caution.EMERGENCY),
    ],
)
def test_the_gravest_answer_decides(answers: dict[str, Any], caution: Caution) -> None:
    assert caution_of(profile_of(answers, "test")) is caution
    assert T(f"headline.{caution}") if caution is not Caution.NONE else True


def test_in_pain_only_what_is_gentle_is_left() -> None:
    left = items(plan("trunk_lean", "shorter_stride", pain={"back_pain_now": True}))
    assert {"bridge", "active_days", "professional", "what_to_bring"} <= set(left)
    assert not {"deadlift", "russian_twist", "squat", "plank", "cadence", "lean"} & set(left)


def test_an_emergency_leaves_no_plan_at_all() -> None:
    assert plan("trunk_lean", red_flags={"saddle_numbness": True}).topics == ()


@pytest.mark.parametrize("grade", [Grade.WATCH, Grade.FIX])
def test_with_caution_nothing_asks_to_be_worked_on_and_nothing_measured_changes(
    grade: Grade,
) -> None:
    before = finding("trunk_lean", grade)
    (after,) = tempered([before], Caution.PAIN)
    assert after == replace(before, grade=Grade.WATCH, message=T("kept_back"))
    assert tempered([before], Caution.NONE) == (before,)


def test_a_finding_that_asks_for_nothing_keeps_its_words_in_pain() -> None:
    before = finding("trunk_lean", Grade.GOOD)
    assert tempered([before], Caution.PAIN) == (before,)


def test_what_is_to_be_worked_on_first_comes_first_in_its_topic() -> None:
    made = make_plan([finding("arms_in_sync"), finding("shorter_stride", Grade.FIX)], None)
    assert topic(made, "running") == ["cadence", "arms"]
    made = make_plan([finding("arms_in_sync", Grade.FIX), finding("head_up")], None)
    assert topic(made, "running") == ["arms", "gaze"]
    made = make_plan([finding("trunk_lean", Grade.FIX), finding("knee")], None)
    assert topic(made, "running") == ["lean", "cadence"]

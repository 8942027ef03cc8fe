"""A runner's answers: every one optional, none misread."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from formcheck.errors import ConfigError
from formcheck.guidance.profile import (
    Answer,
    Kind,
    Question,
    RunnerProfile,
    profile_of,
    questions,
    read_profile,
)
from formcheck.guidance.questionnaire import as_toml, choice_text, template, text, typed_answer
from formcheck.texts import Language, Units

QUESTIONS = {question.id: question for question in questions()}


def an_answer(question: Question) -> Answer:
    if question.kind is Kind.YES_NO:
        return True
    return question.choices[-1] if question.choices else question.high


def written(folder: Path, text: str) -> Path:
    path = folder / "runner.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_answers_nothing(tmp_path: Path) -> None:
    assert read_profile(written(tmp_path, "")).is_empty


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_may_be_answered_alone(name: str) -> None:
    question = QUESTIONS[name]
    profile = profile_of({question.section: {question.name: an_answer(question)}}, "form")
    assert profile.answer(name) == an_answer(question)
    assert [other for other in QUESTIONS if profile.answer(other) is not None] == [name]
    assert profile_of(tomllib.loads(as_toml(profile)), "file") == profile


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_and_choice_has_words(name: str) -> None:
    question = QUESTIONS[name]
    assert text(question).endswith("?")
    assert all(choice_text(question, choice) for choice in question.choices)


def test_the_template_answers_nothing_and_every_line_of_it_can_be_used() -> None:
    assert profile_of(tomllib.loads(template()), "template").is_empty
    answered = re.sub(r"(?m)^# (\w+ = )", r"\1", template())
    profile = profile_of(tomllib.loads(answered), "template")
    assert [name for name in QUESTIONS if profile.answer(name) is None] == []


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[pain]\nback_pain = true", r"'pain.back_pain'.*'pain.back_pain_now'"),
        ("back_pain_now = true", r"'back_pain_now'.*'pain.back_pain_now'"),
        ("[shoe]\nkm = 10", "nearest known one is 'shoes'"),
        ('[pain]\nback_pain_now = "yes"', r"pain\.back_pain_now must be true or false"),
        ('[training]\nsurface = "sand"', r"training\.surface must be one of treadmill, road"),
        ("[habits]\nstrength_days = 8", r"habits\.strength_days = 8 is out of range: give 0 to 7"),
        ("[shoes]\nkm = nan", r"shoes\.km must be a number"),
        ("[pain", "is not valid TOML"),
    ],
)
def test_a_wrong_answer_is_refused_with_file_and_key(tmp_path: Path, toml: str, words: str) -> None:
    path = written(tmp_path, toml)
    with pytest.raises(ConfigError, match=words) as refusal:
        read_profile(path)
    assert str(refusal.value).startswith(str(path))


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("pain.back_pain_now", "Y", True),
        ("pain.back_pain_now", "no", False),
        ("pain.place", " below_knee ", "below_knee"),
        ("shoes.km", "640", 640.0),
    ],
)
def test_what_is_typed_is_understood(name: str, typed: str, meant: Answer) -> None:
    assert typed_answer(QUESTIONS[name], typed) == meant


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("pain.back_pain_now", "maybe"),
        ("pain.place", "knee"),
        ("shoes.km", "-1"),
        ("shoes.km", "x"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(name: str, typed: str) -> None:
    with pytest.raises(ConfigError):
        typed_answer(QUESTIONS[name], typed)


def test_a_profile_of_nothing_is_written_as_nothing() -> None:
    assert as_toml(RunnerProfile()) == ""


def test_distances_may_be_given_in_miles(tmp_path: Path) -> None:
    profile = read_profile(
        written(tmp_path, "[training]\nweekly_miles = 20\n[shoes]\nmiles = 300\n")
    )
    assert profile.training.weekly_km == pytest.approx(32.187, abs=1e-3)
    assert profile.shoes.km == pytest.approx(482.803, abs=1e-3)
    typed = typed_answer(QUESTIONS["training.weekly_km"], "20", Units.IMPERIAL)
    assert typed == profile.training.weekly_km


def test_a_distance_in_miles_and_kilometres_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "[training]\nweekly_miles = 20\nweekly_km = 32\n")
    with pytest.raises(ConfigError, match="give weekly_km or weekly_miles, not both"):
        read_profile(path)


@pytest.mark.parametrize("language", Language)
def test_the_questions_in_miles_name_no_kilometre(language: Language) -> None:
    asked = template(language, Units.IMPERIAL)
    assert not re.search(r"(?i)kilomet|\bkm\b|_km", asked)
    lines = [line[2:] for line in asked.splitlines() if re.match(r"# \w*miles = ", line)]
    assert lines == ["weekly_miles = 0", "miles = 0"]

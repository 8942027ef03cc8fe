"""The questions in words: a file to fill in, and what an answer typed at a prompt means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby

import tomli_w

from formcheck.errors import ConfigError
from formcheck.guidance.profile import (
    Answer,
    Kind,
    Question,
    RunnerProfile,
    questions,
)
from formcheck.tables import plain
from formcheck.texts import Language, Units, words
from formcheck.texts import text as text_of

_YES, _NO = ("y", "yes", "true"), ("n", "no", "false")


def template(language: Language = Language.EN, units: Units = Units.METRIC) -> str:
    """A file with every question as a comment: read as it is, it answers none."""
    t = words("plan", language)
    lines = [f"# {t(f'ask.{key}')}" for key in ("title", "how", "private")]
    for section, asked in groupby(questions(), key=lambda question: question.section):
        lines += ["", f"[{section}]", f"# {t(f'section.{section}')}"]
        for question in asked:
            asks, answer = text(question, language, units), wanted(question, language, units)
            lines += [f"# {asks} ({answer})", f"# {question.name_in(units)} = {_example(question)}"]
    return "\n".join(lines) + "\n"


def text(question: Question, language: Language = Language.EN, units: Units = Units.METRIC) -> str:
    """The question in words."""
    is_other = question.name_in(units) != question.name
    return words("plan", language)(f"question.{question.id}.{'ask_miles' if is_other else 'ask'}")


def choice_text(question: Question, choice: str, language: Language = Language.EN) -> str:
    """A choice of a question in words."""
    return words("plan", language)(f"question.{question.id}.choice.{choice}")


def wanted(
    question: Question, language: Language = Language.EN, units: Units = Units.METRIC
) -> str:
    """What an answer in the file looks like."""
    t = words("plan", language)
    if question.kind is Kind.CHOICE:
        quoted = ", ".join(f'"{choice}"' for choice in question.choices)
        return t("ask.choice", choices=quoted)
    if question.kind is Kind.YES_NO:
        return t("ask.yes_no")
    per_unit = question.per_unit(units)
    unit = question.unit if per_unit == 1.0 else "miles"
    low, high = f"{question.low / per_unit:.0f}", f"{math.floor(question.high / per_unit)}"
    return t("ask.number", low=low, high=high, unit=t(f"ask.unit.{unit}"))


def typed_answer(question: Question, typed: str, units: Units = Units.METRIC) -> Answer:
    """The answer somebody typed, a distance in kilometres. Raises ConfigError when it is none."""
    said = typed.strip().lower()
    if question.kind is Kind.YES_NO and said in (*_YES, *_NO):
        return said in _YES
    if question.kind is Kind.CHOICE and said in question.choices:
        return said
    if question.kind is Kind.NUMBER:
        return _number(question, said, question.per_unit(units))
    raise _no_answer("none", question, typed)


def _number(question: Question, said: str, per_unit: float) -> float:
    try:
        value = float(said) * per_unit
    except ValueError as error:
        raise _no_answer("no_number", question, said) from error
    if not question.low <= value <= question.high:
        raise _no_answer("outside", question, said)
    return value


def _no_answer(key: str, question: Question, typed: str) -> ConfigError:
    return ConfigError(text_of("errors", f"answer.{key}", typed=f"'{typed}'", question=question.id))


def as_toml(profile: RunnerProfile) -> str:
    """A profile as a file that gives it back; what was not answered is left out."""
    sections: Mapping[str, object] = plain(profile)
    return tomli_w.dumps({name: answers for name, answers in sections.items() if answers})


def _example(question: Question) -> str:
    if question.kind is Kind.CHOICE:
        return f'"{question.choices[0]}"'
    return "false" if question.kind is Kind.YES_NO else f"{max(question.low, 0):g}"

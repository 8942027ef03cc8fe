"""What a runner tells about themselves: the questions, and a file of answers.

Every answer is optional. A field below is a question: its type says how it is answered, its
metadata the range of a number; the words are in ``formcheck/texts/<language>/plan.toml`` under
``question.<section>.<field>``. The file, the questions on the command line and those of a form all
come from here. A distance may be given in miles, under a name that says so; it is kept in
kilometres.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.errors import ConfigError
from formcheck.tables import build, read_toml
from formcheck.texts import Units, text

Answer = bool | float | str
"""What a question may be answered with."""

KM_PER_MILE = 1.609344


class Place(StrEnum):
    """Where it hurts."""

    LOWER_BACK = "lower_back"
    UPPER_BACK = "upper_back"
    BUTTOCK_OR_THIGH = "buttock_or_thigh"
    BELOW_KNEE = "below_knee"


class Surface(StrEnum):
    """What is run on most."""

    TREADMILL = "treadmill"
    ROAD = "road"
    TRACK = "track"
    TRAIL = "trail"
    MIXED = "mixed"


class WarmUp(StrEnum):
    """What is done before a run."""

    NOTHING = "nothing"
    STATIC_STRETCHES = "static_stretches"
    EASY_RUNNING = "easy_running"
    MOVEMENT = "movement"


class Flexibility(StrEnum):
    """How hips and hamstrings feel."""

    STIFF = "stiff"
    ORDINARY = "ordinary"
    SUPPLE = "supple"


def _number(low: float, high: float, unit: str) -> Any:
    return field(default=None, metadata={"low": low, "high": high, "unit": unit})


@dataclass(frozen=True, slots=True)
class Pain:
    """Whether and how the back hurts."""

    back_pain_now: bool | None = None
    place: Place | None = None
    weeks: float | None = _number(0, 3000, "weeks")
    stops_running: bool | None = None


@dataclass(frozen=True, slots=True)
class RedFlags:
    """Signs and histories after which a clinician comes before any training advice."""

    bladder_or_bowel: bool | None = None
    saddle_numbness: bool | None = None
    leg_weakness: bool | None = None
    pain_both_legs: bool | None = None
    serious_accident: bool | None = None
    fever_or_ill: bool | None = None
    weight_loss: bool | None = None
    night_pain: bool | None = None
    fall_at_older_age: bool | None = None
    osteoporosis: bool | None = None
    cancer_history: bool | None = None
    immune_suppressed: bool | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """How much is run, and on what."""

    experience_years: float | None = _number(0, 80, "years")
    weekly_km: float | None = _number(0, 400, "km")
    change_percent: float | None = _number(-100, 1000, "percent")
    rest_days: float | None = _number(0, 7, "days")
    surface: Surface | None = None


@dataclass(frozen=True, slots=True)
class Shoes:
    """The shoes that are run in most."""

    km: float | None = _number(0, 20000, "km")
    months: float | None = _number(0, 600, "months")
    are_new: bool | None = None
    are_comfortable: bool | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """What is done beside running."""

    warm_up: WarmUp | None = None
    strength_days: float | None = _number(0, 7, "days")
    flexibility: Flexibility | None = None


@dataclass(frozen=True, slots=True)
class RunnerProfile:
    """A runner's answers; None where a question was not answered."""

    pain: Pain = field(default_factory=Pain)
    red_flags: RedFlags = field(default_factory=RedFlags)
    training: Training = field(default_factory=Training)
    shoes: Shoes = field(default_factory=Shoes)
    habits: Habits = field(default_factory=Habits)

    def __post_init__(self) -> None:
        for question in questions():
            value = self.answer(question.id)
            if isinstance(value, float) and not question.low <= value <= question.high:
                unit = text("plan", f"ask.unit.{question.unit}")
                facts = {"question": question.id, "value": value, "unit": unit}
                span = {"low": question.low, "high": question.high}
                raise ConfigError(text("errors", "answer.range", **facts, **span))

    def answer(self, question: str) -> Answer | None:
        """The answer to a question such as "shoes.km", None when it was not answered."""
        section, _, name = question.partition(".")
        answer: Answer | None = getattr(getattr(self, section), name)
        return answer

    @property
    def is_empty(self) -> bool:
        """Whether not a single question was answered."""
        return all(self.answer(question.id) is None for question in questions())


def _in_km(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table with every distance in kilometres; what is no section or number is left as it is.

    Raises ConfigError when a distance is given in miles and in kilometres.
    """
    return {
        section: _section_in_km(section, answers) if isinstance(answers, Mapping) else answers
        for section, answers in table.items()
    }


def _section_in_km(section: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    metric = dict(answers)
    for question in questions():
        miles = question.name_in(Units.IMPERIAL)
        if question.section != section or miles == question.name or miles not in metric:
            continue
        if question.name in metric:
            facts = {"section": section, "one": question.name, "other": miles}
            raise ConfigError(text("errors", "answer.both", **facts))
        value = metric.pop(miles)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        metric[question.name] = value * KM_PER_MILE if is_number else value
    return metric


class Kind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``id`` is section and name; range and unit belong to a number."""

    id: str
    kind: Kind
    choices: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    unit: str = ""

    @property
    def section(self) -> str:
        """The section of the file it belongs to."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """Its key in that section."""
        return self.id.partition(".")[2]

    def name_in(self, units: Units) -> str:
        """Its key when distances are in these units: ``weekly_km`` or ``weekly_miles``."""
        if self.unit != "km" or units is Units.METRIC:
            return self.name
        return self.name.removesuffix("km") + "miles"

    def per_unit(self, units: Units) -> float:
        """How many of its own units one of these units is."""
        return KM_PER_MILE if self.unit == "km" and units is Units.IMPERIAL else 1.0


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order in which they are asked."""
    sections = typing.get_type_hints(RunnerProfile).items()
    return tuple(question for name, kind in sections for question in _questions_of(name, kind))


def _questions_of(section: str, kind: type) -> Iterator[Question]:
    hints = typing.get_type_hints(kind)
    for each in dataclasses.fields(kind):
        yield _question(f"{section}.{each.name}", hints[each.name], each.metadata)


def _question(name: str, hint: types.UnionType, metadata: Mapping[str, Any]) -> Question:
    answer = next(kind for kind in typing.get_args(hint) if kind is not type(None))
    if issubclass(answer, StrEnum):
        return Question(name, Kind.CHOICE, tuple(choice.value for choice in answer))
    if answer is bool:
        return Question(name, Kind.YES_NO)
    return Question(name, Kind.NUMBER, **metadata)


def read_profile(path: Path) -> RunnerProfile:
    """Read a runner's answers.

    Raises ConfigError, naming the file and the key, for a file that cannot be read, an unknown key
    (with the nearest known one), and an answer of the wrong kind or out of range.
    """
    return profile_of(read_toml(path), str(path))


def profile_of(table: Mapping[str, Any], name: str) -> RunnerProfile:
    """Answers of a table as a file or a form gives it; ``name`` is who gave it, for messages.

    Raises ConfigError as ``read_profile`` does.
    """
    try:
        return build(RunnerProfile, _in_km(table), "question")
    except ConfigError as error:
        raise ConfigError(text("errors", "table.in_file", path=name, why=error.said)) from error

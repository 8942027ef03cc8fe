"""Which advice goes to whom: the rows of plan.toml laid against findings and answers.

The gravest flag decides how careful the plan is. With a red flag no exercise is left; with pain and
nothing else, only what is gentle. Nothing here measures anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from formcheck.domain import (
    Caution,
    Finding,
    Grade,
    Plan,
    PlanItem,
    PlanNote,
    PlanReason,
    PlanTopic,
    Point,
    Support,
)
from formcheck.guidance.apply import main_finding
from formcheck.guidance.load import load_sources
from formcheck.guidance.profile import RunnerProfile
from formcheck.shipped import shipped_table
from formcheck.tables import build
from formcheck.texts import text


@dataclass(frozen=True, slots=True)
class When:
    """A condition: a point that fires, or an answer that passes its one test."""

    finding: str | None = None
    answer: str | None = None
    yes: bool | None = None
    any_of: tuple[str, ...] = ()
    above: float | None = None
    at_most: float | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer that comes before any advice; the fields of its test are those of When."""

    answer: str
    urgency: Caution
    yes: bool | None = None
    any_of: tuple[str, ...] = ()
    above: float | None = None
    without_pain: Caution | None = None

    @property
    def when(self) -> When:
        """Its test."""
        return When(answer=self.answer, yes=self.yes, any_of=self.any_of, above=self.above)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What a group of items stands on; sources by id."""

    id: str
    support: Support
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One piece of advice and when it is given."""

    id: str
    note: str
    is_exercise: bool = False
    up_to: Caution = Caution.NONE
    only_when: tuple[When, ...] = ()
    first_when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicRow:
    """Items that belong together."""

    id: str
    item: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class PlanRules:
    """All of plan.toml; ``flag_sources`` are where the list of flags was read."""

    flag_sources: tuple[str, ...]
    flag: tuple[Flag, ...]
    note: tuple[NoteRow, ...]
    topic: tuple[TopicRow, ...]


@cache
def plan_rules() -> PlanRules:
    """The rows of plan.toml. Raises ConfigError when one has an unknown key or a wrong value."""
    return build(PlanRules, shipped_table("formcheck.guidance", "plan.toml"), "plan")


def caution_of(profile: RunnerProfile | None) -> Caution:
    """The gravest thing a runner's answers ask for; none without answers."""
    if profile is None:
        return Caution.NONE
    raised = (_urgency(flag, profile) for flag in plan_rules().flag)
    return max(raised, key=lambda caution: caution.gravity, default=Caution.NONE)


def tempered(findings: Iterable[Finding], caution: Caution) -> tuple[Finding, ...]:
    """Findings that ask for nothing while the runner is in pain or flagged.

    None is graded beyond watch, and none says what to try. What was measured, the verdict and its
    probability stay.
    """
    if caution is Caution.NONE:
        return tuple(findings)
    said = text("plan", "kept_back")
    return tuple(
        replace(found, grade=Grade.WATCH, message=said) if found.fires else found
        for found in findings
    )


def make_plan(findings: Iterable[Finding], profile: RunnerProfile | None) -> Plan:
    """The plan for one runner: every topic that has anything to say.

    In a topic comes first what has to do with the one thing to work on first, then what has any
    other reason.
    """
    caution, findings = caution_of(profile), tuple(findings)
    main = main_finding(findings, caution)
    case = _Case(
        firing={f.rule.point.id: f.rule.point for f in findings if _asks(f)},
        main=None if main is None else main.rule.point,
        profile=profile or RunnerProfile(),
        caution=caution,
    )
    topics = (PlanTopic(row.id, tuple(case.items(row))) for row in plan_rules().topic)
    answered = profile is not None and not profile.is_empty
    return Plan(caution, answered, tuple(topic for topic in topics if topic.items))


def _asks(finding: Finding) -> bool:
    return finding.fires and finding.rule.pack != "article"


def _urgency(flag: Flag, profile: RunnerProfile) -> Caution:
    if not _passes(flag.when, profile):
        return Caution.NONE
    if flag.without_pain is not None and profile.pain.back_pain_now is False:
        return flag.without_pain
    return flag.urgency


def _passes(when: When, profile: RunnerProfile) -> bool:
    """Whether an answer passes the test of a condition; one not given never does."""
    answer = profile.answer(when.answer or "")
    if answer is None:
        return False
    if when.yes is not None:
        return answer is when.yes
    if when.any_of:
        return answer in when.any_of
    number = float(answer)
    if when.above is not None:
        return number > when.above
    return when.at_most is not None and number <= when.at_most


@dataclass(frozen=True, slots=True)
class _Case:
    """One runner after one clip."""

    firing: dict[str, Point]
    main: Point | None
    profile: RunnerProfile
    caution: Caution

    def items(self, topic: TopicRow) -> list[PlanItem]:
        """What is said of a topic, in the order of the file where nothing else orders it."""
        made = [item for row in topic.item for item in self.item(row)]
        return sorted(made, key=self.rank)

    def rank(self, item: PlanItem) -> tuple[bool, bool]:
        """What has to do with the main finding, then what has any reason."""
        points = [reason.point for reason in item.reasons if reason.point is not None]
        return self.main not in points, not item.reasons

    def item(self, row: ItemRow) -> Iterator[PlanItem]:
        """The item, unless a condition or the caution keeps it back."""
        reasons = tuple(self.reasons((*row.only_when, *row.first_when)))
        if self.caution.gravity > row.up_to.gravity or (row.only_when and not reasons):
            return
        yield PlanItem(row.id, row.is_exercise, _notes()[row.note], reasons)

    def reasons(self, conditions: Iterable[When]) -> Iterator[PlanReason]:
        """Those of the conditions that are met."""
        for when in conditions:
            if when.finding in self.firing:
                yield PlanReason("finding", self.firing[when.finding])
            elif when.answer is not None and _passes(when, self.profile):
                yield PlanReason(when.because)


@cache
def _notes() -> dict[str, PlanNote]:
    sources = load_sources()
    return {
        row.id: PlanNote(row.id, row.support, tuple(sources[name] for name in row.sources))
        for row in plan_rules().note
    }

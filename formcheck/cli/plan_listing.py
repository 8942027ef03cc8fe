"""What the plan is made by, for docs/guidance.md."""

from __future__ import annotations

from collections.abc import Iterable

from formcheck.guidance.plan import Flag, ItemRow, NoteRow, TopicRow, When, plan_rules
from formcheck.texts import words

_HEAD = """
## The plan

Beside the findings a report has a plan. With answers to the questions of `formcheck profile` it
follows them; without, it is general. In a topic comes first what has to do with the main finding,
then what has any reason. Sources of the warning signs: {sources}.

| answer | asks for | with no pain now |
|---|---|---|
"""


def plan_markdown() -> str:
    """The section on the plan: what comes before it, its advice and what it stands on."""
    rules = plan_rules()
    head = _HEAD.format(sources=", ".join(rules.flag_sources))
    flags = "".join(_flag_line(flag) for flag in rules.flag)
    topics = "".join(_topic_section(topic) for topic in rules.topic)
    notes = "".join(_note_line(note) for note in rules.note)
    return f"{head}{flags}{topics}\n### What is known\n\n{notes}"


def _flag_line(flag: Flag) -> str:
    without = flag.urgency if flag.without_pain is None else flag.without_pain
    return f"| {_condition(flag.when)} | {flag.urgency} | {without} |\n"


def _topic_section(topic: TopicRow) -> str:
    lines = "".join(_item_line(item) for item in topic.item)
    return f"\n### {words('plan')(f'topic.{topic.id}')}\n\n{lines}"


def _item_line(item: ItemRow) -> str:
    facts = [f"known: {item.note}"]
    if item.only_when:
        facts.append(f"only when {_any(item.only_when)}")
    if item.first_when:
        facts.append(f"first when {_any(item.first_when)}")
    if item.up_to.gravity:
        facts.append(f"still shown at {item.up_to}")
    return f"- {words('plan')(f'item.{item.id}.title')} ({'; '.join(facts)})\n"


def _note_line(note: NoteRow) -> str:
    t = words("plan")
    said, kind = t(f"note.{note.id}"), t(f"support.{note.support}")
    return f"- **{note.id}** ({kind}; {', '.join(note.sources)}): {said}\n"


def _any(conditions: Iterable[When]) -> str:
    return " or ".join(_condition(when) for when in conditions)


def _condition(when: When) -> str:
    """A condition on one line."""
    if when.finding is not None:
        return f"{when.finding} asks"
    if when.yes is not None:
        return f"{when.answer} is {'yes' if when.yes else 'no'}"
    if when.any_of:
        return f"{when.answer} is {' or '.join(when.any_of)}"
    if when.above is not None:
        return f"{when.answer} is above {when.above:g}"
    return f"{when.answer} is at most {when.at_most:g}"

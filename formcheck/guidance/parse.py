"""One table of a rule file into one point, source, criterion or rule, checked on the way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any

from formcheck.domain import Band, Condition, Criterion, Grade, Point, Rule, Source, Text
from formcheck.errors import GuidanceError
from formcheck.texts import text

TEXTS = ("within", "outside", "outside_low", "outside_high")
FACTS = ("value", "low", "high")
"""What a text may ask for."""
_TEXT = (str, "text")
_NUMBER = (int | float, "number")
_BAND = (list, "band")
Kinds = Mapping[str, tuple[Any, str]]
"""Types of the keys, and what they are called in the table ``toml`` of names."""
RULE_KEYS: Kinds = MappingProxyType(
    {
        "id": _TEXT,
        "point": _TEXT,
        "min_strides": (int, "whole"),
        "sources": (list, "sources"),
        "criteria": (list, "criteria"),
        **dict.fromkeys(TEXTS, _TEXT),
    }
)
CRITERION_KEYS: Kinds = MappingProxyType(
    {
        "metric": _TEXT,
        "good": _BAND,
        "watch": _BAND,
        "most": _TEXT,
        "compared": (bool, "truth"),
        "when": (list, "conditions"),
        **dict.fromkeys(TEXTS, _TEXT),
    }
)
CONDITION_KEYS: Kinds = MappingProxyType({"metric": _TEXT, "inside": _BAND})
POINT_KEYS: Kinds = MappingProxyType(
    {
        "title": _TEXT,
        "order": (int, "whole"),
        "weight": _NUMBER,
        "article_sentence": _TEXT,
        "evidence_note": _TEXT,
        "advice": _TEXT,
    }
)
SOURCE_KEYS: Kinds = MappingProxyType(
    {
        "citation": _TEXT,
        "locator": _TEXT,
        "evidence": _TEXT,
        "doi": _TEXT,
        "to_verify": (bool, "truth"),
    }
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a rule may refer to."""

    points: Mapping[str, Point]
    sources: Mapping[str, Source]


def parse_source(key: str, entry: Any, name: str) -> Source:
    """A source. Raises GuidanceError when something is missing, unknown or of the wrong type."""
    label = text("errors", "rules.source", path=name, name=key)
    _check(entry, label, SOURCE_KEYS, required=("citation", "locator", "evidence"))
    return Source(id=key, **entry)


def parse_point(key: str, entry: Any, name: str) -> Point:
    """A point. Raises GuidanceError when something is missing, unknown or of the wrong type."""
    label = text("errors", "rules.point", path=name, name=key)
    _check(entry, label, POINT_KEYS, required=("title", "order", "weight"))
    if not 0 <= entry["weight"] <= 1:
        raise _wrong("weight", label)
    texts = {part: entry.get(part, "") for part in ("article_sentence", "evidence_note", "advice")}
    return Point(key, entry["title"], entry["order"], float(entry["weight"]), **texts)


def parse_rule(entry: Any, name: str, words: Vocabulary, pack: str) -> Rule:
    """A rule. Raises GuidanceError when it contradicts itself or names something unknown."""
    called = str(entry.get("id", "?") if isinstance(entry, dict) else entry)
    label = text("errors", "rules.rule", path=name, name=called)
    _check(entry, label, RULE_KEYS, required=("id", "point", "min_strides", "sources", "criteria"))
    if entry["point"] not in words.points:
        raise _wrong("no_point", label, name=entry["point"])
    lost = [key for key in entry["sources"] if key not in words.sources]
    if lost or not entry["sources"]:
        none_given = text("errors", "rules.none_given")
        raise _wrong("no_source", label, name=lost[0] if lost else none_given)
    if not entry["criteria"]:
        raise _wrong("no_criterion", label)
    if entry["min_strides"] < 1:
        raise _wrong("min_strides", label)
    rule = Rule(
        id=entry["id"],
        pack=pack,
        point=words.points[entry["point"]],
        criteria=tuple(_criterion(table, label) for table in entry["criteria"]),
        min_strides=entry["min_strides"],
        messages=_texts(entry, label),
        sources=tuple(words.sources[key] for key in entry["sources"]),
    )
    missing = next(_untold(rule), None)
    if missing is not None:
        raise _wrong("no_words", label, name=missing)
    return rule


def _untold(rule: Rule) -> Iterator[str]:
    """Outcomes a rule may come to and has no words for."""
    for criterion in rule.criteria:
        told = {**rule.messages, **criterion.messages}
        if "within" not in told:
            yield "within"
        for edge, key in zip(criterion.good, ("outside_low", "outside_high"), strict=True):
            if math.isfinite(edge) and not {"outside", key} & set(told):
                yield key


def _criterion(entry: Any, label: Text) -> Criterion:
    """One metric against one band."""
    _check(entry, label, CRITERION_KEYS, required=("metric", "good", "most"))
    if entry["most"] not in set(Grade) - {Grade.GOOD}:
        raise _wrong("most", label, value=entry["most"])
    good = _band(entry["good"], _part(label, "good"))
    watch = _band(entry["watch"], _part(label, "watch")) if "watch" in entry else None
    if watch is not None and not (watch[0] <= good[0] and good[1] <= watch[1]):
        raise _wrong("nested", label, watch=str(list(watch)), good=str(list(good)))
    most = Grade(entry["most"])
    if (most is Grade.FIX) != (watch is not None):
        raise _wrong("watch", label)
    return Criterion(
        metric=entry["metric"],
        good=good,
        watch=watch,
        most=most,
        compared=entry.get("compared", False),
        when=tuple(_condition(table, label) for table in entry.get("when", [])),
        messages=_texts(entry, label),
    )


def _condition(entry: Any, label: Text) -> Condition:
    _check(entry, _part(label, "when"), CONDITION_KEYS, required=tuple(CONDITION_KEYS))
    return Condition(entry["metric"], _band(entry["inside"], _part(label, "inside")))


def _band(value: list[Any], label: Text) -> Band:
    """Two numbers that leave room between them, at least one of them finite."""
    numbers = [v for v in value if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(value) != 2 or len(numbers) != 2:
        raise _wrong("band", label, kind=_BAND[1])
    low, high = float(value[0]), float(value[1])
    if not low < high:
        raise _wrong("upside_down", label, low=f"{low:g}", high=f"{high:g}")
    if math.isinf(low) and math.isinf(high):
        raise _wrong("open", label)
    return low, high


def _texts(entry: Mapping[str, Any], label: Text) -> Mapping[str, str]:
    """The texts of a rule or criterion, which can be filled in."""
    texts: dict[str, str] = {key: entry[key] for key in TEXTS if key in entry}
    for key, said in texts.items():
        if not _asked_for(said, _part(label, key)) <= set(FACTS):
            known = ", ".join(f"{{{fact}}}" for fact in FACTS)
            raise _wrong("facts", label, name=key, known=known)
    return texts


def _asked_for(said: str, label: Text) -> set[str]:
    """What is to be filled into a text, with the format it asks for, which should be none."""
    try:
        parts = list(Formatter().parse(said))
    except ValueError as error:
        raise _wrong("template", label, why=str(error)) from error
    fields = (part[1:] for part in parts if part[1] is not None)
    return {f"{name}{spec or ''}{conversion or ''}" for name, spec, conversion in fields}


def _check(entry: Any, label: Text, kinds: Kinds, *, required: tuple[str, ...]) -> None:
    """Raise GuidanceError unless ``entry`` is a table with the right keys and types."""
    if not isinstance(entry, dict):
        raise _wrong("no_table", label, value=repr(entry))
    unknown = sorted(set(entry) - set(kinds))
    missing = [key for key in required if key not in entry]
    if unknown or missing:
        kind = "unknown_in" if unknown else "missing_in"
        raise _wrong(kind, label, key=(unknown or missing)[0])
    for key, value in entry.items():
        kind, meant = kinds[key]
        wrong = isinstance(value, bool) and kind is not bool
        if wrong or not isinstance(value, kind):
            raise _wrong("wrong_kind", label, key=key, kind=meant, value=repr(value))


def _part(label: Text, name: str) -> Text:
    """A part of what a label names, as a label."""
    return text("errors", "rules.part", place=label, name=name)


def _wrong(what: str, label: Text, /, **facts: object) -> GuidanceError:
    """What is wrong with the place in a rule file that ``label`` names."""
    return GuidanceError(text("errors", f"rules.{what}", place=label, **facts))

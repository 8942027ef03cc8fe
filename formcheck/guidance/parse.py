"""One table of a rule file into one point, source, criterion or rule, checked on the way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any

from formcheck.domain import Band, Condition, Criterion, Grade, Point, Rule, Source
from formcheck.errors import GuidanceError

TEXTS = ("within", "outside", "outside_low", "outside_high")
FACTS = ("value", "low", "high")
"""What a text may ask for."""
_TEXT = (str, "text")
_NUMBER = (int | float, "a number")
_BAND = (list, "two numbers, the lower one first")
Kinds = Mapping[str, tuple[Any, str]]
RULE_KEYS: Kinds = MappingProxyType(
    {
        "id": _TEXT,
        "point": _TEXT,
        "min_strides": (int, "a whole number"),
        "sources": (list, "a list of source ids"),
        "criteria": (list, "a list of criteria"),
        **dict.fromkeys(TEXTS, _TEXT),
    }
)
CRITERION_KEYS: Kinds = MappingProxyType(
    {
        "metric": _TEXT,
        "good": _BAND,
        "watch": _BAND,
        "most": _TEXT,
        "compared": (bool, "true or false"),
        "when": (list, "a list of conditions"),
        **dict.fromkeys(TEXTS, _TEXT),
    }
)
CONDITION_KEYS: Kinds = MappingProxyType({"metric": _TEXT, "inside": _BAND})
POINT_KEYS: Kinds = MappingProxyType(
    {
        "title": _TEXT,
        "order": (int, "a whole number"),
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
        "to_verify": (bool, "true or false"),
    }
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a rule may refer to."""

    points: Mapping[str, Point]
    sources: Mapping[str, Source]


def parse_source(key: str, entry: Any, name: str) -> Source:
    """A source. Raises GuidanceError when something is missing, unknown or of the wrong type."""
    label = f"{name}: source '{key}'"
    _check(entry, label, SOURCE_KEYS, required=("citation", "locator", "evidence"))
    return Source(id=key, **entry)


def parse_point(key: str, entry: Any, name: str) -> Point:
    """A point. Raises GuidanceError when something is missing, unknown or of the wrong type."""
    label = f"{name}: point '{key}'"
    _check(entry, label, POINT_KEYS, required=("title", "order", "weight"))
    if not 0 <= entry["weight"] <= 1:
        raise GuidanceError(f"{label}: weight must lie between 0 and 1")
    texts = {text: entry.get(text, "") for text in ("article_sentence", "evidence_note", "advice")}
    return Point(key, entry["title"], entry["order"], float(entry["weight"]), **texts)


def parse_rule(entry: Any, name: str, words: Vocabulary, pack: str) -> Rule:
    """A rule. Raises GuidanceError when it contradicts itself or names something unknown."""
    label = f"{name}: rule '{entry.get('id', '?') if isinstance(entry, dict) else entry}'"
    _check(entry, label, RULE_KEYS, required=("id", "point", "min_strides", "sources", "criteria"))
    if entry["point"] not in words.points:
        raise GuidanceError(f"{label}: unknown point {entry['point']}")
    lost = [key for key in entry["sources"] if key not in words.sources]
    if lost or not entry["sources"]:
        raise GuidanceError(f"{label}: unknown source {lost[0] if lost else '(none given)'}")
    if not entry["criteria"]:
        raise GuidanceError(f"{label}: needs at least one criterion")
    if entry["min_strides"] < 1:
        raise GuidanceError(f"{label}: min_strides must be at least 1")
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
        raise GuidanceError(f"{label}: needs a text for {missing}")
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


def _criterion(entry: Any, label: str) -> Criterion:
    """One metric against one band."""
    _check(entry, label, CRITERION_KEYS, required=("metric", "good", "most"))
    if entry["most"] not in set(Grade) - {Grade.GOOD}:
        raise GuidanceError(f"{label}: most must be info, watch or fix, not '{entry['most']}'")
    good = _band(entry["good"], f"{label}: good")
    watch = _band(entry["watch"], f"{label}: watch") if "watch" in entry else None
    if watch is not None and not (watch[0] <= good[0] and good[1] <= watch[1]):
        raise GuidanceError(f"{label}: watch {list(watch)} does not hold good {list(good)}")
    most = Grade(entry["most"])
    if (most is Grade.FIX) != (watch is not None):
        raise GuidanceError(f"{label}: watch is given exactly where most is fix")
    return Criterion(
        metric=entry["metric"],
        good=good,
        watch=watch,
        most=most,
        compared=entry.get("compared", False),
        when=tuple(_condition(table, label) for table in entry.get("when", [])),
        messages=_texts(entry, label),
    )


def _condition(entry: Any, label: str) -> Condition:
    _check(entry, f"{label}: when", CONDITION_KEYS, required=tuple(CONDITION_KEYS))
    return Condition(entry["metric"], _band(entry["inside"], f"{label}: inside"))


def _band(value: list[Any], label: str) -> Band:
    """Two numbers that leave room between them, at least one of them finite."""
    numbers = [v for v in value if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(value) != 2 or len(numbers) != 2:
        raise GuidanceError(f"{label} must be {_BAND[1]}")
    low, high = float(value[0]), float(value[1])
    if not low < high:
        raise GuidanceError(f"{label}: {low:g} is not below {high:g}")
    if math.isinf(low) and math.isinf(high):
        raise GuidanceError(f"{label} is open at both ends")
    return low, high


def _texts(entry: Mapping[str, Any], label: str) -> Mapping[str, str]:
    """The texts of a rule or criterion, which can be filled in."""
    texts: dict[str, str] = {key: entry[key] for key in TEXTS if key in entry}
    for key, said in texts.items():
        if not _asked_for(said, f"{label}: {key}") <= set(FACTS):
            known = ", ".join(f"{{{fact}}}" for fact in FACTS)
            raise GuidanceError(f"{label}: {key} may ask for {known} only")
    return texts


def _asked_for(said: str, label: str) -> set[str]:
    """What is to be filled into a text, with the format it asks for, which should be none."""
    try:
        parts = list(Formatter().parse(said))
    except ValueError as error:
        raise GuidanceError(f"{label}: {error}") from error
    fields = (part[1:] for part in parts if part[1] is not None)
    return {f"{name}{spec or ''}{conversion or ''}" for name, spec, conversion in fields}


def _check(entry: Any, label: str, kinds: Kinds, *, required: tuple[str, ...]) -> None:
    """Raise GuidanceError unless ``entry`` is a table with the right keys and types."""
    if not isinstance(entry, dict):
        raise GuidanceError(f"{label} must be a table, not {entry!r}")
    unknown = sorted(set(entry) - set(kinds))
    missing = [key for key in required if key not in entry]
    if unknown or missing:
        problem = f"unknown key {unknown[0]}" if unknown else f"missing key {missing[0]}"
        raise GuidanceError(f"{label}: {problem}")
    for key, value in entry.items():
        kind, meant = kinds[key]
        wrong = isinstance(value, bool) and kind is not bool
        if wrong or not isinstance(value, kind):
            raise GuidanceError(f"{label}: {key} must be {meant}, not {value!r}")

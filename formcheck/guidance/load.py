"""Read rule and source files and refuse those that contradict themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from formcheck.domain import Rule, Source
from formcheck.errors import GuidanceError

RULE_KEYS = frozenset(
    {
        "id", "title", "metric", "low", "high", "min_strides", "priority", "article_sentence",
        "within", "outside", "outside_low", "outside_high", "evidence_note", "advice", "sources",
    }
)  # fmt: skip
TYPES: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        **dict.fromkeys(RULE_KEYS, (str, "text")),
        **dict.fromkeys(("low", "high"), (object, "a number")),  # see _bound
        **dict.fromkeys(("min_strides", "priority"), (int, "a whole number")),
        "sources": (list, "a list of source ids"),
    }
)
REQUIRED = ("id", "title", "metric", "min_strides", "priority", "article_sentence", "sources")
TEXTS = ("within", "outside", "outside_low", "outside_high")


def load_sources() -> Mapping[str, Source]:
    """The sources formcheck ships with, by id."""
    table = tomllib.loads(_packaged("sources.toml"))
    return {
        key: Source(
            id=key,
            citation=entry["citation"],
            locator=entry["locator"],
            evidence=entry["evidence"],
            doi=entry.get("doi", ""),
        )
        for key, entry in table.items()
    }


def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """Rules of a TOML file, or of the shipped one, by priority.

    A user's file may bring its own sources in a ``[sources]`` table. Raises GuidanceError for
    unknown or missing keys, an empty band, an unknown source, or a rule given twice.
    """
    name = "rules.toml" if path is None else str(path)
    table = _parse(name, _packaged("rules.toml") if path is None else _read(path))
    sources = dict(load_sources())
    own, entries = table.get("sources", {}), table.get("rule", [])
    if not isinstance(own, dict) or not isinstance(entries, list) or not entries:
        raise GuidanceError(f"{name} holds no [[rule]], or [sources] is no table")
    for key, entry in own.items():
        sources[key] = _own_source(key, entry, name)
    rules = [_rule(entry, sources, name) for entry in entries]
    ids = [rule.id for rule in rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise GuidanceError(f"{name} gives the rule '{rule_id}' twice")
    return tuple(sorted(rules, key=lambda rule: rule.priority))


def _packaged(name: str) -> str:
    return resources.files("formcheck.guidance").joinpath(name).read_text(encoding="utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise GuidanceError(f"rule file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise GuidanceError(f"rule file {path} is not a text file") from error


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuidanceError(f"{name} is not valid TOML: {error}") from error


def _own_source(key: str, entry: Any, name: str) -> Source:
    """A source out of a user's rule file."""
    fields = ("citation", "locator", "evidence")
    if not isinstance(entry, dict) or any(field not in entry for field in fields):
        raise GuidanceError(f"{name}: source '{key}' needs {', '.join(fields)}")
    return Source(
        id=key,
        citation=str(entry["citation"]),
        locator=str(entry["locator"]),
        evidence=str(entry["evidence"]),
        doi=str(entry.get("doi", "")),
    )


def _rule(entry: dict[str, Any], sources: Mapping[str, Source], name: str) -> Rule:
    """One checked rule."""
    label = _checked_keys(entry, name)
    low, high = _bound(entry, "low", label), _bound(entry, "high", label)
    if low is None and high is None:
        raise GuidanceError(f"{label}: needs low or high")
    if low is not None and high is not None and low >= high:
        raise GuidanceError(f"{label}: low {low} is not below high {high}")
    lost = [key for key in entry["sources"] if key not in sources]
    if lost or not entry["sources"]:
        raise GuidanceError(f"{label}: unknown source {lost[0] if lost else '(none given)'}")
    return Rule(
        id=entry["id"],
        title=entry["title"],
        metric=entry["metric"],
        low=low,
        high=high,
        min_strides=int(entry["min_strides"]),
        priority=int(entry["priority"]),
        article_sentence=entry["article_sentence"],
        messages={key: entry[key] for key in TEXTS if key in entry},
        evidence_note=entry.get("evidence_note", ""),
        advice=entry.get("advice", ""),
        sources=tuple(sources[key] for key in entry["sources"]),
    )


def _checked_keys(entry: Any, name: str) -> str:
    """What to call a rule in a complaint, after checking which keys it has and of what type."""
    if not isinstance(entry, dict):
        raise GuidanceError(f"{name}: a rule must be a [[rule]] table, not {entry!r}")
    label = f"{name}: rule '{entry.get('id', '?')}'"
    unknown = sorted(set(entry) - RULE_KEYS)
    missing = [key for key in REQUIRED if key not in entry]
    if unknown or missing:
        problem = f"unknown key {unknown[0]}" if unknown else f"missing key {missing[0]}"
        raise GuidanceError(f"{label}: {problem}")
    for key, value in entry.items():
        kind, meant = TYPES[key]
        if not isinstance(value, kind):
            raise GuidanceError(f"{label}: {key} must be {meant}, not {value!r}")
    return label


def _bound(entry: dict[str, Any], key: str, label: str) -> float | None:
    """A band edge, None when the band is open there."""
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GuidanceError(f"{label}: {key} must be a number")
    return float(value)

"""Read points, sources and rule packs, and refuse files that contradict themselves.

Two packs ship: ``article`` takes the article at its word, ``evidence`` says what research supports.
A user's file adds rules, takes the place of shipped ones that have the same id, or disables them
(``disable = ["evidence_bounce"]``). What the shipped ones say lies in
``formcheck/texts/<language>/``; a user's file brings its own texts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from formcheck.domain import Point, Rule, Source
from formcheck.errors import GuidanceError
from formcheck.guidance.parse import Vocabulary, parse_point, parse_rule, parse_source
from formcheck.shipped import shipped_table
from formcheck.texts import in_english, templates, text

PACKS = ("article", "evidence")
_HERE = "formcheck.guidance"
_NOTES = ("locator", "evidence")
OWN_PACK = "own"
OWN_KEYS = ("rule", "points", "sources", "disable")
"""What a user's file may hold."""


@cache
def load_sources() -> Mapping[str, Source]:
    """The sources formcheck ships with, by id."""
    table = shipped_table(_HERE, "sources.toml")
    sources = {
        key: parse_source(key, _translatable(entry, key), "sources.toml")
        for key, entry in table.items()
    }
    return MappingProxyType(sources)


def _translatable(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A source whose notes, which are in English beside it, other languages have too."""
    notes = {note: in_english(entry[note], "sources", f"{key}.{note}") for note in _NOTES}
    return {**entry, **notes}


@cache
def load_points() -> Mapping[str, Point]:
    """The points formcheck ships with, by id, in order."""
    table = shipped_table(_HERE, "points.toml")
    points = [
        parse_point(key, {**entry, **templates("points", key)}, "points.toml")
        for key, entry in table.items()
    ]
    ordered = sorted(points, key=lambda point: point.order)
    return MappingProxyType({point.id: point for point in ordered})


@cache
def _shipped_rules() -> Mapping[str, Rule]:
    """The rules formcheck ships with, by id."""
    words = Vocabulary(load_points(), load_sources())
    rules: dict[str, Rule] = {}
    for pack in PACKS:
        table = shipped_table(_HERE, f"packs/{pack}.toml")
        rules |= _rules_of(_worded(table), pack, words, pack)
    return MappingProxyType(rules)


def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """The shipped rules, with those of a user's TOML file laid over them, by point and pack.

    A user's file may bring its own ``[points]`` and ``[sources]`` and a list of ids to ``disable``.
    Raises GuidanceError for unknown or missing keys, an empty band, an unknown source, point,
    grade or id to disable, a text that cannot be filled in, or a rule given twice.
    """
    words = Vocabulary(load_points(), load_sources())
    rules = dict(_shipped_rules())
    if path is not None:
        name = str(path)
        table = _parse(name, _read(path))
        for disabled in _disabled(table, name, known=rules):
            del rules[disabled]
        if "rule" in table or "disable" not in table:
            words = _with_own_words(words, table, name)
            rules |= _rules_of(table, name, words, OWN_PACK)
    order = [*PACKS, OWN_PACK]
    return tuple(
        sorted(rules.values(), key=lambda rule: (rule.point.order, order.index(rule.pack)))
    )


def _worded(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """A shipped pack with what its rules and their criteria say."""
    return {"rule": [_worded_rule(entry) for entry in table["rule"]]}


def _worded_rule(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    key = entry["id"]
    criteria = [
        {**criterion, **templates("rules", f"{key}.criterion_{number}")}
        for number, criterion in enumerate(entry["criteria"], start=1)
    ]
    return {**entry, **templates("rules", key), "criteria": criteria}


def _rules_of(table: Mapping[str, Any], name: str, words: Vocabulary, pack: str) -> dict[str, Rule]:
    """Rules of one file, by id."""
    entries = table.get("rule")
    if not isinstance(entries, list) or not entries:
        raise GuidanceError(text("errors", "rules.no_rule", path=name))
    rules: dict[str, Rule] = {}
    for entry in entries:
        rule = parse_rule(entry, name, words, pack)
        if rule.id in rules:
            raise GuidanceError(text("errors", "rules.twice", path=name, rule=rule.id))
        rules[rule.id] = rule
    return rules


def _disabled(table: Mapping[str, Any], name: str, *, known: Iterable[str]) -> set[str]:
    """Ids of shipped rules a user's file takes away."""
    unknown = sorted(set(table) - set(OWN_KEYS))
    if unknown:
        facts = {"path": name, "key": unknown[0], "known": ", ".join(OWN_KEYS)}
        raise GuidanceError(text("errors", "rules.unknown_key", **facts))
    ids = table.get("disable", [])
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise GuidanceError(text("errors", "rules.disable", path=name))
    lost = sorted(set(ids) - set(known))
    if lost:
        raise GuidanceError(text("errors", "rules.not_shipped", path=name, rule=lost[0]))
    return set(ids)


def _with_own_words(words: Vocabulary, table: Mapping[str, Any], name: str) -> Vocabulary:
    """Points and sources with those a user's file brings."""
    own_points, own_sources = (table.get(key, {}) for key in ("points", "sources"))
    if not isinstance(own_points, dict) or not isinstance(own_sources, dict):
        raise GuidanceError(text("errors", "rules.own_tables", path=name))
    points = {key: parse_point(key, entry, name) for key, entry in own_points.items()}
    sources = {key: parse_source(key, entry, name) for key, entry in own_sources.items()}
    return Vocabulary({**words.points, **points}, {**words.sources, **sources})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        facts = {"path": str(path), "why": error.strerror}
        raise GuidanceError(text("errors", "rules.unreadable", **facts)) from error
    except UnicodeDecodeError as error:
        raise GuidanceError(text("errors", "rules.no_text", path=str(path))) from error


def _parse(name: str, content: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise GuidanceError(text("errors", "rules.no_toml", path=name, why=str(error))) from error

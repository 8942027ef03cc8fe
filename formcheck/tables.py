"""TOML tables into typed dataclasses: unknown keys and wrong values refused by name."""

from __future__ import annotations

import dataclasses
import difflib
import math
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from formcheck.errors import ConfigError
from formcheck.texts import text

T = TypeVar("T")


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises ConfigError when it cannot be read or is no TOML."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        facts = {"path": str(path), "why": error.strerror}
        raise ConfigError(text("errors", "table.unreadable", **facts)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        facts = {"path": str(path), "why": str(error)}
        raise ConfigError(text("errors", "table.no_toml", **facts)) from error


def build(kind: type[T], table: Mapping[str, Any], what: str) -> T:
    """Make the dataclass ``kind`` of a table; a field that is a dataclass is a section of it.

    ``what`` is what a key is called in messages, a word of ``key_kind`` in names. Raises
    ConfigError for an unknown key or section (naming the nearest known one), and a value of the
    wrong type or out of range.
    """
    made: T = _Reader(kind, what).build(kind, table, where="")
    return made


def plain(value: Any) -> Any:
    """A dataclass as TOML and JSON values; without what is None, so that building gives it back."""
    if dataclasses.is_dataclass(value):
        names = [each.name for each in dataclasses.fields(value)]
        pairs = ((name, getattr(value, name)) for name in names)
        return {name: plain(each) for name, each in pairs if each is not None}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, (Path, StrEnum)) else value


@dataclass(frozen=True, slots=True)
class _Reader:
    """Builds ``root`` and whatever lies in it."""

    root: type
    what: str

    def build(self, kind: Any, table: Mapping[str, Any], *, where: str) -> Any:
        """``where`` is the table's name and a dot."""
        known = {each.name for each in dataclasses.fields(kind)}
        hints = typing.get_type_hints(kind)
        for key in table:
            if key not in known:
                raise self.unknown(f"{where}{key}", (f"{where}{k}" for k in known))
        values = {k: self.value(hints[k], value, f"{where}{k}") for k, value in table.items()}
        try:
            return kind(**values)
        except ValueError as error:
            facts = {"section": where.rstrip("."), "why": str(error)}
            raise ConfigError(text("errors", "table.section", **facts)) from error

    def unknown(self, key: str, known: Iterable[str]) -> ConfigError:
        """A key put at the wrong level is found too."""
        everything = [*sorted(known), *_sectioned_keys(self.root)]
        close = difflib.get_close_matches(key, everything, n=1, cutoff=0.0)
        facts = {"what": self.what, "key": key, "nearest": close[0]}
        return ConfigError(text("errors", "table.unknown", **facts))

    def value(self, kind: Any, value: Any, name: str) -> Any:
        """``value`` as the type a field declares, or ConfigError."""
        if isinstance(kind, types.UnionType):
            kind = next(option for option in typing.get_args(kind) if option is not type(None))
        if typing.get_origin(kind) is tuple:
            return self.items(kind, value, name)
        if dataclasses.is_dataclass(kind):
            return self.build(kind, _checked(dict, value, name), where=f"{name}.")
        return _scalar(kind, value, name)

    def items(self, kind: Any, value: Any, name: str) -> tuple[Any, ...]:
        items = _checked(list, list(value) if isinstance(value, tuple) else value, name)
        kinds = typing.get_args(kind)
        if kinds[-1] is Ellipsis:
            kinds = kinds[:1] * len(items)
        if len(items) != len(kinds):
            facts = {"name": name, "needed": len(kinds), "found": len(items)}
            raise ConfigError(text("errors", "table.count", **facts))
        pairs = enumerate(zip(kinds, items, strict=True))
        return tuple(self.value(each, item, f"{name}[{index}]") for index, (each, item) in pairs)


def _sectioned_keys(root: type) -> Iterable[str]:
    """Every key inside a section, as ``section.key``."""
    for name, kind in typing.get_type_hints(root).items():
        if dataclasses.is_dataclass(kind):
            yield from (f"{name}.{each.name}" for each in dataclasses.fields(kind))


def _scalar(kind: Any, value: Any, name: str) -> Any:
    if kind is float:
        return _number(value, name)
    if kind is Path:
        return Path(_checked(str, value, name))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _choice(kind, value, name)
    return _checked(kind, value, name)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ConfigError(text("errors", "table.number", name=name, value=repr(value)))
    return float(value)


def _choice(kind: type[StrEnum], value: Any, name: str) -> StrEnum:
    if value not in list(kind):
        facts = {"name": name, "choices": ", ".join(kind), "value": repr(value)}
        raise ConfigError(text("errors", "table.choice", **facts))
    return kind(value)


TOML_NAMES = {
    dict: "table",
    list: "array",
    str: "text",
    bool: "truth",
    int: "whole",
}
"""What the types of TOML are called in the table ``toml`` of names."""


def _checked(kind: type, value: Any, name: str) -> Any:
    wrong = isinstance(value, bool) and kind is not bool
    if wrong or not isinstance(value, kind):
        facts = {"name": name, "kind": TOML_NAMES[kind], "value": repr(value)}
        raise ConfigError(text("errors", "table.kind", **facts))
    return value

"""Values as plain data that JSON and TOML can hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from formcheck.domain import Summary

_DECIMALS = 4  # a tenth of a millisecond, far below any uncertainty here


def number(value: float | None) -> float | None:
    """Return a finite number rounded for output, None for anything not measured."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS)


def numbers(values: Iterable[float]) -> list[float]:
    """Return the finite values, rounded for output."""
    return [round(float(value), _DECIMALS) for value in values if math.isfinite(value)]


def summary_dict(summary: Summary | None) -> dict[str, Any] | None:
    """Return median, interval and number of strides; None when nothing was summarised."""
    if summary is None:
        return None
    return {
        "median": number(summary.median),
        "low": number(summary.low),
        "high": number(summary.high),
        "n_strides": int(summary.n_strides),
    }


def plain(value: Any) -> Any:
    """Return ``value`` as dicts, lists, strings, finite numbers, booleans and None.

    Infinite and undefined numbers become None; anything unknown becomes its string.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int)):
        return value
    return str(value)


def without_none(value: Any) -> Any:
    """Return plain data without the keys and entries that are None, which TOML cannot hold."""
    if isinstance(value, dict):
        return {key: without_none(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [without_none(entry) for entry in value if entry is not None]
    return value

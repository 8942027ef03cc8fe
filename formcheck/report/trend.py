"""A value over several sessions as a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.domain import Summary

WIDTH, HEIGHT = 240, 96
"""Size of the picture, in its own units."""
_SIDE, _EDGE = 16.0, 8.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One session: ``y`` of the value and of the ends of its interval, None where not measured."""

    x: float
    y: float | None
    top: float | None
    bottom: float | None


def dots(values: Sequence[Summary | None]) -> tuple[Dot, ...]:
    """Return where each value stands in the picture, the highest interval's end at its top.

    Raises ValueError when there is no value at all.
    """
    known = [value for value in values if value is not None]
    low, high = min(value.low for value in known), max(value.high for value in known)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * _SIDE) / max(1, len(values) - 1)

    def at(number: float) -> float:
        return round(HEIGHT - _EDGE - (number - low) / span * (HEIGHT - 2 * _EDGE), 1)

    return tuple(
        Dot(round(_SIDE + k * step, 1), None, None, None)
        if value is None
        else Dot(round(_SIDE + k * step, 1), at(value.median), at(value.high), at(value.low))
        for k, value in enumerate(values)
    )

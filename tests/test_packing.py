"""What was packed comes back as it was, and damage is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pytest

from formcheck.domain import FloatArray, Reason, Text
from formcheck.packing import pack, unpack
from formcheck.reasons import message, reason
from formcheck.texts import Language, ReportStyle, tell


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, eq=False)
class Box:
    what: Any
    values: Mapping[Colour, FloatArray]


def sent(what: Any) -> Any:
    packed = pack(Box(what, {}))
    return unpack(packed, Box, [Colour, Reason]).what


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 0.1 + 0.2, float("inf"), "Kö", (1.5, (2, None)), {"a": (Colour.RED,)}, ()],
    ids=repr,
)
def test_plain_values_come_back(value: Any) -> None:
    assert sent(value) == value
    assert type(sent(value)) is type(value)


def test_a_number_of_numpy_comes_back_as_the_same_number() -> None:
    assert sent(np.float64(1 / 3)) == 1 / 3
    assert np.isnan(sent(np.float64("nan")))


@pytest.mark.parametrize(
    "array",
    [
        np.random.default_rng(1).normal(size=(7, 3, 2)),
        np.array([0.5, np.nan, -0.0, 1e300, 1e-300]),
        np.array([[True, False]]),
        np.arange(5),
        np.empty((0, 4)),
    ],
    ids=["double", "extremes", "bool", "whole", "empty"],
)
def test_arrays_come_back_bit_for_bit(array: FloatArray) -> None:
    back = unpack(pack(Box(None, {Colour.RED: array})), Box, [Colour]).values[Colour.RED]
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


def test_what_single_precision_holds_takes_half_the_room() -> None:
    double = np.random.default_rng(2).normal(size=10_000)
    single = double.astype(np.float32).astype(np.float64)
    single[5] = np.nan
    assert len(pack(single)) < 0.55 * len(pack(double))
    assert unpack(pack(single), np.ndarray, []).tobytes() == single.tobytes()


def test_a_text_can_still_be_said_in_another_language() -> None:
    why = reason("time_withheld", note=message(reason("standing", ankle_range=0.1)))
    german = ReportStyle(language=Language.DE)
    back = sent(why)
    assert back == why
    assert tell(back.seen, german) == tell(why.seen, german) != why.seen


def test_a_text_is_said_anew() -> None:
    why = reason("frozen", start_s=0.0, stop_s=1.5)
    assert isinstance(why.seen, Text)
    earlier = Text("as it was said once", why.seen.area, why.seen.template, why.seen.facts)
    assert sent(earlier) == why.seen


@pytest.mark.parametrize("at", [0, 20, 60, -30])
def test_any_changed_byte_is_noticed(at: int) -> None:
    packed = bytearray(pack(Box("what", {Colour.RED: np.arange(9.0)})))
    packed[at] ^= 1
    with pytest.raises(ValueError, match="damaged"):
        unpack(bytes(packed), Box, [Colour])


@pytest.mark.parametrize("length", [0, 10, 100])
def test_a_file_that_ends_early_is_noticed(length: int) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack(pack(Box("what", {}))[:length], Box, [])


def test_only_types_that_were_named_are_made() -> None:
    with pytest.raises(ValueError, match="another version"):
        unpack(pack(Box(Colour.RED, {})), Box, [])
    with pytest.raises(ValueError, match="no Box"):
        unpack(pack((1, 2)), Box, [])


def test_what_cannot_be_read_back_is_not_packed() -> None:
    with pytest.raises(TypeError, match="set cannot be packed"):
        pack(Box({1, 2}, {}))

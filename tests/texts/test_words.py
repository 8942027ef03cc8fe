"""Texts are looked up by key, and never silently missing."""

from __future__ import annotations

import copy
import pickle

import pytest

from formcheck.domain import Amount, Side
from formcheck.texts import (
    DEFAULT_STYLE,
    Language,
    ReportStyle,
    Units,
    own_text,
    tell,
    text,
    words,
)


def test_a_key_gives_its_text() -> None:
    text = words("report", Language.EN)("provenance.title")
    assert text == "How this report was made"


@pytest.mark.parametrize("key", ["provenance.nothing", "provenance", "provenance.title.more", ""])
def test_an_unknown_key_is_an_error_that_names_it(key: str) -> None:
    with pytest.raises(KeyError):
        words("report")(key)


def test_number_chooses_the_form() -> None:
    say = words("wording")
    assert say("count.stride", n=1) == "1 stride"
    assert say("count.stride", n=2) == "2 strides"


def test_a_text_of_the_analysis_can_be_said_in_other_units() -> None:
    said = own_text("You reach {value} ahead.", value=Amount(10.0, "cm"))
    assert said == "You reach 10.0\u202fcm ahead."
    assert tell(said, ReportStyle(units=Units.IMPERIAL)) == "You reach 3.9\u202fin ahead."


def test_facts_may_be_words_and_texts_themselves() -> None:
    inner = text("wording", "side.alone", side=Side.LEFT)
    said = text("wording", "interval", low=inner, high=(inner, inner))
    assert said == "left side to left side; left side"
    assert tell(said, DEFAULT_STYLE) == said


def test_a_text_survives_copying_and_pickling() -> None:
    said = text("wording", "side.alone", side=Side.LEFT)
    for again in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):  # noqa: S301
        assert (again, again.area, again.template) == (said, "wording", "side.alone")
        assert again.facts == said.facts

"""Every refusal, withheld topic and note says what was seen, what is missing, how to film it."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import Any

import pytest

from formcheck.domain import Amount
from formcheck.reasons import CLAUSES, message, reason, reason_kinds
from formcheck.texts import Language
from formcheck.texts.tables import table
from tests.rendered import ROOT

CODES = sorted(reason_kinds())
TEXTS: Any = table("reasons", Language.EN)
SOURCES = [path for path in sorted((ROOT / "formcheck").rglob("*.py")) if path.name != "reasons.py"]


def facts_of(code: str) -> dict[str, object]:
    """A fitting value for every fact the texts of a code ask for."""
    fields = [
        (name, spec)
        for part in CLAUSES
        for _, name, spec, _ in Formatter().parse(TEXTS[code][part])
        if name
    ]
    return {name: fact_of(name, spec or "") for name, spec in fields}


NAMED = {"side": "left", "limbs": "legs", "leg": "near"}
"""A name of every kind that reasons ask for (``names.toml``)."""


def fact_of(name: str, spec: str) -> object:
    if spec in NAMED:
        return NAMED[spec]
    if name == "speed_mps":
        return Amount(9.0, "m/s")
    return 3.5 if spec else "something"


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_its_three_clauses_and_a_kind(code: str) -> None:
    assert set(TEXTS[code]) == set(CLAUSES)
    assert reason_kinds()[code] in {"refused", "withheld", "note"}
    made = reason(code, **facts_of(code))
    for clause in (made.seen, made.missing, made.film):
        assert len(clause) > 6
        assert not clause.endswith(".")
        assert ". " not in clause
        assert not re.search(r"[{}]", clause)
    assert message(made).count("Missing: ") == 1


@pytest.mark.parametrize("code", CODES)
def test_how_to_film_it_is_an_instruction(code: str) -> None:
    verbs = {"film", "check", "keep", "put", "step", "give", "crop", "go", "follow"}
    assert TEXTS[code]["film"].split()[0] in verbs


def test_a_measured_number_is_in_the_text() -> None:
    assert "31\u202f%" in reason("no_person", missing_share=0.31).seen
    assert "20.0 frames" in reason("frame_rate_too_low", fps=20.0).seen


def calls() -> list[ast.Call]:
    return [
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]


def test_no_reason_is_worded_outside_the_table() -> None:
    assert [node.lineno for node in calls() if getattr(node.func, "id", "") == "Reason"] == []


def test_every_code_named_in_the_sources_is_in_the_table() -> None:
    codes = [
        node.args[0].value
        for node in calls()
        if getattr(node.func, "id", "") == "reason" and isinstance(node.args[0], ast.Constant)
    ]
    assert codes
    assert set(codes) <= set(CODES)


def test_texts_and_kinds_are_of_the_same_codes() -> None:
    assert set(TEXTS) == set(CODES)


def test_every_code_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "refusals.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    assert set(re.findall(r"`([a-z_]+)`", rows)) == set(CODES)


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        reason("no_person")

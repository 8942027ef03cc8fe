"""Every error is raised with a text that stands in the files of every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck import errors
from formcheck.batch.engine import raised, timed_out
from formcheck.config import load_config
from formcheck.errors import FormcheckError
from formcheck.guidance.load import load_rules
from formcheck.guidance.profile import profile_of
from formcheck.texts import Language, ReportStyle, tell
from formcheck.video.read import open_video
from tests.rendered import ROOT
from tests.texts.test_languages import texts

KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, FormcheckError)
}
CARRIERS = {"text", "text_of", "reason", "sentence", "output_sentence", "explain", "_misuse"}
"""What gives a text of the files, by the names it is imported under."""


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def all_calls() -> list[tuple[Path, ast.Call]]:
    return [(path, call) for path in (ROOT / "formcheck").rglob("*.py") for call in calls(path)]


def key_pattern(node: ast.expr) -> str:
    """A regular expression for the keys an expression can be."""
    if isinstance(node, ast.Constant):
        return re.escape(str(node.value))
    assert isinstance(node, ast.JoinedStr), ast.unparse(node)
    parts = (part.value if isinstance(part, ast.Constant) else None for part in node.values)
    return "".join("[a-z_]+" if part is None else re.escape(str(part)) for part in parts)


def test_no_error_is_raised_with_a_sentence_of_its_own() -> None:
    raised = [(path, call) for path, call in all_calls() if called(call) in KINDS]
    assert len(raised) > 100
    for path, call in raised:
        given = [arg for arg in call.args if isinstance(arg, ast.Call)]
        assert [called(arg) in CARRIERS for arg in given] == [True] * max(1, len(call.args)), (
            f"{path}:{call.lineno}"
        )


@pytest.mark.parametrize("language", Language)
def test_every_error_has_its_text_and_every_text_its_error(language: Language) -> None:
    known = {key.removeprefix(".") for key in texts("errors", language)}
    asked = [
        key_pattern(call.args[1])
        for _, call in all_calls()
        if called(call) in {"text", "text_of", "words"}
        and len(call.args) > 1
        and ast.unparse(call.args[0]) == "'errors'"
    ]
    for pattern in asked:
        assert any(re.fullmatch(pattern, key) for key in known), pattern
    assert {key for key in known if not any(re.fullmatch(each, key) for each in asked)} == set()


def said(error: FormcheckError, language: Language) -> str:
    return tell(error.said, ReportStyle(language))


def test_an_error_can_be_said_in_the_language_of_the_reader(tmp_path: Path) -> None:
    empty = tmp_path / "clip.mp4"
    empty.touch()
    with pytest.raises(FormcheckError) as caught:
        list(open_video(empty).frames())
    assert said(caught.value, Language.EN).endswith(
        "is empty (0 bytes); copy it from the phone again."
    )
    assert said(caught.value, Language.DE).endswith(
        "ist leer (0 Byte); kopiere es noch einmal vom Telefon."
    )


def test_the_parts_of_an_error_are_said_in_that_language_too(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text('[sources.me]\ncitation = 1\n\n[[rule]]\nid = "lean"\n', encoding="utf-8")
    with pytest.raises(FormcheckError) as caught:
        load_rules(rules)
    assert (
        said(caught.value, Language.DE) == f"{rules}: Quelle 'me': es fehlt der Schlüssel locator"
    )
    with pytest.raises(FormcheckError) as caught:
        profile_of({"shoes": {"km": -3}}, "answers")
    assert said(caught.value, Language.DE) == (
        "answers: shoes.km = \u22123 liegt außerhalb: erlaubt sind 0 bis 20000 km"
    )
    with pytest.raises(FormcheckError) as caught:
        load_config(None, capture_fps=5.0)
    assert said(caught.value, Language.DE).endswith("erlaubt sind 24 bis 1000 Bilder je Sekunde")


def test_what_took_a_worker_along_is_said_in_that_language() -> None:
    german = ReportStyle(Language.DE)
    assert tell(timed_out(60.0).message, german).startswith("nach 60 s nicht fertig")
    assert tell(raised(MemoryError()).message, german).startswith("der Speicher reichte nicht")
    assert tell(raised(ValueError("odd")).message, german) == "ValueError: odd"

"""Texts are looked up by key, and never silently missing."""

from __future__ import annotations

import pytest

from formcheck.texts import Language, words


def test_a_key_gives_its_text() -> None:
    text = words("report", Language.EN)("provenance.title")
    assert text == "How this report was made"


@pytest.mark.parametrize("key", ["provenance.nothing", "provenance", "provenance.title.more", ""])
def test_an_unknown_key_is_an_error_that_names_it(key: str) -> None:
    with pytest.raises(KeyError):
        words("report")(key)

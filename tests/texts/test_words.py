"""Texts are looked up by key, and never silently missing."""

from __future__ import annotations

import copy
import errno
import os
import pickle
from pathlib import Path

import pytest

from formcheck.domain import Amount, Side
from formcheck.errors import VideoError
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
from formcheck.video.read import open_video


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


@pytest.mark.parametrize(
    "number",
    [
        errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EISDIR,
        errno.ENOTDIR, errno.ENAMETOOLONG, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EIO,
        errno.EEXIST, errno.EFBIG, errno.ENOTEMPTY, errno.EBUSY, errno.ELOOP, errno.ENOMEM,
        errno.ECONNREFUSED, errno.ETIMEDOUT, errno.ENETUNREACH, errno.EHOSTUNREACH,
    ],
)  # fmt: skip
def test_what_a_system_says_is_said_in_the_readers_language(number: int) -> None:
    error = OSError(number, os.strerror(number), "/here")
    for why in (error.strerror, str(error), f"<urlopen error {OSError(number, error.strerror)}>"):
        said = text("errors", "batch.unreadable", path="/there", why=why)
        german = tell(said, ReportStyle(Language.DE))
        for shown in (said, german):
            assert os.strerror(number).lower() not in shown.lower()
            assert "Errno" not in shown
        assert german.startswith("/there lässt sich nicht lesen (")


def test_what_ffmpeg_says_of_a_broken_file_is_said_in_the_readers_language(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(VideoError) as caught, open_video(path):
        pytest.fail("it is no video")
    german = tell(caught.value.said, ReportStyle(Language.DE))
    assert "(der Inhalt lässt sich nicht dekodieren)" in german
    assert "(what is in it cannot be decoded)" in caught.value.said


def test_a_cause_that_is_not_known_stays_as_it_was_said() -> None:
    for why in ("libEGL.so.1: cannot open shared object file", "[Errno 999] Unheard of: '/x'"):
        assert f"({why})" in text("errors", "model.no_start", why=why)

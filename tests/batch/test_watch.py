"""What is said about the time that a batch will still take."""

from __future__ import annotations

import re

import pytest

from formcheck.batch.clips import Clip
from formcheck.cli.batch_watch import Tally
from formcheck.texts import words
from tests.batch.conftest import record

SAY = words("terminal")


def tally(*done: tuple[int, float, int | None], elapsed_s: float) -> str:
    """Ten clips of 100 bytes each, of which some took so long and showed so many frames."""
    told = Tally(n_clips=10, bytes_all=1000, begun_s=-elapsed_s)
    for n_bytes, seconds, frames in done:
        state = "analysed" if frames else "failed"
        told.add(Clip("a", "/a", n_bytes), record("a", state=state, seconds=seconds), frames)
    return told.words(SAY)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is now; a batch began before."""
    monkeypatch.setattr("formcheck.cli.batch_watch.time.monotonic", lambda: 0.0)


def left_s(text: str) -> float | None:
    found = re.search(r"about (\d+) s left", text)
    return None if found is None else float(found[1])


def test_time_left_goes_by_what_clips_with_frames_took() -> None:
    assert left_s(tally((100, 8.0, 60), (100, 8.0, 60), elapsed_s=8.0)) == 32


def test_clips_that_failed_at_once_do_not_make_it_short() -> None:
    quick = [(100, 0.01, None)] * 5
    assert left_s(tally(*quick, elapsed_s=0.1)) is None
    assert left_s(tally(*quick, (100, 8.0, 60), elapsed_s=8.0)) == pytest.approx(32, abs=1)


def test_a_clip_that_hung_does_not_make_it_long() -> None:
    assert left_s(tally((100, 72.0, None), (100, 8.0, 60), elapsed_s=80.0)) == 64


def test_clips_of_unknown_size_are_not_judged() -> None:
    assert left_s(tally((0, 8.0, 60), elapsed_s=8.0)) is None

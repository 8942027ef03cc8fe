"""What is said about the time that a batch will still take."""

from __future__ import annotations

import re

import pytest

from formcheck.batch.clips import Clip
from formcheck.cli.batch_watch import Tally, batch_watch
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


def test_who_waits_for_clips_to_be_compared_is_told_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with batch_watch(SAY, is_shown=True) as watch:
        for at_s in range(25):
            monkeypatch.setattr("formcheck.cli.batch_watch.time.monotonic", lambda at=at_s: at)
            watch.compared(at_s, 1000)
    assert capsys.readouterr().out.splitlines() == [
        "10 of 1000 clips compared with earlier results",
        "20 of 1000 clips compared with earlier results",
    ]


@pytest.mark.parametrize("n_letters", [120, 80])
def test_on_a_terminal_everything_has_a_line_of_its_own(
    n_letters: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # what is captured is taken for a terminal
    monkeypatch.setenv("COLUMNS", str(n_letters))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    clip, failed = Clip("a", "/a", 1), record("a", state="failed")
    with batch_watch(SAY, is_shown=True) as watch:
        watch.remark("No key is found.")
        watch.compared(0, 8)
        watch.compared(7, 8)
        watch.begin([clip, clip], [failed])
        watch.remark("No worker is there.")
        watch.clip_done(clip, failed, None)
    shown = capfd.readouterr()
    assert shown.err == "formcheck: No key is found.\n"
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.out)
    lines = [line for line in re.split(r"[\r\n]+", text) if line]
    said = [line for line in lines if " 0:00:00" not in line]
    assert said == [
        "1 clip was done before (1 failed; --retry tries again); 2 to do",
        "formcheck: No worker is there.",
        "a: failed (1.0 s)",
    ]
    bars = [line for line in lines if line not in said]
    assert all(line.startswith("\u2501") == (n_letters == 120) for line in bars)
    counts = [re.sub("^[\u2501\u2578\u257a]+ ", "", line).rstrip() for line in bars]
    assert counts[0] == "0 of 8 clips compared with earlier results 0:00:00"
    assert "0 of 2 clips 0:00:00" in counts
    assert counts[-1] == "1 of 2 clips 0:00:00 1 refused or failed"

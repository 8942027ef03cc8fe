"""The day in a clip's file stands where clips are told apart, and nowhere when there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.compare import load_result
from formcheck.domain import Analysis
from formcheck.report import write_report
from formcheck.report.compare_files import write_comparison
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.report.session_files import write_session
from formcheck.report.wording import DEFAULT_WORDING, Wording
from formcheck.session import SessionClip
from formcheck.texts import Language, ReportStyle
from tests.report import example
from tests.session.made import session

DAYS = {"monday": "2026-11-02", "friday": "2026-11-06"}


def recorded(day: str | None) -> Analysis:
    base = example.analysis()
    return replace(base, video=replace(base.video, recorded_on=day))


@pytest.mark.parametrize(
    ("language", "said"), [(Language.EN, "November 2, 2026"), (Language.DE, "2. November 2026")]
)
def test_the_report_says_the_day_in_its_language(language: Language, said: str) -> None:
    text = render(ReportContext(recorded("2026-11-02"), style=ReportStyle(language)))
    assert Wording(ReportStyle(language)).words("report")("capture.date") in text
    assert said in text


def test_a_clip_without_a_day_is_given_none() -> None:
    label = DEFAULT_WORDING.words("report")("capture.date")
    assert label not in render(ReportContext(recorded(None)))


def test_a_comparison_tells_its_results_apart_by_their_days(tmp_path: Path) -> None:
    for name, day in DAYS.items():
        write_report(recorded(day), tmp_path / name, clip=None)
    results = [load_result(tmp_path / name) for name in DAYS]
    page = write_comparison(results, tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    assert "monday (November 2, 2026) → friday (November 6, 2026)" in text
    assert "<small>November 6, 2026</small>" in text
    data = json.loads(page.with_name("compare.json").read_text(encoding="utf-8"))
    assert [clip["recorded_on"] for clip in data["clips"]] == list(DAYS.values())


def test_a_result_made_before_days_were_kept_is_compared_all_the_same(tmp_path: Path) -> None:
    for name in DAYS:
        write_report(recorded(None), tmp_path / name, clip=None)
    older = tmp_path / "monday" / "summary.json"
    told = json.loads(older.read_text(encoding="utf-8"))
    del told["video"]["recorded_on"]
    older.write_text(json.dumps(told), encoding="utf-8")
    page = write_comparison([load_result(tmp_path / name) for name in DAYS], tmp_path / "out")
    assert "monday → friday" in page.read_text(encoding="utf-8")


def test_a_session_says_when_each_clip_was_recorded(tmp_path: Path) -> None:
    made = session(SessionClip("monday", recorded("2026-11-02")))
    page = write_session(made, (None,), tmp_path / "out")
    assert "November 2, 2026, " in page.read_text(encoding="utf-8")
    data = json.loads(page.with_name("session.json").read_text(encoding="utf-8"))
    assert data["clips"][0]["recorded_on"] == "2026-11-02"

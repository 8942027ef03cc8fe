from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from formcheck.compare import Result, compare_results, load_result
from formcheck.domain import Summary
from formcheck.errors import OutputError
from formcheck.report import ReportOptions, write_report
from formcheck.report.compare import foremost, headline
from formcheck.report.compare_files import check_place, write_comparison
from formcheck.report.trend import HEIGHT, dots
from formcheck.report.wording import DEFAULT_WORDING
from formcheck.synthetic import Camera
from tests.compare.results import result
from tests.report import example
from tests.synthetic.made import NATURAL

LEANING = replace(NATURAL, trunk_lean_deg=16.0)


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """Two result folders with an annotated clip."""
    folder = tmp_path_factory.mktemp("results")
    clip = example.write_clip(folder / "clip.mp4")
    for name in ("monday", "friday"):
        write_report(example.analysis(), folder / name, clip=clip)
    return load_result(folder / "monday"), load_result(folder / "friday")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_folder_holds_page_tables_and_both_clips(
    filmed: tuple[Result, Result], tmp_path: Path
) -> None:
    page = write_comparison(filmed, tmp_path / "out")
    assert page == tmp_path / "out" / "compare.html"
    assert names(tmp_path / "out") == {
        "compare.html", "compare.json", "compare.csv", "before.mp4", "after.mp4",
    }  # fmt: skip


def test_embedded_clips_make_the_page_one_file(
    filmed: tuple[Result, Result], tmp_path: Path
) -> None:
    write_comparison(filmed, tmp_path / "out", options=ReportOptions(embed_video=True))
    assert names(tmp_path / "out") == {"compare.html", "compare.json", "compare.csv"}
    text = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert text.count('src="data:video/mp4;base64,') == 2


def test_the_page_asks_for_nothing_from_elsewhere(
    filmed: tuple[Result, Result], tmp_path: Path
) -> None:
    text = write_comparison(filmed, tmp_path / "out").read_text(encoding="utf-8")
    found = re.findall(r'<[^>]*\s(?:src|href|poster)="([^"]*)"', text)
    assert found == ["before.mp4", "after.mp4"]
    assert not re.search(r"(?i)@import|url\(\s*['\"]?(?!#)|fetch\(|XMLHttp", text)


def test_the_safety_text_is_on_the_page_and_in_the_data(tmp_path: Path) -> None:
    page = write_comparison((result(), result(seed=2)), tmp_path / "out")
    assert "Get emergency care now" in page.read_text(encoding="utf-8")
    assert "What this report is" not in page.read_text(encoding="utf-8")
    data = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert any("Get emergency care now" in line for line in data["safety"])


def test_a_changed_lean_is_told_as_a_number_with_its_limit(tmp_path: Path) -> None:
    write_comparison((result(), result(LEANING, seed=2)), tmp_path / "out")
    data = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    lean = next(row for row in data["measurements"] if row["metric"] == "trunk_lean_deg")
    (change,) = lean["changes"]
    before, after = (value["median"] for value in lean["values"])
    assert change["difference"] == pytest.approx(after - before, abs=1e-3)
    assert change["outcome"] == "real-change"
    assert 0 < change["mdc95"] < change["difference"]


def test_the_table_has_a_row_for_every_later_result(tmp_path: Path) -> None:
    results = (result(), result(seed=2), result(seed=3))
    write_comparison(results, tmp_path / "out")
    with (tmp_path / "out" / "compare.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 2 * len(compare_results(results))
    assert {row["to"] for row in table} == {"take 2", "take 3"}
    assert all(row["mdc95"] or row["reason"] for row in table)


def test_no_name_of_a_result_becomes_a_formula(tmp_path: Path) -> None:
    results = (replace(result(), name="=1+1"), replace(result(seed=2), name="take 2"))
    write_comparison(results, tmp_path / "out")
    with (tmp_path / "out" / "compare.csv").open(encoding="utf-8", newline="") as file:
        ends = {(row["from"], row["to"]) for row in csv.DictReader(file)}
    assert ends == {("./=1+1", "take 2")}


def test_three_results_are_drawn_as_trends_two_are_not(tmp_path: Path) -> None:
    two = write_comparison((result(), result(seed=2)), tmp_path / "two")
    three = write_comparison((result(), result(seed=2), result(seed=3)), tmp_path / "three")
    assert 'class="trends"' not in two.read_text(encoding="utf-8")
    assert three.read_text(encoding="utf-8").count('class="way"') > 20


def test_trends_of_what_changed_come_first_and_the_rest_is_put_away(tmp_path: Path) -> None:
    takes = (result(), result(seed=2), result(LEANING, seed=3))
    page = write_comparison(takes, tmp_path / "out").read_text(encoding="utf-8")
    section = page.split('id="trends"')[1].split("</section>")[0]
    open_ones, put_away = section.split("<details")
    assert "<h3>Trunk lean</h3>" in open_ones
    assert "<h3>Cadence</h3>" in put_away
    assert f"{put_away.count('<figure>')} measurements that did not change" in put_away
    assert "Scale: " in open_ones


def test_it_is_said_when_no_trend_is_a_change(tmp_path: Path) -> None:
    page = write_comparison((result(), result(), result()), tmp_path / "out")
    section = page.read_text(encoding="utf-8").split('id="trends"')[1].split("</section>")[0]
    before, put_away = section.split("<details")
    assert "Nothing differs from the first clip" in before
    assert "Each dot" not in before
    assert "Each dot" in put_away


def test_no_trend_runs_through_a_value_that_is_not_compared(tmp_path: Path) -> None:
    mirrored = result(camera=Camera(yaw_deg=180.0), seed=3)
    takes = (result(), result(seed=2), mirrored)
    page = write_comparison(takes, tmp_path / "out").read_text(encoding="utf-8")
    drawn = page.split('id="trends"')[1].split("</section>")[0]
    assert "Trunk lean" in drawn
    assert "right side" not in drawn
    assert "left side" not in drawn


def test_the_highest_end_of_an_interval_is_at_the_top_of_a_trend() -> None:
    values = (Summary(1, 0, 2, 0.5, 9), None, Summary(5, 4, 6, 0.5, 9))
    first, missing, last = dots(values)
    assert missing.y is None
    assert first.bottom == HEIGHT - 8
    assert last.top == 8
    assert first.x < missing.x < last.x


def test_the_headline_counts_what_changed() -> None:
    def said(other: Result) -> str:
        return headline(compare_results((result(), other)), DEFAULT_WORDING)

    assert "Nothing changed by more" in said(result())
    assert "really changed" in said(result(LEANING, seed=2))
    assert "Nothing could be compared" in said(result(seed=2, speed_kmh=14.0))


def test_an_unknown_speed_is_noted(tmp_path: Path) -> None:
    write_comparison((result(), result(seed=2, speed_kmh=None)), tmp_path / "out")
    data = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert any("The speed of take 2 is not known" in note for note in data["notes"])


def test_an_earlier_comparison_is_replaced_only_with_force(tmp_path: Path) -> None:
    pair = (result(), result(seed=2))
    write_comparison(pair, tmp_path / "out")
    with pytest.raises(OutputError, match="--force"):
        check_place(tmp_path / "out")
    write_comparison(pair, tmp_path / "out", force=True)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_a_comparison_is_printed_when_asked(tmp_path: Path) -> None:
    pair = (result(), result(LEANING, seed=2))
    page = write_comparison(pair, tmp_path / "out", options=ReportOptions(pdf=True))
    sheets = PdfReader(page.with_suffix(".pdf")).pages
    text = " ".join(sheet.extract_text() for sheet in sheets)
    assert "What really changed" in text
    assert 1 <= len(sheets) <= 4


def test_what_changed_most_clearly_comes_first_and_the_rest_is_in_the_table(tmp_path: Path) -> None:
    pair = (result(), result(LEANING, seed=2))
    rows = compare_results(pair)
    shown = [line.label for line in foremost(rows, DEFAULT_WORDING)]
    clear = {
        str(row.label): abs(row.last.difference or 0) / (row.last.detectable or 1) for row in rows
    }
    assert [clear[label] for label in shown] == sorted(
        (clear[name] for name in shown), reverse=True
    )
    assert "Trunk lean" in shown
    text = write_comparison(pair, tmp_path / "out").read_text(encoding="utf-8")
    assert text.count("smallest change these clips can show") == min(6, len(shown))


def test_unknown_speeds_are_noted_once(tmp_path: Path) -> None:
    later = [result(seed=seed, speed_kmh=None) for seed in (2, 3)]
    write_comparison((result(), *later), tmp_path / "out")
    data = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    (note,) = (note for note in data["notes"] if "speed" in note.lower())
    assert note.startswith("The speeds of take 2 and take 3 are not known.")

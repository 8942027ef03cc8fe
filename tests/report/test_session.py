from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from formcheck.domain import Side
from formcheck.errors import OutputError
from formcheck.guidance.apply import GradingParams
from formcheck.guidance.profile import profile_of
from formcheck.report import ReportOptions
from formcheck.report.session_files import SessionWay, check_place, write_session
from formcheck.session import RefusedClip, Session, SessionClip, combine
from tests.report import example
from tests.session.made import both_sides, from_behind, session


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = session(*both_sides(), from_behind(), refused=(RefusedClip("walk", "Nobody <runs>."),))
    place = tmp_path_factory.mktemp("session") / "out"
    return write_session(made, (None, None, None), place).parent


def test_the_folder_holds_page_data_and_a_result_for_every_clip(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == {
        "session.html", "session.json", "left", "right", "rear",
    }  # fmt: skip
    assert (written / "left" / "report.html").exists()


def test_the_page_names_every_clip_and_links_to_its_report(written: Path) -> None:
    text = (written / "session.html").read_text(encoding="utf-8")
    for name in ("left", "right", "rear"):
        assert f'href="{name}/report.html"' in text
    assert "Nobody &lt;runs&gt;." in text
    assert "Get emergency care now" in text


def test_the_page_asks_for_nothing_from_elsewhere(written: Path) -> None:
    text = (written / "session.html").read_text(encoding="utf-8")
    asked = re.findall(r'<[^>]*\s(?:src|poster)="([^"]*)"', text)
    assert all(each.startswith("data:") for each in asked)
    assert not re.search(r"(?i)@import|url\(\s*['\"]?(?!#)|<script", text)


def test_the_page_calls_no_side_near_or_far(written: Path) -> None:
    text = (written / "session.html").read_text(encoding="utf-8")
    body = text[text.index('id="findings"') :]
    assert "near the camera" not in re.sub(r'<p class="lead">.*?</p>', "", body)


def test_the_data_say_which_clip_a_value_is_from(written: Path) -> None:
    data = json.loads((written / "session.json").read_text(encoding="utf-8"))
    contact = data["measurements"]["contact_time_s"]
    assert contact["from"] == {"both": None, "left": "left", "right": "right"}
    assert data["measurements"]["pelvic_drop_deg"]["from"]["left"] == "rear"
    assert data["refused"] == [{"name": "walk", "message": "Nobody <runs>."}]
    shank = next(each for each in data["asymmetry"] if each["metric"] == "shank_angle_deg")
    assert (shank["left_from"], shank["right_from"]) == ("left", "right")
    assert data["not_compared"] is None


def filmed_example() -> Session:
    clips = [
        SessionClip("left", example.analysis(Side.LEFT)),
        SessionClip("right", example.analysis(Side.RIGHT)),
    ]
    rules = {finding.rule.id: finding.rule for finding in clips[1].analysis.findings}
    return combine(clips, (), rules.values(), GradingParams())


def test_pictures_are_from_the_clip_their_value_is_from(tmp_path: Path) -> None:
    films = [example.write_clip(tmp_path / f"{side}.mp4", side) for side in Side]
    page = write_session(filmed_example(), films, tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    assert text.count("<img") >= 2


def test_an_earlier_session_is_replaced_only_with_force(tmp_path: Path) -> None:
    write_session(filmed_example(), (None, None), tmp_path / "out")
    with pytest.raises(OutputError, match="--force"):
        check_place(tmp_path / "out")
    write_session(filmed_example(), (None, None), tmp_path / "out", way=SessionWay(force=True))


def test_left_and_right_are_not_compared_at_two_speeds(tmp_path: Path) -> None:
    made = filmed_example()
    right = made.clips[1].analysis
    faster = replace(right.gait, scale=replace(right.gait.scale, speed_mps=4.0))
    clips = [made.clips[0], SessionClip("right", replace(right, gait=faster))]
    page = write_session(combine(clips, (), (), GradingParams()), (None, None), tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    assert "Left and right were not compared. The clips were filmed at 11.2" in text


def test_a_runners_answers_put_safety_before_the_session(tmp_path: Path) -> None:
    clips = [SessionClip("left", example.analysis(Side.LEFT))]
    rules = {finding.rule.id: finding.rule for finding in clips[0].analysis.findings}
    answers = profile_of({"red_flags": {"night_pain": True}}, "test")
    made = combine(clips, (), rules.values(), GradingParams(), answers)
    page = write_session(made, (None,), tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    assert text.index('class="safety caution soon"') < text.index("<h1")
    assert "work on first" not in text
    data = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    assert (data["caution"], data["main_finding"]) == ("soon", None)
    assert "night_pain" not in json.dumps(data)


def test_a_session_has_one_plan_for_all_its_clips(written: Path) -> None:
    assert (written / "session.html").read_text(encoding="utf-8").count('id="plan"') == 1


def test_the_page_says_which_clip_a_value_is_from(written: Path) -> None:
    text = (written / "session.html").read_text(encoding="utf-8")
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)<small>(.*?)</tr>', text, re.DOTALL))
    assert re.search(r"whole body, \d+ strides, clip “(left|right)”", rows["Cadence"])
    assert "clip “rear”" in rows["Trunk side to side"]
    assert re.search(r"clip “left”.*clip “right”", rows["Contact time"], re.DOTALL)
    body = text[text.index('id="findings"') :]
    assert re.search(r"whole body, clip “(left|right)”; most likely", body)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_only_the_page_of_all_clips_is_printed(tmp_path: Path) -> None:
    clips = [SessionClip("left", example.analysis(Side.LEFT))]
    made = combine(clips, (), (), GradingParams())
    page = write_session(made, (None,), tmp_path / "out", options=ReportOptions(pdf=True))
    assert [path.name for path in tmp_path.rglob("*.pdf")] == ["session.pdf"]
    sheets = PdfReader(page.with_suffix(".pdf")).pages
    assert "from all sides" in " ".join(sheet.extract_text() for sheet in sheets)

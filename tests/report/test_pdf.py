"""The report as a PDF: printed by a browser, with text that can be searched."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from formcheck.domain import Analysis, Side
from formcheck.errors import OutputError
from formcheck.guidance.plan import make_plan
from formcheck.guidance.profile import profile_of
from formcheck.report import ReportOptions, write_report
from formcheck.report.context import KeyFrame, Pictures, ReportContext, Strip, StripPicture
from formcheck.report.html import render
from formcheck.report.keyframes import encode_jpeg
from formcheck.report.pdf import find_browser, print_page
from formcheck.synthetic import RunnerSpec
from formcheck.texts import Language, ReportStyle, words
from tests.report import example
from tests.synthetic import made

needs_browser = pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
A4_PT = (595, 842)
MARGIN_PT, ROOM_PT = 26, 40  # below the last line, for a little more to say
FAULTY = RunnerSpec(
    variability=1.0, overstride_m=0.14, elbow_flexion_deg=150.0, trunk_lean_deg=20.0,
    arm_phase_deg=60.0, bounce_factor=1.5, shrug_m=0.05, head_drop_deg=30.0,
)  # fmt: skip
EVERYTHING = {
    "pain": {"back_pain_now": False},
    "training": {"weekly_km": 40, "change_percent": 60, "rest_days": 0, "surface": "road"},
    "shoes": {"km": 1200, "months": 30, "are_new": True, "are_comfortable": False},
    "habits": {"warm_up": "nothing", "strength_days": 0, "flexibility": "stiff"},
}


def said(text: str) -> str:
    """Printed text without line breaks and ligatures."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def lowest_pt(sheet: PageObject) -> float:
    """Where the last line of a page stands, above the edge of the paper."""
    lines: list[float] = []

    def note(text: str, turned: list[float], placed: list[float], *_: object) -> None:
        if text.strip():
            lines.append(turned[1] * placed[4] + turned[3] * placed[5] + turned[5])

    sheet.extract_text(visitor_text=note)
    return min(line for line in lines if line > MARGIN_PT)  # page numbers stand in the margin


@needs_browser
def test_the_printed_report_has_its_headline_as_text_on_a4(tmp_path: Path) -> None:
    clip = example.write_clip(tmp_path / "clip.mp4")
    options = ReportOptions(pdf=True)
    page = write_report(example.analysis(), tmp_path / "out", clip=clip, options=options)
    printed = PdfReader(page.with_name("report.pdf"))
    texts = [said(sheet.extract_text()) for sheet in printed.pages]
    assert "One thing to work on first: arm bend" in texts[0]
    assert "Get emergency care now" in texts[0]
    assert 2 <= len(texts) <= 4
    assert all(len(text) > 80 for text in texts)
    assert all(f"{k} / {len(texts)}" in text for k, text in enumerate(texts, 1))
    sizes = {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in printed.pages}
    assert sizes == {A4_PT}


def pictures_of(analysis: Analysis) -> Pictures:
    """A picture beside every finding and a filmstrip for each, of the sizes they have."""
    jpeg = encode_jpeg(example.picture(example.pose().xy_px[0]))
    strides = tuple(StripPicture(k, 0.7 * k, 10.0, "", jpeg) for k in range(1, 7))
    found = [(finding.metric, finding.side) for finding in analysis.findings]
    return Pictures(
        tuple(KeyFrame(*what, 1.0, 450, 520, jpeg, "The runner.") for what in found),
        tuple(
            Strip(*what, Side.RIGHT, "initial_contact", "deg", 8, 216, 300, strides)
            for what in found
        ),
    )


@needs_browser
@pytest.mark.parametrize("language", Language)
def test_a_runner_with_many_faults_and_a_full_plan_fits_on_four_pages(
    tmp_path: Path, language: Language
) -> None:
    found = made.analysis(FAULTY)
    asked = replace(found, plan=make_plan(found.findings, profile_of(EVERYTHING, "test")))
    page = tmp_path / "report.html"
    context = ReportContext(asked, pictures_of(found), style=ReportStyle(language))
    page.write_text(render(context), encoding="utf-8")
    sheets = PdfReader(print_page(page)).pages
    texts = [said(sheet.extract_text()) for sheet in sheets]
    assert 2 <= len(texts) <= 4
    assert lowest_pt(sheets[-1]) > MARGIN_PT + ROOM_PT
    assert words("report", language)("findings.start_here") in texts[0]
    assert words("plan", language)("plan.closing") in texts[-1]
    assert found.video.sha256 in texts[-1]


def test_without_a_browser_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    if sys.platform != "linux":
        pytest.skip("browsers of other systems have places of their own")
    with pytest.raises(OutputError, match=r"install one .*apt install chromium"):
        find_browser()


def test_nothing_is_printed_unless_asked(tmp_path: Path) -> None:
    page = write_report(example.analysis(), tmp_path / "out", clip=None)
    assert not page.with_name("report.pdf").exists()


def test_an_embedded_clip_is_in_the_page_and_beside_it(tmp_path: Path) -> None:
    clip = example.write_clip(tmp_path / "clip.mp4")
    options = ReportOptions(embed_video=True)
    page = write_report(example.analysis(), tmp_path / "out", clip=clip, options=options)
    text = page.read_text(encoding="utf-8")
    assert text.count('src="data:video/mp4;base64,') == 1
    assert 'src="annotated.mp4"' not in text
    assert page.with_name("annotated.mp4").exists()

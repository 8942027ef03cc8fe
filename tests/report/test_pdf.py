"""The report as a PDF: printed by a browser, with text that can be searched."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from formcheck.errors import OutputError
from formcheck.report import ReportOptions, write_report
from formcheck.report.pdf import find_browser
from tests.report import example

needs_browser = pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
A4_PT = (595, 842)


def said(text: str) -> str:
    """Printed text without line breaks and ligatures."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


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
    sizes = {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in printed.pages}
    assert sizes == {A4_PT}


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

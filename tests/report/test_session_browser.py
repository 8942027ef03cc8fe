"""The page of a session in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from formcheck.domain import Side
from formcheck.report.session_files import write_session
from tests.report import example
from tests.report.test_browser import PHONE, SERIOUS, Open
from tests.report.test_session import filmed_example


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("session")
    films = [example.write_clip(folder / f"{side}.mp4", side) for side in Side]
    return write_session(filmed_example(), films, folder / "out")


def test_a_clip_leads_to_its_own_report(visit: Open, session: Path) -> None:
    page = visit(session)
    page.get_by_role("link", name="own report").first.click()
    page.wait_for_url("**/left/report.html")
    assert page.locator("h1").inner_text() == "Running form report"


def test_nothing_is_wider_than_a_phone(visit: Open, session: Path) -> None:
    page = visit(session, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(visit: Open, session: Path, scheme: str) -> None:
    found = Axe().run(visit(session, color_scheme=scheme)).response["violations"]
    assert [each["id"] for each in found if each["impact"] in SERIOUS] == []

"""The report page in a real browser, opened from disk as a runner opens it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from formcheck.domain import Side
from formcheck.report import write_report
from tests.report import example
from tests.report.conftest import TIMEOUT_MS

PHONE = {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    clip = example.write_clip(folder / "clip.mp4")
    return write_report(example.analysis(), folder / "out", clip=clip)


@pytest.fixture
def opened(visit: Open, report: Path) -> Open:
    """Opens the report."""
    return partial(visit, report)


def frame(page: Page) -> int:
    return int(page.locator("#player").get_attribute("data-frame") or -1)


STATE = """() => {
  const video = document.querySelector("video");
  return [Number(document.getElementById("player").dataset.frame), video.seeking];
}"""


def wait_until(page: Page, condition: str) -> None:
    """Until an expression holds; Playwright's own wait would fall under the page's policy."""
    end_s = time.monotonic() + TIMEOUT_MS / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < end_s, condition
        page.wait_for_timeout(20)


def wait_for_frame(page: Page, index: int) -> None:
    """Until the page says so, and the video shows what the page says."""
    wait_until(page, f"({STATE})().join() === '{index},false'")
    time_s = page.evaluate("document.querySelector('video').currentTime")
    assert index / example.FPS <= time_s < (index + 1) / example.FPS


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_the_clip_plays_and_the_cursor_follows(opened: Open) -> None:
    page = opened()
    before = page.locator(".cursor").bounding_box()
    button(page, "Play").click()
    wait_until(page, "document.querySelector('video').currentTime > 0.5")
    button(page, "Pause").click()
    after = page.locator(".cursor").bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] > before["x"] + 20
    assert frame(page) >= 0.4 * example.FPS
    wait_for_frame(page, frame(page))


def test_frames_are_stepped_one_by_one_with_buttons_and_keys(opened: Open) -> None:
    page = opened()
    for _ in range(3):
        button(page, "One frame on").click()
    wait_for_frame(page, 3)
    button(page, "One frame back").click()
    wait_for_frame(page, 2)
    page.keyboard.press(".")
    page.keyboard.press(".")
    page.keyboard.press(",")
    wait_for_frame(page, 3)


def test_contacts_are_found_with_buttons_and_keys(opened: Open) -> None:
    page = opened()
    first, third = (round(at * example.FPS) for at in example.contacts_s(Side.RIGHT)[:2])
    button(page, "Next contact").click()
    wait_for_frame(page, first)
    assert "Right foot lands" in page.locator(".said").inner_text()
    page.locator("video").focus()
    page.keyboard.press("ArrowRight")  # the left foot between them
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, third)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wait_for_frame(page, first)


@pytest.mark.parametrize("place", ["video", "input[type=range]"])
def test_space_plays_and_pauses(opened: Open, place: str) -> None:
    page = opened()
    page.locator(place).first.focus()
    page.keyboard.press(" ")
    wait_until(page, "!document.querySelector('video').paused")
    page.keyboard.press(" ")
    wait_until(page, "document.querySelector('video').paused")


def test_the_speed_is_chosen(opened: Open) -> None:
    page = opened()
    page.get_by_role("radio", name="0.1\u00d7").check()
    assert page.evaluate("document.querySelector('video').playbackRate") == pytest.approx(0.1)


def test_the_scrubber_goes_to_a_frame(opened: Open) -> None:
    page = opened()
    page.get_by_role("slider", name="Place in the clip").fill("60")
    wait_for_frame(page, 60)


def test_a_click_on_a_curve_goes_there(opened: Open) -> None:
    page = opened()
    trace = page.locator(".trace").first
    box = trace.bounding_box()
    assert box is not None
    trace.click(position={"x": box["width"] / 2, "y": 10})
    wait_until(page, "document.getElementById('player').dataset.frame > 10")
    found = frame(page)
    assert found / example.FPS == pytest.approx(example.DURATION_S / 2, abs=0.7)
    wait_for_frame(page, found)
    cursor = page.locator(".cursor").bounding_box()
    assert cursor is not None
    assert cursor["x"] + 1 == pytest.approx(box["x"] + box["width"] / 2, abs=12)


def test_a_picture_of_a_strip_goes_to_its_frame(opened: Open) -> None:
    page = opened()
    link = page.locator("[data-seek]").last
    at_s = float(link.get_attribute("data-seek") or "nan")
    link.click()
    wait_for_frame(page, round(at_s * example.FPS))


def test_a_click_on_a_curve_over_the_stride_goes_to_that_part_of_it(opened: Open) -> None:
    page = opened()
    plot = page.locator(".plot").first
    box = plot.bounding_box()
    assert box is not None
    middle = (46 + 448) / 2 / 460  # of the axes, in widths of the picture
    plot.click(position={"x": box["width"] * middle, "y": box["height"] / 3})
    half = example.FIRST_CONTACT_S + example.STRIDE_S / 2
    wait_until(page, "document.getElementById('player').dataset.frame > 1")
    assert frame(page) == pytest.approx(half * example.FPS, abs=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [
        (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3])
        for fault in found
        if fault["impact"] in SERIOUS
    ] == []


@pytest.mark.parametrize("script", [True, False])
def test_nothing_is_wider_than_a_phone(opened: Open, script: bool) -> None:
    page = opened(viewport=PHONE, java_script_enabled=script)
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= PHONE["width"]


def test_without_scripts_the_pictures_and_tables_stay(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert page.locator(".strip img").count() == 12
    assert page.locator(".plot .curve").count() > 5
    assert page.locator("table tbody tr").count() == len(example.analysis().measurements)
    assert page.locator("video").get_attribute("controls") is not None
    assert not page.locator(".controls").is_visible()
    assert "click a curve" not in page.locator(".player").inner_text()


def test_a_clip_that_was_not_moved_along_is_missed_in_words(
    browser: Browser, report: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "report.html"
    shutil.copy(report, alone)
    page = browser.new_page()
    page.goto(alone.as_uri())
    page.get_by_text("annotated.mp4 could not be opened").wait_for()
    page.close()


def test_the_clip_has_the_frames_the_page_counts(opened: Open) -> None:
    page = opened()
    wait_until(page, "document.querySelector('video').readyState > 0")
    length = page.evaluate("document.querySelector('video').duration")
    assert length == pytest.approx(example.DURATION_S, abs=0.05)
    last = len(example.frame_times_s()) - 1
    assert page.get_by_role("slider").get_attribute("max") == str(last)

"""The pages of several clips in a real browser, opened from disk as a runner opens them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from formcheck.compare import load_result
from formcheck.domain import Analysis, Side
from formcheck.report import write_report
from formcheck.report.compare_files import write_comparison
from tests.report import example
from tests.report.test_browser import PHONE, SERIOUS, Open, button

LATER_S = 0.2
"""How much later every contact of the second clip is."""


def later(analysis: Analysis) -> Analysis:
    """The same run, filmed from a little earlier on."""
    events = analysis.gait.events
    moved = {side: events.initial_contact_s[side] + LATER_S for side in Side}
    gait = replace(analysis.gait, events=replace(events, initial_contact_s=moved))
    return replace(analysis, gait=gait)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    clip = example.write_clip(folder / "clip.mp4")
    made = {"before": example.analysis(), "after": later(example.analysis())}
    for name, analysis in made.items():
        write_report(analysis, folder / name, clip=clip)
    return write_comparison([load_result(folder / name) for name in made], folder / "out")


@pytest.fixture
def opened(visit: Open, comparison: Path) -> Open:
    """Opens the comparison."""
    return partial(visit, comparison)


def until(page: Page, condition: str) -> None:
    """Wait until something is so; the page itself may not evaluate strings."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def times_s(page: Page) -> tuple[float, float]:
    """Where both clips are, once they have got there."""
    until(page, "![...document.querySelectorAll('video')].some((v) => v.seeking)")
    first, second = page.evaluate(
        "[...document.querySelectorAll('video')].map((video) => video.currentTime)"
    )
    return float(first), float(second)


def contacts_s() -> list[float]:
    return [float(at) for at in example.contacts_s(Side.RIGHT)]


def test_both_clips_stand_at_their_first_contact(opened: Open) -> None:
    first, second = times_s(opened())
    assert first == pytest.approx(contacts_s()[0], abs=0.01)
    assert second == pytest.approx(contacts_s()[0] + LATER_S, abs=0.01)


def test_the_next_contact_is_that_of_both(opened: Open) -> None:
    page = opened()
    button(page, "Next contact").click()
    first, second = times_s(page)
    assert first == pytest.approx(contacts_s()[1], abs=0.01)
    assert second == pytest.approx(contacts_s()[1] + LATER_S, abs=0.01)
    assert "Stride 2, 0\u202f%" in page.locator("#where").inner_text()


@pytest.mark.parametrize("by", ["phase", "time"])
def test_the_scrubber_moves_both_through_the_stride(opened: Open, by: str) -> None:
    page = opened()
    page.locator("#by").select_option(by)
    page.locator("#position").fill("1.5")
    first, second = times_s(page)
    middle = float(np.mean(contacts_s()[1:3]))
    assert first == pytest.approx(middle, abs=0.01)
    assert second == pytest.approx(middle + LATER_S, abs=0.01)


def test_played_together_they_stay_in_step(opened: Open) -> None:
    page = opened()
    button(page, "Play").click()
    until(page, "document.querySelector('video').currentTime > 1.2")
    button(page, "Pause").click()
    first, second = times_s(page)
    assert second - first == pytest.approx(LATER_S, abs=0.12)
    assert page.locator("#position").input_value() != "0"


def test_without_scripts_each_clip_has_its_own_controls(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert page.locator("video[controls]").count() == 2
    assert not page.locator(".controls").is_visible()


def test_nothing_is_wider_than_a_phone(opened: Open) -> None:
    page = opened(viewport=PHONE)
    times_s(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_verdicts_of_three_clips_need_no_scrolling_sideways(
    visit: Open, comparison: Path, tmp_path: Path, width: int
) -> None:
    one = load_result(comparison.parents[1] / "before")
    takes = [replace(one, name=f"on_the_treadmill_in_{month}") for month in ("may", "june", "july")]
    page = visit(
        write_comparison(takes, tmp_path / "three"),
        viewport={"width": width, "height": 900},
    )
    right = "Math.max(...[...document.querySelectorAll('.outcome')].map(%s))"
    assert page.evaluate(right % "(e) => e.getBoundingClientRect().right") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    times_s(page)
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in SERIOUS] == []

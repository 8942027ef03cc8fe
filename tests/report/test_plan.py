"""The plan on the page, and what stands before everything else when the answers ask for it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from formcheck.domain import Analysis, Caution, Grade
from formcheck.guidance.plan import make_plan, tempered
from formcheck.guidance.profile import profile_of
from formcheck.guidance.texts import safety_text
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.report.json import summary
from formcheck.texts import Language, ReportStyle, words
from tests.report import example
from tests.texts.wording_rules import broken_rules

T = words("plan")
VOID = {"meta", "link", "img", "br", "path", "rect", "circle", "input", "source", "line"}
CAUTIONS: dict[Caution, dict[str, Any]] = {
    Caution.PAIN: {"pain": {"back_pain_now": True}},
    Caution.BEFORE: {"pain": {"back_pain_now": False}, "red_flags": {"cancer_history": True}},
    Caution.SOON: {"red_flags": {"night_pain": True}},
    Caution.EMERGENCY: {"red_flags": {"saddle_numbness": True}, "habits": {"strength_days": 0}},
}
FIX_WORDS = ("Worth working on", "work on first", "start here", "Worth trying", "worth trying")


class Order(HTMLParser):
    """The elements of a page in the order of the document, with class, id and parent's tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        name = f"{tag}.{known.get('class') or ''}"
        self.elements.append((self._open[-1] if self._open else "", name, known.get("id") or ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass


def analysis(**answers: dict[str, Any]) -> Analysis:
    """The example with one finding graded fix, for a runner with these answers."""
    base = example.analysis()
    findings = tuple(
        replace(found, grade=Grade.FIX) if found.grade is Grade.WATCH else found
        for found in base.findings
    )
    plan = make_plan(findings, profile_of(answers, "test") if answers else None)
    return replace(base, plan=plan, findings=tempered(findings, plan.caution))


def page(**answers: dict[str, Any]) -> str:
    return render(ReportContext(analysis(**answers)))


def shown(text: str) -> str:
    return re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)


@pytest.mark.parametrize("caution", CAUTIONS)
def test_safety_is_the_first_thing_in_the_document(caution: Caution) -> None:
    text = page(**CAUTIONS[caution])
    elements = Order(text).elements
    body = next(k for k, (_, name, _) in enumerate(elements) if name == "body.")
    assert elements[body + 1] == ("body", f"section.safety caution {caution}", "")
    words_of_page = shown(text[text.index("<body") :]).split()
    first = f"{T(f'caution.{caution}.heading')} {T(f'caution.{caution}.text')}".split()
    assert words_of_page[: len(first)] == first
    assert text.index(T(f"caution.{caution}.heading")) < text.index("<h1")
    assert all(text.count(part.text) == 1 for part in safety_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_safety_text_is_on_top_and_everybody_can_read_it(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(**CAUTIONS[Caution.PAIN]), encoding="utf-8")
    shown = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    shown.goto(path.as_uri())
    tops = [shown.locator(each).first.bounding_box() for each in ("#caution", "h1", "#plan")]
    faults = Axe().run(shown, context="#caution, .plan").response["violations"]
    width = shown.evaluate("document.documentElement.scrollWidth")
    shown.close()
    heights = [box["y"] for box in tops if box is not None]
    assert len(heights) == 3
    assert heights == sorted(heights)
    assert heights[0] < 100
    assert width <= 390
    assert not [fault["id"] for fault in faults if fault["impact"] in ("serious", "critical")]


def test_with_a_warning_sign_the_headline_praises_nothing() -> None:
    assert "Going well" in page(pain={"back_pain_now": False})
    assert "Going well" not in page(**CAUTIONS[Caution.EMERGENCY])


def test_the_careful_page_is_as_careful_in_german() -> None:
    german = words("plan", Language.DE)
    style = ReportStyle(Language.DE)
    text = render(ReportContext(analysis(**CAUTIONS[Caution.EMERGENCY]), style=style))
    assert text.index(german("caution.emergency.heading")) < text.index("<h1")
    assert german("headline.emergency") in text
    assert german("kept_back") in text


def test_the_paragraph_that_applies_leads_the_safety_text() -> None:
    text = page(**CAUTIONS[Caution.SOON])
    assert text.index("See a clinician soon</strong>") < text.index("Get emergency care now</st")


@pytest.mark.parametrize("caution", CAUTIONS)
def test_nothing_is_asked_of_a_runner_in_pain_or_flagged(caution: Caution) -> None:
    said = shown(page(**CAUTIONS[caution]))
    assert not [word for word in FIX_WORDS if word in said]
    assert T(f"headline.{caution}") in said
    assert "Worth watching" in said
    told = summary(analysis(**CAUTIONS[caution]))
    assert (told["caution"], told["main_finding"]) == (caution, None)
    assert told["safety"][0].startswith(T(f"caution.{caution}.heading"))
    assert len(told["safety"]) == len(safety_text()) + 1
    assert "fix" not in {finding["grade"] for finding in told["findings"]}


@pytest.mark.parametrize("caution", [Caution.BEFORE, Caution.SOON, Caution.EMERGENCY])
def test_a_red_flag_leaves_no_exercise_on_the_page(caution: Caution) -> None:
    text = page(**CAUTIONS[caution])
    plan = text[text.index('<section class="plan"') :]
    assert T(f"reduced.{caution}") in plan
    assert 'class="figure"' not in plan
    assert T("plan.dose") not in plan


def test_in_pain_what_is_left_comes_with_when_to_stop_and_no_progress() -> None:
    said = page(**CAUTIONS[Caution.PAIN])
    assert T("item.bridge.title") in said
    assert T("plan.stop") in said
    assert T("plan.progress") not in said


def test_without_caution_the_same_clip_asks_for_its_first_thing() -> None:
    text = page(pain={"back_pain_now": False})
    assert "One thing to work on first" in text
    assert "caution" not in [name for _, name, _ in Order(text).elements]
    assert summary(analysis(pain={"back_pain_now": False}))["caution"] == "none"


def test_without_answers_the_general_plan_invites_to_them() -> None:
    text = page()
    assert "formcheck profile --write runner.toml" in text
    assert T("item.plank.how") in text
    assert text.count('<svg class="figure"') == len(
        [item for topic in make_plan([], None).topics for item in topic.items if item.is_exercise]
    )
    assert "formcheck profile --write" not in page(shoes={"km": 100})


def test_reasons_notes_and_sources_stand_with_the_advice() -> None:
    text = page(shoes={"km": 700}, habits={"strength_days": 0})
    shoes = text[text.index('id="plan-shoes"') : text.index('id="plan-help"')]
    assert T("why.shoes_far") in shoes
    assert "700" not in shoes
    assert "The Conversation" in shoes
    strength = text[text.index('id="plan-strength"') : text.index('id="plan-mobility"')]
    assert strength.index("start with two short".capitalize()) < strength.index("Squat")
    assert "randomised trial" in strength
    assert "Cai C et al." in strength


@pytest.mark.parametrize(
    "answers", [{}, *CAUTIONS.values(), {"shoes": {"km": 900, "are_new": True}}], ids=str
)
def test_the_page_gives_guidance_not_diagnosis(answers: dict[str, Any]) -> None:
    said = shown(page(**answers))
    assert list(broken_rules(said, Language.EN)) == []

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from formcheck.domain import Analysis, Caution, Comparison, Side, Verdict
from formcheck.guidance.apply import main_finding
from formcheck.report import write_report
from formcheck.report.bars import band_bar
from formcheck.report.cards import Headline, cards, similar_runners
from formcheck.report.cards import headline as headline_of
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.report.page import n_excluded
from formcheck.report.wording import DEFAULT_WORDING
from formcheck.texts import Language
from tests.report import example
from tests.texts.wording_rules import broken_rules, words_of

CASES = {
    "analysed": example.analysis,
    "facing-left": lambda: example.analysis(Side.LEFT),
    "undetermined": example.undetermined,
    "partial": example.far_side_missing,
}


class Page(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def page(analysis: Analysis) -> str:
    return render(ReportContext(analysis, annotated_clip="annotated.mp4"))


@pytest.mark.parametrize("case", list(CASES))
def test_page_asks_for_nothing_from_elsewhere(case: str) -> None:
    text = page(CASES[case]())
    for tag, attributes in Page(text).tags:
        for name in ("src", "href", "xlink:href", "srcset", "poster", "action", "data"):
            target = attributes.get(name) or ""
            allowed = tag == "a" and target.startswith("https://doi.org/")
            assert allowed or not re.match(r"(?i)(https?:)?//", target), (tag, target)
    assert not re.search(r"(?i)@import|url\(\s*['\"]?(?!#)", text)
    assert not re.search(r"<script[^>]*\bsrc", text)


@pytest.mark.parametrize("case", list(CASES))
def test_safety_text_stands_before_the_findings(case: str) -> None:
    text = page(CASES[case]())
    assert text.index("Get emergency care now") < text.index('id="findings"')
    assert "cannot find the cause of pain" in text


@pytest.mark.parametrize("case", list(CASES))
def test_wording_is_guidance_not_diagnosis(case: str) -> None:
    assert list(broken_rules(words_of(page(CASES[case]())), Language.EN)) == []


def test_what_asks_for_something_comes_first_and_says_so_in_words() -> None:
    text = page(example.analysis())
    text = text[text.index('id="findings"') : text.index('id="curves"')]
    titles = re.findall(r"<h3>(.*?)</h3>", text)
    assert titles == ["Arm bend", "Trunk lean", "Foot strike", "Head up"]
    assert text.count("Start here") == 1
    words = re.findall(r'<article class="card (\w+)"', text)
    assert words == ["watch", "good", "undetermined", "undetermined"]


def test_article_and_research_stand_side_by_side() -> None:
    text = page(example.analysis())
    card = text[text.index("<h3>Foot strike</h3>") : text.index("<h3>Head up</h3>")]
    said = [card.index(f"<h4>What {who} says</h4>") for who in ("the article", "research")]
    assert said[0] < said[1]
    assert "Different, for information" in card[said[0] : said[1]]
    assert example.ARTICLE in card[said[0] : said[1]]
    assert "Cannot tell" in card[said[1] :]


def test_only_what_lies_outside_gets_something_to_try() -> None:
    assert page(example.analysis()).count("Worth trying:") == 1
    assert "Worth trying:" not in page(example.undetermined())


def test_undetermined_findings_say_why() -> None:
    assert page(example.undetermined()).count("too few strides: 3 of 4") == 4  # once a point


def test_finding_shows_value_interval_strides_sentence_and_source() -> None:
    text = page(example.analysis())
    assert "9\u202f±\u202f3°" in text
    assert "most likely 6° to 12° (95\u202f% interval), 4 strides" in text
    assert "Inside the range with a chance of 60\u202f%." in text
    assert example.ARTICLE in text
    assert 'href="https://doi.org/10.1249/x.1"' in text


def test_what_comes_from_files_is_escaped() -> None:
    base = example.analysis()
    nasty = replace(base, video=replace(base.video, path="/x/<script>alert(1)<script>.mp4"))
    text = page(nasty)
    assert "<script>alert" not in text
    assert "The article &lt;on back pain&gt;" in text


def test_page_is_labelled_for_screen_readers() -> None:
    tags = Page(page(example.analysis())).tags
    assert ("html", {"lang": "en"}) in tags
    assert sum(tag == "h1" for tag, _ in tags) == 1
    assert all(attributes.get("alt") for tag, attributes in tags if tag == "img")
    ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    labels = [a["aria-labelledby"] for _, a in tags if a.get("aria-labelledby")]
    assert set(labels) <= set(ids)


def test_page_without_the_clip_has_no_player() -> None:
    text = render(ReportContext(example.analysis()))
    assert not any(tag in ("video", "img") for tag, _ in Page(text).tags)


def test_capture_quality_and_provenance_are_printed() -> None:
    text = page(example.far_side_missing())
    for wanted in (
        "30 frames per second", "running to the right", "+2°",
        "11.2\u202f±\u202f0.0 km/h, as given",
        "Left leg, far", "put back in 6 frames", "seen in 98\u202f% of the frames",
        "The left knee or foot could not be followed", "0 left (far), 4 excluded",
        "The clip runs in real time.", "ab" * 32,
    ):  # fmt: skip
        assert wanted in text


def test_excluded_strides_are_those_between_contacts_that_were_not_used() -> None:
    assert n_excluded(example.analysis(), Side.LEFT) == 0
    assert n_excluded(example.far_side_missing(), Side.LEFT) == 4


def headline(analysis: Analysis) -> Headline:
    context = ReportContext(analysis)
    return headline_of(context, cards(context))


def test_headline_says_what_is_good_and_names_one_thing_to_work_on_first() -> None:
    said = headline(example.analysis())
    assert said.first == "One thing to work on first: arm bend. Arm bend: what was seen."
    assert said.good == "Going well: trunk lean."
    assert (said.later, said.unclear) == ("", "2 points could not be judged.")


def test_headline_says_so_when_nothing_fires() -> None:
    base = example.analysis()
    calm = tuple(f for f in base.findings if f.verdict is Verdict.WITHIN)
    assert headline(replace(base, findings=calm)).first == "Nothing measured asks for a change."
    assert "Nothing could be judged" in headline(example.undetermined()).first


def test_similar_runners_stand_beside_the_value() -> None:
    base = example.analysis()
    cadence = base.measurements[0]
    place = Comparison(2.78, 163.7, 10.3, 0.8, 0.7, (150.6, 176.9), 76.0, (74.0, 78.0))
    known = (replace(cadence, comparisons={None: place}), *base.measurements[1:])
    text = page(replace(base, measurements=known))
    assert "8 in 10 similar runners at 10.0 km/h: 151 to 177 steps/min" in text


@pytest.mark.parametrize(
    ("percentiles", "said"),
    [
        ((74.0, 78.0), "; 74 to 78 in 100 lie lower"),
        ((99.6, 99.9), "; 99 in 100 lie lower"),
        ((5.0, 95.0), ""),  # says nothing
    ],
)
def test_how_many_similar_runners_lie_lower_is_said_where_it_tells_anything(
    percentiles: tuple[float, float], said: str
) -> None:
    place = Comparison(2.78, 163.7, 10.3, 0.8, 0.7, (150.6, 176.9), 76.0, percentiles)
    cadence = replace(example.analysis().measurements[0], comparisons={None: place})
    told = "8 in 10 similar runners at 10.0 km/h: 151 to 177 steps/min"
    assert similar_runners(cadence, None, DEFAULT_WORDING) == told + said


def test_bar_keeps_the_order_of_low_median_and_high() -> None:
    finding = example.analysis().findings[0]
    bar = band_bar(finding.band, finding.observed, "deg", DEFAULT_WORDING)
    assert bar is not None
    assert bar.low is not None
    assert bar.median is not None
    assert bar.high is not None
    assert 0 <= bar.band_left < bar.low < bar.median < bar.high < bar.band_right <= 100
    assert bar.alt == "Range: 2° to 14°. Measured: 9°, interval 6° to 12°."


def test_open_ranges_reach_the_end_of_the_bar() -> None:
    bar = band_bar((0.0, math.inf), None, "deg", DEFAULT_WORDING)
    assert bar is not None
    assert (bar.band_right, bar.high_label) == (100.0, "")


def test_page_with_pictures_stays_small(tmp_path: Path) -> None:
    clip = example.write_clip(tmp_path / "clip.mp4")
    report = write_report(example.analysis(), tmp_path / "out", clip=clip)
    assert report.stat().st_size < 2_500_000
    tags = Page(report.read_text(encoding="utf-8")).tags
    pictures = [a for tag, a in tags if tag == "img"]
    assert len(pictures) == 16  # three findings with four strides each, and who was followed
    assert all((a["src"] or "").startswith("data:image/jpeg;base64,") for a in pictures)


def test_the_page_says_who_was_followed_and_who_was_not() -> None:
    text = page(example.analysis())
    assert "person 2 of 2, counted from the left, the one whose legs cycle most" in text
    assert "analysed from 0.5 to 3.5\u202fs" in text
    assert "person 1 (left, 0.0 to 4.0\u202fs): legs rest" in text


def with_surer_far_knee() -> Analysis:
    """The rule that asks most also saw another measurement, more surely, on the far side."""
    seen = example.analysis()
    asked = next(f for f in seen.findings if f.fires)
    far = replace(
        asked,
        side=seen.gait.near_side.other,
        metric="knee_peak_stance_deg",
        probability_outside=0.99,
        message="The far knee hardly bends.",
    )
    knee = replace(seen.measurements[0], metric="knee_peak_stance_deg", label="Peak knee flexion")
    return replace(seen, findings=(*seen.findings, far), measurements=(*seen.measurements, knee))


def test_page_and_summary_name_the_same_thing_to_work_on_first() -> None:
    seen = with_surer_far_knee()
    main = main_finding(seen.findings, Caution.NONE)
    assert main is not None
    context = ReportContext(seen)
    shown = cards(context)
    assert main.message in headline_of(context, shown).first
    assert shown[0].lead.main.message == main.message


def test_a_result_of_another_measurement_says_which() -> None:
    (card, *_) = cards(ReportContext(with_surer_far_knee()))
    (beside,) = card.lead.others
    assert beside.who.startswith("Elbow flexion, ")
    assert card.strip is None

"""The report of a real clip, as far as its pictures may not be kept here."""

from __future__ import annotations

import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.report.cards import cards
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.validation.poses import cached_pose
from tests.rendered import SHARED

CLIP = SHARED / "videos" / "treadmill_side_30fps.mp4"


@pytest.mark.shared
@pytest.mark.mediapipe
@pytest.mark.skipif(not CLIP.exists(), reason="the real clips are not here")
def test_every_sentence_of_the_article_gets_a_verdict_or_a_reason() -> None:
    config = AnalysisConfig()
    context = ReportContext(analyze_pose(cached_pose(CLIP, config), config))
    page = render(context)
    of_article = [card for card in cards(context) if card.of_article]
    assert len(of_article) == 7
    for card in of_article:
        assert page.count(f"“{card.article_sentence}”") == 1
        said = next(view.main for view in card.views if view.pack == "article")
        assert said.look != "undetermined" or said.reason or said.message
    decided = [card for card in of_article if card.lead.main.look != "undetermined"]
    assert len(decided) >= 4

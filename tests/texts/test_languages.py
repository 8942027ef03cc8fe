"""Every language says everything, says nothing that may not be said, and leaves no English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Any

import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import Analysis
from formcheck.guidance.profile import Pain, RunnerProfile
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.synthetic import corrupt
from formcheck.texts import Language, ReportStyle, Units
from tests.rendered import ROOT
from tests.synthetic.made import FROM_BEHIND, NATURAL, record
from tests.texts.wording_rules import broken_rules, words_of

TEXTS = ROOT / "formcheck" / "texts"
AREAS = sorted(path.stem for path in (TEXTS / "en").glob("*.toml"))
OTHERS = [language for language in Language if language is not Language.EN]
BESIDE = {"metrics", "sources"}
"""Areas whose English stands with the metric and the source themselves."""


def flat(found: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a table with its key."""
    if isinstance(found, str):
        yield key, found
        return
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    for name, each in pairs:
        yield from flat(each, f"{key}.{name}")


@cache
def texts(area: str, language: Language) -> dict[str, str]:
    path = TEXTS / language.value / f"{area}.toml"
    return dict(flat(tomllib.loads(path.read_text(encoding="utf-8"))))


def placeholders(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name})


@pytest.mark.parametrize("language", Language)
def test_no_text_breaks_the_wording_rules(language: Language) -> None:
    for path in sorted((TEXTS / language.value).glob("*.toml")):
        for key, text in texts(path.stem, language).items():
            assert not list(broken_rules(text, language)), f"{path.name}{key}"


def clip_from_the_side() -> Analysis:
    pose, _ = record(NATURAL)
    return analyze_pose(pose, AnalysisConfig(speed_kmh=10.8, height_cm=175.0))


def clip_from_behind() -> Analysis:
    pose, _ = record(NATURAL, FROM_BEHIND)
    return analyze_pose(pose, AnalysisConfig(speed_kmh=10.8, height_cm=175.0))


def clip_of_a_hurting_runner() -> Analysis:
    pose, _ = record(NATURAL, fps=30.0)
    profile = RunnerProfile(pain=Pain(back_pain_now=True))
    return analyze_pose(pose, AnalysisConfig(incline_percent=3.0), profile)


def clip_in_slow_motion() -> Analysis:
    pose, _ = record(NATURAL, fps=120.0)
    return analyze_pose(corrupt.slowed(pose, 4.0), AnalysisConfig())


CLIPS = {
    "side": clip_from_the_side,
    "behind": clip_from_behind,
    "pain, no speed": clip_of_a_hurting_runner,
    "slow motion": clip_in_slow_motion,
}


@cache
def page(clip: str, language: Language) -> str:
    return render(ReportContext(CLIPS[clip](), style=ReportStyle(language)))


@pytest.mark.parametrize("language", [Language.EN])
@pytest.mark.parametrize("clip", CLIPS)
def test_no_report_breaks_the_wording_rules(clip: str, language: Language) -> None:
    assert list(broken_rules(words_of(page(clip, language)), language)) == []
    assert f'<html lang="{language}">' in page(clip, language)


def test_units_and_pace_are_those_asked_for() -> None:
    style = ReportStyle(units=Units.IMPERIAL, pace=True)
    shown = words_of(render(ReportContext(clip_from_the_side(), style=style)))
    assert re.search(r"Stride length [^.]*\. 8|\d\.\d\u202f±\u202f\d\.\d\u202fft", shown)
    assert re.search(r"8:56\u202f±\u202f0:\d\d min/mile, as given", shown)
    assert not re.search(r"\d\u202f(cm|m)\b|km/h", shown)

"""Every language says everything, says nothing that may not be said, and leaves no English."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.cli.headline import headline
from formcheck.domain import Analysis
from formcheck.guidance.load import load_sources
from formcheck.guidance.profile import Pain, RunnerProfile, profile_of
from formcheck.guidance.questionnaire import template
from formcheck.metrics import METRICS
from formcheck.report import ReportOptions, summary
from formcheck.report.compare_files import write_comparison
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.synthetic import corrupt
from formcheck.texts import Language, ReportStyle, Units
from tests.compare.results import result
from tests.rendered import ROOT
from tests.synthetic.made import FROM_BEHIND, NATURAL, record
from tests.texts.wording_rules import broken_rules, words_of

TEXTS = ROOT / "formcheck" / "texts"
AREAS = sorted(path.stem for path in (TEXTS / "en").glob("*.toml"))
OTHERS = [language for language in Language if language is not Language.EN]
BESIDE = {"metrics", "sources"}
"""Areas whose English stands with the metric and the source themselves."""
FROM_ENGLISH_FILES = {"compare.not.measured_because": {"why"}}
"""Facts read out of a summary.json, which is in English, and so left out elsewhere."""


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


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_files(language: Language) -> None:
    found = {path.stem for path in (TEXTS / language.value).glob("*.toml")}
    assert found == {*AREAS, *BESIDE}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("area", AREAS)
def test_every_language_has_the_same_keys_and_facts(area: str, language: Language) -> None:
    english, other = texts(area, Language.EN), texts(area, language)
    extra = set(other) - set(english)
    if area == "names":  # a language may need words in more than one form
        extra = {key for key in extra if key.split(".")[1].endswith("_stem")} ^ extra
    assert (set(english) - set(other), extra) == (set(), set())
    for key, text in english.items():
        left_out = FROM_ENGLISH_FILES.get(f"{area}{key}", set())
        assert placeholders(other[key]) == sorted(set(placeholders(text)) - left_out), key


@pytest.mark.parametrize("language", OTHERS)
def test_every_metric_and_source_is_named_in_every_language(language: Language) -> None:
    named = {f".{name}.{part}" for name in METRICS for part in ("label", "definition")}
    assert set(texts("metrics", language)) == named
    noted = {f".{key}.{note}" for key in load_sources() for note in ("locator", "evidence")}
    assert set(texts("sources", language)) == noted


@pytest.mark.parametrize("language", Language)
def test_no_text_breaks_the_wording_rules(language: Language) -> None:
    for path in sorted((TEXTS / language.value).glob("*.toml")):
        for key, text in texts(path.stem, language).items():
            assert not list(broken_rules(text, language)), f"{path.name}{key}"


def test_no_english_text_beside_the_tables_breaks_them_either() -> None:
    for sentence in english_sentences():
        assert not list(broken_rules(sentence, Language.EN)), sentence


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


def english_sentences() -> Iterator[str]:
    """Every run of more than three English words between two facts."""
    for area in AREAS:
        yield from texts(area, Language.EN).values()
    for entry in METRICS.values():
        yield from (entry.label, entry.definition)
    for source in load_sources().values():
        yield from (source.locator, source.evidence)


@cache
def english_runs() -> tuple[str, ...]:
    pieces = (
        literal.strip(" .,:;()")
        for sentence in english_sentences()
        for literal, *_ in Formatter().parse(sentence.replace("{{", "").replace("}}", ""))
    )
    return tuple({piece for piece in pieces if len(re.findall(r"[A-Za-z]{2,}", piece)) > 3})


def english_left(page: str) -> list[str]:
    assert len(english_runs()) > 500
    shown = " ".join(words_of(page).split())
    return [run for run in english_runs() if " ".join(run.split()) in shown]


@pytest.mark.parametrize("clip", CLIPS)
def test_no_english_sentence_is_left_in_a_german_report(clip: str) -> None:
    assert english_left(page(clip, Language.DE)) == []


def test_no_english_sentence_is_left_in_a_german_comparison(tmp_path: Path) -> None:
    takes = [result(seed=1), result(seed=2, speed_kmh=None)]
    german = ReportOptions(ReportStyle(Language.DE))
    text = write_comparison(takes, tmp_path / "out", options=german).read_text(encoding="utf-8")
    assert english_left(text) == []
    assert list(broken_rules(words_of(text), Language.DE)) == []


@pytest.mark.parametrize("clip", CLIPS)
def test_no_english_sentence_is_left_in_the_lines_of_a_german_terminal(clip: str) -> None:
    german, english = (
        "\n".join(headline(summary(CLIPS[clip]()), ReportStyle(language)))
        for language in (Language.DE, Language.EN)
    )
    assert english_left(german) == []
    assert not {line.split(":")[0] for line in german.splitlines()} & {"Verdict", "Cadence"}
    assert len(german.splitlines()) == len(english.splitlines()) == 5


def test_a_summary_read_back_is_told_in_german_without_its_english_sentences() -> None:
    kept = json.loads(json.dumps(summary(clip_from_the_side())))
    lines = headline(kept, ReportStyle(Language.DE))
    assert english_left("\n".join(lines)) == []
    assert "Schritte/min (95-%-Intervall " in lines[1]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("clip", CLIPS)
def test_no_report_breaks_the_wording_rules(clip: str, language: Language) -> None:
    assert list(broken_rules(words_of(page(clip, language)), language)) == []
    assert f'<html lang="{language}">' in page(clip, language)


def test_no_english_sentence_is_left_among_german_questions() -> None:
    questions = template(Language.DE)
    assert [run for run in english_runs() if run in " ".join(questions.split())] == []
    assert profile_of(tomllib.loads(questions), "answers").is_empty


def test_a_german_report_writes_numbers_as_germans_do() -> None:
    shown = words_of(page("side", Language.DE))
    assert re.search(r"Kontaktzeit\s+0,2\d\d\u202f±\u202f0,0\d\d\u202fs", shown)
    assert "10,8\u202f±\u202f" in shown
    assert not re.search(r"\d\.\d+\u202f", shown)


def test_units_and_pace_are_those_asked_for() -> None:
    style = ReportStyle(units=Units.IMPERIAL, pace=True)
    shown = words_of(render(ReportContext(clip_from_the_side(), style=style)))
    assert re.search(r"Stride length [^.]*\. 8|\d\.\d\u202f±\u202f\d\.\d\u202fft", shown)
    assert re.search(r"8:56\u202f±\u202f0:\d\d min/mile, as given", shown)
    assert not re.search(r"\d\u202f(cm|m)\b|km/h", shown)

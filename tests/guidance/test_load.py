from pathlib import Path

import pytest

from formcheck.errors import GuidanceError
from formcheck.guidance import load_rules, load_sources
from formcheck.metrics import METRICS

NOT_YET = {"arm_leg_phase_deg", "head_pitch_deg", "shoulder_ratio"}
"""Metrics the article needs that are still to come; remove a name when it is measured."""

RULE = """
[[rule]]
id = "{id}"
title = "Lean"
metric = "trunk_lean_deg"
low = {low}
high = 14.0
min_strides = 8
priority = 1
article_sentence = "Avoid leaning"
sources = ["{source}"]
"""


def rule_file(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_articles_seven_technique_sentences_are_rules() -> None:
    assert len(load_rules()) == 7
    assert all(rule.article_sentence for rule in load_rules())


def test_rules_come_by_priority() -> None:
    priorities = [rule.priority for rule in load_rules()]
    assert priorities == sorted(priorities)


def test_every_rule_has_a_metric_or_one_that_is_known_to_be_missing() -> None:
    assert {rule.metric for rule in load_rules()} - set(METRICS) == NOT_YET


def test_every_metric_names_sources_that_exist() -> None:
    sources = load_sources()
    assert all(name in sources for entry in METRICS.values() for name in entry.sources)


def test_every_source_says_where_and_how_strong() -> None:
    assert all(source.locator and source.evidence for source in load_sources().values())


@pytest.mark.parametrize("word", ["cause", "damage", "correct form", "incorrect", "diagnos"])
def test_texts_give_guidance_not_diagnosis(word: str) -> None:
    texts = [
        " ".join((*rule.messages.values(), rule.evidence_note, rule.advice)).lower()
        for rule in load_rules()
    ]
    assert not any(word in text for text in texts)


def test_every_text_that_can_be_needed_exists() -> None:
    for rule in load_rules():
        assert "within" in rule.messages
        if rule.low is not None:
            assert {"outside", "outside_low"} & set(rule.messages)
        if rule.high is not None:
            assert {"outside", "outside_high"} & set(rule.messages)


def test_a_users_own_rules_may_bring_their_own_sources(tmp_path: Path) -> None:
    own = '[sources.coach]\ncitation = "My coach"\nlocator = "said so"\nevidence = "opinion"\n'
    text = own + RULE.format(id="lean", low=2.0, source="coach")
    (rule,) = load_rules(rule_file(tmp_path, text))
    assert rule.sources[0].citation == "My coach"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (RULE.format(id="lean", low=20.0, source="article"), "low 20.0 is not below high 14.0"),
        (RULE.format(id="lean", low=2.0, source="nobody"), "unknown source nobody"),
        (RULE.format(id="lean", low='"a"', source="article"), "low must be a number"),
        (RULE.format(id="lean", low=2.0, source="article") * 2, "twice"),
        (RULE.format(id="lean", low=2.0, source="article") + "colour = 1\n", "unknown key colour"),
        ('[[rule]]\nid = "lean"\n', "missing key title"),
        ("", "holds no"),
        ("[[rule]\n", "not valid TOML"),
    ],
)
def test_a_contradictory_rule_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(GuidanceError, match=problem):
        load_rules(rule_file(tmp_path, text))


def test_a_missing_rule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="cannot be read"):
        load_rules(tmp_path / "none.toml")

"""Rule packs, points and sources: complete, consistent, and worded as guidance."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from formcheck.domain import Grade, Rule
from formcheck.errors import GuidanceError
from formcheck.guidance import load_rules, load_sources
from formcheck.guidance.load import load_points
from formcheck.metrics import METRICS

RULE = """
[[rule]]
id = "{id}"
point = "trunk_lean"
min_strides = 8
within = "fine"
outside = "not so"
sources = ["{source}"]
criteria = [{{ metric = "trunk_lean_deg", good = {good}, most = "watch" }}]
"""


def rule_file(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def of_pack(pack: str) -> list[Rule]:
    return [rule for rule in load_rules() if rule.pack == pack]


def test_the_articles_seven_technique_sentences_are_points() -> None:
    assert sum(bool(point.article_sentence) for point in load_points().values()) == 7


@pytest.mark.parametrize("pack", ["article", "evidence"])
def test_both_packs_speak_of_every_sentence_of_the_article(pack: str) -> None:
    said = {rule.point.id for rule in of_pack(pack)}
    assert said >= {point.id for point in load_points().values() if point.article_sentence}


def test_rules_come_in_the_order_of_the_article() -> None:
    orders = [rule.point.order for rule in load_rules()]
    assert orders == sorted(orders)


def test_every_rule_has_a_metric() -> None:
    used = {criterion.metric for rule in load_rules() for criterion in rule.criteria}
    used |= {c.metric for rule in load_rules() for each in rule.criteria for c in each.when}
    assert used <= set(METRICS)


def test_the_article_alone_never_asks_for_more_than_watching() -> None:
    most = {criterion.most for rule in of_pack("article") for criterion in rule.criteria}
    assert Grade.FIX not in most


def test_only_what_stands_on_firm_ground_goes_beyond_watching() -> None:
    """Biomechanics 4: all others are marked as reaching watch at most."""
    fixed = {
        criterion.metric: criterion.watch
        for rule in of_pack("evidence")
        for criterion in rule.criteria
        if criterion.most is Grade.FIX
    }
    assert fixed == {
        "elbow_flexion_deg": (50.0, math.inf),
        "arm_leg_phase_deg": (-60.0, 60.0),
        "arm_leg_sync": (0.75, math.inf),
        "arm_leg_frequency_ratio": (0.9, 1.1),
        "trunk_lean_deg": (-2.0, 20.0),
        "foot_strike_angle_deg": (-math.inf, 25.0),
        "overstride_z": (-math.inf, 2.0),
        "knee_at_contact_deg": (4.0, math.inf),
    }


def test_every_metric_names_sources_that_exist() -> None:
    sources = load_sources()
    assert all(name in sources for entry in METRICS.values() for name in entry.sources)


def test_every_source_says_where_and_how_strong() -> None:
    assert all(source.locator and source.evidence for source in load_sources().values())


def test_nothing_unverified_is_quoted_to_a_runner() -> None:
    quoted = {source.id for rule in load_rules() for source in rule.sources if source.to_verify}
    assert quoted == set()


def test_a_users_own_rule_is_added_to_the_packs(tmp_path: Path) -> None:
    own = '[sources.coach]\ncitation = "My coach"\nlocator = "said so"\nevidence = "opinion"\n'
    text = own + RULE.format(id="lean", good="[2.0, 14.0]", source="coach")
    rules = load_rules(rule_file(tmp_path, text))
    (added,) = (rule for rule in rules if rule.pack == "own")
    assert added.sources[0].citation == "My coach"
    assert len(rules) == len(load_rules()) + 1


def test_a_users_rule_takes_the_place_of_the_shipped_one_with_its_id(tmp_path: Path) -> None:
    text = RULE.format(id="evidence_trunk_lean", good="[0.0, 30.0]", source="article")
    rules = load_rules(rule_file(tmp_path, text))
    (lean,) = (rule for rule in rules if rule.id == "evidence_trunk_lean")
    assert (lean.pack, lean.criteria[0].good) == ("own", (0.0, 30.0))
    assert len(rules) == len(load_rules())


def test_a_users_rule_may_bring_its_own_point(tmp_path: Path) -> None:
    own = '[points.hands]\ntitle = "Hands"\norder = 90\nweight = 0.1\n'
    text = own + RULE.format(id="hands", good="[2.0, 14.0]", source="article")
    path = rule_file(tmp_path, text.replace('"trunk_lean"', '"hands"'))
    assert load_rules(path)[-1].point.title == "Hands"


def test_a_users_file_may_disable_shipped_rules_alone_or_beside_its_own(tmp_path: Path) -> None:
    shipped = {rule.id for rule in load_rules()}
    disable = 'disable = ["evidence_bounce", "article_midfoot_strike"]\n'
    alone = load_rules(rule_file(tmp_path, disable))
    assert shipped - {rule.id for rule in alone} == {"evidence_bounce", "article_midfoot_strike"}
    beside = load_rules(rule_file(tmp_path, disable + GOOD))
    assert len(beside) == len(alone) + 1


def test_the_documented_rule_file_says_what_the_document_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "own-rules.md").read_text(encoding="utf-8")
    rules = load_rules(rule_file(tmp_path, page.split("```toml\n")[1].split("```")[0]))
    assert [rule.id for rule in rules if rule.pack == "own"] == [
        "evidence_trunk_lean",
        "coach_contact",
    ]


GOOD = RULE.format(id="lean", good="[2.0, 14.0]", source="article")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD.replace("[2.0, 14.0]", "[20.0, 14.0]"), "20 is not below 14"),
        (GOOD.replace("[2.0, 14.0]", "[-inf, inf]"), "open at both ends"),
        (GOOD.replace("[2.0, 14.0]", '["a", 14.0]'), "must be two numbers"),
        (GOOD.replace("[2.0, 14.0]", "2.0"), "must be two numbers"),
        (GOOD.replace('"watch" }', '"fix" }'), "watch is given exactly where most is fix"),
        (
            GOOD.replace('"watch" }', '"fix", watch = [3.0, 20.0] }'),
            r"watch \[3.0, 20.0\] does not hold good",
        ),
        (GOOD.replace('"watch" }', '"panic" }'), "most must be info, watch or fix"),
        (GOOD.replace('"article"', '"nobody"'), "unknown source nobody"),
        (GOOD.replace('"trunk_lean"', '"feet"'), "unknown point feet"),
        (GOOD * 2, "twice"),
        (GOOD + "colour = 1\n", "unknown key colour"),
        (GOOD.replace("min_strides = 8", "min_strides = true"), "min_strides must be a whole"),
        (GOOD.replace("min_strides = 8", "min_strides = 0"), "min_strides must be at least 1"),
        (GOOD.replace('within = "fine"', ""), "needs a text for within"),
        (GOOD.replace('outside = "not so"', 'outside_low = "no"'), "a text for outside_high"),
        (
            GOOD.replace("not so", "{valeu}"),
            r"may ask for \{value\}, \{low\}, \{high\} only",
        ),
        (GOOD.replace("not so", "{value:d}"), "outside may ask for"),
        (GOOD.replace("not so", "{value"), "outside: expected '}'"),
        (GOOD.replace("[[rule]]", "[[rules]]"), "unknown key rules; a rule file holds rule, "),
        ('disable = "evidence_bounce"\n' + GOOD, "must be a list of rule ids"),
        ('disable = ["bounce"]\n' + GOOD, "no shipped rule is called bounce"),
        ('[[rule]]\nid = "lean"\n', "missing key point"),
        ("points = 3\n" + GOOD, "must be tables"),
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

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from formcheck.domain import Analysis, Measurement, Side, Summary
from formcheck.errors import FormcheckError, NoRunnerError, VideoError
from formcheck.reasons import message, reason
from formcheck.report.json import refused_summary, summary
from formcheck.texts import text
from tests.report import example

EMPTY = VideoError(text("errors", "clip.empty", path="x.mp4"))
SCHEMA = Path(__file__).parents[2] / "docs" / "summary.schema.json"


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "analysis",
    [
        example.analysis(),
        example.analysis(Side.LEFT),
        example.undetermined(),
        example.far_side_missing(),
    ],
    ids=["analysed", "facing-left", "undetermined", "partial"],
)
def test_summary_fits_the_schema(analysis: Analysis, validator: Any) -> None:
    validator.validate(summary(analysis))


@pytest.mark.parametrize(
    "error",
    [
        EMPTY,
        NoRunnerError(reason("walking", knee_deg=60.0, bounce=-0.5)),
        NoRunnerError(reason("no_person", missing_share=1.0), video=example.video_info()),
    ],
)
def test_refused_summary_fits_the_schema(error: FormcheckError, validator: Any) -> None:
    made = refused_summary(error, Path("clip.mp4"))
    validator.validate(made)
    assert made["verdict"] == "refused"
    assert made["video"]["path"] == "clip.mp4"


def test_refused_and_analysed_summaries_have_the_same_keys() -> None:
    refused = refused_summary(EMPTY, Path("x.mp4"))
    analysed = summary(example.analysis())
    assert refused.keys() == analysed.keys()
    assert refused["video"].keys() == analysed["video"].keys()
    assert refused["provenance"].keys() == analysed["provenance"].keys()


def test_the_schema_notices_an_unknown_key(validator: Any) -> None:
    spoiled = summary(example.analysis()) | {"extra": 1}
    with pytest.raises(jsonschema.ValidationError, match="extra"):
        validator.validate(spoiled)


def test_refusal_carries_the_reasons_of_the_error() -> None:
    walking, short = (
        reason("walking", knee_deg=60.0, bounce=-0.5),
        reason("too_few_strides", found=0.7),
    )
    first, second = refused_summary(NoRunnerError(walking, short), Path("x.mp4"))["reasons"]
    assert (first["code"], second["code"]) == ("walking", "too_few_strides")
    assert first["message"] == message(walking)
    assert (second["seen"], second["missing"], second["film"]) == (
        short.seen, short.missing, short.film,
    )  # fmt: skip


def test_other_errors_become_one_reason_named_after_their_class() -> None:
    reasons = refused_summary(EMPTY, Path("x.mp4"))["reasons"]
    (only,) = reasons
    assert (only["code"], only["message"]) == ("video-error", str(EMPTY))
    assert only["seen"] is only["missing"] is only["film"] is None


def test_event_times_are_those_of_the_file() -> None:
    real = summary(example.analysis())["events"]["right"]["initial_contact_s"]
    slow = summary(example.analysis(scale=8.0))["events"]["right"]["initial_contact_s"]
    assert real[0] == pytest.approx(example.FIRST_CONTACT_S)
    assert slow == pytest.approx([8.0 * at for at in real])


def test_facing_is_the_picture_and_near_side_the_runner() -> None:
    made = summary(example.analysis(Side.LEFT))
    assert (made["view"], made["facing"], made["near_side"]) == ("side", "left", "left")


def test_whole_body_values_are_under_both_and_limb_values_under_their_side() -> None:
    values = summary(example.far_side_missing())["measurements"]
    assert values["cadence_spm"]["both"]["median"] == 171.0
    assert values["cadence_spm"]["left"] is None
    assert values["foot_strike_angle_deg"]["right"]["median"] == 12.0
    assert values["foot_strike_angle_deg"]["left"] is None
    assert values["stride_length_m"]["not_measured"] == "not measurable: give speed or height"


def test_no_number_is_undefined_or_infinite() -> None:
    base = example.analysis()
    bad = Summary(12.0, math.nan, math.inf, math.nan, 4)
    strange = Measurement("odd_deg", "deg", "odd", "", "stride", np.array([]), {None: bad}, None)
    events = replace(base.gait.events, toe_off_s=dict.fromkeys(Side, np.array([math.nan, 1.0])))
    analysis = replace(base, measurements=(strange,), gait=replace(base.gait, events=events))
    made = summary(analysis)
    json.dumps(made, allow_nan=False)
    assert made["measurements"]["odd_deg"]["both"]["low"] is None
    assert made["events"]["left"]["toe_off_s"] == [1.0]


def test_finding_leads_to_its_sources() -> None:
    finding = summary(example.analysis())["findings"][0]
    assert (finding["rule"], finding["point"]) == ("evidence_trunk_lean", "trunk_lean")
    assert finding["band"] == {"low": 2.0, "high": 14.0, "unit": "deg"}
    assert [source["id"] for source in finding["sources"]] == ["article", "teng2015"]
    assert finding["sources"][1]["doi"] == "10.1249/x.1"


def test_safety_text_comes_with_every_summary() -> None:
    refused = refused_summary(EMPTY, Path("x.mp4"))
    for made in (summary(example.analysis()), refused):
        assert "emergency care" in " ".join(made["safety"])


def test_everybody_seen_is_listed_also_when_refused() -> None:
    runner = summary(example.analysis())["runner"]
    assert (runner["person"], runner["start_s"], runner["stop_s"]) == (2, 0.5, 3.5)
    assert [(each["number"], each["is_followed"]) for each in runner["people"]] == [
        (1, False), (2, True),
    ]  # fmt: skip
    error = NoRunnerError(reason("several_people", people="two"))
    error.people = example.people()
    assert refused_summary(error, Path("x.mp4"))["runner"]["people"] == runner["people"]

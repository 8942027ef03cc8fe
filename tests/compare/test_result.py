from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.compare import Result, load_result
from formcheck.domain import Side
from formcheck.errors import OutputError, RefusedError
from formcheck.reasons import message, reason
from formcheck.report import refused_summary, summary, write_report
from tests.report import example

CUT_OFF = {"median": 0.005, "low": 0.0, "high": 0.025, "n_strides": 12}


def test_a_result_folder_is_read_back(tmp_path: Path) -> None:
    analysis = example.analysis()
    write_report(analysis, tmp_path / "monday_formcheck", clip=None)
    found = load_result(tmp_path / "monday_formcheck")
    assert (found.name, found.near_side, found.speed_mps) == ("monday", Side.RIGHT, 3.1)
    assert found.contacts_s == pytest.approx(example.contacts_s(Side.RIGHT), abs=1e-4)


def test_the_standard_error_comes_from_the_interval(tmp_path: Path) -> None:
    """The example's intervals reach three tenths of the value to both sides."""
    write_report(example.analysis(), tmp_path / "out", clip=None)
    lean = load_result(tmp_path / "out").value("trunk_lean_deg", None)
    assert lean is not None
    assert lean.u == pytest.approx(0.3 * example.TRUNK_DEG / 1.96)


def test_an_interval_that_ends_where_no_value_lies_keeps_its_standard_error() -> None:
    found = {"measurements": {"hip_sway_leg_lengths": {"both": CUT_OFF}}}
    sway = Result("cut", Path("results"), found).value("hip_sway_leg_lengths", None)
    assert sway is not None
    assert sway.u == pytest.approx(0.02 / 1.96)


def test_any_other_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not the summary of a formcheck run"):
        load_result(tmp_path)


def test_a_summary_of_another_version_is_refused(tmp_path: Path) -> None:
    old = summary(example.analysis()) | {"schema_version": "1.4"}
    (tmp_path / "summary.json").write_text(json.dumps(old), encoding="utf-8")
    with pytest.raises(OutputError, match=r"1\.4.*analyse its clip again"):
        load_result(tmp_path)


def test_a_refused_clip_is_refused_with_its_reason(tmp_path: Path) -> None:
    why = reason("part_of_clip", start_s=0.0, stop_s=1.0)
    refused = refused_summary(RefusedError(why), Path("clip.mp4"))
    (tmp_path / "summary.json").write_text(json.dumps(refused), encoding="utf-8")
    with pytest.raises(OutputError, match="was refused") as caught:
        load_result(tmp_path)
    assert message(why) in str(caught.value)

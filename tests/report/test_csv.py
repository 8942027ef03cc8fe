from __future__ import annotations

import csv
from pathlib import Path

import pytest

from formcheck.domain import Analysis
from formcheck.report.context import ReportContext
from formcheck.report.csv import CsvWriter
from tests.report import example


def table(analysis: Analysis, folder: Path) -> list[dict[str, str]]:
    path = CsvWriter().write(ReportContext(analysis), folder)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_is_a_row_per_stride_and_a_column_per_metric(tmp_path: Path) -> None:
    analysis = example.analysis()
    rows = table(analysis, tmp_path)
    assert len(rows) == len(analysis.gait.strides)
    assert {m.metric for m in analysis.measurements} <= set(rows[0])


def test_times_are_those_of_the_file(tmp_path: Path) -> None:
    rows = table(example.analysis(scale=8.0), tmp_path)
    first = next(row for row in rows if row["side"] == "right")
    assert float(first["initial_contact_s"]) == pytest.approx(8 * example.FIRST_CONTACT_S)
    stance = float(first["toe_off_s"]) - float(first["initial_contact_s"])
    assert stance == pytest.approx(8 * example.STANCE_S, abs=1e-3)


def test_what_was_not_measured_is_an_empty_cell(tmp_path: Path) -> None:
    left = next(row for row in table(example.analysis(), tmp_path) if row["side"] == "left")
    assert left["elbow_flexion_deg"] == ""
    assert left["stride_length_m"] == ""
    assert left["camera_side"] == "far"

"""strides.csv: one row per stride, one column per metric; an empty cell was not measured."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from formcheck.domain import Analysis, Stride
from formcheck.report.context import ReportContext

_STRIDE_COLUMNS = (
    "side", "camera_side", "start_s", "stop_s", "initial_contact_s", "toe_off_s",
)  # fmt: skip


class CsvWriter:
    """Writes strides.csv."""

    name = "strides.csv"

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the table and return its path."""
        path = folder / self.name
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(columns(context.analysis))
            table.writerows(rows(context.analysis))
        return path


def columns(analysis: Analysis) -> list[str]:
    """Return the names of the columns; the times are those of the input file."""
    return [*_STRIDE_COLUMNS, *(m.metric for m in analysis.measurements)]


def rows(analysis: Analysis) -> list[list[str]]:
    """Return one row per stride, in the order of ``analysis.gait.strides``."""
    return [
        _stride_cells(analysis, stride) + [_cell(m.values[index]) for m in analysis.measurements]
        for index, stride in enumerate(analysis.gait.strides)
    ]


def _stride_cells(analysis: Analysis, stride: Stride) -> list[str]:
    near = analysis.gait.view.near_side
    place = "" if near is None else "near" if stride.side is near else "far"
    real_s = (stride.start_s, stride.stop_s, stride.initial_contact_s, stride.toe_off_s)
    times = [_cell(float(analysis.gait.time_base.file_s(at))) for at in real_s]
    return [stride.side.value, place, *times]


def _cell(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else ""

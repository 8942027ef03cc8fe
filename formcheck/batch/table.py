"""batch.csv: a row a clip, and the columns that both it and the page are made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from formcheck.batch.manifest import Record
from formcheck.domain import as_cell
from formcheck.metrics import METRICS

NAME = "batch.csv"
"""Name of the file in the output folder."""

ENDINGS = ("", "_left", "_right")
"""What follows a metric's name: the whole body, or a side."""

_HEAD = (
    "clip", "verdict", "reasons", "folder", "view", "facing", "near_side", "recorded_on",
    "duration_s", "fps", "n_frames", "strike_left", "strike_right", "main_finding", "fix", "watch",
    "seconds", "clip_sha256",
)  # fmt: skip


def value_names(records: Iterable[Record]) -> list[str]:
    """Return the names of all values in the order of the metrics: those that any clip has.

    A metric that no clip has stands under its own name.
    """
    seen = {name for record in records for name in record.row.get("values", ())}
    names: list[str] = []
    for metric in METRICS:
        own = [metric + ending for ending in ENDINGS if metric + ending in seen]
        names += own or [metric]
    return names


def csv_text(records: Iterable[Record], names: Sequence[str]) -> Iterator[str]:
    """Yield the table line by line; a value has three columns, and none where not measured.

    It begins with a mark by which spreadsheets know UTF-8: without one they show other letters.
    Names that they would take for formulas are written by ``as_cell``.
    """
    yield "\N{BYTE ORDER MARK}" + _line(
        [*_HEAD, *(name + end for name in names for end in ("", "_low", "_high"))]
    )
    for record in records:
        yield _line([*_facts(record), *_values(record, names)])


def _facts(record: Record) -> Iterator[Any]:
    row = record.row
    strike = row.get("strike", {})
    known = {
        **row,
        "clip": record.clip,
        "verdict": record.state,
        "reasons": "; ".join(map(as_cell, record.reasons)),
        "folder": record.folder if record.has_folder else None,
        "strike_left": strike.get("left"),
        "strike_right": strike.get("right"),
        "fix": " ".join(row.get("fix", ())),
        "watch": " ".join(row.get("watch", ())),
        "seconds": round(record.seconds, 2),
        "clip_sha256": record.clip_sha256,
    }
    return (known.get(name) for name in _HEAD)


def _values(record: Record, names: Sequence[str]) -> Iterator[float | None]:
    values = record.row.get("values", {})
    for name in names:
        yield from values.get(name, (None, None, None))


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    told = (as_cell(cell) if isinstance(cell, str) else cell for cell in cells)
    csv.writer(text, lineterminator="\n").writerow(told)
    return text.getvalue()

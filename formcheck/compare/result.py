"""A result folder read back, as far as results are compared."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.domain import ClipVerdict, FloatArray, Side, Summary, View, frozen_array
from formcheck.errors import OutputError
from formcheck.texts import text

MAJOR = "2"
"""Version of ``summary.json`` that can be read."""

_SUMMARY = "summary.json"
_Z_95 = 1.96
_KEYS: Mapping[Side | None, str] = {None: "both", Side.LEFT: "left", Side.RIGHT: "right"}


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One result folder; ``summary`` is its summary.json."""

    name: str
    folder: Path
    summary: Mapping[str, Any]

    @property
    def view(self) -> View:
        """What the camera saw."""
        return View(self.summary["view"])

    @property
    def near_side(self) -> Side | None:
        """The side near the camera; None from behind."""
        near = self.summary["near_side"]
        return None if near is None else Side(near)

    @property
    def recorded_on(self) -> str | None:
        """The day in the clip's file, None when there is none or the result is an older one."""
        day: str | None = self.summary["video"].get("recorded_on")
        return day

    @property
    def speed_mps(self) -> float | None:
        """Running speed, None when it was neither given nor estimated."""
        speed: float | None = self.summary["scale"]["speed_mps"]
        return speed

    @property
    def incline_percent(self) -> float:
        """Incline of the treadmill; one that was not given counts as level."""
        return float(self.summary["scale"]["incline_percent"] or 0.0)

    @property
    def model_sha256(self) -> str | None:
        """Hash of the pose model."""
        model = self.summary["provenance"]["model"]
        return None if model is None else str(model["sha256"])

    @property
    def version(self) -> str:
        """Version of formcheck that made it."""
        return str(self.summary["provenance"]["formcheck_version"])

    @property
    def contacts_s(self) -> FloatArray:
        """Contacts of the near foot (from behind: the right one), seconds of the file, (n,)."""
        side = (self.near_side or Side.RIGHT).value
        times = self.summary["events"][side]["initial_contact_s"]
        return frozen_array(times, None, name="contacts_s")

    def value(self, metric: str, side: Side | None) -> Summary | None:
        """What a metric came to on a side (None: whole body); None when it was not measured.

        The standard error is that of the interval's longer half: limits of what exists cut one.
        """
        found = self.summary["measurements"].get(metric, {}).get(_KEYS[side])
        if found is None:
            return None
        median, low, high = (float(found[key]) for key in ("median", "low", "high"))
        error = max(median - low, high - median) / _Z_95
        return Summary(median, low, high, error, int(found["n_strides"]))


def read_summary(folder: Path) -> Mapping[str, Any]:
    """The summary.json of a result folder. Raises OutputError when there is none to read."""
    path = folder / _SUMMARY
    try:
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(text("errors", "result.none", path=str(path))) from error
    return result


def is_refused(folder: Path) -> bool:
    """Whether a result says only that its clip was refused.

    Raises OutputError when it is none.
    """
    return bool(read_summary(folder).get("verdict") == ClipVerdict.REFUSED.value)


def load_result(folder: Path) -> Result:
    """Read a result folder for a comparison.

    Raises OutputError when it is none, when it was made by a version that kept other things, and
    when its clip was refused.
    """
    summary = read_summary(folder)
    version = str(summary.get("schema_version", ""))
    if version.partition(".")[0] != MAJOR:
        facts = {"version": version or "?", "major": MAJOR}
        raise OutputError(text("errors", "result.other_version", folder=str(folder), **facts))
    if summary["verdict"] == ClipVerdict.REFUSED.value:
        why = " ".join(reason["message"] for reason in summary["reasons"])
        raise OutputError(text("errors", "result.refused", folder=str(folder), why=why))
    return Result(result_name(folder), folder, summary)


def result_name(folder: Path) -> str:
    """Name of the folder without what formcheck appends to that of the clip."""
    return re.sub(r"_formcheck$", "", folder.resolve().name)

"""What may be set: the user's own facts plus every stage's parameters, from TOML or code.

Defaults live once, in the dataclass of the stage that uses them. A section of the TOML file is one
such dataclass; a field of ``AnalysisConfig`` that is a dataclass is a section.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.domain import Privacy
from formcheck.errors import ConfigError
from formcheck.gait.camera import CameraParams
from formcheck.gait.checks import RunningParams
from formcheck.gait.foot_motion import EventParams
from formcheck.gait.frame import SmoothingParams
from formcheck.gait.rear import RearParams
from formcheck.gait.scale import ScaleParams
from formcheck.gait.strides import StrideParams
from formcheck.gait.timing import TimeParams
from formcheck.gait.view import ViewParams
from formcheck.gait.withhold import WithholdParams
from formcheck.guidance.apply import GradingParams
from formcheck.pose.clean import CleaningParams
from formcheck.pose.mediapipe import PoseParams
from formcheck.pose.sides import SideParams
from formcheck.pose.track import TrackParams
from formcheck.tables import build, plain, read_toml
from formcheck.texts import ReportStyle, text

RANGES: Mapping[str, tuple[float, float, str]] = types.MappingProxyType(
    {
        "speed_kmh": (3.0, 40.0, "kmh"),
        "height_cm": (100.0, 230.0, "cm"),
        "capture_fps": (24.0, 1000.0, "fps"),
        "incline_percent": (-20.0, 40.0, "percent"),
    }
)
"""Lowest and highest accepted value of the user's own facts, and their ``range_unit`` in names."""


@dataclass(frozen=True, slots=True)
class AnalysisConfig:
    """Everything an analysis depends on besides the clip.

    ``person`` is the number of the person to follow (from an earlier report) and ``runner_at`` a
    point on that person, x and y as fractions (0 to 1) of the picture's width and height from its
    upper left corner; when both are None formcheck chooses, and only one may be given.
    ``speed_kmh`` is the treadmill's speed, ``height_cm`` the runner's height and ``capture_fps``
    the rate a slow-motion clip was filmed at, ``incline_percent`` the treadmill's incline, uphill
    positive; None when not known. ``model`` is ``lite``, ``full``,
    ``heavy`` or the path of a bundle; ``rules`` is a rule file that adds to the
    shipped packs or takes the place of rules with the same id. ``privacy`` is what is taken out of
    the pictures that are written; measurements do not depend on it.

    Raises ConfigError when a value is out of its range.
    """

    person: int | None = None
    runner_at: tuple[float, float] | None = None
    speed_kmh: float | None = None
    height_cm: float | None = None
    capture_fps: float | None = None
    incline_percent: float | None = None
    model: str = "full"
    rules: Path | None = None
    privacy: Privacy = Privacy.NONE
    pose: PoseParams = field(default_factory=PoseParams)
    track: TrackParams = field(default_factory=TrackParams)
    sides: SideParams = field(default_factory=SideParams)
    cleaning: CleaningParams = field(default_factory=CleaningParams)
    view: ViewParams = field(default_factory=ViewParams)
    time: TimeParams = field(default_factory=TimeParams)
    smoothing: SmoothingParams = field(default_factory=SmoothingParams)
    events: EventParams = field(default_factory=EventParams)
    strides: StrideParams = field(default_factory=StrideParams)
    running: RunningParams = field(default_factory=RunningParams)
    withhold: WithholdParams = field(default_factory=WithholdParams)
    camera: CameraParams = field(default_factory=CameraParams)
    scale: ScaleParams = field(default_factory=ScaleParams)
    rear: RearParams = field(default_factory=RearParams)
    grading: GradingParams = field(default_factory=GradingParams)
    report: ReportStyle = field(default_factory=ReportStyle)

    def __post_init__(self) -> None:
        for name, (low, high, unit) in RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                facts = {"name": name, "value": value, "low": low, "high": high, "unit": unit}
                raise ConfigError(text("errors", "setting.range", **facts))
        _check_wanted(self.person, self.runner_at)

    def as_dict(self) -> dict[str, Any]:
        """Plain TOML and JSON values; unset values are left out, so that loading gives it back."""
        values: dict[str, Any] = plain(self)
        return values


def _check_wanted(person: int | None, at: tuple[float, float] | None) -> None:
    if person is not None and at is not None:
        raise ConfigError(text("errors", "setting.whom"))
    if person is not None and person < 1:
        raise ConfigError(text("errors", "setting.person", person=person))
    if at is not None and not all(0 <= part <= 1 for part in at):
        raise ConfigError(text("errors", "setting.outside", at=f"{at[0]:g},{at[1]:g}"))


def load_config(path: Path | None = None, **overrides: Any) -> AnalysisConfig:
    """Read a TOML file and lay ``overrides`` over it; None stands for "not given".

    A section is overridden key by key, by a mapping. A relative ``rules`` path in the file is
    looked for beside the file. Raises ConfigError for a file that cannot be read, an unknown key
    or section (naming the nearest known one), and a value of the wrong type or out of range.
    """
    table = {} if path is None else read_toml(path)
    if path is not None and isinstance(table.get("rules"), str):
        table["rules"] = str(path.absolute().parent / table["rules"])
    for key, value in overrides.items():
        if isinstance(value, Mapping) and isinstance(table.get(key, {}), Mapping):
            table[key] = {**table.get(key, {}), **value}
        elif value is not None and not isinstance(value, Mapping):
            table[key] = value
    if isinstance(table.get("rules"), Path):
        table["rules"] = str(table["rules"].absolute())
    return build(AnalysisConfig, table, "setting")

"""Real-clip suite: hand-labelled phone clips, kept beside the project and never in it.

Each clip is analysed as a user would, and the outcome compared with its label: was it rightly
analysed or refused, is the direction right, does the cadence lie in the label's tolerance, do the
contacts fall within two frames of the hand-picked ones, do strike, lean and elbow agree.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.config import AnalysisConfig
from formcheck.domain import Analysis, FloatArray, PoseSequence, Side
from formcheck.errors import FormcheckError, RefusedError
from formcheck.pipeline import analyze_pose
from formcheck.validation.score import EventScore, match_events

CONTACT_TOLERANCE_FRAMES = 2.0
"""Of a clip in real time; slow motion has as many more frames to a moment."""


@dataclass(frozen=True, slots=True)
class Label:
    """One row of ``labels.csv``; None where a column is empty."""

    file: str
    expect: str
    view: str
    facing: str
    time_base: str
    cadence_spm: float | None
    cadence_tolerance_spm: float | None
    foot_strike: str
    trunk_lean_deg: float | None
    trunk_lean_tolerance_deg: float | None
    elbow_interior_deg: float | None
    elbow_tolerance_deg: float | None
    contact_frames: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """What happened to one clip. ``None`` in a check: not labelled, or nothing to compare.

    ``verdict`` is analysed, partial or refused; ``reason`` the code of the refusal or of what was
    withheld. The ``*_ok`` checks compare with the label's tolerance.
    """

    label: Label
    verdict: str
    reason: str
    facing_ok: bool | None
    cadence_spm: float | None
    cadence_ok: bool | None
    lean_error_deg: float | None
    elbow_error_deg: float | None
    strike: str
    contacts: EventScore | None

    @property
    def is_right(self) -> bool:
        """Whether verdict, direction and cadence are as labelled."""
        wanted = {"analyse": "analysed", "partial": "partial", "refuse": "refused"}
        checks = (self.facing_ok, self.cadence_ok)
        return self.verdict == wanted[self.label.expect] and all(ok is not False for ok in checks)


def load_labels(folder: Path) -> Iterator[Label]:
    """Labels of a folder of clips."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield _label(row)


def _label(row: Mapping[str, str]) -> Label:
    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    return Label(
        file=row["file"],
        expect=row["expect"],
        view=row["view"],
        facing=row["facing"],
        time_base=row["time_base"],
        cadence_spm=number("cadence_spm"),
        cadence_tolerance_spm=number("cadence_tolerance_spm"),
        foot_strike=row["foot_strike"],
        trunk_lean_deg=number("trunk_lean_deg"),
        trunk_lean_tolerance_deg=number("trunk_lean_tolerance_deg"),
        elbow_interior_deg=number("elbow_interior_deg"),
        elbow_tolerance_deg=number("elbow_tolerance_deg"),
        contact_frames=tuple(float(frame) for frame in row["contact_frames"].split()),
    )


def score_clip(label: Label, pose_of: Callable[[str], PoseSequence]) -> ClipOutcome:
    """Analyse one clip and compare it with its label."""
    try:
        analysis = analyze_pose(pose_of(label.file), AnalysisConfig())
    except RefusedError as refusal:
        return _refused(label, refusal.reasons[0].code)
    except FormcheckError as error:
        return _refused(label, type(error).__name__)
    cadence = _median(analysis, "cadence_spm", None)
    near = analysis.gait.near_side
    elbow = _median(analysis, "elbow_flexion_deg", near)
    return ClipOutcome(
        label=label,
        verdict=analysis.verdict.value,
        reason=", ".join(reason.code for reason in analysis.reasons),
        facing_ok=analysis.gait.view.facing == label.facing if label.facing else None,
        cadence_spm=cadence,
        cadence_ok=_cadence_ok(label, cadence),
        lean_error_deg=_difference(_median(analysis, "trunk_lean_deg", None), label.trunk_lean_deg),
        elbow_error_deg=_difference(
            elbow, None if label.elbow_interior_deg is None else 180 - label.elbow_interior_deg
        ),
        strike=analysis.foot_strikes[near].strike.value,
        contacts=_contacts(analysis, label),
    )


def _refused(label: Label, reason: str) -> ClipOutcome:
    return ClipOutcome(label, "refused", reason, None, None, None, None, None, "", None)


def _median(analysis: Analysis, metric: str, side: Side | None) -> float | None:
    summary = analysis.summary(metric, side)
    return summary.median if summary else None


def _difference(found: float | None, true: float | None) -> float | None:
    return None if found is None or true is None else found - true


def _cadence_ok(label: Label, cadence: float | None) -> bool | None:
    """Whether a printed cadence is in tolerance; a slow-motion clip must not print one at all.

    A clip labelled partial may withhold it: too few strides give none.
    """
    if label.time_base != "real":
        return cadence is None
    if label.cadence_spm is None or label.cadence_tolerance_spm is None:
        return None
    if cadence is None and label.expect == "partial":
        return None
    return cadence is not None and (abs(cadence - label.cadence_spm) <= label.cadence_tolerance_spm)


def _contacts(analysis: Analysis, label: Label) -> EventScore | None:
    """Contacts of both feet against the labelled frames, within the labelled stretch.

    Errors are in frames: times are turned into (fractional) frame numbers of the file.
    """
    gait = analysis.gait
    if not label.contact_frames or all(s.cut_s is not None for s in gait.strides):
        return None  # not labelled, or contacts are withheld
    true = np.array(label.contact_frames)
    found_s = gait.time_base.file_s(
        np.concatenate([gait.events.initial_contact_s[side] for side in Side])
    )
    time_s = analysis.recorded_pose.time_s
    found = np.interp(found_s, time_s, np.arange(len(time_s), dtype=np.float64))
    tolerance = CONTACT_TOLERANCE_FRAMES * max(1.0, gait.time_base.scale)
    return match_events(_near_labels(found, true, tolerance), true, tolerance)


def _near_labels(found: FloatArray, true: FloatArray, margin: float) -> FloatArray:
    """Found events inside labelled stretches: contacts elsewhere are unlabelled, not extra."""
    found = found[np.isfinite(found)]
    usual = float(np.median(np.diff(true))) if len(true) > 1 else 0.0
    breaks = np.flatnonzero(np.diff(true) > 2.5 * usual) + 1
    inside = np.zeros(len(found), dtype=bool)
    for part in np.split(true, breaks):
        inside |= (found >= part[0] - margin) & (found <= part[-1] + margin)
    return found[inside]

"""summary.json: the result for machines; its shape is docs/summary.schema.json."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from formcheck.domain import (
    Analysis,
    Caution,
    ClipVerdict,
    Comparison,
    Finding,
    FootStrike,
    Gait,
    Measurement,
    Person,
    Provenance,
    Reason,
    Side,
    StrikeClass,
    TimeBase,
    VideoInfo,
    printable,
)
from formcheck.errors import FormcheckError, RefusedError
from formcheck.guidance.apply import main_finding
from formcheck.guidance.texts import safety_lines
from formcheck.reasons import message
from formcheck.report.context import ReportContext
from formcheck.report.plain import number, numbers, plain, summary_dict
from formcheck.report.tracking import tracking_dict
from formcheck.report.writing import write_data
from formcheck.texts import words
from formcheck.version import __version__

SCHEMA_VERSION = "2.2"
"""Minor: keys were added. Major: a key changed its meaning or went."""

_VIDEO_KEYS = (
    "width_px", "height_px", "fps", "n_frames", "duration_s", "rotation_deg", "time_scale",
    "is_variable_rate", "codec", "sha256", "recorded_on",
)  # fmt: skip


class JsonWriter:
    """Writes summary.json."""

    name = "summary.json"

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the summary and return its path."""
        path = folder / self.name
        write_data(summary(context.analysis), path)
        return path


def summary(analysis: Analysis) -> dict[str, Any]:
    """Return the whole result as plain data; times of events are the input file's own."""
    caution = analysis.plan.caution
    video, reasons = plain(analysis.video), map(_reason, analysis.reasons)
    head = _head(analysis.verdict, reasons, video, caution)
    main = main_finding(analysis.findings, caution)
    return head | {
        **_view(analysis.gait),
        "camera": plain(analysis.gait.camera),
        "time_base": _time_base(analysis.gait.time_base),
        "scale": _scale(analysis.gait),
        "runner": _runner(analysis),
        "tracking": tracking_dict(analysis),
        "events": {side.value: _events(analysis.gait, side) for side in Side},
        "measurements": {m.metric: _measurement(m) for m in analysis.measurements},
        "foot_strike": {side.value: _foot_strike(analysis.foot_strikes.get(side)) for side in Side},
        "findings": [_finding(analysis, finding) for finding in analysis.findings],
        "main_finding": None if main is None else _finding(analysis, main),
        "provenance": _provenance(analysis.provenance),
    }


def refused_summary(
    error: FormcheckError,
    path: Path | str,
    provenance: Provenance | None = None,
    caution: Caution | None = None,
) -> dict[str, Any]:
    """Return the summary of a clip no result was made from, with the same keys as ``summary``.

    What never became known is None. ``reasons`` are those of a RefusedError, else one reason
    named after the error's class. ``caution`` is what the runner's answers ask for, None when
    nothing was asked.
    """
    said = {"code": _code(error), "message": str(error)}
    reasons = [said | dict.fromkeys(("seen", "missing", "film"))]
    known: VideoInfo | None = None
    people: tuple[Person, ...] = ()
    if isinstance(error, RefusedError):
        people = error.people
        reasons, known = [_reason(why) for why in error.reasons], error.video
    return _head(ClipVerdict.REFUSED, reasons, _refused_video(known, path), caution) | {
        "view": None,
        "facing": None,
        "near_side": None,
        "camera": None,
        "time_base": None,
        "scale": None,
        "runner": {
            "person": None,
            "choice": None,
            "start_s": None,
            "stop_s": None,
            "people": plain(people),
        },
        "tracking": None,
        "events": {side.value: {"initial_contact_s": [], "toe_off_s": []} for side in Side},
        "measurements": {},
        "foot_strike": {side.value: _foot_strike(None) for side in Side},
        "findings": [],
        "main_finding": None,
        "provenance": _provenance(provenance),
    }


def _head(
    verdict: ClipVerdict,
    reasons: Iterable[dict[str, Any]],
    video: dict[str, Any],
    caution: Caution | None = None,
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": verdict.value,
        "reasons": list(reasons),
        "caution": None if caution is None else caution.value,
        "safety": _safety(caution or Caution.NONE),
        "video": video,
    }


def _safety(caution: Caution) -> list[str]:
    """The safety text, what a runner's answers ask for before it."""
    if caution is Caution.NONE:
        return safety_lines()
    t = words("plan")
    asked = f"{t(f'caution.{caution}.heading')}: {t(f'caution.{caution}.text')}"
    return [asked, *safety_lines(caution)]


def _reason(why: Reason) -> dict[str, Any]:
    return {"code": why.code, "message": message(why)} | {
        "seen": why.seen,
        "missing": why.missing,
        "film": why.film,
    }


def _code(error: FormcheckError) -> str:
    """Class name in words: ``VideoError`` becomes ``video-error``."""
    name = type(error).__name__
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


def _refused_video(video: VideoInfo | None, path: Path | str) -> dict[str, Any]:
    if video is not None:
        known: dict[str, Any] = plain(video)
        return known | {"path": printable(video.path)}
    return {"path": printable(str(path)), **dict.fromkeys(_VIDEO_KEYS)}


def _view(gait: Gait) -> dict[str, Any]:
    facing = gait.view.facing
    return {
        "view": gait.view.view.value,
        "facing": None if facing is None else facing.value,
        "near_side": None if gait.view.near_side is None else gait.near_side.value,
    }


def _runner(analysis: Analysis) -> dict[str, Any]:
    """Who was followed, when, and who else was there."""
    pose, (start_s, stop_s) = analysis.recorded_pose, analysis.analysed_s
    followed = [person.number for person in pose.people if person.is_followed]
    return {
        "person": followed[0] if followed else None,
        "choice": None if pose.choice is None else pose.choice.value,
        "start_s": number(start_s),
        "stop_s": number(stop_s),
        "people": plain(pose.people),
    }


def _time_base(base: TimeBase) -> dict[str, Any]:
    return {
        "status": base.status.value,
        "note": base.note,
        "scale": number(base.scale),
        "is_trusted": bool(base.is_trusted),
        "apparent_cadence_spm": number(base.apparent_cadence_spm),
        "suggested_scale": number(base.suggested_scale),
    }


def _scale(gait: Gait) -> dict[str, Any]:
    scale = gait.scale
    return {
        "speed_mps": number(scale.speed_mps),
        "speed_sd": number(scale.speed_sd) if scale.speed_mps is not None else None,
        "speed_source": scale.speed_source,
        "leg_length_m": number(scale.leg_length_m),
        "leg_length_sd": number(scale.leg_length_sd) if scale.leg_length_m is not None else None,
        "speed_over_height": number(scale.speed_ratio),
        "incline_percent": number(gait.incline_percent),
    }


def _events(gait: Gait, side: Side) -> dict[str, list[float]]:
    to_file = gait.time_base.file_s
    return {
        "initial_contact_s": numbers(to_file(gait.events.initial_contact_s[side])),
        "toe_off_s": numbers(to_file(gait.events.toe_off_s[side])),
    }


def _measurement(measurement: Measurement) -> dict[str, Any]:
    keys: dict[str, Side | None] = {"left": Side.LEFT, "right": Side.RIGHT, "both": None}
    values = {name: summary_dict(measurement.summaries.get(key)) for name, key in keys.items()}
    places = {name: _comparison(measurement.comparisons.get(key)) for name, key in keys.items()}
    return {
        "unit": measurement.unit,
        **values,
        "not_measured": measurement.not_measured,
        "similar_runners": places if measurement.comparisons else None,
        "not_compared": measurement.not_compared,
    }


def _comparison(place: Comparison | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "speed_mps": number(place.speed_mps),
        "expected": number(place.expected),
        "typical_low": number(place.typical[0]),
        "typical_high": number(place.typical[1]),
        "z": number(place.z),
        "percentile": number(place.percentile),
        "percentile_low": number(place.percentile_range[0]),
        "percentile_high": number(place.percentile_range[1]),
    }


def _foot_strike(strike: FootStrike | None) -> dict[str, Any]:
    if strike is None:
        nothing = dict.fromkeys(("probabilities", "shares", "note"))
        return {"class": StrikeClass.UNDETERMINED.value, **nothing}
    return {
        "class": strike.strike.value,
        "probabilities": {kind.value: number(p) for kind, p in strike.probabilities.items()},
        "shares": {kind.value: number(p) for kind, p in strike.shares.items()},
        "note": strike.note,
    }


def _finding(analysis: Analysis, finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    measured = analysis.measurement(finding.metric)
    low, high = (None, None) if finding.band is None else finding.band
    return {
        "rule": rule.id,
        "pack": rule.pack,
        "point": rule.point.id,
        "side": None if finding.side is None else finding.side.value,
        "metric": finding.metric,
        "verdict": finding.verdict.value,
        "grade": None if finding.grade is None else finding.grade.value,
        "observed": summary_dict(finding.observed),
        "band": {
            "low": number(low),
            "high": number(high),
            "unit": None if measured is None else measured.unit,
        },
        "probability_outside": number(finding.probability_outside),
        "message": finding.message,
        "article_sentence": rule.point.article_sentence or None,
        "sources": [
            {"id": s.id, "citation": s.citation, "locator": s.locator, "doi": s.doi or None}
            for s in rule.sources
        ],
        "reason": finding.reason,
    }


def _provenance(provenance: Provenance | None) -> dict[str, Any]:
    if provenance is None:
        return {
            "formcheck_version": __version__,
            "model": None,
            "backend": None,
            "config": {},
        }
    model = provenance.model
    return {
        "formcheck_version": provenance.formcheck_version,
        "model": None
        if model is None
        else {"name": model.name, "sha256": model.sha256, "origin": model.origin},
        "backend": None if model is None else model.backend,
        "config": plain(provenance.config),
    }

"""run.log: what was done, in lines a person can read and a bug report can carry."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from formcheck.domain import Analysis, Side
from formcheck.reasons import message
from formcheck.report.context import ReportContext
from formcheck.report.page import n_excluded
from formcheck.report.tracking import limb_rows

_PACKAGES = ("av", "mediapipe", "numpy", "scipy")


def run_log(analysis: Analysis, timings_s: Mapping[str, float]) -> str:
    """Return the log of a run; ``timings_s`` holds seconds spent per part of the report."""
    return "\n".join([*_made_with(analysis), *_seen(analysis), *_timings(timings_s)]) + "\n"


def _made_with(analysis: Analysis) -> Iterator[str]:
    made, model = analysis.provenance, analysis.provenance.model
    yield f"written: {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"formcheck: {made.formcheck_version}"
    yield f"python: {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield f"packages: {', '.join(f'{name} {_version(name)}' for name in _PACKAGES)}"
    if model is not None:
        yield f"model: {model.name}, {model.origin}, {model.backend}, sha256 {model.sha256}"


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _seen(analysis: Analysis) -> Iterator[str]:
    video, gait, tracking = analysis.video, analysis.gait, analysis.tracking
    rate = "variable" if video.is_variable_rate else "constant"
    yield f"clip: {video.path}, sha256 {video.sha256}"
    yield (
        f"video: {video.codec} {video.width_px}x{video.height_px}, rotation {video.rotation_deg}, "
        f"{video.n_frames} frames, {video.duration_s:.3f} s, {video.fps:.3f} fps ({rate})"
    )
    base = gait.time_base
    yield f"time base: {base.status.value}, scale {base.scale:g}, trusted {base.is_trusted}"
    yield f"time base note: {base.note}"
    view = gait.view
    yield f"view: {view.view.value}, facing {view.facing}, near side {view.near_side}"
    yield f"roll: {view.roll_deg:.2f} deg, {'measured' if view.roll_measured else 'assumed'}"
    yield f"sides: judged {tracking.is_judged}, confidence {tracking.side_confidence:.3f}"
    for row in limb_rows(ReportContext(analysis)):
        yield (
            f"{row.limb} ({row.place}): swapped {row.swapped}, masked {row.masked}, filled "
            f"{row.filled} of {row.n_frames} frames, confidence {row.confidence}, "
            f"{row.n_unsure} of {row.n_strides} strides unsure"
        )
    for side in Side:
        used = sum(stride.side is side for stride in gait.strides)
        yield f"strides {side.value}: {used} used, {n_excluded(analysis, side)} excluded"
    yield f"verdict: {analysis.verdict.value}"
    for reason in (*analysis.reasons, *gait.withheld.values()):
        yield f"reason: [{reason.code}] {message(reason)}"


def _timings(timings_s: Mapping[str, float]) -> Iterator[str]:
    for part, seconds in timings_s.items():
        yield f"time: {part} {seconds:.2f} s"

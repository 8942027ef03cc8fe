"""Curves over the stride as small SVG pictures, the same for the same analysis."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from formcheck.domain import (
    Analysis,
    Band,
    Finding,
    FloatArray,
    Gait,
    Side,
    Stride,
    interpolate,
)
from formcheck.gait import angles, frontal_angles
from formcheck.report.context import ReportContext, is_from_behind
from formcheck.texts import Words

PERCENT: FloatArray = np.linspace(0.0, 100.0, 51)
"""Points of the stride at which curves are drawn, percent from initial contact."""

_NEAR, _FAR, _INK, _BAND = "#b45f06", "#2f6fae", "#1c2430", "#dff0e3"
_INNER = (0.125, 0.165, 0.845, 0.8)  # left, bottom, width, height; a layout engine costs 0.2 s
_MAX_THIN = 24  # single strides drawn; more only blacken the picture
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "formcheck",
    "font.family": "sans-serif",
    "font.size": 10,
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A curve over the stride: ``svg`` is the picture, ``alt`` says in words what it shows."""

    title: str
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class _Curve:
    """``name`` is its table in plots.toml."""

    name: str
    series: Callable[[Gait, Side], FloatArray]
    metric: str
    topic: str
    is_whole_body: bool = False
    rule_at_contact: bool = False


def foot_against_ground_deg(gait: Gait, side: Side) -> FloatArray:
    """Return the sole against the ground on ``gait.motion.time_s``, degrees, + toes up."""
    flat = gait.foot_flat_deg.get(side, np.nan)
    return np.asarray(angles.foot_pitch_deg(gait.motion, side) - flat)


_CURVES = (
    _Curve("trunk_lean", lambda gait, _: angles.trunk_lean_deg(gait.motion),
           "trunk_lean_deg", "trunk", is_whole_body=True),
    _Curve("elbow", lambda gait, side: angles.elbow_flexion_deg(gait.motion, side),
           "elbow_flexion_deg", "arms"),
    _Curve("knee", lambda gait, side: angles.knee_flexion_deg(gait.motion, side),
           "knee_flexion_deg", "legs"),
    _Curve("foot", foot_against_ground_deg,
           "foot_strike_angle_deg", "foot_angle", rule_at_contact=True),
    _Curve("pelvis", lambda gait, _: frontal_angles.pelvis_tilt_deg(gait.motion),
           "pelvic_drop_deg", "frontal", is_whole_body=True),
    _Curve("thigh", lambda gait, side: frontal_angles.thigh_adduction_deg(gait.motion, side),
           "thigh_adduction_deg", "frontal"),
    _Curve("trunk_side", lambda gait, _: frontal_angles.trunk_side_lean_deg(gait.motion),
           "trunk_side_lean_deg", "frontal", is_whole_body=True),
)  # fmt: skip


def plots(context: ReportContext) -> tuple[Plot, ...]:
    """Return the angles of the clip's view over the stride, without those that are withheld."""
    say = context.wording.words("plots")
    with mpl.rc_context(_STYLE):
        drawn = [_plot(context.analysis, curve, say) for curve in _CURVES]
    return tuple(plot for plot in drawn if plot is not None)


def over_stride(gait: Gait, series: FloatArray, strides: Iterable[Stride]) -> FloatArray:
    """Cut a series on ``gait.motion.time_s`` into strides, ``(n_strides, len(PERCENT))``.

    Every stride runs from 0 % (initial contact) to 100 % (next initial contact of that foot).
    """
    rows = [
        interpolate(
            stride.start_s + stride.stride_time_s * PERCENT / 100.0,
            gait.motion.time_s,
            series,
        )
        for stride in strides
    ]
    return np.array(rows).reshape(-1, len(PERCENT))


def _plot(analysis: Analysis, curve: _Curve, say: Words) -> Plot | None:
    gait = analysis.gait
    near = gait.near_side
    if curve.topic in gait.withheld or (curve.topic == "frontal") != is_from_behind(gait):
        return None
    near_rows = _rows(gait, curve, near)
    if len(near_rows) == 0:
        return None
    figure = Figure(figsize=(4.6, 2.7))
    axes = figure.add_axes(_INNER)
    band = next((f.band for f in analysis.findings if _is_shown(f, curve)), None)
    if band is not None:
        _shade(axes, band, 6.0 if curve.rule_at_contact else 100.0)
    far_topic = "far_arm" if curve.topic == "arms" else "far_leg"
    if not curve.is_whole_body and far_topic not in gait.withheld:
        _median(axes, _rows(gait, curve, near.other), _FAR, 1.4, _name(gait, near.other, say))
    for row in near_rows[:_MAX_THIN]:
        axes.plot(PERCENT, row, color=_NEAR, linewidth=0.5, alpha=0.35)
    name = say("median") if curve.is_whole_body else _name(gait, near, say)
    _median(axes, near_rows, _NEAR, 2.2, name)
    _toe_off(axes, gait, near, say)
    _finish(axes, curve, say)
    title = say(f"{curve.name}.title")
    return Plot(title, _svg(figure), _alt(curve, near_rows, near, say))


def _name(gait: Gait, side: Side, say: Words) -> str:
    """A side in the legend; from behind both are seen alike."""
    place = "alone" if is_from_behind(gait) else "far" if gait.is_far(side) else "near"
    return say(place, side=side)


def _rows(gait: Gait, curve: _Curve, side: Side) -> FloatArray:
    own = [stride for stride in gait.strides if stride.side is side]
    rows = over_stride(gait, curve.series(gait, side), own)
    rows -= 360.0 * np.round(rows[:, :1] / 360.0)  # a foot that turned over in swing starts anew
    mostly_known = np.isfinite(rows).mean(axis=1) > 0.5
    return np.asarray(rows[mostly_known])


def _is_shown(finding: Finding, curve: _Curve) -> bool:
    """Whether a finding's band is the one to draw behind a curve: research's, not the article's."""
    return finding.metric == curve.metric and finding.rule.pack == "evidence"


def _shade(axes: Axes, band: Band, until_percent: float) -> None:
    """Mark a band over the part of the stride it speaks of."""
    if not np.isfinite(band).all():
        return
    axes.fill_between([0.0, until_percent], *band, color=_BAND, linewidth=0)


def _median(axes: Axes, rows: FloatArray, colour: str, width: float, name: str) -> None:
    known = np.isfinite(rows).any(axis=0) if len(rows) else np.zeros(len(PERCENT), dtype=bool)
    if known.any():
        middle = np.nanmedian(rows[:, known], axis=0)
        axes.plot(PERCENT[known], middle, color=colour, linewidth=width, label=name)


def _toe_off(axes: Axes, gait: Gait, side: Side, say: Words) -> None:
    share = [s.stance_time_s / s.stride_time_s for s in gait.strides if s.side is side]
    if share and np.isfinite(share).any():
        at = 100.0 * float(np.nanmedian(share))
        axes.axvline(at, color=_INK, linewidth=0.8, linestyle=(0, (3, 3)))
        where = axes.get_xaxis_transform()
        axes.text(at + 1, 0.97, say("toe_off"), transform=where, va="top", fontsize=8, color=_INK)


def _finish(axes: Axes, curve: _Curve, say: Words) -> None:
    axes.set_xlim(0, 100)
    axes.set_xlabel(say("stride"), fontsize=9)
    axes.set_ylabel(say(f"{curve.name}.axis"), fontsize=9)
    axes.tick_params(labelsize=8, color="#8a94a0")
    axes.grid(visible=True, axis="y", color="#e4e8ec", linewidth=0.6)
    axes.set_axisbelow(True)
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    if not curve.is_whole_body:
        axes.legend(frameon=False, fontsize=8, loc="upper right", handlelength=1.4)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.1f}", text)


def _alt(curve: _Curve, rows: FloatArray, side: Side, say: Words) -> str:
    middle = np.array([np.nanmedian(column) for column in rows.T if np.isfinite(column).any()])
    facts = {"low": float(middle.min()), "high": float(middle.max()), "n": len(rows)}
    title = say(f"{curve.name}.title")
    if curve.is_whole_body:
        return say("alt", title=title, **facts)
    return say("alt_side", title=title, side=side, **facts)

"""The figure of docs/performance.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_STAGES = ("pose model with silhouette", "pose model", "reading", "decoding", "encoding ultrafast",
           "drawing", "watching the scene")  # fmt: skip
_COLOURS = {"bare": "0.6", "all cores": "#0072b2", "one job": "#56b4e9"}


def draw(results: dict[str, Any], path: Path) -> None:
    """Seconds of every run beside the processor time of the stages."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "formcheck", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(7.4, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        if "analyze" in results:
            _runs(left, results["analyze"]["seconds"])
        if "per_frame" in results:
            _stages(right, results["per_frame"])
        FigureCanvasSVG(figure)
        figure.savefig(path, metadata={"Date": None})


def _runs(axes: Axes, seconds: dict[str, list[float]]) -> None:
    for row, (name, values) in enumerate(seconds.items()):
        axes.barh(row, sum(values) / len(values), color=_COLOURS.get(name, "0.6"))
        axes.plot(values, [row] * len(values), "k|", markersize=9)
    axes.set_yticks(range(len(seconds)), list(seconds))
    axes.invert_yaxis()
    axes.set(xlabel="seconds (runs marked)", title="30 s of 1080p60, everything written")


def _stages(axes: Axes, costs: dict[str, float]) -> None:
    shown = [name for name in _STAGES if name in costs]
    axes.barh(range(len(shown)), [costs[name] for name in shown], color="#0072b2")
    axes.set_yticks(range(len(shown)), shown)
    axes.invert_yaxis()
    axes.set(xlabel="ms of processor time a frame", title="Stages")

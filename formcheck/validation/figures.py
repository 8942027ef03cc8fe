"""Figures of the validation page, as SVG files that do not change without the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from formcheck.validation.score import LIMITS
from formcheck.validation.tables import SuiteResult

RATES = (30, 60, 120, 240)


def draw(results: Mapping[str, SuiteResult], folder: Path) -> dict[str, str]:
    """Draw what there is; file name by suite."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {}
    with mpl.rc_context({"svg.hashsalt": "formcheck", "svg.fonttype": "none", "font.size": 9}):
        for name, make in (
            ("kinematic", _against_rate),
            ("forceplate", _agreement),
            ("rendered", _held),
        ):
            result = results.get(name)
            if result is not None and not result.absent:
                figure = make(result)
                FigureCanvasSVG(figure)
                figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
                drawn[name] = f"{name}.svg"
    return drawn


def _against_rate(result: SuiteResult) -> Figure:
    """Event error against frame rate."""
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    axes = figure.subplots()
    for offset, kind, colour in ((-0.06, "contact", "#0072b2"), (0.06, "toe_off", "#d55e00")):
        names = [f"kinematic/jitter 8 mm/{rate}/{kind}" for rate in RATES]
        bias = [result.facts.get(f"{name}/bias_ms", np.nan) for name in names]
        spread = [result.facts.get(f"{name}/sd_ms", np.nan) for name in names]
        axes.errorbar(
            np.arange(len(RATES)) + offset, bias, yerr=spread, fmt="o", capsize=3,
            color=colour, label=kind.replace("_", "-"),
        )  # fmt: skip
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.set_xticks(range(len(RATES)), [str(rate) for rate in RATES])
    axes.set(xlabel="frames per second", ylabel="found - true, ms (mean, SD)")
    axes.legend(frameon=False)
    return figure


def _agreement(result: SuiteResult) -> Figure:
    """Bland and Altman's plot of contact time per trial and foot."""
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    axes = figure.subplots()
    true, error = 1000 * result.pairs["contact_time_s"].T
    middle, spread = error.mean(), error.std(ddof=1)
    axes.plot(true + error / 2, error, "o", color="#0072b2", markersize=3.5, alpha=0.7)
    for level, style in (
        (middle, "-"),
        (middle - LIMITS * spread, "--"),
        (middle + LIMITS * spread, "--"),
    ):
        axes.axhline(level, color="0.3", linewidth=0.9, linestyle=style)
        axes.annotate(f"{level:+.1f}", (1.0, level), xycoords=("axes fraction", "data"), ha="right")
    axes.set(
        xlabel="mean of both contact times, ms",
        ylabel="found - force plate, ms",
        title="Contact time per trial and foot, 60 fps, 8 mm jitter",
    )
    return figure


def _held(result: SuiteResult) -> Figure:
    """How often the stated intervals hold the truth, by metric."""
    held = {key.split("/")[1]: v for key, v in result.facts.items() if key.endswith("/coverage")}
    names, shares = list(held), list(held.values())
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    axes = figure.subplots()
    axes.barh(range(len(names)), shares, color="#009e73")
    axes.axvline(0.95, color="0.3", linestyle="--", linewidth=0.9)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(0, 1), xlabel="share of 95 % intervals that hold the truth")
    return figure

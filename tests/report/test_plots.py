from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Side
from formcheck.reasons import reason
from formcheck.report.context import ReportContext
from formcheck.report.plots import PERCENT, over_stride, plots
from tests.report import example


def test_four_small_pictures_with_readable_text() -> None:
    made = plots(ReportContext(example.analysis()))
    assert [plot.title for plot in made] == [
        "Trunk lean", "Elbow bend", "Knee bend", "Foot against the ground",
    ]  # fmt: skip
    for plot in made:
        assert ET.fromstring(plot.svg).tag.endswith("svg")  # noqa: S314 - our own text
        assert "% of stride from initial contact</text>" in plot.svg
        assert len(plot.svg) < 150_000


def test_the_same_analysis_gives_the_same_pictures() -> None:
    assert plots(ReportContext(example.analysis())) == plots(ReportContext(example.analysis()))


def test_withheld_topics_are_not_drawn() -> None:
    base = example.analysis()
    why = reason("arms_hidden", side="right", missing_share=0.5)
    gait = replace(base.gait, withheld={"arms": why})
    titles = [plot.title for plot in plots(ReportContext(replace(base, gait=gait)))]
    assert "Elbow bend" not in titles
    assert "Knee bend" in titles


def test_the_far_side_is_drawn_only_when_it_may_be_shown() -> None:
    assert "left (far)" in plots(ReportContext(example.analysis()))[2].svg
    assert "left (far)" not in plots(ReportContext(example.far_side_missing()))[2].svg


def test_curves_run_from_contact_to_contact() -> None:
    gait = example.gait()
    phase = (gait.motion.time_s - example.FIRST_CONTACT_S) / example.STRIDE_S
    own = [stride for stride in gait.strides if stride.side is Side.RIGHT]
    rows = over_stride(gait, phase, own)
    assert rows[0] == pytest.approx(PERCENT / 100.0)
    assert rows[1] == pytest.approx(1.0 + PERCENT / 100.0)


def test_a_side_without_samples_draws_nothing() -> None:
    base = example.analysis()
    nothing = np.full_like(base.gait.motion.position_ll, np.nan)
    gait = replace(base.gait, motion=replace(base.gait.motion, position_ll=nothing))
    assert plots(ReportContext(replace(base, gait=gait))) == ()

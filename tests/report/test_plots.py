from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Analysis, Comparison, Side
from formcheck.reasons import reason
from formcheck.report.context import ReportContext
from formcheck.report.plots import SIZE, Plot
from formcheck.report.plots import plots as plots_of
from formcheck.report.signals import PERCENT, ankle_ahead_of_hip_ll, over_stride
from tests.report import example


def plots(analysis: Analysis) -> tuple[Plot, ...]:
    return plots_of(ReportContext(analysis))


def plot_of(made: tuple[Plot, ...], id: str) -> Plot:  # noqa: A002 - as the field is called
    return next(plot for plot in made if plot.id == id)


def heights(path: str) -> list[float]:
    return [float(point.split(",")[1]) for point in path.strip("Mz").split("L")]


def test_five_small_pictures_of_a_clip_from_the_side() -> None:
    made = plots(example.analysis())
    assert [plot.title for plot in made] == [
        "Trunk lean", "Elbow bend", "Knee bend", "Foot against the ground", "Ankle ahead of hip",
    ]  # fmt: skip
    assert sum(len(line.median + line.spread) for plot in made for line in plot.lines) < 40_000


def test_the_same_analysis_gives_the_same_pictures() -> None:
    assert plots(example.analysis()) == plots(example.analysis())


def test_withheld_topics_are_not_drawn() -> None:
    base = example.analysis()
    why = reason("arms_hidden", side="right", missing_share=0.5)
    gait = replace(base.gait, withheld={"arms": why})
    titles = [plot.title for plot in plots(replace(base, gait=gait))]
    assert "Elbow bend" not in titles
    assert "Knee bend" in titles


def test_the_far_side_is_drawn_only_when_it_may_be_shown() -> None:
    names = [line.name for line in plot_of(plots(example.analysis()), "knee").lines]
    assert names == ["right (near)", "left (far)"]
    names = [line.name for line in plot_of(plots(example.far_side_missing()), "knee").lines]
    assert names == ["right (near)"]


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
    assert plots(replace(base, gait=gait)) == ()


def test_a_constant_lean_inside_its_range_is_drawn_level_inside_the_band() -> None:
    lean = plot_of(plots(example.analysis()), "trunk_lean")
    line = heights(lean.lines[0].median)
    assert max(line) - min(line) < 0.2
    assert lean.band is not None
    assert lean.band.y < line[0] < lean.band.y + lean.band.height


def test_a_rule_about_contact_is_marked_there_only() -> None:
    foot = plot_of(plots(example.analysis()), "foot")
    assert foot.band is not None
    assert foot.band.x == SIZE["left"]
    assert foot.band.width < 0.1 * (SIZE["right"] - SIZE["left"])


def test_toe_off_stands_where_stance_ends() -> None:
    knee = plot_of(plots(example.analysis()), "knee")
    share = example.STANCE_S / example.STRIDE_S
    assert knee.toe_off == pytest.approx(
        SIZE["left"] + share * (SIZE["right"] - SIZE["left"]), abs=0.1
    )


def test_what_similar_runners_do_is_drawn_where_the_metric_is_read() -> None:
    base = example.analysis()
    place = Comparison(2.78, 0.2, 0.024, 0.0, 0.0, (0.17, 0.23), 50.0, (40.0, 60.0))
    name = "ankle_ahead_of_hip_leg_lengths"
    known = example.measurement(name, "leg lengths", 0.2, "initial_contact", Side.RIGHT,
                                of=base.gait.strides)  # fmt: skip
    compared = replace(known, comparisons={Side.RIGHT: place})
    analysis = replace(base, measurements=(*base.measurements, compared))
    (box,) = plot_of(plots(analysis), "ankle_hip").typical
    assert box.x == SIZE["left"]
    assert box.height > 0


def test_the_ankle_is_ahead_of_the_hip_by_as_much_as_drawn() -> None:
    gait = example.gait()
    thigh, bend = np.radians(10 + 25), np.radians(45 - 30 * np.cos(-0.3))  # at right contact
    true = 0.46 * np.sin(thigh) + 0.48 * np.sin(thigh - bend)
    ahead = np.interp(
        example.FIRST_CONTACT_S, gait.motion.time_s, ankle_ahead_of_hip_ll(gait, Side.RIGHT)
    )
    assert ahead == pytest.approx(true, abs=1e-3)


def test_an_axis_has_numbers_enough_to_be_read() -> None:
    for plot in plots(example.analysis()):
        assert len(plot.ticks) >= 3, plot.id

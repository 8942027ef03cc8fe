from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import Analysis, FloatArray, Side
from formcheck.reasons import reason
from formcheck.report.context import ReportContext
from formcheck.report.footer import readout
from formcheck.report.player import TICKS_PER_S, player_data, player_json
from formcheck.texts import words
from tests.report import example


def told_times_s(analysis: Analysis) -> FloatArray:
    steps = [
        step for step, count in player_data(ReportContext(analysis))["frames"] for _ in range(count)
    ]
    return np.cumsum(steps) / TICKS_PER_S


def with_times(time_s: FloatArray) -> Analysis:
    base = example.analysis()
    return replace(base, pose=replace(base.pose, time_s=time_s))


def test_frame_times_are_told_to_a_tenth_of_a_millisecond() -> None:
    assert told_times_s(example.analysis()) == pytest.approx(example.frame_times_s(), abs=1e-4)


def test_uneven_frame_times_are_told_as_they_are() -> None:
    rng = np.random.default_rng(4)
    time_s = np.cumsum(rng.uniform(0.01, 0.06, len(example.frame_times_s())))
    assert told_times_s(with_times(time_s)) == pytest.approx(time_s, abs=1e-4)


def test_curves_say_what_the_bar_of_the_clip_says() -> None:
    analysis = example.analysis()
    shown = player_data(ReportContext(analysis))["signals"]
    assert [signal["id"] for signal in shown] == [
        "trunk_lean",
        "elbow",
        "knee",
        "foot",
        "ankle_hip",
    ]
    for signal, column in zip(
        shown[:3], readout(analysis, words("pictures")).values_deg.T, strict=True
    ):
        told = [np.nan if v is None else v * signal["step"] for v in signal["lines"][0]["values"]]
        assert told == pytest.approx(column, abs=0.051, nan_ok=True)


def test_contacts_of_both_feet_are_told_in_order_in_file_time() -> None:
    told = player_data(ReportContext(example.analysis(scale=2.0)))["contacts"]
    true = sorted((2 * at, side.value) for side in Side for at in example.contacts_s(side))
    assert [(at, side) for at, side, _ in told] == [
        (pytest.approx(at, abs=1e-3), side) for at, side in true
    ]


def test_fast_clips_are_told_at_fewer_frames() -> None:
    fast = with_times(example.frame_times_s() / 8)  # 240 frames per second
    told = player_data(ReportContext(fast))
    assert told["every"] == 4
    assert len(told["signals"][0]["lines"][0]["values"]) == 30


def test_what_is_withheld_has_no_curve() -> None:
    base = example.analysis()
    why = reason("arms_hidden", side="right", missing_share=0.5)
    told = player_data(
        ReportContext(replace(base, gait=replace(base.gait, withheld={"arms": why})))
    )
    assert "elbow" not in [signal["id"] for signal in told["signals"]]
    far = player_data(ReportContext(example.far_side_missing()))
    assert all(len(signal["lines"]) == 1 for signal in far["signals"] if signal["id"] != "elbow")


def test_the_data_cannot_end_its_script_element() -> None:
    text = player_json(ReportContext(example.analysis()))
    assert "<" not in text
    assert json.loads(text)["near"] == "right"

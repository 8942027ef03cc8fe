"""The joint curves: exact where they were measured, periodic, credited."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from formcheck.domain import StrikeClass
from formcheck.synthetic import RunnerSpec
from formcheck.synthetic.curves import running_cycle, walking_cycle

PHASE = np.arange(100) / 100


@pytest.mark.parametrize(
    ("speed", "contact_deg", "toe_off_share", "stride_s"),
    [(2.5, 11.3, 0.361, 0.745), (3.5, 12.6, 0.318, 0.709), (4.5, 14.7, 0.298, 0.661)],
)
def test_curves_are_the_published_ones_at_the_measured_speeds(
    speed: float, contact_deg: float, toe_off_share: float, stride_s: float
) -> None:
    cycle = running_cycle(RunnerSpec(speed_mps=speed))
    assert cycle.samples["foot_deg"][0] == pytest.approx(contact_deg, abs=0.05)
    assert cycle.duty_factor == pytest.approx(toe_off_share, abs=5e-4)
    assert cycle.stride_time_s == pytest.approx(stride_s, abs=5e-4)


def test_between_speeds_curves_lie_halfway() -> None:
    low, middle, high = (running_cycle(RunnerSpec(speed_mps=v)) for v in (2.5, 3.0, 3.5))
    halfway = 0.5 * (low.samples["thigh_deg"] + high.samples["thigh_deg"])
    assert middle.samples["thigh_deg"] == pytest.approx(halfway)


def test_the_series_passes_the_samples_and_repeats() -> None:
    cycle = running_cycle(RunnerSpec())
    for name, samples in cycle.samples.items():
        assert cycle.at(name, PHASE) == pytest.approx(samples, abs=0.25), name
        assert cycle.at(name, PHASE + 3) == pytest.approx(cycle.at(name, PHASE))


def test_strikes_differ_in_the_foot_at_contact() -> None:
    pitch = {
        strike: running_cycle(RunnerSpec(speed_mps=3.5, strike=strike)).samples["strike_foot_deg"]
        for strike in (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
    }
    assert [round(float(curve[0]), 1) for curve in pitch.values()] == [16.6, 3.8, 0.1]


def test_runners_are_lowest_in_mid_stance_and_walkers_highest() -> None:
    run = running_cycle(RunnerSpec(speed_mps=2.5)).samples["pelvis_y_cm"]
    walk = walking_cycle(1.4).samples["pelvis_y_cm"]
    assert 10 < int(np.argmin(run[:36])) < 20
    assert 25 < int(np.argmax(walk[:62])) < 37


def test_the_curves_come_with_their_source() -> None:
    text = resources.files("formcheck.synthetic").joinpath("curves.json").read_text("utf-8")
    assert "PeerJ 5:e3298" in json.loads(text)["credit"]
    assert "CC BY" in json.loads(text)["credit"]

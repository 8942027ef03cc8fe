"""How sure a limb is over a stride."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import Limb, LimbTrack, TimeBase, TimeStatus, TrackingReport, untouched
from formcheck.gait.confidence import stride_confidence
from tests.synthetic.made import analysis


def report(scale: float) -> TrackingReport:
    """Sure in the first half of ten real seconds, half sure after; the left arm never drawn."""
    time_s = np.arange(0.0, 10.0 * scale, scale / 60)
    chance = np.where(time_s < 5.0 * scale, 1.0, 0.5)
    no = np.zeros(len(time_s), dtype=bool)
    limbs = dict.fromkeys(Limb, LimbTrack(no, no, chance))
    limbs[Limb.LEFT_ARM] = LimbTrack(no, ~no, np.full(len(time_s), np.nan))
    return TrackingReport(time_s, limbs, is_judged=True, side_confidence=1.0)


@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_a_stride_has_the_mean_chance_of_its_own_frames(scale: float) -> None:
    strides = analysis().gait.strides
    base = TimeBase(TimeStatus.REAL, scale, is_trusted=True, note="")
    found = stride_confidence(report(scale), strides, base)
    for stride, leg, arm in zip(strides, found[Limb.LEFT_LEG], found[Limb.LEFT_ARM], strict=True):
        span = stride.next_initial_contact_s - stride.initial_contact_s
        sure = np.clip((5.0 - stride.initial_contact_s) / span, 0, 1)
        assert leg == pytest.approx(0.5 + 0.5 * sure, abs=0.5 / (60 * span))
        assert np.isnan(arm)


def test_limbs_that_could_not_be_judged_have_no_confidence() -> None:
    gait = analysis().gait
    assert stride_confidence(untouched(report(1.0).time_s), gait.strides, gait.time_base) == {}


def test_every_limb_of_a_clean_clip_is_sure_in_every_stride() -> None:
    gait = analysis().gait
    assert set(gait.limb_confidence) == set(Limb)
    assert all((chance > 0.95).all() for chance in gait.limb_confidence.values())

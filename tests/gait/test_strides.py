"""Strides from hand-made events."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, GaitEvents, Side
from formcheck.gait.strides import Segmentation, StrideParams, segment_strides

STRIDE_S, STANCE_S = 0.70, 0.25


def segmented(
    left: FloatArray | None = None,
    right: FloatArray | None = None,
    *,
    left_stance_s: FloatArray | float = STANCE_S,
) -> Segmentation:
    """Strides of given contacts; ten regular ones a side by default."""
    left = STRIDE_S * np.arange(10.0) if left is None else left
    right = STRIDE_S * (np.arange(10.0) + 0.5) if right is None else right
    contact = {Side.LEFT: left, Side.RIGHT: right}
    toe_off = {Side.LEFT: left + left_stance_s, Side.RIGHT: right + STANCE_S}
    middle = {side: times + 0.1 for side, times in contact.items()}
    unknown = {side: np.full(len(times), np.nan) for side, times in contact.items()}
    speed = dict.fromkeys(Side, 3.0)
    events = GaitEvents(contact, toe_off, middle, unknown, speed, speed)
    return segment_strides(events, StrideParams())


def count(result: Segmentation, side: Side) -> int:
    return sum(stride.side is side for stride in result.strides)


def test_ten_contacts_make_nine_strides_of_each_side_in_order_of_contact() -> None:
    result = segmented()
    assert (count(result, Side.LEFT), count(result, Side.RIGHT)) == (9, 9)
    starts = [stride.initial_contact_s for stride in result.strides]
    assert starts == sorted(starts)
    assert result.dropped == {Side.LEFT: 0, Side.RIGHT: 0}
    assert result.dropped_share(Side.LEFT) == 0


def test_a_stride_knows_its_times_and_the_opposite_contact() -> None:
    stride = segmented().strides[0]
    assert stride.side is Side.LEFT
    assert stride.stride_time_s == pytest.approx(STRIDE_S)
    assert stride.stance_time_s == pytest.approx(STANCE_S)
    assert stride.other_contact_s == pytest.approx(STRIDE_S / 2)
    assert stride.mid_stance_s == pytest.approx(0.1)


def test_a_missed_contact_costs_the_long_stride_over_it() -> None:
    left = np.delete(STRIDE_S * np.arange(10.0), 4)
    result = segmented(left)
    assert result.dropped[Side.LEFT] == 1
    assert count(result, Side.LEFT) == 7
    assert result.dropped_share(Side.LEFT) == pytest.approx(1 / 8)


def test_an_unknown_contact_is_passed_over_like_a_missed_one() -> None:
    left = STRIDE_S * np.arange(10.0)
    left[4] = np.nan
    assert segmented(left).dropped[Side.LEFT] == 1


def test_an_invented_contact_costs_the_strides_beside_it() -> None:
    left = np.sort(np.append(STRIDE_S * np.arange(10.0), 3 * STRIDE_S + 0.2))
    result = segmented(left)
    assert result.dropped[Side.LEFT] == 2
    assert all(stride.stride_time_s == pytest.approx(STRIDE_S) for stride in result.strides)


@pytest.mark.parametrize(("share", "is_kept"), [(0.36, True), (0.64, True), (0.30, False)])
def test_the_opposite_contact_must_lie_in_the_middle_of_the_stride(
    share: float, is_kept: bool
) -> None:
    result = segmented(right=STRIDE_S * (np.arange(10.0) + share))
    assert (count(result, Side.LEFT) == 9) is is_kept


@pytest.mark.parametrize(("factor", "is_kept"), [(1.14, True), (1.16, False), (0.84, False)])
def test_a_stride_may_differ_from_the_usual_one_by_15_percent(factor: float, is_kept: bool) -> None:
    times = np.concatenate(
        ([0.0], np.cumsum([STRIDE_S] * 4 + [factor * STRIDE_S] + [STRIDE_S] * 4))
    )
    result = segmented(times, times + STRIDE_S / 2)
    assert result.dropped[Side.LEFT] == (0 if is_kept else 1)


def test_a_hidden_far_foot_does_not_cost_the_near_foots_strides() -> None:
    result = segmented(right=np.empty(0))
    assert count(result, Side.LEFT) == 9
    assert all(np.isnan(stride.other_contact_s) for stride in result.strides)
    assert result.dropped_share(Side.RIGHT) == 1.0


@pytest.mark.parametrize("stance_s", [0.05, 0.11, 0.40, 0.60, np.nan])
def test_an_impossible_toe_off_is_forgotten_and_the_stride_kept(stance_s: float) -> None:
    stances = np.full(10, STANCE_S)
    stances[3] = stance_s
    result = segmented(left_stance_s=stances)
    assert count(result, Side.LEFT) == 9
    lost = [np.isnan(stride.toe_off_s) for stride in result.strides if stride.side is Side.LEFT]
    assert lost == [k == 3 for k in range(9)]


def test_no_events_make_no_strides() -> None:
    result = segmented(np.empty(0), np.empty(0))
    assert result.strides == ()
    assert result.dropped_share(Side.LEFT) == 1.0

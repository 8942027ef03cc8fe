"""Damage does what it says, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import FloatArray, PoseSequence, Side
from formcheck.synthetic import corrupt, frame_times
from tests.synthetic.made import record


@pytest.fixture(scope="module")
def clean() -> PoseSequence:
    return record(duration_s=20.0)[0]


def moved(pose: PoseSequence, clean: PoseSequence) -> FloatArray:
    apart: FloatArray = np.max(np.abs(pose.xy_px - clean.xy_px), axis=-1)
    return apart


def lag_one(noise: FloatArray) -> float:
    return float(np.sum(noise[1:] * noise[:-1]) / np.sum(noise**2))


def test_white_jitter_has_the_asked_spread_and_no_memory(clean: PoseSequence) -> None:
    noise = corrupt.white_jitter(clean, 3.0, seed=1).xy_px - clean.xy_px
    assert np.std(noise) == pytest.approx(3.0, rel=0.02)
    assert lag_one(noise) == pytest.approx(0.0, abs=0.02)


def test_correlated_jitter_has_the_asked_spread_and_forgets_in_50_ms(clean: PoseSequence) -> None:
    noise = corrupt.correlated_jitter(clean, 3.0, seed=1).xy_px - clean.xy_px
    assert np.std(noise) == pytest.approx(3.0, rel=0.03)
    assert lag_one(noise) == pytest.approx(np.exp(-1 / 60 / 0.050), abs=0.02)


def test_equal_seeds_give_equal_damage_and_others_not(clean: PoseSequence) -> None:
    one, same, other = (corrupt.white_jitter(clean, 1.0, seed=s).xy_px for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_skipped_frames_leave_the_others_at_their_times(clean: PoseSequence) -> None:
    pose = corrupt.skip_frames(clean, 0.2, seed=1)
    kept = np.isin(clean.time_s, pose.time_s)
    assert kept.mean() == pytest.approx(0.8, abs=0.04)
    assert np.array_equal(pose.xy_px, clean.xy_px[kept])
    assert pose.video.is_variable_rate
    assert pose.video.n_frames == kept.sum()


def test_jittered_times_stay_in_order_and_leave_the_points(clean: PoseSequence) -> None:
    pose = corrupt.jitter_times(clean, 0.002, seed=1)
    assert np.std(pose.time_s - clean.time_s) == pytest.approx(0.002, rel=0.2)
    assert np.all(np.diff(pose.time_s) > 0)
    assert np.array_equal(pose.xy_px, clean.xy_px)


def test_a_variable_rate_spreads_the_intervals_as_asked() -> None:
    steps = np.diff(frame_times(10.0, 60.0, variable=0.5, seed=1)) * 60.0
    assert steps.min() > 0.5
    assert steps.max() < 1.5
    assert np.ptp(steps) > 0.8
    with pytest.raises(ValueError, match="variable"):
        frame_times(10.0, 60.0, variable=1.0)


def test_lost_frames_have_no_pose_at_all(clean: PoseSequence) -> None:
    pose = corrupt.lose_frames(clean, 0.1, seed=1)
    lost = np.isnan(pose.xy_px).any(axis=(1, 2))
    assert lost.mean() == pytest.approx(0.1, abs=0.03)
    assert np.all(np.isnan(pose.xy_px[lost]))
    assert np.all(np.isnan(pose.visibility[lost]))
    assert np.array_equal(pose.xy_px[~lost], clean.xy_px[~lost])


def test_swapped_legs_are_exchanged_in_the_named_frames_only(clean: PoseSequence) -> None:
    pose, swapped = corrupt.swap_legs(clean, 0.1, seed=1)
    assert swapped.mean() == pytest.approx(0.1, abs=0.02)
    left, right = clean.track_px("left_ankle"), clean.track_px("right_ankle")
    assert np.array_equal(pose.track_px("left_ankle")[swapped], right[swapped])
    assert np.array_equal(pose.track_px("right_ankle")[swapped], left[swapped])
    assert np.array_equal(pose.xy_px[~swapped], clean.xy_px[~swapped])
    assert np.array_equal(pose.track_px("left_hip"), clean.track_px("left_hip"))


def test_swaps_come_in_bursts_that_mostly_begin_at_crossings(clean: PoseSequence) -> None:
    _, swapped = corrupt.swap_legs(clean, 0.1, seed=1)
    starts = np.flatnonzero(np.diff(swapped.astype(int)) == 1) + 1
    assert swapped.sum() / len(starts) > 3
    gap = (clean.track_px("left_ankle") - clean.track_px("right_ankle"))[:, 0]
    crossings = np.flatnonzero(np.diff(np.sign(gap)) != 0)
    near = [np.min(np.abs(crossings - start)) <= 1 for start in starts]
    assert np.mean(near) > 0.5


@pytest.mark.parametrize("amount", [1.0, 0.5])
def test_a_collapsed_leg_lies_on_the_other_or_in_between(
    clean: PoseSequence, amount: float
) -> None:
    pose, spoilt = corrupt.collapse_legs(clean, 0.1, onto=Side.RIGHT, amount=amount, seed=1)
    left, right = clean.track_px("left_heel"), clean.track_px("right_heel")
    expected = left + amount * (right - left)
    assert pose.track_px("left_heel")[spoilt] == pytest.approx(expected[spoilt])
    assert np.array_equal(pose.track_px("right_heel"), right)
    assert np.array_equal(pose.xy_px[~spoilt], clean.xy_px[~spoilt])


def test_lag_makes_points_trail_by_the_delay(clean: PoseSequence) -> None:
    pose = corrupt.lag(clean, 0.010)
    ankle, late = clean.track_px("left_ankle")[:, 0], pose.track_px("left_ankle")[:, 0]
    backward = (np.gradient(ankle, clean.time_s) < -500) & (clean.time_s > 1)
    delay = (ankle - late)[backward] / np.gradient(ankle, clean.time_s)[backward]
    # The discrete filter trails by exp(-dt / delay) / (1 - exp(-dt / delay)) frames.
    share = np.exp(-1 / 60 / 0.010)
    assert np.median(delay) == pytest.approx(share / (1 - share) / 60, rel=0.2)


def test_hidden_landmarks_are_unsure_and_others_untouched(clean: PoseSequence) -> None:
    names = ("left_hip", "right_hip")
    pose = corrupt.hide(clean, names, visibility=0.2, noise_px=5.0, seed=1)
    columns = [pose.index(name) for name in names]
    others = np.setdiff1d(np.arange(33), columns)
    assert np.all(pose.visibility[:, columns] == 0.2)
    assert np.std((pose.xy_px - clean.xy_px)[:, columns]) == pytest.approx(5.0, rel=0.05)
    assert np.all(moved(pose, clean)[:, others] == 0)


def test_a_displaced_landmark_is_off_by_exactly_that(clean: PoseSequence) -> None:
    pose = corrupt.displace(clean, "right_heel", (3.0, -2.0))
    offset = pose.track_px("right_heel") - clean.track_px("right_heel")
    assert offset == pytest.approx(np.broadcast_to([3.0, -2.0], offset.shape))
    assert np.count_nonzero(moved(pose, clean)) == len(clean.time_s)


def test_slow_motion_stretches_time_and_nothing_else(clean: PoseSequence) -> None:
    pose = corrupt.slowed(clean, 4.0)
    assert pose.time_s == pytest.approx(4 * clean.time_s)
    assert pose.video.fps == pytest.approx(15.0)
    assert np.array_equal(pose.xy_px, clean.xy_px)

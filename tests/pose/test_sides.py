"""Exchanged, collapsed and clean legs on runners whose sides are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import BoolArray, Limb, PoseSequence, Side, TrackingReport
from formcheck.pose.sides import MOVED, SideParams, resolve_sides
from formcheck.pose.typical import LEG_PARTS
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import record

PARAMS = SideParams()
JITTER_PX = 0.012 * Camera().px_per_m
SPEEDS = (2.5, 3.5, 4.5)


def columns(pose: PoseSequence, parts: tuple[str, ...]) -> list[int]:
    return [pose.index(f"{side}_{part}") for side in Side for part in parts]


def wrong_frames(found: PoseSequence, wanted: PoseSequence, parts: tuple[str, ...]) -> BoolArray:
    """Frames with a seen point elsewhere than it should be."""
    chosen = columns(found, parts)
    apart = np.nan_to_num(np.abs(found.xy_px[:, chosen] - wanted.xy_px[:, chosen]))
    return np.asarray(np.any(apart > 1e-6, axis=(1, 2)), dtype=np.bool_)


def hidden_frames(found: PoseSequence) -> BoolArray:
    """Frames with a leg point that was masked."""
    seen = found.xy_px[:, columns(found, LEG_PARTS), 0]
    return np.asarray(np.isnan(seen).any(axis=1), dtype=np.bool_)


def swapped(report: TrackingReport, kind: str = "leg") -> int:
    """Frames in which a pair of limbs was exchanged back."""
    return int(report.limbs[Limb(f"left_{kind}")].swapped.sum())


def masked(report: TrackingReport) -> int:
    """Frames in which a limb was hidden, all limbs together."""
    return sum(int(track.masked.sum()) for track in report.limbs.values())


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
@pytest.mark.parametrize("speed", SPEEDS)
def test_nothing_is_touched_in_a_clean_clip(fps: float, speed: float) -> None:
    pose, _ = record(RunnerSpec(speed_mps=speed, variability=1.0), fps=fps)
    repaired, report = resolve_sides(pose, PARAMS)
    assert np.array_equal(repaired.xy_px, pose.xy_px)
    assert report.is_judged
    assert (swapped(report), swapped(report, "arm"), masked(report)) == (0, 0, 0)


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_jitter_alone_exchanges_nothing_and_hides_less_than_1_percent(fps: float) -> None:
    for speed in SPEEDS:
        clean, _ = record(RunnerSpec(speed_mps=speed, variability=1.0), fps=fps)
        pose = corrupt.correlated_jitter(clean, JITTER_PX, seed=1)
        repaired, report = resolve_sides(pose, PARAMS)
        assert swapped(report) == 0
        assert not wrong_frames(repaired, pose, LEG_PARTS).any()
        assert hidden_frames(repaired).mean() < 0.01


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_10_percent_exchanged_in_bursts_are_put_back_in_99_5_percent_of_frames(
    fps: float, seed: int
) -> None:
    wrong, hidden = [], []
    for speed in SPEEDS:
        clean, _ = record(RunnerSpec(speed_mps=speed, variability=1.0), fps=fps)
        wanted = corrupt.correlated_jitter(clean, JITTER_PX, seed=seed)
        pose, _ = corrupt.swap_legs(wanted, 0.10, seed=seed)
        repaired, _ = resolve_sides(pose, PARAMS)
        wrong.append(wrong_frames(repaired, wanted, LEG_PARTS))
        hidden.append(hidden_frames(repaired))
    assert np.concatenate(wrong).mean() <= 0.005
    assert np.concatenate(hidden).mean() <= 0.01


def test_the_report_names_the_frames_put_back() -> None:
    clean, _ = record()
    pose, exchanged = corrupt.swap_legs(clean, 0.10, seed=1)
    _, report = resolve_sides(pose, PARAMS)
    for limb in (Limb.LEFT_LEG, Limb.RIGHT_LEG):
        assert np.array_equal(report.limbs[limb].swapped, exchanged)


def test_visibility_and_depth_go_back_with_the_points() -> None:
    clean, _ = record()
    pose, _ = corrupt.swap_legs(clean, 0.10, seed=1)
    repaired, _ = resolve_sides(pose, PARAMS)
    assert np.array_equal(repaired.visibility, clean.visibility)
    assert np.array_equal(repaired.depth_px, clean.depth_px)


def test_exchanged_arms_are_put_back_and_legs_left_alone() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    left, right = (
        [clean.index(f"{side}_{part}") for part in MOVED["arm"]] for side in (Side.LEFT, Side.RIGHT)
    )
    gap = np.hypot(*(clean.track_px("left_wrist") - clean.track_px("right_wrist")).T)
    widest = 200 + int(np.argmax(gap[200:260]))
    burst = slice(widest - 3, widest + 3)
    xy[burst, left], xy[burst, right] = clean.xy_px[burst, right], clean.xy_px[burst, left]
    repaired, report = resolve_sides(replace(clean, xy_px=xy), PARAMS)
    assert swapped(report, "arm") == 6
    assert swapped(report) == 0
    assert np.array_equal(repaired.xy_px, clean.xy_px)


def test_a_leg_thrown_far_from_its_cycle_is_hidden() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    chosen = [clean.index(f"left_{part}") for part in LEG_PARTS]
    xy[300:303, chosen] += 150.0
    repaired, report = resolve_sides(replace(clean, xy_px=xy), PARAMS)
    assert np.isnan(repaired.xy_px[300:303, chosen]).all()
    assert np.isnan(repaired.xy_px[:, chosen]).sum() == 3 * len(chosen) * 2
    assert masked(report) == 3
    assert np.isnan(report.limbs[Limb.LEFT_LEG].probability[300:303]).all()


def test_one_point_astray_is_hidden_alone() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    heel = clean.index("right_heel")
    xy[300, heel] += 150.0
    repaired, report = resolve_sides(replace(clean, xy_px=xy), PARAMS)
    assert np.isnan(repaired.xy_px[300, heel]).all()
    assert np.isnan(repaired.xy_px).sum() == 2
    assert masked(report) == 0


@pytest.mark.parametrize("onto", Side)
def test_a_collapsed_leg_is_hidden_or_too_short_a_time_drawn_there_to_matter(onto: Side) -> None:
    clean, _ = record()
    pose, spoilt = corrupt.collapse_legs(clean, 0.10, onto=onto, seed=2)
    repaired, _ = resolve_sides(pose, PARAMS)
    chosen = [pose.index(f"{onto.other}_{part}") for part in LEG_PARTS]
    apart = np.hypot(*np.moveaxis(repaired.xy_px[:, chosen] - clean.xy_px[:, chosen], -1, 0))
    leg_px = Camera().px_per_m * 0.527 * 1.76
    far_off = np.nanmax(np.nan_to_num(apart), axis=1) > 0.2 * leg_px
    assert spoilt.mean() > 0.08
    assert far_off.mean() < 0.01


def test_a_clip_without_a_body_is_returned_as_it_is() -> None:
    clean, _ = record()
    nobody = replace(clean, xy_px=np.full_like(clean.xy_px, np.nan))
    repaired, report = resolve_sides(nobody, PARAMS)
    assert np.isnan(repaired.xy_px).all()
    assert not report.is_judged
    assert (swapped(report), masked(report)) == (0, 0)


def test_swaps_across_a_gap_are_put_back_on_both_sides_of_it() -> None:
    clean, _ = record()
    pose, _ = corrupt.swap_legs(clean, 0.10, seed=3)
    xy = np.array(pose.xy_px)
    xy[290:320] = np.nan
    repaired, _ = resolve_sides(replace(pose, xy_px=xy), PARAMS)
    seen = np.isfinite(repaired.xy_px[:, 0, 0])
    assert wrong_frames(repaired, clean, LEG_PARTS)[seen].mean() <= 0.005


def test_an_arm_exchanged_for_one_frame_where_the_wrists_cross_is_put_back() -> None:
    clean, _ = record()
    gap = clean.track_px("left_wrist")[:, 0] - clean.track_px("right_wrist")[:, 0]
    crossing = 200 + int(np.argmin(np.abs(gap[200:260])))
    left, right = (
        [clean.index(f"{side}_{part}") for part in MOVED["arm"]] for side in (Side.LEFT, Side.RIGHT)
    )
    for frame in (crossing - 2, crossing + 2):
        xy = np.array(clean.xy_px)
        xy[frame, left], xy[frame, right] = clean.xy_px[frame, right], clean.xy_px[frame, left]
        repaired, _ = resolve_sides(replace(clean, xy_px=xy), PARAMS)
        assert np.array_equal(repaired.xy_px, clean.xy_px)


@pytest.mark.parametrize("share", [0.3, 0.4])
def test_a_leg_thrown_to_one_place_in_a_third_of_the_frames_is_hidden_there(share: float) -> None:
    clean, _ = record(RunnerSpec(variability=1.0))
    stride = 42  # frames, about; the same part of every stride, as behind a console
    thrown = (np.arange(len(clean.time_s)) % stride) < share * stride
    chosen = [clean.index(f"right_{part}") for part in LEG_PARTS]
    xy = np.array(clean.xy_px)
    rows = np.flatnonzero(thrown)[:, None]
    xy[rows, chosen] = xy[0, clean.index("right_hip")] + np.array(
        [[90.0, 10.0], [150.0, -10.0], [150.0, 0.0], [180.0, -20.0]]
    )
    repaired, _ = resolve_sides(replace(clean, xy_px=xy), PARAMS)
    assert np.isnan(repaired.xy_px[rows, chosen]).mean() > 0.99
    kept = repaired.xy_px[np.flatnonzero(~thrown)[:, None], chosen]
    assert np.isfinite(kept).mean() > 0.97
    others = [clean.index(f"left_{part}") for part in LEG_PARTS]
    assert np.array_equal(repaired.xy_px[:, others], clean.xy_px[:, others])


@pytest.mark.parametrize("speed", SPEEDS)
def test_legs_named_by_who_is_in_front_get_one_name_each(speed: float) -> None:
    clean, _ = record(RunnerSpec(speed_mps=speed, variability=1.0))
    ahead = clean.track_px("left_ankle")[:, 0] > clean.track_px("right_ankle")[:, 0]
    xy = np.array(clean.xy_px)
    left, right = (
        [clean.index(f"{side}_{part}") for part in LEG_PARTS] for side in (Side.LEFT, Side.RIGHT)
    )
    chosen = np.flatnonzero(ahead)[:, None]
    xy[chosen, left], xy[chosen, right] = clean.xy_px[chosen, right], clean.xy_px[chosen, left]
    repaired, _ = resolve_sides(replace(clean, xy_px=xy), PARAMS)
    one_way = np.all(repaired.xy_px[:, left] == clean.xy_px[:, left], axis=(1, 2)).mean()
    assert min(one_way, 1 - one_way) < 0.005


def test_a_clip_in_slow_motion_is_repaired_as_at_real_speed() -> None:
    clean, _ = record(fps=240.0)
    pose, exchanged = corrupt.swap_legs(clean, 0.10, seed=1)
    repaired, report = resolve_sides(corrupt.slowed(pose, 8.0), PARAMS)
    assert np.array_equal(report.limbs[Limb.LEFT_LEG].swapped, exchanged)
    assert np.array_equal(repaired.xy_px, clean.xy_px)


def test_what_is_kept_of_spoilt_legs_is_as_often_right_as_its_probability_says() -> None:
    clean, _ = record(RunnerSpec(variability=1.0))
    wanted = corrupt.correlated_jitter(clean, JITTER_PX, seed=5)
    pose, _ = corrupt.swap_legs(wanted, 0.25, seed=5)
    repaired, report = resolve_sides(pose, PARAMS)
    right = ~wrong_frames(repaired, wanted, LEG_PARTS)
    chance = report.limbs[Limb.RIGHT_LEG].probability
    assert np.nanmean(chance) == pytest.approx(right.mean(), abs=0.01)


def test_a_runner_seen_from_behind_is_left_alone() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    for part, half in (("shoulder", 60.0), ("hip", 40.0)):
        for side, sign in ((Side.LEFT, -1.0), (Side.RIGHT, 1.0)):
            xy[:, clean.index(f"{side}_{part}"), 0] += sign * half
    pose = replace(clean, xy_px=xy)
    repaired, report = resolve_sides(pose, PARAMS)
    assert not report.is_judged
    assert repaired is pose

"""Side, oblique, front or rear; which way; which side is near."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import PoseSequence, Side, View
from formcheck.gait.view import ViewParams, estimate_view, turns_around
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import record

PARAMS = ViewParams()


def flipped_from(pose: PoseSequence, time_s: float) -> PoseSequence:
    """The picture mirrored from a time on: the runner then faces the other way."""
    xy = np.array(pose.xy_px)
    later = pose.time_s >= time_s
    xy[later, :, 0] = pose.video.width_px - xy[later, :, 0]
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("fps", [30.0, 120.0])
def test_the_filmed_side_is_near_and_named_by_the_facing(side: Side, fps: float) -> None:
    pose, _ = record(camera=Camera(side=side), fps=fps)
    view = estimate_view(pose, PARAMS)
    assert (view.view, view.facing, view.near_side) == (View.SIDE, side, side)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("side", Side)
def test_facing_survives_jitter_and_swapped_legs(side: Side, seed: int) -> None:
    camera = Camera(side=side)
    pose, _ = record(camera=camera)
    noisy = corrupt.correlated_jitter(pose, 0.015 * camera.px_per_m, seed=seed)
    swapped, _ = corrupt.swap_legs(noisy, 0.2, seed=seed)
    assert estimate_view(swapped, PARAMS).facing is side


@pytest.mark.parametrize("yaw", [-15.0, -10.0, 0.0, 10.0, 15.0])
@pytest.mark.parametrize("side", Side)
def test_up_to_15_degrees_of_yaw_is_a_side_view(yaw: float, side: Side) -> None:
    pose, _ = record(camera=Camera(yaw_deg=yaw, side=side))
    assert estimate_view(pose, PARAMS).view is View.SIDE


@pytest.mark.parametrize("yaw", [-45.0, -30.0, 30.0, 45.0])
def test_30_to_45_degrees_of_yaw_is_oblique_and_still_faces_forward(yaw: float) -> None:
    pose, _ = record(camera=Camera(yaw_deg=yaw))
    view = estimate_view(pose, PARAMS)
    assert (view.view, view.facing) == (View.OBLIQUE, Side.RIGHT)


@pytest.mark.parametrize(("yaw", "expected"), [(90.0, View.FRONT), (-90.0, View.REAR)])
@pytest.mark.parametrize("side", Side)
def test_front_and_rear_are_told_apart_and_have_no_near_side(
    yaw: float, expected: View, side: Side
) -> None:
    pose, _ = record(camera=Camera(yaw_deg=yaw, side=side))
    view = estimate_view(pose, PARAMS)
    assert view.view is expected
    assert view.facing is None
    assert view.near_side is None


def test_the_width_ratio_grows_with_yaw() -> None:
    ratios = [
        estimate_view(record(camera=Camera(yaw_deg=yaw))[0], PARAMS).width_ratio
        for yaw in (0.0, 15.0, 30.0, 60.0, 90.0)
    ]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(0.7, abs=0.05)  # 2 x 0.100 / 0.288 of the body


def test_facing_is_undecided_when_the_runner_changes_direction() -> None:
    pose, _ = record()
    assert estimate_view(flipped_from(pose, 5.0), PARAMS).facing is None


def test_turning_is_seen_in_a_turn_and_not_in_steady_running() -> None:
    pose, _ = record()
    assert turns_around(flipped_from(pose, 8.0), window_s=0.5, time_scale=1.0)
    assert not turns_around(pose, window_s=0.5, time_scale=1.0)


def test_a_turn_too_short_for_the_window_is_not_a_turn() -> None:
    pose, _ = record()
    blink = flipped_from(flipped_from(pose, 5.0), 5.2)
    assert not turns_around(blink, window_s=0.5, time_scale=1.0)
    slow = corrupt.slowed(blink, 4.0)
    assert not turns_around(slow, window_s=0.5, time_scale=4.0)
    assert turns_around(slow, window_s=0.5, time_scale=1.0)


@pytest.mark.parametrize("flaw", ["lean", "elbow", "overstride"])
def test_running_form_does_not_change_the_view(flaw: str) -> None:
    spec = {
        "lean": RunnerSpec(trunk_lean_deg=25.0),
        "elbow": RunnerSpec(elbow_flexion_deg=20.0),
        "overstride": RunnerSpec(overstride_m=0.10),
    }[flaw]
    view = estimate_view(record(spec)[0], PARAMS)
    assert (view.view, view.facing) == (View.SIDE, Side.RIGHT)


def headless_on_wrong_feet(pose: PoseSequence) -> PoseSequence:
    """Heels and toes exchanged, so that the feet point backward, and the nose never seen."""
    order = np.arange(len(pose.landmarks))
    for side in Side:
        heel, toe = (pose.index(f"{side}_{part}") for part in ("heel", "foot_index"))
        order[[heel, toe]] = toe, heel
    xy = pose.xy_px[:, order]
    xy[:, pose.index("nose")] = np.nan
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("side", Side)
def test_knees_and_stance_show_the_direction_but_not_the_names_of_the_sides(side: Side) -> None:
    pose, _ = record(camera=Camera(side=side))
    plain, odd = (estimate_view(each, PARAMS) for each in (pose, headless_on_wrong_feet(pose)))
    assert plain.sides_named
    assert (odd.view, odd.facing, odd.near_side) == (View.SIDE, side, side)
    assert not odd.sides_named

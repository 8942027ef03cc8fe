"""The part of a clip that shows the whole runner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import PoseSequence
from formcheck.pose.track import WHOLE_BODY, TrackParams, frames_showing, longest_stretch
from formcheck.synthetic import Camera, corrupt
from tests.synthetic.made import record

PARAMS = TrackParams()


def pushed_out(pose: PoseSequence, start: int, stop: int) -> PoseSequence:
    """The runner outside the picture in some frames."""
    xy = np.array(pose.xy_px)
    xy[start:stop, :, 0] += 2 * pose.video.width_px
    return replace(pose, xy_px=xy)


def test_a_runner_who_is_always_in_the_picture_is_kept_whole() -> None:
    pose, _ = record()
    kept, coverage = longest_stretch(pose, 1.0, PARAMS)
    assert np.array_equal(kept.xy_px, pose.xy_px)
    assert (coverage.found_share, coverage.shown_share) == (1.0, 1.0)
    assert (coverage.start_s, coverage.stop_s) == (0.0, pose.time_s[-1])


def test_only_the_longest_stretch_is_kept() -> None:
    pose, _ = record()
    kept, coverage = longest_stretch(pushed_out(pose, 200, 260), 1.0, PARAMS)
    assert coverage.start_s == pytest.approx(pose.time_s[260])
    assert np.isnan(kept.xy_px[:260]).all()
    assert np.array_equal(kept.xy_px[260:], pose.xy_px[260:])
    assert coverage.shown_share == pytest.approx(0.9)


def test_a_blink_does_not_end_a_stretch() -> None:
    pose, _ = record()
    _, coverage = longest_stretch(pushed_out(pose, 200, 220), 1.0, PARAMS)
    assert (coverage.start_s, coverage.stop_s) == (0.0, pose.time_s[-1])


def test_in_slow_motion_a_blink_may_last_longer() -> None:
    pose, _ = record()
    slow = corrupt.slowed(pushed_out(pose, 200, 220), 4.0)
    assert longest_stretch(slow, 4.0, PARAMS)[1].start_s == 0.0
    assert longest_stretch(slow, 1.0, PARAMS)[1].start_s > 0.0


def test_a_runner_without_feet_in_the_picture_is_shown_down_to_the_knees() -> None:
    pose, _ = record(camera=Camera(height_m=1.35))
    assert frames_showing(pose, WHOLE_BODY, PARAMS.border_share).mean() < 0.3
    _, coverage = longest_stretch(pose, 1.0, PARAMS)
    assert not coverage.feet_shown
    assert coverage.shown_share == 1.0
    assert (coverage.start_s, coverage.stop_s) == (0.0, pose.time_s[-1])


def test_frames_without_anybody_inside_the_stretch_are_counted() -> None:
    pose, _ = record()
    xy = np.array(pose.xy_px)
    xy[np.arange(len(xy)) % 2 == 1] = np.nan
    _, coverage = longest_stretch(replace(pose, xy_px=xy), 1.0, PARAMS)
    assert coverage.lost_share == pytest.approx(0.5, abs=0.01)


def test_found_and_whole_are_counted_apart() -> None:
    pose, _ = record()
    lost = corrupt.lose_frames(pose, 0.2, seed=1)
    _, coverage = longest_stretch(lost, 1.0, PARAMS)
    assert coverage.found_share == pytest.approx(np.isfinite(lost.xy_px[:, 0, 0]).mean())
    assert coverage.shown_share == coverage.found_share < 0.9


def test_an_empty_clip_has_no_stretch() -> None:
    pose, _ = record()
    nobody = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    _, coverage = longest_stretch(nobody, 1.0, PARAMS)
    assert (coverage.found_share, coverage.shown_share) == (0.0, 0.0)
    assert coverage.start_s == coverage.stop_s

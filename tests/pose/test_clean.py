"""Masks, outliers, gaps and even sampling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import PoseSequence, Side
from formcheck.pose.clean import CleaningParams, CleanTracks, clean_pose
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import record

PARAMS = CleaningParams()


def cleaned(pose: PoseSequence, near: Side | None = Side.RIGHT) -> CleanTracks:
    return clean_pose(pose, pose.time_s, near, PARAMS)


def with_points(pose: PoseSequence, landmark: str, frames: slice, offset: float) -> PoseSequence:
    xy = np.array(pose.xy_px)
    xy[frames, pose.index(landmark)] += offset
    return replace(pose, xy_px=xy)


def column(tracks: CleanTracks, landmark: str) -> int:
    return tracks.landmarks.index(landmark)


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_a_clean_clip_passes_untouched_but_for_single_impacts(fps: float) -> None:
    pose, _ = record(RunnerSpec(variability=1.0), fps=fps)
    tracks = cleaned(pose)
    assert tracks.time_s == pytest.approx(pose.time_s)
    apart = np.abs(tracks.xy_px - pose.xy_px)
    assert np.nanmax(apart) < 0.02 * Camera().px_per_m
    assert tracks.filled.mean() < 0.02
    assert np.isfinite(tracks.xy_px).all()


def test_a_thrown_point_is_bridged_and_marked() -> None:
    clean, _ = record()
    tracks = cleaned(with_points(clean, "right_elbow", slice(300, 301), 40.0))
    here = column(tracks, "right_elbow")
    assert tracks.filled[300, here]
    assert tracks.xy_px[300, here] == pytest.approx(clean.track_px("right_elbow")[300], abs=2.0)


def test_a_short_gap_is_bridged_and_a_long_one_is_left_open() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    hip = clean.index("right_hip")
    xy[200:205, hip] = np.nan  # 0.08 s unknown
    xy[300:320, hip] = np.nan  # 0.33 s unknown
    tracks = cleaned(replace(clean, xy_px=xy))
    assert np.isfinite(tracks.xy_px[200:205, hip]).all()
    assert tracks.filled[200:205, hip].all()
    assert np.isnan(tracks.xy_px[301:319, hip]).all()
    assert not tracks.filled[301:319, hip].any()


def test_a_medium_gap_is_bridged_relative_to_the_parent() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    wrist = clean.index("right_wrist")
    xy[300:310, wrist] = np.nan  # 0.17 s
    tracks = cleaned(replace(clean, xy_px=xy))
    assert tracks.filled[300:310, wrist].all()
    error = tracks.xy_px[300:310, wrist] - clean.track_px("right_wrist")[300:310]
    assert np.abs(error).max() < 0.05 * Camera().px_per_m


def test_unsure_landmarks_are_hidden_and_the_far_side_is_asked_for_less() -> None:
    clean, _ = record()
    names = ("left_hip", "right_hip")
    pose = corrupt.hide(clean, names, visibility=0.4, noise_px=0.0, seed=1)
    tracks = cleaned(pose, near=Side.RIGHT)
    assert np.isnan(tracks.xy_px[:, column(tracks, "right_hip")]).all()
    assert np.isfinite(tracks.xy_px[:, column(tracks, "left_hip")]).all()


def test_without_a_near_side_both_are_asked_for_less() -> None:
    clean, _ = record()
    pose = corrupt.hide(clean, ("right_hip",), visibility=0.4, noise_px=0.0, seed=1)
    tracks = cleaned(pose, near=None)
    assert np.isfinite(tracks.xy_px[:, column(tracks, "right_hip")]).all()


def test_points_at_the_border_are_hidden() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    nose = clean.index("nose")
    xy[:, nose, 1] = 3.0
    tracks = cleaned(replace(clean, xy_px=xy))
    assert np.isnan(tracks.xy_px[:, nose]).all()


def test_the_far_end_of_an_overlong_bone_is_hidden() -> None:
    clean, _ = record()
    frames = slice(200, 204)
    tracks = cleaned(with_points(clean, "right_wrist", frames, 90.0))
    wrist = column(tracks, "right_wrist")
    assert tracks.filled[frames, wrist].all()


def test_a_variable_rate_becomes_even_and_stays_true() -> None:
    clean, _ = record(fps=120.0)
    pose = corrupt.skip_frames(clean, 0.3, seed=1)
    tracks = cleaned(pose)
    assert np.ptp(np.diff(tracks.time_s)) < 1e-9
    knee = column(tracks, "right_knee")
    true = [np.interp(tracks.time_s, clean.time_s, axis) for axis in clean.track_px("right_knee").T]
    error = tracks.xy_px[:, knee] - np.stack(true, axis=-1)
    assert np.nanmax(np.abs(error)) < 0.01 * Camera().px_per_m


def test_the_grid_runs_on_the_given_clock() -> None:
    clean, _ = record()
    tracks = clean_pose(clean, clean.time_s / 4.0, Side.RIGHT, PARAMS)
    assert tracks.time_s[-1] == pytest.approx(clean.time_s[-1] / 4.0)


def test_a_landmark_that_was_never_seen_stays_unknown() -> None:
    clean, _ = record()
    xy = np.array(clean.xy_px)
    xy[:, clean.index("left_heel")] = np.nan
    tracks = cleaned(replace(clean, xy_px=xy))
    heel = column(tracks, "left_heel")
    assert np.isnan(tracks.xy_px[:, heel]).all()
    assert not tracks.filled[:, heel].any()

"""Repeated pictures are left out before anything is differentiated, and put back for drawing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import PoseSequence
from formcheck.pose.repeats import with_repeats, without_repeats
from formcheck.synthetic import edits
from tests.synthetic.made import NATURAL, record


def filmed(fps: float) -> PoseSequence:
    return record(NATURAL, fps=fps)[0]


def test_a_clip_whose_pictures_nobody_watched_stays_whole() -> None:
    pose = filmed(60.0)
    shown, repeats = without_repeats(pose)
    assert shown is pose
    assert repeats.notes(60.0) == ()


def test_a_clip_without_repeats_stays_whole() -> None:
    pose = edits.seen_still(filmed(60.0))
    assert without_repeats(pose)[0] is pose


def test_a_doubled_rate_is_halved_again() -> None:
    pose = filmed(30.0)
    shown, repeats = without_repeats(edits.shown_at(pose, 60.0))
    assert shown.video.fps == pytest.approx(30.0, rel=0.01)
    assert repeats.share == pytest.approx(0.5, abs=0.01)
    count = len(shown.time_s)
    np.testing.assert_allclose(shown.time_s, pose.time_s[:count], atol=1e-6)
    np.testing.assert_array_equal(shown.xy_px, pose.xy_px[:count])
    (note,) = repeats.notes(60.0)
    assert note.code == "repeats"
    assert "30 pictures a second, not 60" in note.seen


@pytest.mark.parametrize(("taken", "played"), [(25.0, 30.0), (24.0, 30.0), (24.0, 60.0)])
def test_pictures_shown_late_get_even_times_again(taken: float, played: float) -> None:
    pose = filmed(taken)
    converted = edits.shown_at(pose, played)
    shown, _ = without_repeats(converted)
    assert shown.video.fps == pytest.approx(taken, rel=0.01)
    error_s = shown.time_s - pose.time_s[: len(shown.time_s)]
    assert np.ptp(error_s) < 0.1 / played
    assert np.ptp(np.diff(shown.time_s)) < 1e-9


@pytest.mark.parametrize("share", [0.002, 0.02, 0.1])
def test_pictures_lost_while_filming_keep_their_times(share: float) -> None:
    """An encoder that is late shows the picture before once more: the others are in time."""
    pose = edits.seen_still(filmed(60.0))
    lost = np.random.default_rng(1).random(len(pose.time_s)) < share
    lost[[0, 300]] = False, True
    assert pose.scene is not None
    shown, _ = without_repeats(replace(pose, scene=replace(pose.scene, is_repeat=lost)))
    np.testing.assert_array_equal(shown.time_s, pose.time_s[~lost])


def test_a_frozen_start_is_left_out_and_told() -> None:
    pose = filmed(60.0)
    shown, repeats = without_repeats(edits.frozen_start(pose, 1.2))
    assert shown.video.fps == pytest.approx(60.0, rel=0.001)
    assert len(shown.time_s) == len(pose.time_s)
    (note,) = repeats.notes(60.0)
    assert note.code == "frozen"
    assert "from 0.0 to 1.2 s" in note.seen


def test_every_frame_shows_the_body_of_the_picture_it_repeats() -> None:
    pose = edits.shown_at(filmed(25.0), 60.0)
    shown, _ = without_repeats(pose)
    back = with_repeats(shown, pose)
    np.testing.assert_array_equal(back.xy_px, pose.xy_px)
    np.testing.assert_array_equal(back.time_s, pose.time_s)
    assert back.video == pose.video


def test_a_picture_that_never_moves_stays_whole() -> None:
    pose = edits.seen_still(filmed(60.0))
    assert pose.scene is not None
    still = np.arange(len(pose.time_s)) > 3
    frozen = replace(pose, scene=replace(pose.scene, is_repeat=still))
    assert without_repeats(frozen)[0] is frozen

"""A clip that changes its speed is told from a runner who keeps a rhythm."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.pose.tempo import among_all, longer_part, tempo_change
from formcheck.synthetic import RunnerSpec, corrupt, edits
from tests.synthetic.made import record


@pytest.mark.parametrize("fps", [30.0, 120.0])
def test_a_steady_runner_keeps_one_rhythm(fps: float) -> None:
    pose, _ = record(RunnerSpec(variability=2.0), fps=fps)
    assert tempo_change(pose) is None
    assert tempo_change(corrupt.correlated_jitter(pose, 5.0, seed=1)) is None
    assert longer_part(pose, None) is pose


def test_exchanged_legs_do_not_change_the_rhythm() -> None:
    swapped, _ = corrupt.swap_legs(record()[0], 0.15, seed=3)
    assert tempo_change(swapped) is None


@pytest.mark.parametrize("factor", [2.0, 4.0])
@pytest.mark.parametrize("start_s", [2.0, 5.0, 8.0])
def test_a_ramp_into_slow_motion_changes_the_rhythm(factor: float, start_s: float) -> None:
    pose = edits.ramped(record(fps=120.0)[0], start_s, factor)
    change = tempo_change(pose)
    assert change is not None
    assert change.ratio == pytest.approx(factor, rel=0.1)
    assert change.at_s == pytest.approx(start_s, abs=0.3 * factor)


@pytest.mark.parametrize(("start_s", "is_before"), [(8.0, True), (2.0, False)])
def test_the_part_with_more_frames_stays_and_is_put_back_in_place(
    start_s: float, is_before: bool
) -> None:
    pose = edits.ramped(record(fps=120.0)[0], start_s, 4.0)
    change = tempo_change(pose)
    assert change is not None
    part = longer_part(pose, change)
    assert part.video.fps == pytest.approx(120.0 if is_before else 30.0, rel=0.01)
    assert tempo_change(part) is None
    back = among_all(part, pose)
    shown = np.isfinite(back.xy_px[:, 0, 0])
    limit = pose.time_s <= change.before_s if is_before else pose.time_s >= change.after_s
    assert np.array_equal(shown, limit)
    np.testing.assert_array_equal(back.xy_px[shown], pose.xy_px[shown])


def test_a_body_hardly_seen_tells_no_change() -> None:
    assert tempo_change(corrupt.lose_frames(record()[0], 0.99, seed=1)) is None

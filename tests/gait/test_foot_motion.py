"""Contacts and toe-offs against runners whose contacts are exactly known.

Gates sit close to what is reached. The runner's foot rests on the belt until toe-off, and its toe
landmark is the ball of the foot (``Toe.BALL``), the point the toe-off levels were set for; read at
the very tip, toe-off comes later, which a gate of its own holds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.config import AnalysisConfig
from formcheck.domain import FloatArray, Motion, Side, StrikeClass
from formcheck.gait.foot_motion import EventParams, detect_events, stride_period_s
from formcheck.pipeline import analyze_pose
from formcheck.synthetic import Camera, RunnerKind, RunnerSpec, Toe, synthetic_pose
from tests.synthetic.made import MARGIN_S, errors_s, n_invented, seen_exactly

SPEEDS = (2.5, 3.5, 4.5)
STRIKES = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
PARAMS = EventParams()


def event_errors_ms(
    strike: StrikeClass, fps: float, *, toe: Toe = Toe.BALL, jitter_m: float = 0.0
) -> tuple[FloatArray, FloatArray, int]:
    """Contact and toe-off errors of both feet at three speeds, and how many were invented."""
    contact, toe_off, invented = [], [], 0
    for speed in SPEEDS:
        spec = RunnerSpec(speed_mps=speed, strike=strike, variability=1.0)
        motion, truth = seen_exactly(spec, fps, toe=toe, jitter_m=jitter_m)
        events = detect_events(motion, PARAMS)
        for side in Side:
            contacts, offs = events.initial_contact_s[side], events.toe_off_s[side]
            contact.append(errors_s(contacts, truth.whole_contacts_s(side, MARGIN_S)))
            toe_off.append(errors_s(offs, truth.whole_toe_offs_s(side, MARGIN_S)))
            invented += n_invented(contacts, truth.events.initial_contact_s[side])
    return 1e3 * np.concatenate(contact), 1e3 * np.concatenate(toe_off), invented


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0, 240.0])
@pytest.mark.parametrize("strike", STRIKES)
def test_every_event_is_found_once_and_on_time_without_noise(
    strike: StrikeClass, fps: float
) -> None:
    contact, toe_off, invented = event_errors_ms(strike, fps)
    assert not np.isnan(contact).any()
    assert not np.isnan(toe_off).any()
    assert invented == 0
    assert abs(contact.mean()) < 3.0
    assert contact.std() < 2.0
    assert abs(toe_off.mean()) < 2.0
    assert toe_off.std() < 3.0


@pytest.mark.parametrize("strike", STRIKES)
def test_events_are_found_at_60_fps_with_8_mm_of_jitter(strike: StrikeClass) -> None:
    contact, toe_off, invented = event_errors_ms(strike, 60.0, jitter_m=0.008)
    assert not np.isnan(contact).any()
    assert np.isnan(toe_off).mean() <= 0.01
    assert invented == 0
    assert abs(contact.mean()) < 3.5
    assert contact.std() < 4.0
    assert abs(np.nanmean(toe_off)) < 3.0
    assert np.nanstd(toe_off) < 10.0


def test_events_are_found_at_30_fps_with_8_mm_of_jitter() -> None:
    contact, toe_off, invented = event_errors_ms(StrikeClass.REARFOOT, 30.0, jitter_m=0.008)
    assert not np.isnan(contact).any()
    assert invented == 0
    assert abs(contact.mean()) < 3.0
    assert contact.std() < 4.0
    assert abs(np.nanmean(toe_off)) < 3.0
    assert np.nanstd(toe_off) < 9.0


def test_no_contact_is_missed_at_24_fps() -> None:
    contact, _, invented = event_errors_ms(StrikeClass.REARFOOT, 24.0)
    assert not np.isnan(contact).any()
    assert invented == 0


def test_toe_off_read_at_the_very_tip_of_the_shoe_comes_20_to_30_ms_late() -> None:
    """A known bias: the tip stays down longer than the ball the levels were set for."""
    _, toe_off, _ = event_errors_ms(StrikeClass.REARFOOT, 60.0, toe=Toe.TIP)
    assert 20.0 < toe_off.mean() < 30.0


# Published errors of the algorithm on these very tracks (biomechanics 7.3), less the mean bias
# that is taken out: contact and toe-off, ms.
MEASURED = [
    (2.5, 60.0, 1.8 - 0.5, 0.2),
    (3.5, 60.0, 0.6 - 0.5, -1.3),
    (4.5, 60.0, 0.8 - 0.5, -3.4),
    (2.5, 120.0, 0.6 + 0.6, 0.3 - 0.3),
    (3.5, 120.0, -0.6 + 0.6, -0.7 - 0.3),
    (4.5, 120.0, -0.3 + 0.6, -2.6 - 0.3),
    (3.5, 30.0, 4.7 - 5.1, -3.1 + 1.5),
    (3.5, 240.0, -0.7 + 0.9, -0.7 - 0.5),
]


@pytest.mark.parametrize(("speed", "fps", "contact_ms", "toe_off_ms"), MEASURED)
def test_measured_tracks_give_the_published_errors(
    speed: float, fps: float, contact_ms: float, toe_off_ms: float
) -> None:
    motion, truth = seen_exactly(RunnerSpec(speed_mps=speed), fps, kind=RunnerKind.TRAJECTORIES)
    events = detect_events(motion, PARAMS)
    side = Side.RIGHT
    contact = errors_s(events.initial_contact_s[side], truth.whole_contacts_s(side, MARGIN_S))
    toe_off = errors_s(events.toe_off_s[side], truth.whole_toe_offs_s(side, MARGIN_S))
    assert 1e3 * contact.mean() == pytest.approx(contact_ms, abs=2.0)
    assert 1e3 * toe_off.mean() == pytest.approx(toe_off_ms, abs=2.0)


@pytest.mark.parametrize("speed", [2.0, *SPEEDS, 5.5])
@pytest.mark.parametrize("fps", [30.0, 60.0, 240.0])
def test_the_belt_speed_is_read_from_the_foot_within_2_percent(speed: float, fps: float) -> None:
    motion, truth = seen_exactly(RunnerSpec(speed_mps=speed), fps)
    events = detect_events(motion, PARAMS)
    for side in Side:
        assert events.ground_speed_ll_s[side] == pytest.approx(
            truth.events.ground_speed_ll_s[side], rel=0.02
        )
        assert events.runner_speed_ll_s[side] == pytest.approx(
            truth.events.runner_speed_ll_s[side], rel=0.02
        )


def shifted(motion: Motion, speed_ll_s: float) -> Motion:
    """The same runner seen by a camera that travels backward at a speed."""
    position = np.array(motion.position_ll)
    position[..., 0] += speed_ll_s * motion.time_s[:, None]
    return Motion(motion.time_s, position, motion.filled)


def test_on_the_road_the_ground_stands_still_and_events_are_the_same() -> None:
    motion, truth = seen_exactly(RunnerSpec(), 60.0)
    speed = truth.events.runner_speed_ll_s[Side.RIGHT]
    belt, road = (detect_events(m, PARAMS) for m in (motion, shifted(motion, speed)))
    assert abs(road.ground_speed_ll_s[Side.RIGHT]) < 0.02 * speed
    assert road.runner_speed_ll_s[Side.RIGHT] == pytest.approx(speed, rel=0.02)
    for side in Side:
        inner = slice(1, -1)
        apart = road.initial_contact_s[side][inner] - belt.initial_contact_s[side][inner]
        assert np.nanmax(np.abs(apart)) < 0.003


def test_the_heel_leads_most_in_rearfoot_strikers() -> None:
    leads = []
    for strike in STRIKES:
        motion, _ = seen_exactly(RunnerSpec(speed_mps=3.5, strike=strike), 120.0)
        leads.append(float(np.nanmedian(detect_events(motion, PARAMS).heel_lead_s[Side.RIGHT])))
    assert leads == sorted(leads, reverse=True)
    assert leads[0] > 0.010 > leads[2]


@pytest.mark.parametrize("overstride_m", [0.05, 0.10])
def test_an_overstriding_runner_has_one_contact_a_stride(overstride_m: float) -> None:
    spec = RunnerSpec(overstride_m=overstride_m, cadence_factor=0.92, variability=1.0)
    motion, truth = seen_exactly(spec, 60.0, jitter_m=0.008)
    events = detect_events(motion, PARAMS)
    for side in Side:
        found = events.initial_contact_s[side]
        wanted = truth.whole_contacts_s(side, MARGIN_S)
        assert not np.isnan(errors_s(found, wanted)).any()
        assert n_invented(found, truth.events.initial_contact_s[side]) == 0


def test_an_asymmetric_runner_keeps_the_asymmetry() -> None:
    spec = RunnerSpec(contact_asymmetry=0.10)
    motion, truth = seen_exactly(spec, 120.0)
    events = detect_events(motion, PARAMS)
    found, true = (
        [
            float(np.nanmedian(e.toe_off_s[side] - e.initial_contact_s[side]))
            for side in (Side.LEFT, Side.RIGHT)
        ]
        for e in (events, truth.events)
    )
    assert found[0] - found[1] == pytest.approx(true[0] - true[1], abs=0.006)


def test_contact_toe_off_and_mid_stance_come_in_step() -> None:
    motion, truth = seen_exactly(RunnerSpec(variability=1.0), 60.0)
    events = detect_events(motion, PARAMS)
    for side in Side:
        contact, off = events.initial_contact_s[side], events.toe_off_s[side]
        middle = events.mid_stance_s[side]
        assert contact.shape == off.shape == middle.shape == events.heel_lead_s[side].shape
        known = np.isfinite(contact) & np.isfinite(off)
        assert np.all((contact < middle)[known] & (middle < off)[known])
        assert np.nanmax(np.abs(errors_s(middle, truth.events.mid_stance_s[side]))) < 0.010


def test_a_foot_that_was_never_seen_has_no_events_and_the_other_keeps_its_own() -> None:
    motion, _ = seen_exactly(RunnerSpec(), 60.0)
    position = np.array(motion.position_ll)
    for part in ("heel", "foot_index"):
        position[:, motion.landmarks.index(f"left_{part}")] = np.nan
    hidden = Motion(motion.time_s, position, motion.filled)
    events, whole = detect_events(hidden, PARAMS), detect_events(motion, PARAMS)
    assert len(events.initial_contact_s[Side.LEFT]) == 0
    assert np.isnan(events.ground_speed_ll_s[Side.LEFT])
    assert np.array_equal(
        events.initial_contact_s[Side.RIGHT], whole.initial_contact_s[Side.RIGHT], equal_nan=True
    )


def test_the_stride_period_is_that_of_the_runner() -> None:
    motion, truth = seen_exactly(RunnerSpec(), 60.0)
    period = stride_period_s(motion)
    assert period == pytest.approx(truth.value("stride_time_s", Side.LEFT), rel=0.01)


def test_contact_time_does_not_hang_on_the_frame_rate() -> None:
    medians = []
    for fps in (30.0, 60.0, 120.0, 240.0):
        motion, _ = seen_exactly(RunnerSpec(speed_mps=3.5), fps)
        events = detect_events(motion, PARAMS)
        medians.append(
            float(np.nanmedian(events.toe_off_s[Side.RIGHT] - events.initial_contact_s[Side.RIGHT]))
        )
    assert np.ptp(medians) < 0.006


def test_known_mean_errors_are_taken_out() -> None:
    motion, _ = seen_exactly(RunnerSpec(), 60.0)
    plain = replace(PARAMS, contact_bias_ms=(0.0,) * 4, toe_off_bias_ms=(0.0,) * 4)
    late = replace(PARAMS, contact_bias_ms=(10.0,) * 4, toe_off_bias_ms=(-4.0,) * 4)
    one, two = detect_events(motion, plain), detect_events(motion, late)
    side = Side.RIGHT
    known = np.isfinite(one.initial_contact_s[side]) & np.isfinite(one.toe_off_s[side])
    earlier = one.initial_contact_s[side] - two.initial_contact_s[side]
    assert earlier[known] == pytest.approx(0.010)
    assert (two.toe_off_s[side] - one.toe_off_s[side])[known] == pytest.approx(0.004)


def test_a_foot_that_has_just_landed_when_the_record_ends_is_counted() -> None:
    motion, truth = seen_exactly(RunnerSpec(speed_mps=3.5), 60.0)
    last = truth.whole_contacts_s(Side.LEFT, MARGIN_S)[-1]
    kept = motion.time_s < last + 0.08  # the foot passes under the hip 0.1 s after contact
    cut = Motion(motion.time_s[kept], motion.position_ll[kept], motion.filled[kept])
    contacts = detect_events(cut, PARAMS).initial_contact_s[Side.LEFT]
    assert np.nanmin(np.abs(contacts - last)) < 0.015


def test_a_slow_runners_toe_off_is_not_cut_off_by_the_window() -> None:
    pose, truth = synthetic_pose(RunnerSpec(speed_mps=2.0), Camera(), fps=60.0)
    gait = analyze_pose(pose, AnalysisConfig()).gait
    for side in Side:
        n_whole = len(truth.whole_toe_offs_s(side, MARGIN_S))
        assert np.isfinite(gait.events.toe_off_s[side]).sum() >= n_whole


def with_a_jumping_toe(motion: Motion, anchors_s: FloatArray, drop_ll: float) -> Motion:
    """The right toe leaps back onto the other leg for 80 ms of every stance, as models draw it."""
    position = np.array(motion.position_ll)
    toe = motion.landmarks.index("right_foot_index")
    for anchor in anchors_s:
        inside = (motion.time_s > anchor) & (motion.time_s < anchor + 0.08)
        position[inside, toe] -= (0.10, drop_ll)
    return Motion(motion.time_s, position, motion.filled)


@pytest.mark.parametrize("drop_ll", [0.0, 0.02])
def test_a_toe_that_jumps_where_the_legs_cross_changes_neither_speed_nor_toe_off(
    drop_ll: float,
) -> None:
    motion, truth = seen_exactly(RunnerSpec(), 60.0)
    anchors = truth.events.mid_stance_s[Side.RIGHT]
    whole, jumping = (
        detect_events(each, PARAMS)
        for each in (motion, with_a_jumping_toe(motion, anchors, drop_ll))
    )
    speeds = [each.ground_speed_ll_s[Side.RIGHT] for each in (whole, jumping)]
    assert speeds[1] == pytest.approx(speeds[0], rel=0.03)
    late_s = jumping.toe_off_s[Side.RIGHT] - whole.toe_off_s[Side.RIGHT]
    assert np.nanmax(np.abs(late_s)) < 0.020


def test_a_slope_that_only_one_foot_shows_is_not_the_grounds() -> None:
    motion, _ = seen_exactly(RunnerSpec(), 60.0)
    position = np.array(motion.position_ll)
    toe = motion.landmarks.index("right_foot_index")
    position[:, toe, 1] += 0.10 * position[:, toe, 0]
    one = detect_events(Motion(motion.time_s, position, motion.filled), PARAMS)
    both = detect_events(motion, PARAMS)
    late_s = one.toe_off_s[Side.LEFT] - both.toe_off_s[Side.LEFT]
    assert np.nanmax(np.abs(late_s)) < 1e-6

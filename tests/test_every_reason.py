"""Every reason for not measuring has a clip that brings it up, and nothing else.

Each clip is a good one with a single thing wrong; what else is lost of necessity stands beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from formcheck import AnalysisConfig, analyze_pose
from formcheck.domain import BoolArray, Choice, FloatArray, PoseSequence, Side, Text
from formcheck.errors import NoRunnerError, RefusedError, TooFewStridesError
from formcheck.gait.checks import RunningParams, require_one_stride
from formcheck.pose.choose import Wanted, choose_runner
from formcheck.reasons import reason_kinds
from formcheck.synthetic import Camera, RunnerSpec, corrupt, edits
from tests.gait.test_checks import getting_up_to_speed, rhythm, standing_still
from tests.gait.test_view import flipped_from
from tests.pose.made_people import picture, put, runner, track
from tests.pose.test_naming import renamed
from tests.synthetic.made import FAR_AWAY, FROM_BEHIND, NATURAL, record

NEAR, FAR = Side.RIGHT, Side.LEFT
FOOT = ("ankle", "heel", "foot_index")
TOLD: dict[str, Callable[[], set[str]]] = {}
"""By code: what a clip made for it brings up that a good one does not."""
BESIDE: dict[str, set[str]] = {}
"""By code: what cannot but come with it."""


def brought_up(pose: PoseSequence, **config: Any) -> set[str]:
    """Codes of everything that is refused, withheld, noted, or missing of a single metric."""
    given = {key: value for key, value in config.items() if value is not None}
    try:
        result = analyze_pose(pose, AnalysisConfig(**given))
    except RefusedError as refusal:
        return {why.code for why in refusal.reasons}
    told = {why.code for why in (*result.reasons, *result.gait.withheld.values())}
    for entry in result.measurements:
        told |= set(codes_in((entry.not_measured, entry.not_compared)))
    return told


def codes_in(said: object) -> Iterator[str]:
    """Codes of the reasons a text was made of."""
    if isinstance(said, tuple):
        for part in said:
            yield from codes_in(part)
    elif isinstance(said, Text):
        if said.area == "reasons":
            yield said.template.partition(".")[0]
        yield from codes_in(tuple(said.facts.values()))


FROM_SIDE: Mapping[str, Any] = {"speed_kmh": 10.8}
SEEN_FROM_BEHIND: Mapping[str, Any] = {"speed_kmh": 10.8, "height_cm": 176.0}


@functools.cache
def usual(*, from_behind: bool = False) -> frozenset[str]:
    """What a good clip of ten seconds brings up: the other view, and what takes a minute."""
    if from_behind:
        return frozenset(brought_up(good(camera=FROM_BEHIND), **SEEN_FROM_BEHIND))
    return frozenset(brought_up(good(), **FROM_SIDE))


def good(spec: RunnerSpec = NATURAL, camera: Camera | None = None, **film: float) -> PoseSequence:
    return record(spec, camera or Camera(), **film)[0]


def told_by(code: str, make: Callable[[], PoseSequence], beside: str = "", **config: Any) -> None:
    """Enter a clip filmed from the side."""
    TOLD[code] = lambda: brought_up(make(), **{**FROM_SIDE, **config}) - usual()
    BESIDE[code] = set(beside.split())


def told_from_behind(code: str, make: Callable[[], PoseSequence], **config: Any) -> None:
    """Enter a clip filmed from behind."""
    known = functools.partial(usual, from_behind=True)
    TOLD[code] = lambda: brought_up(make(), **{**SEEN_FROM_BEHIND, **config}) - known()
    BESIDE[code] = set()


def hidden(pose: PoseSequence, when: BoolArray, side: Side, *parts: str) -> PoseSequence:
    """Points the model does not vouch for at some times."""
    visibility = np.array(pose.visibility)
    for part in parts:
        visibility[when, pose.index(f"{side}_{part}")] = 0.05
    return replace(pose, visibility=visibility)


def late(pose: PoseSequence, share: float) -> BoolArray:
    is_late: BoolArray = pose.time_s > (1 - share) * pose.time_s[-1]
    return is_late


def part_hidden(side: Side, part: str, share: float = 0.45) -> Callable[[], PoseSequence]:
    return lambda: hidden(good(), late(good(), share), side, part)


def hidden_at_contact(
    side: Side,
    before_s: float,
    after_s: float,
    *parts: str,
    every: int = 1,
    duration_s: float = 10.0,
) -> Callable[[], PoseSequence]:
    """A part, or the foot, that is not seen around some contacts of its side."""

    def make() -> PoseSequence:
        pose, truth = record(NATURAL, duration_s=duration_s)
        off = pose.time_s[:, None] - truth.events.initial_contact_s[side][None, ::every]
        when = np.any((off > -before_s) & (off < after_s), axis=1)
        return hidden(pose, when, side, *(parts or FOOT))

    return make


def with_xy(pose: PoseSequence, change: Callable[[FloatArray], None]) -> PoseSequence:
    xy = np.array(pose.xy_px)
    change(xy)
    return replace(pose, xy_px=xy)


def nothing(xy: FloatArray) -> None:
    xy[:] = np.nan


def head_turned_back(pose: PoseSequence, when: BoolArray) -> PoseSequence:
    """The nose behind the ears at some times."""
    nose, ears = pose.index("nose"), pose.midpoint_px("ear")

    def change(xy: FloatArray) -> None:
        xy[when, nose, 0] = (2 * ears[:, 0] - xy[:, nose, 0])[when]

    return with_xy(pose, change)


def feet_turned_back(pose: PoseSequence, when: BoolArray) -> PoseSequence:
    """Heel and toes exchanged at some times."""

    def change(xy: FloatArray) -> None:
        for side in Side:
            heel, toes = (pose.index(f"{side}_{end}") for end in ("heel", "foot_index"))
            xy[when, heel], xy[when, toes] = xy[when, toes].copy(), xy[when, heel].copy()

    return with_xy(pose, change)


def feet_towards_the_camera(pose: PoseSequence) -> PoseSequence:
    """Toes above heels, all the time."""

    def change(xy: FloatArray) -> None:
        for side in Side:
            xy[:, pose.index(f"{side}_foot_index"), 0] = xy[:, pose.index(f"{side}_heel"), 0]

    return with_xy(pose, change)


def undirected() -> PoseSequence:
    """Head and feet that point to either side in turn, played backward."""
    odd = np.arange(len(good().time_s)) % 2 == 1
    turning = feet_turned_back(head_turned_back(good(), odd), odd)
    return replace(turning, xy_px=turning.xy_px[::-1])


def blinking() -> PoseSequence:
    blind = good().time_s % 0.5 < 0.2
    return with_xy(good(), lambda xy: xy.__setitem__(blind, np.nan))


def mixed_up() -> PoseSequence:
    order = np.random.default_rng(1).permutation(len(good().time_s))
    return replace(good(), xy_px=good().xy_px[order])


def panned() -> PoseSequence:
    """A camera that turns from the front quarter to the side."""
    start, end = (good(camera=Camera(yaw_deg=yaw)) for yaw in (50.0, 0.0))
    share = (start.time_s / start.time_s[-1])[:, None, None]
    return replace(start, xy_px=(1 - share) * start.xy_px + share * end.xy_px)


def bouncing_late() -> PoseSequence:
    """A few strides of somebody whose trunk dips a good quarter of a step after the feet pass."""
    pose = good(duration_s=2.5)
    height = pose.midpoint_px("hip") * np.array([0.0, 1.0])
    return replace(pose, xy_px=pose.xy_px + (np.roll(height, 7, axis=0) - height)[:, None])


def resting_hand() -> PoseSequence:
    wrist = good().index(f"{NEAR}_wrist")
    return with_xy(good(), lambda xy: xy.__setitem__((slice(None), wrist), xy[0, wrist]))


def far_foot_elsewhere() -> PoseSequence:
    """The far foot drawn on something that stands ahead of the runner."""
    feet = [good().index(f"{FAR}_{part}") for part in FOOT]
    return with_xy(good(), lambda xy: xy.__setitem__((slice(None), feet, 0), xy[:, feet, 0] + 90.0))


def slowing_down() -> PoseSequence:
    time_s = good().time_s
    return replace(good(), time_s=time_s * (1 + 0.06 * time_s / time_s[-1]))


def seen_small() -> PoseSequence:
    pose = good()
    video = replace(pose.video, width_px=427, height_px=240)
    return replace(pose, xy_px=pose.xy_px / 3, depth_px=pose.depth_px / 3, video=video)


def without_depth() -> PoseSequence:
    """Filmed from so far away that both legs are of one size."""
    pose = good(camera=FAR_AWAY)
    return replace(pose, depth_px=np.zeros_like(pose.depth_px))


def seen_from_a_car() -> PoseSequence:
    """A camera that goes the other way than the runner."""
    background = good().time_s[:, None] * np.array([0.3, 0.0]) * Camera().width_px
    return edits.moved(good(), background, np.zeros_like(background))


def coming_nearer() -> PoseSequence:
    growth = 0.75 + 0.25 * good().time_s / good().time_s[-1]
    return replace(good(), xy_px=good().xy_px * growth[:, None, None])


def asked_for_nobody() -> set[str]:
    with pytest.raises(NoRunnerError) as caught:
        choose_runner([track(put(runner(), 600.0))], picture(), Wanted(person=3))
    return {why.code for why in caught.value.reasons}


def one_step() -> set[str]:
    with pytest.raises(TooFewStridesError) as caught:
        require_one_stride(rhythm(n_strides=1.0), RunningParams())
    return {why.code for why in caught.value.reasons}


WALKER = RunnerSpec(is_walking=True, variability=1.0)

TOLD["person_not_found"], BESIDE["person_not_found"] = asked_for_nobody, set()
TOLD["too_few_strides"], BESIDE["too_few_strides"] = one_step, set()
told_by("no_person", lambda: with_xy(good(), nothing))
told_by("several_people", lambda: replace(good(), choice=Choice.UNDECIDED))
told_by("track_lost", blinking)
told_by("standing", lambda: standing_still(good(), 10.0))
told_by("turns", lambda: flipped_from(good(), 5.0))
told_by("view_oblique", lambda: good(camera=Camera(yaw_deg=40.0), duration_s=2.0))
told_by("view_changes", panned)
told_by("view_front", lambda: good(camera=Camera(yaw_deg=90.0)))
told_by("facing_unclear", undirected)
told_by("body_out_of_frame", lambda: good(camera=Camera(height_m=1.8)))
told_by("no_rhythm", mixed_up)
told_by("walking", lambda: good(WALKER))
told_by("not_running", bouncing_late)
told_by("not_steady", lambda: getting_up_to_speed(good()))
told_by("frame_rate_too_low", lambda: good(fps=12.0))
told_by("too_few_rear_strides", lambda: good(camera=FROM_BEHIND, duration_s=2.5))
told_by(
    "not_running_from_behind",
    lambda: good(replace(WALKER, walking_speed_mps=2.0), FROM_BEHIND),
)
told_by("few_strides", lambda: good(duration_s=5.0))
told_by("oblique", lambda: good(camera=Camera(yaw_deg=35.0)))
told_by("events_unreliable", hidden_at_contact(NEAR, 0.1, 0.3, every=3, duration_s=20.0))
told_by("no_events", hidden_at_contact(NEAR, 0.1, 0.1))
told_by("feet_hidden", part_hidden(NEAR, "heel"))
told_by("trunk_hidden", part_hidden(NEAR, "shoulder", 0.4), beside="shoulders_hidden")
told_by("arms_hidden", part_hidden(NEAR, "wrist"))
told_by("head_hidden", part_hidden(NEAR, "eye_outer"))
told_by("shoulders_hidden", part_hidden(NEAR, "ear"), beside="head_hidden")
told_by("arm_still", lambda: good(replace(NATURAL, arm_swing_factor=0.0)))
told_by("arm_frequency", lambda: good(replace(NATURAL, arm_frequency_ratio=1.25)))
told_by("arm_with_own_leg", lambda: good(replace(NATURAL, arm_phase_deg=180.0)))
told_by("arm_seen_too_seldom", hidden_at_contact(FAR, 0.1, 0.1, "elbow"))
told_by("far_arm_hidden", part_hidden(FAR, "wrist"))
told_by("far_leg_hidden", part_hidden(FAR, "knee"))
told_by("far_leg_lost", hidden_at_contact(FAR, -0.02, 0.15))
told_by("far_leg_unreliable", hidden_at_contact(FAR, 0.1, 0.3, every=3, duration_s=20.0))
told_by("limbs_not_followed", far_foot_elsewhere)
told_by("handrail", resting_hand)
told_by("frame_rate_low", lambda: good(fps=20.0), beside="frame_rate_timing")
told_by("frame_rate_timing", lambda: good(fps=30.0))
told_by("stiffness_on_incline", good, beside="incline", incline_percent=4.0)
told_by("rhythm_unsure", lambda: good(duration_s=1.5), beside="few_strides arm_seen_too_seldom")
told_by("time_withheld", lambda: corrupt.slowed(good(fps=240.0), 8.0))
told_by("speed_implausible", good, speed_kmh=25.0)
told_by("speed_outside_norms", good, speed_kmh=20.5)
told_by("speed_unknown", good, speed_kmh=None)
told_by("speed_and_height_disagree", good, height_cm=120.0)
told_by("incline", good, beside="stiffness_on_incline", incline_percent=4.0)
told_by("speed_changes", slowing_down)
told_by("small_picture", seen_small)
told_by(
    "sides_unnamed",
    lambda: feet_towards_the_camera(head_turned_back(good(), np.ones(600, dtype=bool))),
)
told_by(
    "part_of_clip", lambda: with_xy(good(), lambda xy: xy.__setitem__(late(good(), 0.2), np.nan))
)
told_by("sides_renamed", lambda: renamed(good()))
told_by("sides_unsure", without_depth)
told_by("camera_moves", seen_from_a_car)
told_by("size_changes", coming_nearer)
told_by("frozen", lambda: edits.frozen_start(good(), 1.2))
told_by("repeats", lambda: edits.shown_at(good(), 120.0))
told_from_behind("height_not_given", lambda: good(camera=FROM_BEHIND), height_cm=None)
told_from_behind("speed_not_given", lambda: good(camera=FROM_BEHIND), speed_kmh=None)

ALWAYS = {"read_from_behind", "drift_too_short", "strides_to_compare"}
"""What a good clip of ten seconds from the side cannot tell."""
ALWAYS_FROM_BEHIND = {"from_behind", "read_from_the_side", "drift_too_short", "strides_to_compare"}


def test_every_reason_is_brought_up_by_a_clip_and_no_other_exists() -> None:
    assert set(TOLD) | ALWAYS | ALWAYS_FROM_BEHIND == set(reason_kinds())
    assert not set(TOLD) & (ALWAYS | ALWAYS_FROM_BEHIND)


def test_a_good_clip_lacks_the_other_view_and_what_takes_a_minute() -> None:
    assert usual() == ALWAYS
    assert usual(from_behind=True) == ALWAYS_FROM_BEHIND


@pytest.mark.parametrize("code", TOLD)
def test_one_fault_brings_up_its_reason_and_no_other(code: str) -> None:
    assert TOLD[code]() == {code} | BESIDE[code]

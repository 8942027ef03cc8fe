"""The runner is the one whose legs cycle, wherever and however big the others are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from formcheck.domain import LANDMARKS, Choice, FloatArray, Legs, Person
from formcheck.errors import NoRunnerError
from formcheck.pose.choose import ANYBODY, Picture, Wanted, choose_runner, list_people
from formcheck.pose.link import Track
from formcheck.synthetic import Camera
from tests.pose.made_people import (
    bodies,
    picture,
    put,
    runner,
    slow_motion_runner,
    stander,
    track,
    walker,
)
from tests.synthetic.made import record

LEFT, RIGHT = 350.0, 950.0


def chosen(*tracks: Track, wanted: Wanted = ANYBODY) -> tuple[int, Choice, tuple[Person, ...]]:
    return choose_runner(tracks, picture(), wanted)


def with_one_leg_of(person: FloatArray, other: FloatArray) -> FloatArray:
    """A person whose left leg the model has put on somebody else's."""
    mixed = person.copy()
    for part in ("knee", "ankle", "heel", "foot_index"):
        column = LANDMARKS.index(f"left_{part}")
        mixed[:, column] = other[:, column]
    return mixed


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.6])
@pytest.mark.parametrize("other", [stander, walker])
def test_the_runner_is_chosen_whatever_the_size_of_the_bystander(
    other: Callable[[], FloatArray], scale: float
) -> None:
    index, choice, people = chosen(track(put(other(), LEFT, scale)), track(put(runner(), RIGHT)))
    assert (index, choice) == (1, Choice.RUNS)
    assert [person.is_followed for person in people] == [False, True]


def test_the_lift_of_a_runner_is_above_that_of_a_walker_and_of_people_who_stand() -> None:
    _, _, (standing, walking, running) = chosen(
        track(put(stander(), 200.0)), track(put(walker(), 600.0)), track(put(runner(), 1000.0))
    )
    assert standing.legs is Legs.REST
    assert running.legs is Legs.CYCLE
    assert running.foot_lift_ll > 2 * walking.foot_lift_ll > 4 * standing.foot_lift_ll


def test_a_bystander_with_a_leg_of_the_runners_is_a_bystander() -> None:
    running = put(runner(), RIGHT)
    mixed = with_one_leg_of(put(stander(), LEFT, 1.5), running)
    index, _, people = chosen(track(mixed), track(running))
    assert index == 1
    assert people[0].legs is Legs.REST


def test_two_runners_are_undecided_until_the_user_says_which() -> None:
    tracks = track(put(runner(), LEFT)), track(put(runner(), RIGHT))
    assert chosen(*tracks)[1] is Choice.UNDECIDED
    assert chosen(*tracks, wanted=Wanted(person=1))[:2] == (0, Choice.ASKED)
    assert chosen(*tracks, wanted=Wanted(at=(RIGHT / 1280, 0.5)))[:2] == (1, Choice.ASKED)


@pytest.mark.parametrize(
    "other",
    [track(put(runner(), LEFT, 0.5)), track(put(runner(), LEFT), 0, 200)],
    ids=["far away", "passing by"],
)
def test_runners_far_away_or_passing_by_are_no_rivals(other: Track) -> None:
    assert chosen(other, track(put(runner(), RIGHT)))[:2] == (1, Choice.RUNS)


def test_the_front_view_shows_a_runner_too() -> None:
    towards, _ = record(camera=Camera(yaw_deg=90.0))
    index, choice, _ = chosen(track(put(stander(), LEFT, 1.5)), track(bodies(towards)))
    assert (index, choice) == (1, Choice.RUNS)


def test_slow_motion_shows_a_runner_too() -> None:
    slow, clip = slow_motion_runner()
    still = np.repeat(slow[:1], len(slow), axis=0)
    tracks = track(put(still, LEFT, 1.5)), track(put(slow, RIGHT))
    assert choose_runner(tracks, clip, ANYBODY)[:2] == (1, Choice.RUNS)


def test_somebody_who_runs_for_half_of_the_clip_is_the_runner() -> None:
    starting = put(runner(), RIGHT)
    starting[:300] = starting[0]
    assert chosen(track(put(stander(), LEFT, 1.5)), track(starting))[:2] == (1, Choice.RUNS)


def test_feet_outside_the_picture_prove_no_running() -> None:
    low = runner()
    low[:, :, 1] += 250.0
    _, choice, people = chosen(track(put(low, LEFT)), track(put(runner(), RIGHT)))
    assert choice is Choice.RUNS
    assert people[0].legs is Legs.UNSEEN


def test_when_nobody_runs_the_largest_is_followed_and_it_is_said() -> None:
    tracks = track(put(stander(), LEFT, 0.7)), track(put(stander(), RIGHT))
    assert chosen(*tracks)[:2] == (1, Choice.LARGEST)
    assert chosen(tracks[0])[:2] == (0, Choice.ALONE)


def test_numbers_count_from_the_left_whatever_the_order_of_the_tracks() -> None:
    left, right = track(put(stander(), LEFT)), track(put(runner(), RIGHT), 50)
    for tracks in ((left, right), (right, left)):
        people = choose_runner(tracks, picture(), ANYBODY)[2]
        assert [(person.number, person.legs) for person in people] == [
            (1, Legs.REST), (2, Legs.CYCLE),
        ]  # fmt: skip
        assert people[1].first_s == pytest.approx(picture().time_s[50])
        assert [person.where for person in people] == ["left", "right"]


def test_boxes_are_of_one_moment_when_everybody_is_there() -> None:
    _, _, people = chosen(track(put(stander(), LEFT), 0, 400), track(put(runner(), RIGHT), 100))
    assert people[0].box_s == people[1].box_s
    assert picture().time_s[100] <= people[0].box_s <= picture().time_s[400]


@pytest.mark.parametrize(
    ("wanted", "seen"), [(Wanted(person=3), "no person 3"), (Wanted(at=(0.5, 0.01)), "0.5,0.01")]
)
def test_somebody_who_is_not_there_is_refused_with_a_list(wanted: Wanted, seen: str) -> None:
    with pytest.raises(NoRunnerError, match=seen) as refused:
        chosen(track(put(stander(), LEFT)), track(put(runner(), RIGHT)), wanted=wanted)
    assert "1 (left, 0.0 to 10.0 s, legs rest); 2 (right" in str(refused.value)
    assert [person.number for person in refused.value.people] == [1, 2]


def test_a_list_of_people_names_each_once() -> None:
    _, _, people = chosen(track(put(runner(), RIGHT)))
    later = replace(people[0], number=2, first_s=4.0)
    assert " ".join(list_people([*people, later])).count("right") == 2


def test_a_track_of_a_few_frames_is_nobody_who_runs() -> None:
    short = Picture(1280, 720, picture().time_s[:10])
    assert choose_runner([track(runner(), 0, 10)], short, ANYBODY)[2][0].legs is Legs.UNSEEN

"""Bodies found frame by frame become one track per person."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.domain import LANDMARKS, FloatArray
from formcheck.pose.link import Track, distinct, link
from tests.pose.made_people import picture, put, runner, stander

TIME_S = picture().time_s
SWAPPED = [
    LANDMARKS.index(
        name.replace("left", "L").replace("right", "left").replace("L", "right")
        if "mouth" not in name
        else name
    )
    for name in LANDMARKS
]


def shuffled(people: list[FloatArray], seed: int = 5) -> list[list[FloatArray]]:
    """Everybody in every frame, in an order that means nothing."""
    random = np.random.default_rng(seed)
    frames = [[person[index] for person in people] for index in range(len(people[0]))]
    for frame in frames:
        random.shuffle(frame)
    return frames


def holds(track: Track, person: FloatArray) -> float:
    """Share of a person's frames that a track holds."""
    same = np.all(track.bodies == person[track.frames], axis=(1, 2))
    return float(same.sum() / len(person))


def test_two_people_become_two_tracks_in_whatever_order_they_are_found() -> None:
    left, right = put(stander(), 500.0, 1.3), put(runner(), 800.0)
    tracks = link(shuffled([left, right]), TIME_S)
    assert len(tracks) == 2
    for person in (left, right):
        assert max(holds(track, person) for track in tracks) == 1.0


def test_a_runner_who_passes_behind_a_bystander_keeps_the_track() -> None:
    passing = runner()
    passing[:, :, 0] += np.linspace(-600, 600, len(passing))[:, None]
    bystander = put(stander(), 640.0, 1.3)
    tracks = link(shuffled([passing, bystander]), TIME_S)
    assert max(holds(track, passing) for track in tracks) > 0.9


def test_somebody_unseen_for_a_second_is_the_same_person_and_after_three_somebody_new() -> None:
    person = runner()
    frames = shuffled([person])
    for gap_s, count in ((1.0, 1), (3.0, 2)):
        hidden = [
            [] if 3.0 <= time_s < 3.0 + gap_s else frame
            for time_s, frame in zip(TIME_S, frames, strict=True)
        ]
        assert len(link(hidden, TIME_S)) == count


def test_exchanged_legs_do_not_break_a_track() -> None:
    exchanged = runner()
    exchanged[::3] = exchanged[::3][:, SWAPPED]
    tracks = link(shuffled([exchanged]), TIME_S)
    assert [len(track.frames) for track in tracks] == [len(exchanged)]


def test_a_ghost_of_a_few_frames_is_left_out() -> None:
    ghost = put(stander(), 1100.0)
    frames = shuffled([runner()])
    frames[100:110] = [[*frame, ghost[0]] for frame in frames[100:110]]
    assert len(link(frames, TIME_S)) == 1


def test_one_person_found_twice_is_one() -> None:
    body = runner()[0]
    again = body.copy()
    again[:, 0] += 8.0
    assert len(distinct([body, again])) == 1


def test_people_one_behind_the_other_are_two() -> None:
    front = stander()[0]
    behind = front.copy()
    behind[:, 0] += 0.4 * np.ptp(front[:, 1])
    assert len(distinct([front, behind])) == 2


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_frames_give_no_track(count: int) -> None:
    seen = [[] for _ in TIME_S] if count == 0 else [[runner()[0]], *([[]] * (len(TIME_S) - 1))]
    assert link(seen, TIME_S) == []

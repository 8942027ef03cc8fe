"""Which of the people in a clip is the runner: the one whose legs cycle, not the biggest.

Running lifts each foot by a good part of the leg once a stride, in a steady rhythm. So for every
tracked person two numbers are taken from the frames that show both ankles: how far each ankle
moves up and down under the hip (the smaller of the two sides counts: a bystander whose one leg
the model puts on the runner's is still a bystander), and how much of the movement of the ankles
apart from each other lies at one frequency. Neither changes when left and right are exchanged,
with the view, or in slow motion. Measured on real and rendered clips: runners 0.24-0.9 leg
lengths, walkers 0.15-0.20, people who stand 0.00-0.05.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.domain import (
    LANDMARKS,
    BoolArray,
    Choice,
    FloatArray,
    Legs,
    Person,
    Side,
    Text,
)
from formcheck.errors import NoRunnerError
from formcheck.geometry import distance
from formcheck.pose.link import Track
from formcheck.pose.rhythm import MIN_SHARE, stride_rhythm
from formcheck.reasons import reason
from formcheck.texts import text

_LIFT_OF_STEPS = 0.10  # leg lengths; people who stand stay below half of it
_FULL_LIFT = 0.5  # a higher lift is a faster runner, not more of a runner
_RIVAL_LIFT = 0.7  # of the chosen one's: a walker beside a runner has less
_RIVAL_SIZE = 0.6  # shorter people run in the background
_RIVAL_SEEN = 0.5  # people seen for less only pass by
_LEAST_LEGS_SHOWN = 0.5  # of the frames that show the person
_MIN_FRAMES = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who the user wants to be followed.

    ``person`` is a number from an earlier report; ``at`` a point on the person, fractions of the
    picture's width and height from its upper left corner. Both None: formcheck chooses.
    """

    person: int | None = None
    at: tuple[float, float] | None = None


ANYBODY = Wanted()
"""Let formcheck choose."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Size of the upright picture, and the frames' times (n_frames,) on the file's clock."""

    width_px: int
    height_px: int
    time_s: FloatArray


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A tracked person and what tells a runner: lift in leg lengths, height in pixels."""

    track: Track
    legs: Legs
    lift: float
    height_px: float
    seen_s: float

    @property
    def weight(self) -> float:
        """How much speaks for this person, comparable between people of one clip."""
        moves = min(self.lift, _FULL_LIFT) if self.legs is Legs.CYCLE else 0.01
        return moves * self.height_px * self.seen_s


def choose_runner(
    tracks: Sequence[Track], picture: Picture, wanted: Wanted
) -> tuple[int, Choice, tuple[Person, ...]]:
    """Index of the track to follow, why, and a description of everybody.

    People are numbered from left to right by where each is first seen. Raises NoRunnerError when
    the wanted person is not there. ``tracks`` must not be empty.
    """
    order = sorted(tracks, key=lambda track: float(track.boxes()[0, [0, 2]].mean()))
    found = [_candidate(track, picture) for track in order]
    chosen, choice = _choose(found, picture, wanted)
    still = _shared_frame(order)
    people = tuple(
        _person(number, candidate, picture, still, choice if index == chosen else None)
        for index, (number, candidate) in enumerate(zip(_numbers(order), found, strict=True))
    )
    return _index(tracks, order[chosen]), choice, people


def _numbers(order: Sequence[Track]) -> range:
    return range(1, len(order) + 1)


def _index(tracks: Sequence[Track], wanted: Track) -> int:
    return next(index for index, track in enumerate(tracks) if track is wanted)


def _choose(found: Sequence[_Candidate], picture: Picture, wanted: Wanted) -> tuple[int, Choice]:
    if wanted.person is not None:
        return _numbered(wanted.person, found, picture), Choice.ASKED
    if wanted.at is not None:
        return _pointed_at(wanted.at, found, picture), Choice.ASKED
    chosen = max(range(len(found)), key=lambda index: found[index].weight)
    if len(found) == 1:
        return chosen, Choice.ALONE
    if found[chosen].legs is not Legs.CYCLE:
        return chosen, Choice.LARGEST
    others = (other for index, other in enumerate(found) if index != chosen)
    rival = any(_is_rival(other, found[chosen]) for other in others)
    return chosen, Choice.UNDECIDED if rival else Choice.RUNS


def _is_rival(other: _Candidate, chosen: _Candidate) -> bool:
    return (
        other.legs is Legs.CYCLE
        and min(other.lift, _FULL_LIFT) >= _RIVAL_LIFT * min(chosen.lift, _FULL_LIFT)
        and other.height_px >= _RIVAL_SIZE * chosen.height_px
        and other.seen_s >= _RIVAL_SEEN * chosen.seen_s
    )


def _numbered(number: int, found: Sequence[_Candidate], picture: Picture) -> int:
    if number > len(found):
        raise _not_there(text("analysis", "people.no_number", number=number), found, picture)
    return number - 1


def _pointed_at(at: tuple[float, float], found: Sequence[_Candidate], picture: Picture) -> int:
    """The person whose box holds the point for longest."""
    x, y = at[0] * picture.width_px, at[1] * picture.height_px
    inside = []
    for candidate in found:
        left, top, right, bottom = candidate.track.boxes().T
        held = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
        inside.append(int(held.sum()))
    if not any(inside):
        raise _not_there(
            text("analysis", "people.nobody_at", x=f"{at[0]:g}", y=f"{at[1]:g}"), found, picture
        )
    return int(np.argmax(inside))


def _not_there(what: Text, found: Sequence[_Candidate], picture: Picture) -> NoRunnerError:
    people = [
        _person(number, candidate, picture, None, None)
        for number, candidate in enumerate(found, start=1)
    ]
    listed = list_people(people)
    error = NoRunnerError(reason("person_not_found", wanted=what, people=listed))
    error.people = tuple(people)
    return error


def list_people(people: Sequence[Person]) -> tuple[Text, ...]:
    """Everybody, one after the other, to choose from."""
    return tuple(
        text(
            "analysis",
            "people.one",
            number=person.number,
            where=person.where,
            first_s=person.first_s,
            last_s=person.last_s,
            legs=person.legs.value,
        )
        for person in people
    )


def _candidate(track: Track, picture: Picture) -> _Candidate:
    boxes = track.boxes()
    seen_s = len(track.frames) / len(picture.time_s) * float(picture.time_s[-1])
    shown = _both_ankles_shown(track, picture)
    legs, lift = _leg_work(track, shown, picture.time_s[track.frames])
    return _Candidate(track, legs, lift, float(np.median(boxes[:, 3] - boxes[:, 1])), seen_s)


def _both_ankles_shown(track: Track, picture: Picture) -> BoolArray:
    ankles = np.stack([_point(track, f"{side}_ankle") for side in Side], axis=1)
    size = np.array([picture.width_px, picture.height_px])
    shown: BoolArray = np.all((ankles > 0) & (ankles < size), axis=(1, 2))
    return shown


def _leg_work(track: Track, shown: BoolArray, time_s: FloatArray) -> tuple[Legs, float]:
    """What the legs do, and the lift of the foot that is lifted less, leg lengths.

    The best of the clip and its halves counts: a runner may stand for the rest of the time.
    """
    if shown.mean() < _LEAST_LEGS_SHOWN or shown.sum() < _MIN_FRAMES:
        return Legs.UNSEEN, 0.0
    below_ll = _ankles_below_hips(track)[shown] / _leg_px(track, shown)
    ankles = [_point(track, f"{side}_ankle")[shown] for side in Side]
    gap_px = np.abs(ankles[0] - ankles[1])
    parts = _parts(len(gap_px))
    lifts = [_lift(below_ll[part]) for part in parts]
    rhythms = [_is_rhythmic(time_s[shown][part], gap_px[part]) for part in parts]
    steps = [lift for lift, rhythmic in zip(lifts, rhythms, strict=True) if rhythmic]
    if steps and max(steps) >= _LIFT_OF_STEPS:
        return Legs.CYCLE, max(steps)
    return (Legs.MOVE if lifts[0] >= _LIFT_OF_STEPS else Legs.REST), lifts[0]


def _parts(count: int) -> tuple[slice, ...]:
    """All of so many frames, and the first, middle and last half of them."""
    half, quarter = count // 2, count // 4
    return slice(None), slice(0, half), slice(quarter, quarter + half), slice(half, None)


def _ankles_below_hips(track: Track) -> FloatArray:
    """Height of each ankle under its hip, pixels, ``(n, 2)``."""
    below = [
        _point(track, f"{side}_ankle")[:, 1] - _point(track, f"{side}_hip")[:, 1] for side in Side
    ]
    return np.stack(below, axis=1)


def _lift(below: FloatArray) -> float:
    """Range of the ankle that moves less, leaving out a tenth at either end."""
    low, high = np.percentile(below, [10, 90], axis=0)
    return float(np.min(high - low))


def _is_rhythmic(time_s: FloatArray, gap_px: FloatArray) -> bool:
    """Whether the ankles come and go in a rhythm, across or up and down."""
    rhythms = [stride_rhythm(time_s, gap_px[:, axis]) for axis in (0, 1)]
    return any(rhythm is not None and rhythm[1] >= MIN_SHARE for rhythm in rhythms)


def _leg_px(track: Track, shown: BoolArray) -> float:
    """Leg length, pixels: 95th percentile, as a limb that points at the camera gets shorter."""
    lengths = []
    for side in Side:
        hip, knee, ankle = (_point(track, f"{side}_{part}") for part in ("hip", "knee", "ankle"))
        lengths.append((distance(hip, knee) + distance(knee, ankle))[shown])
    return float(np.percentile(np.concatenate(lengths), 95))


def _point(track: Track, landmark: str) -> FloatArray:
    return track.bodies[:, LANDMARKS.index(landmark), :2]


def _shared_frame(tracks: Sequence[Track]) -> int:
    """The frame that shows the most people, as near the middle of the clip as possible."""
    last = max(int(track.frames[-1]) for track in tracks)
    count = np.zeros(last + 1, dtype=int)
    for track in tracks:
        count[track.frames] += 1
    best = np.flatnonzero(count == count.max())
    return int(best[np.argmin(np.abs(best - last / 2))])


def _person(
    number: int,
    candidate: _Candidate,
    picture: Picture,
    still: int | None,
    choice: Choice | None,
) -> Person:
    """Description of a person; the box is that in the still, else where they are first seen."""
    frames = candidate.track.frames
    at = np.flatnonzero(frames == still)
    index = int(at[0]) if len(at) else 0
    left, top, right, bottom = (round(float(edge)) for edge in candidate.track.boxes()[index])
    return Person(
        number=number,
        box_px=(left, top, right, bottom),
        box_s=float(picture.time_s[frames[index]]),
        where=_third((left + right) / 2 / picture.width_px),
        first_s=float(picture.time_s[frames[0]]),
        last_s=float(picture.time_s[frames[-1]]),
        legs=candidate.legs,
        foot_lift_ll=round(candidate.lift, 2),
        is_followed=choice is not None,
    )


def _third(share: float) -> str:
    return "left" if share < 1 / 3 else "middle" if share < 2 / 3 else "right"

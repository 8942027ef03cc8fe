"""Bodies found frame by frame, linked into one track per person.

Each frame's bodies are given to the tracks so that the sum of distances is least (Hungarian
method). The distance is that of the shoulder and hip midpoints, which no exchange of left and
right moves, in trunk lengths; a track is expected where it was last seen plus its last movement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy

from formcheck.domain import LANDMARKS, FloatArray, IntArray

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_ONE_PLACE, _NEAR_BY = 0.3, 0.8  # trunk lengths between the trunks of one person found twice
_HALF = 0.5  # intersection over union of two boxes
_NEAR = 1.0  # trunk lengths a person may be away from where the track expects them
_DRIFT = 6.0  # more trunk lengths per second unseen: a runner who crosses the picture
_FARTHEST = 2.5
_SIZE_RATIO = 1.8  # a person's size changes less than this between two sightings
_FORGET_S = 2.0  # a person unseen for longer is somebody new
_BRIEF_S = 0.3  # shorter tracks are ghosts
_SIDES = ("left", "right")
_TRUNK_COLUMNS = np.array(
    [[LANDMARKS.index(f"{side}_{part}") for side in _SIDES] for part in ("shoulder", "hip")]
)
_LEG_COLUMNS = np.array(
    [[LANDMARKS.index(f"{side}_{part}") for part in ("hip", "knee", "ankle")] for side in _SIDES]
)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One person over time.

    ``frames`` (n,) ascending frame numbers; ``bodies`` (n, n_landmarks, 4) x, y, depth in pixels
    of the upright picture, and visibility.
    """

    frames: IntArray
    bodies: FloatArray

    def spread(self, n_frames: int) -> FloatArray:
        """Bodies of all frames, ``(n_frames, n_landmarks, 4)``, NaN where not seen."""
        everywhere = np.full((n_frames, *self.bodies.shape[1:]), np.nan)
        everywhere[self.frames] = self.bodies
        return everywhere

    def boxes(self) -> FloatArray:
        """Left, top, right, bottom in each of ``frames``, ``(n, 4)``."""
        xy = self.bodies[:, :, :2]
        return np.concatenate((xy.min(axis=1), xy.max(axis=1)), axis=1)


def box_of(body: FloatArray) -> Box:
    """Box around a body's landmarks."""
    (left, top), (right, bottom) = np.min(body[:, :2], axis=0), np.max(body[:, :2], axis=0)
    return float(left), float(top), float(right), float(bottom)


def height(box: Box) -> float:
    """Height of a box."""
    return box[3] - box[1]


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    common = max(width, 0.0) * max(tall, 0.0)
    union = _area(one) + _area(other) - common
    return common / union if union > 0 else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * height(box)


def distinct(bodies: Iterable[FloatArray]) -> list[FloatArray]:
    """Bodies of different people, tallest first: of two that overlap the taller is kept."""
    kept: list[FloatArray] = []
    for body in sorted(bodies, key=lambda body: height(box_of(body)), reverse=True):
        if not any(is_one_person(body, other) for other in kept):
            kept.append(body)
    return kept


def is_one_person(one: FloatArray, other: FloatArray) -> bool:
    """Whether two bodies of one frame are the same person found twice.

    Their trunks are in one place, or near it while their boxes overlap by half: a leg put on
    somebody else's makes a box much larger, and people who stand behind each other share one.
    """
    distance = apart(one, other)
    if distance < _ONE_PLACE:
        return True
    return distance < _NEAR_BY and overlap(box_of(one), box_of(other)) > _HALF


def place(body: FloatArray) -> FloatArray:
    """Shoulder and hip midpoints, ``(2, 2)`` or, of several bodies, ``(n, 2, 2)``."""
    middles: FloatArray = body[..., _TRUNK_COLUMNS, :2].mean(axis=-2)
    return middles


def size(body: FloatArray) -> float:
    """Trunk and legs end to end, pixels: changes little while a person runs."""
    return float(sizes(body[None])[0])


def sizes(bodies: FloatArray) -> FloatArray:
    """Trunk and legs end to end of several bodies, ``(n,)``."""
    steps = np.diff(bodies[:, _LEG_COLUMNS, :2], axis=-2)
    leg = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=-1).max(axis=-1)
    shoulder, hip = place(bodies).transpose(1, 2, 0)
    total: FloatArray = np.hypot(*(shoulder - hip)) + leg
    return total


def apart(one: FloatArray, other: FloatArray) -> float:
    """Distance of two bodies in trunk lengths (a third of trunk and legs) of the larger one."""
    return float(each_apart(one[None], other[None])[0])


def each_apart(ones: FloatArray, others: FloatArray) -> FloatArray:
    """Distance of every body from its partner, as in ``apart``, ``(n,)``."""
    moved = place(ones) - place(others)
    distance = np.hypot(moved[..., 0], moved[..., 1]).mean(axis=-1)
    larger: FloatArray = np.maximum(sizes(ones), sizes(others))
    trunks: FloatArray = 3.0 * distance / np.maximum(larger, 1e-9)
    return trunks


@dataclass(slots=True, eq=False)
class _Growing:
    """A track that may go on."""

    frames: list[int] = field(default_factory=list)
    bodies: list[FloatArray] = field(default_factory=list)

    def expected(self, frame: int) -> FloatArray:
        """Body at the place where the last movement leads, at most a quarter of a trunk on."""
        last = self.bodies[-1]
        if len(self.bodies) < 2:
            return last
        gap = self.frames[-1] - self.frames[-2]
        moved = (place(last) - place(self.bodies[-2])).mean(axis=0) / gap
        most = size(last) / 12
        ahead = last.copy()
        ahead[:, :2] += np.clip(moved * (frame - self.frames[-1]), -most, most)
        return ahead

    def finished(self) -> Track:
        return Track(np.array(self.frames, dtype=np.intp), np.stack(self.bodies))


def link(seen: Sequence[Sequence[FloatArray]], time_s: FloatArray) -> list[Track]:
    """Tracks of the people in ``seen``, the bodies of each frame; ghosts are left out.

    ``time_s`` (n_frames,) on the file's clock. Tracks are in the order of their first frame.
    """
    tracks: list[_Growing] = []
    for frame, bodies in enumerate(seen):
        if bodies:
            _extend(tracks, frame, distinct(bodies), time_s)
    finished = [track.finished() for track in tracks]
    return [track for track in finished if _lasts(track, time_s)]


def _extend(
    tracks: list[_Growing], frame: int, bodies: list[FloatArray], time_s: FloatArray
) -> None:
    """Give the bodies of a frame to the tracks; the others start tracks of their own."""
    alive = [track for track in tracks if time_s[frame] - time_s[track.frames[-1]] <= _FORGET_S]
    cost = np.array([[_cost(track, body, frame, time_s) for body in bodies] for track in alive])
    taken = set()
    for row, column in (
        zip(*scipy.optimize.linear_sum_assignment(cost), strict=True) if alive else ()
    ):
        if cost[row, column] < _FARTHEST:
            alive[row].frames.append(frame)
            alive[row].bodies.append(bodies[column])
            taken.add(int(column))
    tracks.extend(
        _Growing([frame], [body]) for column, body in enumerate(bodies) if column not in taken
    )


def _cost(track: _Growing, body: FloatArray, frame: int, time_s: FloatArray) -> float:
    """Distance in trunk lengths; ``_FARTHEST`` and more for somebody else."""
    last = track.bodies[-1]
    ratio = size(body) / max(size(last), 1e-9)
    unseen_s = float(time_s[frame] - time_s[track.frames[-1]])
    reach = min(_NEAR + _DRIFT * unseen_s, _FARTHEST)
    distance = apart(track.expected(frame), body)
    fits = distance < reach and 1 / _SIZE_RATIO < ratio < _SIZE_RATIO
    return distance if fits else 10 * _FARTHEST


def _lasts(track: Track, time_s: FloatArray) -> bool:
    span_s = float(time_s[track.frames[-1]] - time_s[track.frames[0]])
    return span_s >= min(_BRIEF_S, 0.5 * float(time_s[-1] - time_s[0]))

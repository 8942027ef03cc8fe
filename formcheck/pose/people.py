"""Who else is in the picture, told from a few frames."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol, Self

import numpy as np

from formcheck.cores import beside
from formcheck.domain import FloatArray, RgbImage
from formcheck.pose.link import box_of, distinct, height, is_one_person

_FIRST_S = 0.3  # after the start, where phones often still move
_STEP_S = 1.25  # 8 looks in 10 s
_GROWTH = 1.25  # looks get rarer as the clip gets longer: 15 in a minute, 25 in ten
_SIMILAR_HEIGHT = 0.6  # of the followed person's: shorter people stand in the background


class BodyFinder(Protocol):
    """Finds bodies in one picture."""

    def __call__(self, rgb: RgbImage) -> Sequence[FloatArray]:
        """Landmarks of each person, ``(n_landmarks, 4)``.

        x, y (fractions of the picture), depth (on the scale of x) and visibility.
        """


class Schedule:
    """When to look: depends on the presentation times only, so a clip always gives the same."""

    def __init__(self) -> None:
        self._next_s = _FIRST_S

    def is_due(self, time_s: float) -> bool:
        """Whether to look at the frame of this time; asked once per frame, in order."""
        if time_s < self._next_s:
            return False
        self._next_s = max(time_s + _STEP_S, time_s * _GROWTH)
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Everybody found in one frame; bodies in pixels of the picture."""

    frame: int
    bodies: Sequence[FloatArray]


class Looks:
    """Looks at a few frames of a stream, overlapped in a thread. Use as a context manager."""

    def __init__(
        self, find_bodies: BodyFinder, scale: FloatArray, *, is_overlapped: bool = True
    ) -> None:
        """``scale`` (4,) turns a body's fractions into pixels."""
        self._find_bodies = find_bodies
        self._scale = scale
        self._schedule = Schedule()
        self._pool = beside("people", is_overlapped=is_overlapped)
        self._looks: list[tuple[int, Future[Sequence[FloatArray]]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def see(self, frame: int, rgb: RgbImage, time_s: float) -> None:
        """Look at a frame if it is time to; asked once per frame, in order."""
        if self._schedule.is_due(time_s):
            self.look(frame, rgb)

    def look(self, frame: int, rgb: RgbImage) -> None:
        """Look at a frame, in whatever order."""
        self._looks.append((frame, self._pool.submit(self._find_bodies, rgb)))

    def results(self) -> list[Look]:
        """What the looks saw, in the order of the frames."""
        return [
            Look(frame, distinct(body * self._scale for body in bodies.result()))
            for frame, bodies in sorted(self._looks, key=itemgetter(0))
        ]


def others_share(looks: Sequence[Look], followed: FloatArray, *, similar: bool) -> float:
    """Share of the looks that show somebody who is not the person followed, 0 without looks.

    ``followed`` (n_frames, n_landmarks, 4) is that person in every frame, NaN where not found.
    With ``similar`` only people of similar or greater height count. Looks that show nobody are
    left out.
    """
    telling = [look for look in looks if look.bodies]
    shown = [_shows_others(look, followed[look.frame], similar=similar) for look in telling]
    return float(np.mean(shown)) if shown else 0.0


def _shows_others(look: Look, known: FloatArray, *, similar: bool) -> bool:
    if not np.isfinite(known[0, 0]):
        return len(look.bodies) > 1
    least = _SIMILAR_HEIGHT * height(box_of(known)) if similar else 0.0
    return any(
        height(box_of(body)) >= least and not is_one_person(body, known) for body in look.bodies
    )

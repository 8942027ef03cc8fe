"""How many people of similar size a clip shows, told from a few frames."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median_low
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from formcheck.domain import FloatArray, RgbImage

_FIRST_S = 0.3  # after the start, where phones often still move
_STEP_S = 1.25  # 8 looks in 10 s
_GROWTH = 1.25  # looks get rarer as the clip gets longer: 15 in a minute, 25 in ten
_SIMILAR_HEIGHT = 0.6  # of the tallest: shorter people stand in the background
_SAME_PERSON_IOU = 0.5  # boxes that overlap more show one person found twice


class BodyFinder(Protocol):
    """Finds the landmarks of everybody in one picture."""

    def __call__(self, rgb: RgbImage) -> Sequence[FloatArray]:
        """Landmarks of each person, ``(n_landmarks, 2)`` in one unit along both axes."""


class PeopleCounter:
    """Looks at a few frames of a stream, in a thread of its own.

    The times of looking depend on nothing but the presentation times, so a clip always gives the
    same count. Use as a context manager.
    """

    def __init__(self, find_bodies: BodyFinder) -> None:
        self._find_bodies = find_bodies
        self._next_s = _FIRST_S
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="formcheck-people")
        self._counts: list[Future[int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def see(self, rgb: RgbImage, time_s: float) -> None:
        """Look at a frame if it is time to."""
        if time_s >= self._next_s:
            self._next_s = max(time_s + _STEP_S, time_s * _GROWTH)
            self._counts.append(self._pool.submit(self._count, rgb))

    def people(self) -> int | None:
        """People of similar size seen at once in most frames that show anybody.

        The (lower) median over those frames; 0 when none shows anybody, None when none was
        looked at.
        """
        counts = [count.result() for count in self._counts]
        if not counts:
            return None
        seen = [count for count in counts if count]
        return median_low(seen) if seen else 0

    def _count(self, rgb: RgbImage) -> int:
        return count_similar([_box(body) for body in self._find_bodies(rgb)])


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def count_similar(boxes: Sequence[Box]) -> int:
    """How many of the boxes show different people of similar height to the tallest."""
    kept: list[Box] = []
    for box in sorted(boxes, key=_height, reverse=True):
        is_tall = not kept or _height(box) >= _SIMILAR_HEIGHT * _height(kept[0])
        if is_tall and all(_overlap(box, other) <= _SAME_PERSON_IOU for other in kept):
            kept.append(box)
    return len(kept)


def _box(body: FloatArray) -> Box:
    (left, top), (right, bottom) = np.min(body, axis=0), np.max(body, axis=0)
    return float(left), float(top), float(right), float(bottom)


def _height(box: Box) -> float:
    return box[3] - box[1]


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(width, 0.0) * max(height, 0.0)
    union = _area(one) + _area(other) - common
    return common / union if union > 0 else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * _height(box)

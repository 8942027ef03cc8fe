"""The first look at a clip: one person followed from frame to frame, the pictures watched.

A long clip is followed in segments, several at a time, each by a follower of its own that begins
some frames earlier (docs/decisions/0024). The segments depend on the clip alone, so the landmarks
do not depend on how many are worked on at once. Where two of them do not agree on the person, or
the file is not what its index says, the clip is followed from beginning to end.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from formcheck.domain import FloatArray, Progress, RgbImage, Scene
from formcheck.heap import Rows
from formcheck.pose.clip import Clip, nobody
from formcheck.pose.link import is_one_person
from formcheck.pose.people import BodyFinder, Look, Looks, Schedule
from formcheck.video.scene import SceneWatcher
from formcheck.video.segments import NotAsPlannedError, Plan, Segment, plan, read

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class FirstLook:
    """What the first look saw.

    ``time_s`` (n_frames,) on the file's clock; ``bodies`` (n_frames, n_landmarks, 4) of the person
    followed, pixels of the upright picture and visibility, in the model's own single precision,
    NaN where not found; ``looks`` at a few frames for everybody there.
    """

    time_s: FloatArray
    bodies: FloatArray
    looks: list[Look]
    scene: Scene


def first_look(clip: Clip, jobs: int) -> FirstLook:
    """Follow one person through a clip, ``jobs`` segments of it at a time.

    Raises VideoError when the file cannot be read on.
    """
    planned = plan(clip.video)
    if planned is not None:
        try:
            return _in_segments(clip, planned, jobs)
        except NotAsPlannedError as error:
            logger.info("%s is followed in one go: %s", clip.video.path, error)
    return _in_one_go(clip)


def _in_one_go(clip: Clip) -> FirstLook:
    times: list[float] = []
    with clip.follower() as follow, _looks(clip) as looks:
        stretch = _Stretch(clip, follow)
        for index, rgb, time_s in clip.frames(clip.max_side_px):
            looks.see(index, rgb, time_s)
            stretch.see(rgb)
            times.append(time_s)
        return FirstLook(
            np.array(times),
            stretch.bodies(),
            looks.results(),
            stretch.watcher.scene(clip.size[0]),
        )


def _looks(clip: Clip) -> Looks:
    return Looks(clip.search, clip.to_px, is_overlapped=clip.video.is_overlapped)


@dataclass(slots=True, eq=False)
class _Stretch:
    """One person followed through frames in a row, and the scene from frame ``watched`` on.

    The first of the frames seen has the number ``lead``.
    """

    clip: Clip
    follow: BodyFinder
    lead: int = 0
    watched: int = 0
    seen: Rows = field(default_factory=lambda: Rows(np.float32))
    watcher: SceneWatcher = field(init=False)

    def __post_init__(self) -> None:
        self.watcher = SceneWatcher(self.watched)

    def see(self, rgb: RgbImage) -> None:
        """Look at the next frame."""
        found = self.follow(rgb)
        body = found[0] * self.clip.to_px if found else nobody()
        self.seen.append(body)
        if self.lead + len(self.seen) > self.watched:
            scale = rgb.shape[1] / self.clip.size[0]
            self.watcher.see(rgb, body[:, :2] * scale)

    def bodies(self, first: int = 0) -> FloatArray:
        """Bodies from frame ``first`` of the clip on, ``(n, n_landmarks, 4)``."""
        return self.seen.array()[max(first - self.lead, 0) :].astype(np.float64)


def _in_segments(clip: Clip, planned: Plan, jobs: int) -> FirstLook:
    """Follow one person in every segment.

    Raises NotAsPlannedError when the segments do not fit together.
    """
    work = _Work(clip, planned)
    with _looks(clip) as looks:
        stretches = work.done(looks, jobs)
        found = looks.results()
    for one, other in pairwise(stretches):
        _check_agreement(one, other)
    watcher = stretches[0].watcher
    for later in stretches[1:]:
        watcher.go_on(later.watcher)
    bodies = [
        stretch.bodies(segment.first)
        for stretch, segment in zip(stretches, planned.segments, strict=True)
    ]
    clip.video.describe(planned.time_s)
    return FirstLook(planned.time_s, np.concatenate(bodies), found, watcher.scene(clip.size[0]))


def _check_agreement(one: _Stretch, other: _Stretch) -> None:
    """Both saw the last frame of the first; they have to have seen the same person in it."""
    last = one.bodies()[-1]
    same = other.bodies(other.watched)[0]
    is_known = np.isfinite((last[0, 0], same[0, 0]))
    if is_known.any() and not (is_known.all() and is_one_person(last, same)):
        raise NotAsPlannedError(f"before frame {other.watched + 1} the person is not the same")


class _Work:
    """The segments of a clip, followed by several threads."""

    def __init__(self, clip: Clip, planned: Plan) -> None:
        self._clip, self._planned = clip, planned
        schedule = Schedule()
        self._due = {k for k, time_s in enumerate(planned.time_s) if schedule.is_due(time_s)}
        self._progress = _Count(clip.progress, len(planned.time_s))
        self._is_over = threading.Event()

    def done(self, looks: Looks, jobs: int) -> list[_Stretch]:
        """Follow all segments, ``jobs`` at a time, and return them in order."""
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="formcheck-follow")
        try:
            return _results(
                pool.submit(self._follow, segment, looks) for segment in self._planned.segments
            )
        finally:
            self._is_over.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _follow(self, segment: Segment, looks: Looks) -> _Stretch:
        clip = self._clip
        watched = max(segment.first - 1, 0)
        with (
            clip.follower() as follow,
            closing(read(clip.video, self._planned, segment, clip.max_side_px)) as frames,
        ):
            stretch = _Stretch(clip, follow, segment.lead, watched)
            for index, frame in enumerate(frames, segment.lead):
                if self._is_over.is_set():
                    break
                if index in self._due and index >= segment.first:
                    looks.look(index, frame.rgb)
                stretch.see(frame.rgb)
                if index >= segment.first:
                    self._progress.add()
        return stretch


def _results(futures: Iterable[Future[_Stretch]]) -> list[_Stretch]:
    return [future.result() for future in list(futures)]


class _Count:
    """Frames done by all threads together."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total = progress, total
        self._lock = threading.Lock()
        self._done = 0

    def add(self) -> None:
        """Tell that one more is done."""
        with self._lock:
            self._done += 1
            self._progress(self._done, self._total)

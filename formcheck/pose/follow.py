"""The looks at a clip, as many as it needs, until the runner's landmarks are known in every frame.

1. One person is followed through the clip, and a few frames are searched for others (`first`).
   With one runner of decent size that is all.
2. When others may be the runner, everybody is searched in every frame, the finds are linked
   (`link`) and the one whose legs cycle is chosen (`choose`). When nobody, or hardly anybody small,
   was found, parts of the picture are searched at its full size (`search`).
3. When that person is not the one of the first look, or is small in a large picture, they are
   followed on a window that moves along (`crop`).

Every look reads the file anew: nothing is kept but landmarks, and a clip always gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.domain import Choice, FloatArray, Legs, Person, RgbImage, Scene
from formcheck.pose.choose import ANYBODY, Picture, Wanted, choose_runner
from formcheck.pose.clip import Clip
from formcheck.pose.crop import Window, is_same, windows_along
from formcheck.pose.first import first_look
from formcheck.pose.link import Track, apart, box_of, is_one_person, link
from formcheck.pose.people import BodyFinder, Look, others_share
from formcheck.pose.search import search
from formcheck.video.scene import SceneWatcher

_MOST_OTHERS = 0.5  # of the looks: then somebody else may be the runner
_ANY_OTHERS = 0.2  # of the looks, when the person followed does not run
_JUMP = 1.5  # trunk lengths from one frame to the next: another person
_SAME_SHARE = 0.95  # of the frames both looks know: then they followed the same person
_SMALL = 0.3  # of the longer side: below, the detector may miss somebody
_RARELY = 0.9  # found in less of the frames: missed
_FEW_PX = 180  # a body of fewer pixels has less than the model can use
_GREY = 128


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The runner in every frame.

    ``time_s`` (n_frames,) on the file's clock; ``bodies`` (n_frames, n_landmarks, 4) x, y and depth
    in pixels of the upright picture and visibility, NaN where not found. ``scene`` is what the
    pictures show around this person.
    """

    time_s: FloatArray
    bodies: FloatArray
    people: tuple[Person, ...]
    choice: Choice | None
    scene: Scene


def follow_runner(clip: Clip, wanted: Wanted, jobs: int) -> Followed:
    """Find the runner in every frame of a clip, with up to ``jobs`` threads at the pose model.

    Raises VideoError when the file cannot be read on and NoRunnerError when the person wanted is
    not there.
    """
    seen = first_look(clip, jobs)
    time_s, first, looks, scene = seen.time_s, seen.bodies, seen.looks, seen.scene
    picture = Picture(*clip.size, time_s)
    tracks = _tracks(clip, first, looks, picture, wanted)
    if not tracks:
        return Followed(time_s, first, (), None, scene)
    chosen, choice, people = choose_runner(tracks, picture, wanted)
    track = tracks[chosen]
    if _is_enough(clip, first, track):
        return Followed(time_s, first, people, choice, scene)
    bodies, scene = _along(clip, track, time_s)
    return Followed(time_s, bodies, people, choice, scene)


def _tracks(
    clip: Clip, first: FloatArray, looks: Sequence[Look], picture: Picture, wanted: Wanted
) -> list[Track]:
    """Everybody worth choosing from: the person of the first look, or all there are."""
    alone = _as_track(first)
    if alone is None or _is_missed(clip, alone, picture):
        return search(clip.frames(None), clip.search, picture) or _only(alone)
    if wanted.at is None and not _may_be_another(alone, first, looks, picture):
        return [alone]
    return _everybody(clip, picture) or [alone]


def _only(track: Track | None) -> list[Track]:
    return [] if track is None else [track]


def _as_track(bodies: FloatArray) -> Track | None:
    frames = np.flatnonzero(np.isfinite(bodies[:, 0, 0]))
    return Track(frames, bodies[frames]) if len(frames) else None


def _is_missed(clip: Clip, track: Track, picture: Picture) -> bool:
    """Whether somebody small is lost at times; then the detector may miss them altogether."""
    is_small = _height_px(track) < _SMALL * max(clip.size)
    return is_small and len(track.frames) < _RARELY * len(picture.time_s)


def _height_px(track: Track) -> float:
    boxes = track.boxes()
    return float(np.median(boxes[:, 3] - boxes[:, 1]))


def _may_be_another(
    alone: Track, first: FloatArray, looks: Sequence[Look], picture: Picture
) -> bool:
    """Whether the runner may be somebody else than the person of the first look.

    So it is when somebody of similar size is there most of the time, for they may run too; or
    when anybody is there while the person followed does not run or is not always the same one.
    """
    if others_share(looks, first, similar=True) >= _MOST_OTHERS:
        return True
    if others_share(looks, first, similar=False) < _ANY_OTHERS:
        return False
    _, _, people = choose_runner([alone], picture, ANYBODY)
    return people[0].legs is not Legs.CYCLE or _jumps(alone)


def _jumps(track: Track) -> bool:
    """Whether the body is somewhere else from one frame to the next."""
    steps = np.flatnonzero(np.diff(track.frames) == 1)
    return any(apart(track.bodies[at], track.bodies[at + 1]) > _JUMP for at in steps)


def _everybody(clip: Clip, picture: Picture) -> list[Track]:
    """Search every frame for everybody and link the finds."""
    seen = [
        [body * clip.to_px for body in clip.search(rgb)]
        for _, rgb, _ in clip.frames(clip.max_side_px)
    ]
    return link(seen, picture.time_s)


def _is_enough(clip: Clip, first: FloatArray, track: Track) -> bool:
    """Whether the first look followed this person, with all the pixels the film has."""
    tall = _height_px(track)
    scale = min(1.0, clip.max_side_px / max(clip.size))
    if scale < 1.0 and tall * scale < _FEW_PX:
        return False
    known = np.isfinite(first[track.frames, 0, 0])
    pairs = zip(first[track.frames], track.bodies, strict=True)
    same = sum(
        bool(is_known) and is_one_person(one, other)
        for is_known, (one, other) in zip(known, pairs, strict=True)
    )
    return same >= _SAME_SHARE * len(track.frames)


def _along(clip: Clip, track: Track, time_s: FloatArray) -> tuple[FloatArray, Scene]:
    """Landmarks of a tracked person, found on windows that move along with them, and the scene.

    Where the window shows somebody else, or nobody, those of the track are kept.
    """
    windows = windows_along(track, time_s, clip.size)
    known = track.spread(len(time_s))
    bodies = known.copy()
    watcher = SceneWatcher()
    with clip.follower() as follow:
        shadow = _Shadow(follow)
        for index, rgb, _ in clip.frames(None):
            window = windows[index]
            if window is not None:
                is_known = bool(np.isfinite(known[index, 0, 0]))
                found = shadow.next(rgb, window, known[index] if is_known else None)
                bodies[index] = known[index] if found is None else found
            watcher.see(rgb, bodies[index, :, :2])
    return bodies, watcher.scene(clip.size[0])


class _Shadow:
    """Follows one person on windows, and returns to them when it slips to somebody else."""

    def __init__(self, follow: BodyFinder) -> None:
        self._follow = follow
        self._holds = False

    def next(self, rgb: RgbImage, window: Window, known: FloatArray | None) -> FloatArray | None:
        """Body in the next frame, pixels of the picture; None when not found.

        ``known`` is the person's body in this frame as the earlier look saw it, if it did.
        """
        found = self._look(window.cut(rgb), window, known) if self._holds else None
        if found is None and known is not None:
            # A blank picture makes the follower forget; then all others are covered up.
            self._follow(np.full((64, 64, 3), _GREY, np.uint8))
            found = self._look(window.cut(_covered(rgb, known)), window, known)
        self._holds = found is not None
        return found

    def _look(self, part: RgbImage, window: Window, known: FloatArray | None) -> FloatArray | None:
        found = self._follow(part)
        body = window.place(found[0]) if found else None
        return body if body is not None and is_same(body, known, window) else None


def _covered(rgb: RgbImage, body: FloatArray) -> RgbImage:
    """A picture of which only the box around a body is left."""
    left, top, right, bottom = box_of(body)
    margin = 0.08 * (bottom - top)
    rows = slice(max(0, int(top - margin)), max(0, int(bottom + margin)))
    columns = slice(max(0, int(left - margin)), max(0, int(right + margin)))
    covered = np.full_like(rgb, _GREY)
    covered[rows, columns] = rgb[rows, columns]
    return covered

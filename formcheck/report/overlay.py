"""The second look at the clip: annotated.mp4, and the key frames on the way.

Pictures longer than 1280 pixels are scaled down to that. A bar with the angles and the contacts is
added below the picture, so that nothing of the runner is covered.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from formcheck.domain import Analysis, Progress, RgbImage, Side, silent
from formcheck.errors import VideoError
from formcheck.report import paint
from formcheck.report.context import KeyFrame, Pictures, found_contacts_s, is_from_behind
from formcheck.report.filmstrip import StripTaker
from formcheck.report.footer import Footer
from formcheck.report.keyframes import Moment, moments, nearest_frame, picture_of
from formcheck.report.paint import Pen
from formcheck.report.privacy import Veil
from formcheck.report.skeleton import Body, draw_body, foot_centre
from formcheck.report.sketch import ground
from formcheck.report.whois import still_frame, still_of
from formcheck.report.wording import DEFAULT_WORDING, Wording
from formcheck.video.read import open_video
from formcheck.video.write import ClipWriter

NAME = "annotated.mp4"
"""Name of the annotated clip in the result folder."""

MAX_SIDE_PX = 1280
"""Longest side of the annotated picture; larger clips are scaled down."""

_MARK_S = 0.12  # real time for which a contact stays marked


class Painter:
    """Draws body, contacts and bar for each frame of one clip at one picture size."""

    def __init__(self, analysis: Analysis, width_px: int, height_px: int, wording: Wording) -> None:
        self._near = analysis.gait.near_side
        self._from_behind = is_from_behind(analysis.gait)
        self._landmarks = analysis.pose.landmarks
        self._xy_px = analysis.pose.xy_px * (width_px / analysis.video.width_px)
        self._line_px = max(2, round(max(width_px, height_px) / 320))
        self._marks = contact_frames(analysis)
        self._footer = Footer(analysis, width_px, wording)
        self._height = height_px
        self.canvas = np.zeros((height_px + self._footer.height_px, width_px, 3), np.uint8)

    def body(self, frame_index: int) -> Body:
        """The landmarks of a frame in pixels of the picture drawn on."""
        return Body(self._xy_px[frame_index], self._landmarks)

    def draw(self, rgb: RgbImage, frame_index: int, file_time_s: float) -> RgbImage:
        """Return the annotated frame; it is overwritten by the next one."""
        picture = self.canvas[: self._height]
        picture[:] = rgb
        body = self.body(frame_index)
        draw_body(picture, body, self._near, self._line_px, from_behind=self._from_behind)
        for side in self._marks.get(frame_index, ()):
            self._mark(picture, body, side)
        self._footer.draw(self.canvas[self._height :], frame_index, file_time_s)
        return self.canvas

    def _mark(self, picture: RgbImage, body: Body, side: Side) -> None:
        colour = paint.NEAR if side is self._near else paint.FAR
        size = 7.0 * self._line_px, 3.0 * self._line_px
        centre = foot_centre(body, side) + np.array([0.0, 1.5 * self._line_px])
        paint.ring(picture, centre, size, Pen(colour, self._line_px, 1))


def contact_frames(analysis: Analysis) -> dict[int, list[Side]]:
    """Return which feet are marked in which frames: from each initial contact on, for a while."""
    base, time_s = analysis.gait.time_base, analysis.pose.time_s
    marked: dict[int, list[Side]] = defaultdict(list)
    for side in Side:
        for contact_s in found_contacts_s(analysis, side):
            first = nearest_frame(time_s, float(base.file_s(contact_s)))
            last = nearest_frame(time_s, float(base.file_s(contact_s + _MARK_S)))
            for frame in range(first, last + 1):
                marked[frame].append(side)
    return dict(marked)


def annotate(
    analysis: Analysis,
    clip: Path,
    path: Path,
    *,
    wording: Wording = DEFAULT_WORDING,
    progress: Progress = silent,
) -> Pictures:
    """Decode ``clip`` once, write the annotated clip to ``path`` and return the pictures taken.

    Raises VideoError when the clip is not the one analysed, OutputError when ``path`` cannot be
    written.
    """
    with open_video(clip) as video:
        width, height = _picture_size(video.width_px, video.height_px)
        painter = Painter(analysis, width, height, wording)
        veil = Veil(analysis, width, height)
        rows, columns, _ = painter.canvas.shape
        with ClipWriter(path, columns, rows, fps=analysis.video.fps) as writer:
            wanted = _Collector(analysis, wording)
            for index, frame in enumerate(video.frames(max_side_px=MAX_SIDE_PX)):
                _check(analysis, clip, index, frame.rgb.shape[:2] == (height, width))
                rgb = veil.hide(frame.rgb, index)  # every picture below is made of this one
                wanted.look(index, rgb, painter)
                writer.write(painter.draw(rgb, index, frame.time_s), frame.time_s)
                progress(index + 1, analysis.video.n_frames)
    return wanted.found()


def _picture_size(width_px: int, height_px: int) -> tuple[int, int]:
    scale = min(1.0, MAX_SIDE_PX / max(width_px, height_px))
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def _check(analysis: Analysis, clip: Path, index: int, fits: bool) -> None:
    if index >= len(analysis.pose.time_s) or not fits:
        raise VideoError(f"{clip} is not the clip that was analysed; analyse it again.")


class _Collector:
    """Takes the pictures of the report out of the stream of frames."""

    def __init__(self, analysis: Analysis, wording: Wording) -> None:
        self._order = moments(analysis, wording)
        self._say = wording.words("pictures")
        self._ground = ground(analysis.gait)
        self._waiting: dict[int, list[Moment]] = defaultdict(list)
        self._found: dict[Moment, KeyFrame] = {}
        self._pose = analysis.recorded_pose
        self._still_at = still_frame(self._pose)
        self._still: tuple[KeyFrame, ...] = ()
        self._strips = StripTaker(analysis)
        for moment in self._order:
            self._waiting[moment.frame_index].append(moment)

    def look(self, frame_index: int, rgb: RgbImage, painter: Painter) -> None:
        """Take the pictures wanted of this unmarked frame."""
        self._strips.look(frame_index, rgb, painter.body(frame_index))
        if frame_index == self._still_at:
            self._still = (still_of(self._pose, rgb, self._say),)
        for moment in self._waiting.get(frame_index, ()):
            made = picture_of(moment, rgb, painter.body(frame_index), self._ground)
            if made is not None:
                self._found[moment] = made

    def found(self) -> Pictures:
        """Key frames in the order they were asked for, then who was followed; and filmstrips."""
        shown = (self._found[moment] for moment in self._order if moment in self._found)
        return Pictures((*shown, *self._still), self._strips.found())

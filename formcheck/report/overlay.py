"""The second look at the clip: annotated.mp4, and the key frames on the way.

Pictures longer than 864 pixels are scaled down to that, those shorter than 640 are drawn at twice
their size or more, so that what is written into them can be read. Trunk, elbow and foot have their
angle beside them; a bar with more and with the contacts is added below the picture.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.domain import Analysis, FloatArray, RgbImage, Side, VideoInfo
from formcheck.errors import VideoError
from formcheck.report import paint
from formcheck.report.context import KeyFrame, Pictures, found_contacts_s, is_from_behind
from formcheck.report.filmstrip import StripTaker
from formcheck.report.footer import GROUND, Footer
from formcheck.report.joint_labels import JointLabels
from formcheck.report.keyframes import Moment, moments, nearest_frame, picture_of
from formcheck.report.paint import Pen
from formcheck.report.privacy import Veil
from formcheck.report.skeleton import Body, draw_body, foot_centre
from formcheck.report.sketch import ground
from formcheck.report.whois import still_frame, still_of
from formcheck.report.wording import DEFAULT_WORDING, Wording
from formcheck.texts import text
from formcheck.video.prefetch import Prefetched
from formcheck.video.proxy import UNWATCHED, Proxy, Reading
from formcheck.video.read import Video, open_video
from formcheck.video.upright import Frame, Picture
from formcheck.video.write import ClipWriter

NAME = "annotated.mp4"
"""Name of the annotated clip in the result folder."""

MAX_SIDE_PX = 864
"""Longest side of the annotated picture; larger clips are scaled down. At 960 there is a quarter
more to keep, draw and encode, at 1280 more than twice as much."""
MIN_SIDE_PX = 640
"""Longest side from which letters can be read; smaller clips are scaled up by a whole factor."""

_MARK_S = 0.12  # real time for which a contact or a toe-off stays marked


class Painter:
    """Draws body, contacts and bar for each frame of one clip at one picture size."""

    def __init__(self, analysis: Analysis, width_px: int, height_px: int, wording: Wording) -> None:
        self._near = analysis.gait.near_side
        self._from_behind = is_from_behind(analysis.gait)
        self._landmarks = analysis.pose.landmarks
        self._xy_px = analysis.pose.xy_px * (width_px / analysis.video.width_px)
        self._line_px = max(2, round(max(width_px, height_px) / 320))
        self._contacts, self._toe_offs = contact_frames(analysis), toe_off_frames(analysis)
        self._labels = JointLabels(analysis, wording, width_px, height_px)
        self._footer = Footer(analysis, width_px, wording)
        rows = height_px + self._footer.height_px
        self._picture, self._bar = slice(height_px), slice(height_px, rows)
        # A multiple of four can be encoded as it lies; else every frame is copied twice.
        self.canvas = np.full((rows + -rows % 4, width_px, 3), GROUND, np.uint8)

    def body(self, frame_index: int) -> Body:
        """The landmarks of a frame in pixels of the picture drawn on."""
        return Body(self._xy_px[frame_index], self._landmarks)

    def draw(self, rgb: RgbImage, frame_index: int, file_time_s: float) -> RgbImage:
        """Return the annotated frame; it is overwritten by the next one."""
        picture = self.canvas[self._picture]
        picture[:] = rgb
        body = self.body(frame_index)
        draw_body(picture, body, self._near, self._line_px, from_behind=self._from_behind)
        for side in self._contacts.get(frame_index, ()):
            self._mark_contact(picture, body, side)
        for side in self._toe_offs.get(frame_index, ()):
            self._mark_toe_off(picture, body, side)
        self._labels.draw(picture, body, frame_index)
        self._footer.draw(self.canvas[self._bar], frame_index, file_time_s)
        return self.canvas

    def _pen(self, side: Side) -> Pen:
        return Pen(paint.NEAR if side is self._near else paint.FAR, self._line_px, 1)

    def _mark_contact(self, picture: RgbImage, body: Body, side: Side) -> None:
        """A ring around the foot that landed."""
        size = 7.0 * self._line_px, 3.0 * self._line_px
        centre = foot_centre(body, side) + np.array([0.0, 1.5 * self._line_px])
        paint.ring(picture, centre, size, self._pen(side))

    def _mark_toe_off(self, picture: RgbImage, body: Body, side: Side) -> None:
        """An arrowhead that points up from below the toes that left the ground."""
        top = body.limb(side, "foot_index") + np.array([0.0, 3.0 * self._line_px])
        ends = (top + self._line_px * np.array([x, 4.0]) for x in (-5.0, 5.0))
        paint.lines(picture, [(end, top) for end in ends], self._pen(side))


def contact_frames(analysis: Analysis) -> dict[int, list[Side]]:
    """Return which feet are marked in which frames: from each initial contact on, for a while."""
    return _marked(analysis, {side: found_contacts_s(analysis, side) for side in Side})


def toe_off_frames(analysis: Analysis) -> dict[int, list[Side]]:
    """Return which feet are marked as leaving the ground: from each toe-off on, for a while."""
    return _marked(analysis, analysis.gait.events.toe_off_s)


def _marked(analysis: Analysis, events_s: Mapping[Side, FloatArray]) -> dict[int, list[Side]]:
    base, time_s = analysis.gait.time_base, analysis.pose.time_s
    marked: dict[int, list[Side]] = defaultdict(list)
    for side in Side:
        for event_s in events_s[side][np.isfinite(events_s[side])]:
            first = nearest_frame(time_s, float(base.file_s(event_s)))
            last = nearest_frame(time_s, float(base.file_s(event_s + _MARK_S)))
            for frame in range(first, last + 1):
                marked[frame].append(side)
    return dict(marked)


def annotate(
    analysis: Analysis,
    clip: Path,
    path: Path,
    *,
    wording: Wording = DEFAULT_WORDING,
    reading: Reading = UNWATCHED,
) -> Pictures:
    """Write the annotated clip to ``path`` and return the pictures taken.

    Where the proxy of ``reading`` holds all frames ``clip`` is not decoded again. Raises VideoError
    when the clip is not the one analysed, OutputError when ``path`` cannot be written.
    """
    with open_video(clip, reading=replace(reading, proxy=None)) as video:
        width, height = _picture_size(video.width_px, video.height_px)
        painter = Painter(analysis, width, height, wording)
        veil = Veil(analysis, width, height)
        rows, columns, _ = painter.canvas.shape
        with (
            ClipWriter(
                path,
                columns,
                rows,
                fps=analysis.video.fps,
                is_overlapped=reading.is_overlapped,
            ) as writer,
            closing(_frames(video, reading.proxy, analysis)) as frames,
        ):
            wanted = _Collector(analysis, wording)
            for index, frame in enumerate(frames):
                _check(analysis, clip, index, frame.rgb.shape)
                rgb = veil.hide(
                    _sized(frame.rgb, width, height), index
                )  # every picture below is made of this one
                wanted.look(index, rgb, painter)
                writer.write(painter.draw(rgb, index, frame.time_s), frame.time_s)
                reading.progress(index + 1, analysis.video.n_frames)
    return wanted.found()


def drawing_proxy() -> Proxy:
    """Return what keeps a clip's pictures at the size they are drawn on."""
    return Proxy(MAX_SIDE_PX)


def _frames(video: Video, proxy: Proxy | None, analysis: Analysis) -> Prefetched[Frame]:
    if proxy is not None and proxy.holds(analysis.recorded_pose.time_s):
        return proxy.frames(is_overlapped=video.is_overlapped)
    return video.frames(max_side_px=MAX_SIDE_PX, is_exact=False)


def is_scaled_down(video: VideoInfo) -> bool:
    """Whether the annotated clip is smaller than the clip itself."""
    return max(video.width_px, video.height_px) > MAX_SIDE_PX


def _picture_size(width_px: int, height_px: int) -> tuple[int, int]:
    longest = max(width_px, height_px)
    scale = min(1.0, MAX_SIDE_PX / longest) * max(1, math.ceil(MIN_SIDE_PX / longest))
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def _sized(rgb: RgbImage, width_px: int, height_px: int) -> RgbImage:
    """A picture in the size it is drawn on; only small ones change."""
    if rgb.shape[:2] == (height_px, width_px):
        return rgb
    size = width_px, height_px
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _check(analysis: Analysis, clip: Path, index: int, shape: tuple[int, ...]) -> None:
    video = analysis.video
    expected = Picture(video.width_px, video.height_px, 0).shown_size(MAX_SIDE_PX)
    if index >= len(analysis.pose.time_s) or shape[1::-1] != expected:
        raise VideoError(text("errors", "clip.another", path=str(clip)))


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

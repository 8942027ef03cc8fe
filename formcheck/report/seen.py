"""Pictures of a clip that was refused: what was seen, and who was found in it.

Nobody can be sure who is in such a clip. So with ``blur`` its pictures are blurred all over, and
with ``skeleton`` only the body that was found is shown, if there is one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.domain import BoolArray, PoseSequence, Privacy, RgbImage, Side
from formcheck.errors import RefusedError, VideoError
from formcheck.report import paint
from formcheck.report.context import KeyFrame
from formcheck.report.keyframes import encode_jpeg, nearest_frame
from formcheck.report.paint import Pen
from formcheck.report.privacy import PLAIN, blurred_all_over
from formcheck.report.skeleton import Body, draw_side
from formcheck.report.whois import outline
from formcheck.texts import Words
from formcheck.video.excerpt import Excerpt

_LONGEST_PX = 640
_SHARES = (0.15, 0.5, 0.85)  # of the frames with a body, else of the clip
_AROUND_S = 0.5  # of the clip, in which there is a frame at any rate that can be measured
_LEAST_SEEN = 0.5  # of the landmarks, for a body to be drawn


def pictures_of(
    refusal: RefusedError, clip: Path | None, privacy: Privacy, say: Words
) -> tuple[KeyFrame, ...]:
    """Return a few pictures of a refused clip; none where no frame can be read and no body drawn.

    ``say`` has the texts of pictures.
    """
    taken = (_picture(refusal, clip, at_s, privacy, say) for at_s in _instants(refusal))
    return tuple(picture for picture in taken if picture is not None)


def _instants(refusal: RefusedError) -> tuple[float, ...]:
    """When to look: when most people were outlined, and spread over the body's frames."""
    if refusal.video is None:
        return ()
    times = np.linspace(0.0, refusal.video.duration_s, 100)
    if refusal.pose is not None and _has_body(refusal.pose).sum() > len(_SHARES):
        times = refusal.pose.time_s[_has_body(refusal.pose)]
    spread = [float(times[int(share * (len(times) - 1))]) for share in _SHARES]
    outlined_s = [person.box_s for person in refusal.people]
    if len(outlined_s) > 1:
        spread[0] = max(outlined_s, key=outlined_s.count)
    return tuple(sorted(set(spread)))


def _has_body(pose: PoseSequence) -> BoolArray:
    """Frames in which a body was found, (n_frames,)."""
    share = np.isfinite(pose.xy_px).all(axis=2).mean(axis=1)
    return np.asarray(share >= _LEAST_SEEN, dtype=bool)


def _picture(
    refusal: RefusedError, clip: Path | None, at_s: float, privacy: Privacy, say: Words
) -> KeyFrame | None:
    rgb = _shown(refusal, clip, at_s, privacy)
    if rgb is None or refusal.video is None:
        return None
    scale = rgb.shape[1] / refusal.video.width_px
    people = [person for person in refusal.people if person.box_s == at_s]
    key = "seen"
    if len(people) > 1:
        key = "seen_people"
        for person in people:
            outline(rgb, replace(person, is_followed=False), scale)  # nobody was
    elif refusal.pose is not None and _draw(rgb, refusal.pose, at_s, scale):
        key = "seen_body"
    elif privacy is Privacy.SKELETON or clip is None:
        return None
    height, width = rgb.shape[:2]
    numbers = ", ".join(str(person.number) for person in people)
    alt = say(key, at_s=at_s, numbers=numbers)
    return KeyFrame(key, None, at_s, width, height, encode_jpeg(rgb), alt)


def _shown(
    refusal: RefusedError, clip: Path | None, at_s: float, privacy: Privacy
) -> RgbImage | None:
    """What of the camera's picture may be shown; a plain ground where it may not or is gone."""
    if refusal.video is None:
        return None
    if clip is None or privacy is Privacy.SKELETON:
        scale = min(1.0, _LONGEST_PX / max(refusal.video.width_px, refusal.video.height_px))
        size = round(scale * refusal.video.height_px), round(scale * refusal.video.width_px)
        return np.full((*size, 3), PLAIN, np.uint8)
    rgb = _frame(clip, at_s)
    if rgb is None or privacy is Privacy.NONE:
        return rgb
    return blurred_all_over(rgb, refusal.pose, rgb.shape[1] / refusal.video.width_px)


def _frame(clip: Path, at_s: float) -> RgbImage | None:
    """The frame of a clip at a time; None where it cannot be read."""
    try:
        with Excerpt(clip, start_s=at_s - 1e-3, stop_s=at_s + _AROUND_S, step=1) as excerpt:
            frames = excerpt.frames(ahead=1)
            try:
                found = next(frames, None)
            finally:
                frames.close()
    except VideoError:
        return None
    if found is None:
        return None
    height, width = found.rgb.shape[:2]
    scale = min(1.0, _LONGEST_PX / max(height, width))
    size = max(1, round(scale * width)), max(1, round(scale * height))
    return np.asarray(cv2.resize(found.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _draw(rgb: RgbImage, pose: PoseSequence, at_s: float, scale: float) -> bool:
    """Draw the body that was found, both sides alike; say whether there was one."""
    index = nearest_frame(pose.time_s, at_s)
    if not _has_body(pose)[index]:
        return False
    body = Body(pose.xy_px[index] * scale, pose.landmarks)
    pen = Pen(paint.BODY, max(2, round(max(rgb.shape[:2]) / 320)), 1)
    paint.lines(rgb, [(body.middle("hip"), body.middle("shoulder"))], pen)
    for side in Side:
        draw_side(rgb, body, side, pen)
    return True

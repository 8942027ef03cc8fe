"""Pictures as the page shows them: inlined as data URIs, with their words."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, replace

from formcheck.domain import Side
from formcheck.report.context import KeyFrame, ReportContext, Strip, StripPicture
from formcheck.report.wording import Wording


@dataclass(frozen=True, slots=True)
class Picture:
    """A key frame inlined as a data URI."""

    uri: str
    alt: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class StripImage:
    """One stride of a filmstrip; ``mark`` names the style, ``mark_words`` say it, or both empty."""

    uri: str
    alt: str
    stride: str
    value: str
    mark: str
    mark_words: str
    file_time_s: float


@dataclass(frozen=True, slots=True)
class StripView:
    """A filmstrip on the page."""

    lead: str
    width_px: int
    height_px: int
    images: tuple[StripImage, ...]


def picture(key_frame: KeyFrame | None) -> Picture | None:
    """Return a key frame for the page."""
    if key_frame is None:
        return None
    size = key_frame.width_px, key_frame.height_px
    return Picture(jpeg_uri(key_frame.jpeg), key_frame.alt, *size)


def strip_view(context: ReportContext, metric: str, side: Side | None) -> StripView | None:
    """Return the filmstrip of a metric; None when none was taken."""
    strip = context.strip(metric, side)
    if strip is None or not strip.pictures:
        return None
    gait, wording = context.analysis.gait, context.wording
    lead = wording.words("player")(
        "strip.lead",
        instant=strip.instant,
        who=wording.side(strip.drawn_side, gait.view.near_side),
        n=len(strip.pictures),
        total=strip.n_strides,
    )
    images = tuple(_image(picture, strip, wording) for picture in _told_apart(strip, wording))
    return StripView(lead[0].upper() + lead[1:], strip.width_px, strip.height_px, images)


def _told_apart(strip: Strip, wording: Wording) -> tuple[StripPicture, ...]:
    """The pictures; none is marked where the marked ones have the same value as it is shown."""
    shown = [wording.amount(each.value, strip.unit) for each in strip.pictures if each.mark]
    if len(set(shown)) == len(shown):
        return strip.pictures
    return tuple(replace(each, mark="") for each in strip.pictures)


def _image(picture: StripPicture, strip: Strip, wording: Wording) -> StripImage:
    t = wording.words("player")
    mark = t(f"strip.{picture.mark}") if picture.mark else ""
    value = wording.amount(picture.value, strip.unit) if math.isfinite(picture.value) else ""
    what = t(
        "strip.alt",
        number=picture.number,
        time=picture.file_time_s,
        instant=strip.instant,
    )
    return StripImage(
        uri=jpeg_uri(picture.jpeg),
        alt=", ".join(part for part in (what, value, mark) if part),
        stride=t("strip.stride", number=picture.number),
        value=value,
        mark=picture.mark,
        mark_words=mark,
        file_time_s=round(picture.file_time_s, 3),
    )


def jpeg_uri(jpeg: bytes) -> str:
    """Return a JPEG file as a data URI."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"

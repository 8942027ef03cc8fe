"""Render a clip and write it as a phone would: H.264 in .mp4, real frame times, rotation flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from sample_videos.render.asset import load_asset
from sample_videos.render.body import Body, fit_body
from sample_videos.render.camera import Camera
from sample_videos.render.clips import Bystander, Clip, Film, Person
from sample_videos.render.figure import SHADOW_CORNER, Figure, ground_shadow
from sample_videos.render.gait import LEGS, Schedule
from sample_videos.render.outfit import OUTFITS, dress
from sample_videos.render.raster import Bytes, darken, paint_belt
from sample_videos.render.rotations import Array, about_y, about_z, unit
from sample_videos.render.runner import Pose, Runner, fist, posed
from sample_videos.render.scene import FLOOR_Y, Scene, build_scene
from sample_videos.render.truth import TruthWriter, write_truth

_TICKS_PER_S = 90_000
_BT709 = 1  # code of the HDTV colours in H.264, for primaries and transfer
_GRAIN = 0.012 * 255  # standard deviation of the sensor's noise
_GRAIN_PICTURES = 6
_SUNS = {"right": (-0.45, 0.85, 0.35), "left": (0.45, 0.85, 0.35), "rear": (-0.45, 0.85, -0.5)}

Done = Callable[[int, int], None]  # frames done, frames in all


class Set:
    """A room, a runner and bystanders before a camera."""

    def __init__(self, clip: Clip, scale: float = 1.0) -> None:
        self.clip = clip
        self.camera = clip.film.camera(clip.seed, scale)
        body, self._figure = _cast(clip.runner)
        self.schedule = Schedule(clip.gait, clip.duration_s, clip.seed)
        self.runner = Runner(body, clip.gait, self.schedule, clip.duration_s)
        self._sun = unit(np.array(_SUNS[clip.film.view]))
        self._room = build_scene(self.camera, clip.room)
        for bystander in clip.bystanders:
            _stand(bystander, self._room, self.camera, self._sun)
        rng = np.random.default_rng(clip.seed)
        shape = (self.camera.height_px, self.camera.width_px, 3)
        self._grain = [
            (_GRAIN * rng.standard_normal(shape)).round().astype(np.int16)
            for _ in range(_GRAIN_PICTURES)
        ]

    def frame(self, time_s: float, number: int) -> Bytes:
        """The picture of one frame, upright, (height, width, 3) RGB."""
        film = self.clip.film
        offsets = (np.arange(film.exposures) + 0.5) / film.exposures - 0.5
        pictures = [self._exposed(time_s + film.exposure_s * offset) for offset in offsets]
        mean = np.mean(pictures, axis=0) if len(pictures) > 1 else pictures[0]
        grain = self._grain[(5 * number + number // 6) % _GRAIN_PICTURES]
        return (mean.astype(np.int16) + grain).clip(0, 255).astype(np.uint8)

    def _exposed(self, time_s: float) -> Bytes:
        room, picture = self._room, self._room.picture.copy()
        vertices = self._figure.vertices(self.runner.at(time_s).pose)
        paint_belt(
            picture, room.belt.pixels, room.belt.place, self.clip.gait.speed_mps * time_s + 9.3,
            room.grain,
        )  # fmt: skip
        shadow = ground_shadow(vertices, self._sun)
        darken(picture, room.top.pixels, room.top.place, shadow, SHADOW_CORNER)
        self._figure.draw(vertices, self.camera, picture, room.nearness.copy(), self._sun)
        return self.camera.take(picture, time_s)


def make_clip(clip: Clip, folder: Path, scale: float, done: Done) -> Path:
    """Render a clip and its truth into a folder; returns the path of the clip."""
    stage = Set(clip, scale)
    path = folder / f"{clip.name}.mp4"
    times = clip.film.times_s(clip.duration_s, clip.seed)
    writer = TruthWriter(clip, stage.runner.body, stage.schedule, stage.camera)
    truths = []

    def pictures() -> Iterator[tuple[float, Bytes]]:
        for number, time_s in enumerate(times):
            truths.append(writer.frame(float(time_s), stage.runner.at(float(time_s))))
            yield float(time_s), stage.frame(float(time_s), number)
            done(number + 1, len(times))

    write_film(path, clip.film, pictures())
    write_truth(writer.whole(truths), folder / f"{clip.name}.truth.json.gz")
    return path


def write_film(path: Path, film: Film, pictures: Iterator[tuple[float, Bytes]]) -> None:
    """Encode upright pictures with their times; they are stored turned if the film says so."""
    turns = -film.rotation_deg // 90
    reformatter = VideoReformatter()
    with av.open(str(path), "w", format="mp4") as container:
        stream = None
        for time_s, upright in pictures:
            picture = np.ascontiguousarray(np.rot90(upright, turns))
            if stream is None:
                stream = _stream(container, film, picture.shape[1], picture.shape[0])
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(time_s * _TICKS_PER_S), Fraction(1, _TICKS_PER_S)
            frame = reformatter.reformat(
                frame,
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
            )
            container.mux(stream.encode(frame))
        if stream is None:
            raise ValueError("a film needs at least one picture")
        container.mux(stream.encode(None))


def _stream(container: OutputContainer, film: Film, width: int, height: int) -> VideoStream:
    options = {"crf": str(film.crf), "preset": "slow"}
    stream = container.add_stream("libx264", rate=film.fps, options=options)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, _TICKS_PER_S)
    context.thread_count = 1
    context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
    context.color_primaries = context.color_trc = _BT709
    if film.rotation_deg:
        stream.set_display_rotation(film.rotation_deg)
    return stream


def _cast(person: Person) -> tuple[Body, Figure]:
    body = fit_body(load_asset(person.body), person.height_m)
    return body, Figure(body, dress(body, OUTFITS[person.outfit]))


def _stand(bystander: Bystander, room: Scene, camera: Camera, sun: Array) -> None:
    """Draw a bystander and their shadow into an empty room for good."""
    body, figure = _cast(bystander.person)
    vertices = figure.vertices(_standing(body, bystander))
    shadow = ground_shadow(vertices, sun, FLOOR_Y)
    darken(room.picture, room.floor.pixels, room.floor.place, shadow, SHADOW_CORNER)
    figure.draw(vertices, camera, room.picture, room.nearness, sun)


def _standing(body: Body, bystander: Bystander) -> Pose:
    """Upright with hanging arms."""
    turn = about_y(np.deg2rad(bystander.facing_deg))
    turns = dict.fromkeys(body.asset.bones, turn)
    for leg, out in zip(LEGS, (1.0, -1.0), strict=True):
        hang = turn @ about_z(out * np.deg2rad(9))
        lower = hang @ body.rest[f"lowerarm_{leg}"]
        turns[f"upperarm_{leg}"] = hang @ body.rest[f"upperarm_{leg}"]
        turns |= {f"lowerarm_{leg}": lower, **fist(body, leg, lower)}
    x, z = bystander.place_m
    return posed(body, turns, np.array([x, body.hip_centre[1] + FLOOR_Y, z]))

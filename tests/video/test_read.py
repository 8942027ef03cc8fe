"""Frames come upright, at their own times, whatever the container; bad files are explained."""

from __future__ import annotations

import hashlib
import inspect
import logging
import threading
from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import av.error
import numpy as np
import pytest
from av.video.stream import VideoStream

from formcheck.domain import VideoInfo
from formcheck.errors import VideoError
from formcheck.video import vendor
from formcheck.video.read import open_video
from formcheck.video.upright import Frame
from tests.rendered import UPRIGHT
from tests.video.clips import Clip, marked_picture, red_quarter, steady, write_clip

UNEVEN_S = [0.0, 0.033, 0.1, 0.117, 0.15, 0.25]


def read(path: Path, max_side_px: int | None = None) -> tuple[list[Frame], VideoInfo]:
    with open_video(path) as video:
        return list(video.frames(max_side_px=max_side_px)), video.info


def times_s(path: Path) -> list[float]:
    return [frame.time_s for frame in read(path)[0]]


@pytest.mark.parametrize(
    ("suffix", "clip"),
    [
        (".mp4", Clip(steady(12, 25))),
        (".mov", Clip(steady(12, 25), codec="libx265", options={"x265-params": "log-level=none"})),
        (".mp4", Clip(steady(12, 25), codec="mpeg4", ticks_per_s=1000)),
        (".mp4", Clip(steady(12, 25), codec="libvpx-vp9")),
        (".webm", Clip(steady(12, 25), codec="libvpx-vp9")),
        (".mkv", Clip(steady(12, 25), codec="libvpx-vp9")),
        (".avi", Clip(steady(12, 25), codec="mpeg4", ticks_per_s=25)),
        (".gif", Clip(steady(12, 25), codec="gif", pixel_format="rgb8", ticks_per_s=100)),
    ],
    ids=lambda value: value.codec if isinstance(value, Clip) else value,
)
def test_every_container_and_codec_gives_the_times_it_was_made_with(
    tmp_path: Path, suffix: str, clip: Clip
) -> None:
    path = write_clip(tmp_path / f"clip{suffix}", clip)
    frames, info = read(path)
    assert [frame.time_s for frame in frames] == pytest.approx(steady(12, 25), abs=1e-3)
    assert info.fps == pytest.approx(25.0, rel=1e-3)
    assert info.duration_s == pytest.approx(12 / 25, abs=2e-3)
    assert not info.is_variable_rate
    assert red_quarter(frames[0].rgb) == "upper left"


def test_av1_is_read(tmp_path: Path) -> None:
    clip = Clip(steady(6, 25), codec="libsvtav1", options={"preset": "12"})
    assert times_s(write_clip(tmp_path / "clip.mp4", clip)) == pytest.approx(steady(6, 25))


def test_avi_with_reordered_pictures_keeps_every_frame(tmp_path: Path) -> None:
    clip = Clip(steady(30, 25), codec="libx264", ticks_per_s=25, options={"bf": "3"})
    frames = times_s(write_clip(tmp_path / "clip.avi", clip))
    assert frames == pytest.approx(steady(30, 25))


def test_uneven_frame_times_are_kept(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(UNEVEN_S))
    frames, info = read(path)
    assert [frame.time_s for frame in frames] == pytest.approx(UNEVEN_S, abs=1e-4)
    assert info.is_variable_rate
    assert info.fps == pytest.approx(5 / 0.25)


def test_times_start_at_zero_when_the_stream_starts_later(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mkv", Clip([5.0, 5.04, 5.08]))
    assert times_s(path) == pytest.approx([0.0, 0.04, 0.08])


def test_times_rounded_to_milliseconds_count_as_one_rate(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mkv", Clip(steady(30, 30), ticks_per_s=90_000))
    frames, info = read(path)
    intervals_s = np.diff([frame.time_s for frame in frames])
    assert np.ptp(intervals_s) > 0.0005
    assert not info.is_variable_rate


@pytest.mark.parametrize(
    ("rotation_deg", "quarter"),
    [(0, "upper left"), (90, "lower left"), (180, "lower right"), (270, "upper right")],
)
def test_rotation_is_applied_once(tmp_path: Path, rotation_deg: int, quarter: str) -> None:
    """Turned counter-clockwise, the red quarter goes from upper left to lower left and on."""
    clip = Clip(steady(3, 25), rotation_deg=rotation_deg)
    frames, info = read(write_clip(tmp_path / "clip.mp4", clip))
    upright = (48, 64) if rotation_deg % 180 == 0 else (64, 48)
    assert frames[1].rgb.shape == (*upright, 3)
    assert (info.height_px, info.width_px) == upright
    assert info.rotation_deg == rotation_deg
    assert red_quarter(frames[1].rgb) == quarter


@pytest.mark.parametrize("rotation_deg", [0, 90])
def test_scaled_frames_keep_their_shape_and_tell_the_full_size(
    tmp_path: Path, rotation_deg: int
) -> None:
    clip = Clip(steady(3, 25), width_px=320, height_px=180, rotation_deg=rotation_deg)
    path = write_clip(tmp_path / "clip.mp4", clip)
    frames, info = read(path, max_side_px=160)
    assert sorted(frames[0].rgb.shape[:2]) == [90, 160]
    assert sorted((info.width_px, info.height_px)) == [180, 320]
    assert red_quarter(frames[0].rgb) == ("upper left" if rotation_deg == 0 else "lower left")


def test_pictures_are_never_enlarged(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(3, 25)))
    assert read(path, max_side_px=1280)[0][0].rgb.shape == (48, 64, 3)


@pytest.mark.parametrize("width_px", [52, 53, 54, 63, 65])
def test_rows_follow_each_other_without_gaps(tmp_path: Path, width_px: int) -> None:
    clip = Clip(steady(2, 25), width_px=width_px, height_px=47, codec="libvpx-vp9")
    frame = read(write_clip(tmp_path / "clip.webm", clip))[0][0]
    assert frame.rgb.shape == (47, width_px, 3)
    assert frame.rgb.flags.c_contiguous


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    clip = Clip(steady(2, 25), width_px=60, height_px=48, aspect=Fraction(4, 3))
    frames, info = read(write_clip(tmp_path / "clip.mp4", clip))
    assert (info.width_px, info.height_px) == (80, 48)
    assert frames[0].rgb.shape == (48, 80, 3)


def test_frames_that_change_size_are_scaled_to_the_first(tmp_path: Path) -> None:
    small = write_clip(tmp_path / "small.ts", Clip(steady(5, 25)))
    large = write_clip(
        tmp_path / "large.ts", Clip([1 + t for t in steady(5, 25)], width_px=128, height_px=96)
    )
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    frames, _ = read(both)
    assert len(frames) > 5
    assert {frame.rgb.shape for frame in frames} == {(48, 64, 3)}


def test_metadata_that_is_not_utf8_does_no_harm(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(3, 25), metadata={"title": "XXXXXX"}))
    path.write_bytes(path.read_bytes().replace(b"XXXXXX", b"L\xe4ufer"))
    assert len(times_s(path)) == 3


def test_frames_that_do_not_advance_are_dropped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "clip.mkv"
    shown_at_ms = [0, 40, 40, 20, 80]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(marked_picture(64, 48), format="rgb24")
        encoded = bytes(stream.encode(frame)[0])
        for decoded_at_ms, at_ms in enumerate(shown_at_ms):
            packet = av.Packet(encoded)
            packet.stream, packet.time_base = stream, Fraction(1, 1000)
            packet.pts, packet.dts = at_ms, decoded_at_ms
            container.mux(packet)
    with caplog.at_level(logging.WARNING):
        assert times_s(path) == pytest.approx([0.0, 0.04, 0.08])
    assert "frames without a time: 2" in caplog.text


def test_damage_in_the_middle_costs_only_what_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = Clip(steady(20, 25), codec="mjpeg", pixel_format="yuvj420p", ticks_per_s=25)
    path = write_clip(tmp_path / "clip.avi", clip)
    jpegs = path.read_bytes().split(b"\xff\xd8\xff")
    # Number 0 is the file's header; the next picture's header stays, so that only one is hurt.
    jpegs[11] = bytes(len(jpegs[11]) - 16) + jpegs[11][-16:]
    path.write_bytes(b"\xff\xd8\xff".join(jpegs))
    times = times_s(path)
    assert times == pytest.approx([*steady(20, 25)[:10], *steady(20, 25)[11:]])
    assert "parts that could not be decoded: 1" in caplog.text


def test_a_video_can_be_read_again(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(5, 25)))
    with open_video(path) as video:
        assert len(list(video)) == len(list(video)) == 5


def test_the_decoding_thread_ends_when_the_reader_stops_early(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(50, 25)))
    with open_video(path) as video:
        next(iter(video))
    assert not [thread for thread in threading.enumerate() if "formcheck" in thread.name]


def test_facts_wait_for_the_last_frame(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(50, 25)))
    with open_video(path) as video:
        next(iter(video))
        with pytest.raises(RuntimeError, match="iterate"):
            _ = video.info


def test_facts_name_the_file_and_its_hash(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(3, 25)))
    with open_video(path, time_scale=8.0) as video:
        list(video)
        info = video.info
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (info.path, info.n_frames, info.codec, info.time_scale) == (str(path), 3, "h264", 8.0)


def test_an_error_while_decoding_reaches_the_reader(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(30, 25)))
    with open_video(path) as video:
        path.unlink()
        with pytest.raises(VideoError, match="does not exist"):
            list(video)


def picture(path: Path, codec: str, pixel_format: str) -> None:
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 64, 48, pixel_format
    context.time_base = Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(marked_picture(64, 48), format="rgb24")
    frame = frame.reformat(format=pixel_format)
    frame.pts = 0
    path.write_bytes(b"".join(bytes(p) for p in [*context.encode(frame), *context.encode(None)]))


def without_index(path: Path) -> None:
    whole = write_clip(path.with_name("whole.mp4"), Clip(steady(50, 25)))
    path.write_bytes(whole.read_bytes().partition(b"moov")[0])


def sound(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.parent, "does not exist"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "empty": (lambda path: path.touch(), "is empty"),
    "text": (lambda path: path.write_text("hello runner\n" * 20), "not a video"),
    "jpeg": (lambda path: picture(path, "mjpeg", "yuvj420p"), "is a picture, not a video"),
    "png": (lambda path: picture(path, "png", "rgb24"), "is a picture, not a video"),
    "no index": (without_index, "not a video or is broken"),
    "only sound": (sound, "holds no video"),
    "one frame": (lambda path: write_clip(path, Clip([0.0])), "holds one frame"),
    "playlist": (
        lambda path: path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nother.ts\n"),
        "not a video|no video",
    ),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_files_are_refused_in_one_sentence_that_says_what_to_do(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    make, says = BAD_FILES[kind]
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(VideoError, match=says) as refused:
        open_video(path)
    message = str(refused.value)
    assert str(path) in message
    assert ";" in message or ", so" in message
    assert message.endswith(".")
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


def test_a_file_without_timestamps_is_refused(tmp_path: Path) -> None:
    raw = write_clip(tmp_path / "clip.h264", Clip(steady(12, 25)))
    with pytest.raises(VideoError, match="no timestamps"):
        open_video(raw)


def ffmpeg_errors() -> list[type[av.error.FFmpegError]]:
    members = inspect.getmembers(av.error, inspect.isclass)
    return [member for _, member in members if issubclass(member, av.error.FFmpegError)]


@pytest.mark.parametrize("kind", ffmpeg_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_pyav_becomes_a_video_error(kind: type[av.error.FFmpegError]) -> None:
    with pytest.raises(VideoError, match=r"clip\.mp4 .*\.$"), vendor.translated(Path("clip.mp4")):
        raise kind(1, "something went wrong", "clip.mp4")


def test_packets_of_pictures_shown_out_of_order_are_timed_by_their_slot(tmp_path: Path) -> None:
    """The premise of the AVI rule: its packets carry no times of showing."""
    clip = Clip(steady(12, 25), codec="libx264", ticks_per_s=25, options={"bf": "3"})
    path = write_clip(tmp_path / "clip.avi", clip)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert isinstance(stream, VideoStream)
        stamps = [frame.pts for frame in container.decode(stream) if frame.pts is not None]
    assert stamps != sorted(stamps)


def test_glances_are_the_frames_at_their_times_and_no_more(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(steady(40, 25)))
    with open_video(path) as video:
        seen = [frame.time_s for frame in video.glances(0.3, 4, max_side_px=640)]
        assert seen == pytest.approx([0.0, 0.32, 0.6, 0.92])
        every = [frame.time_s for frame in video.glances(0.3, 99, max_side_px=640)]
    assert len(every) == 6


def test_inexact_frames_look_the_same_and_have_the_same_times() -> None:
    with open_video(UPRIGHT) as video:
        exact, rough = (
            list(islice(video.frames(max_side_px=960, is_exact=is_exact), 20))
            for is_exact in (True, False)
        )
    assert [frame.time_s for frame in rough] == [frame.time_s for frame in exact]
    apart = [np.abs(a.rgb.astype(int) - b.rgb) for a, b in zip(exact, rough, strict=True)]
    assert max(map(np.mean, apart)) < 0.5  # grey levels
    assert max(map(np.max, apart)) > 0

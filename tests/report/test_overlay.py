from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from formcheck.domain import Analysis, FloatArray, RgbImage, Side
from formcheck.reasons import reason
from formcheck.report import paint, whois
from formcheck.report.context import Pictures
from formcheck.report.footer import Footer, readout, stances
from formcheck.report.joint_labels import JointLabels
from formcheck.report.keyframes import nearest_frame
from formcheck.report.overlay import (
    MAX_SIDE_PX,
    Painter,
    annotate,
    contact_frames,
    drawing_proxy,
    toe_off_frames,
)
from formcheck.report.skeleton import Body
from formcheck.report.wording import DEFAULT_WORDING, Wording
from formcheck.texts import Language, ReportStyle, words
from formcheck.video.proxy import Reading
from formcheck.video.read import open_video
from formcheck.video.write import ClipWriter
from tests.report import example


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Pictures]:
    folder = tmp_path_factory.mktemp("overlay")
    clip = example.write_clip(folder / "clip.mp4")
    progress: list[int] = []
    frames = annotate(
        example.analysis(), clip, folder / "annotated.mp4",
        reading=Reading(lambda done, _: progress.append(done)),
    )  # fmt: skip
    assert progress == list(range(1, 121))
    return clip, folder / "annotated.mp4", frames


def times_s(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time or 0.0) for frame in container.decode(video=0)]


def test_annotated_clip_has_the_frame_times_of_the_input(
    made: tuple[Path, Path, Pictures],
) -> None:
    clip, annotated, _ = made
    assert times_s(annotated) == pytest.approx(times_s(clip), abs=1e-4)
    with av.open(str(clip)) as one, av.open(str(annotated)) as two:
        assert one.duration is not None
        assert two.duration == pytest.approx(one.duration, abs=2000)


def test_annotated_clip_is_h264_yuv420p_with_its_index_first(
    made: tuple[Path, Path, Pictures],
) -> None:
    _, annotated, _ = made
    with av.open(str(annotated)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
    head = annotated.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_every_finding_with_a_value_has_a_key_frame(
    made: tuple[Path, Path, Pictures],
) -> None:
    shown = {(frame.metric, frame.side) for frame in made[2].key_frames}
    wanted = {(f.metric, f.side) for f in example.analysis().findings if f.observed}
    assert wanted <= shown
    assert ("foot_strike_angle_deg", Side.LEFT) in shown


def test_key_frames_are_small_pictures_of_the_size_they_claim(
    made: tuple[Path, Path, Pictures],
) -> None:
    for frame in made[2].key_frames:
        assert Image.open(io.BytesIO(frame.jpeg)).size == (frame.width_px, frame.height_px)
        assert len(frame.jpeg) < 90_000


def test_key_frame_of_the_foot_strike_is_an_initial_contact(
    made: tuple[Path, Path, Pictures],
) -> None:
    foot = next(
        f
        for f in made[2].key_frames
        if f.metric == "foot_strike_angle_deg" and f.side is Side.RIGHT
    )
    assert np.min(np.abs(example.contacts_s(Side.RIGHT) - foot.file_time_s)) < 1e-9


def blank() -> RgbImage:
    return np.full((example.HEIGHT, example.WIDTH, 3), 128, np.uint8)


def has_colour(picture: RgbImage, colour: paint.Colour) -> bool:
    return bool(np.any(np.all(picture == np.array(colour, np.uint8), axis=-1)))


def test_near_and_far_side_have_their_own_colours() -> None:
    painter = Painter(example.analysis(), example.WIDTH, example.HEIGHT, DEFAULT_WORDING)
    picture = painter.draw(blank(), 0, 0.0)[: example.HEIGHT]
    assert has_colour(picture, paint.NEAR)
    assert has_colour(picture, paint.FAR)


def test_unknown_landmarks_are_not_drawn() -> None:
    base = example.analysis()
    xy_px = np.full_like(base.pose.xy_px, np.nan)
    painter = Painter(
        replace(base, pose=replace(base.pose, xy_px=xy_px)), 320, 400, DEFAULT_WORDING
    )
    assert np.array_equal(painter.draw(blank(), 9, 0.3)[: example.HEIGHT], blank())


def near_pixels(picture: RgbImage) -> FloatArray:
    """Columns and rows of the pixels in the colour of the near side."""
    found = np.argwhere(np.all(picture == np.array(paint.NEAR, np.uint8), axis=-1))
    return found[:, ::-1].astype(np.float64)


def test_the_body_is_drawn_where_the_landmarks_are_also_when_scaled_down() -> None:
    analysis = example.analysis()
    knee = analysis.pose.track_px("right_knee")[0]
    for scale in (1.0, 0.5):
        width, height = round(example.WIDTH * scale), round(example.HEIGHT * scale)
        rgb = np.full((height, width, 3), 128, np.uint8)
        picture = Painter(analysis, width, height, DEFAULT_WORDING).draw(rgb, 0, 0.0)[:height]
        distance = np.hypot(*(near_pixels(picture) - knee * scale).T)
        assert distance.min() < 2.0


def test_contacts_are_marked_from_their_frame_on_for_a_while() -> None:
    marked = contact_frames(example.analysis())
    first = round(example.FIRST_CONTACT_S * example.FPS)
    assert Side.RIGHT not in marked.get(first - 1, [])
    assert Side.RIGHT in marked[first]
    assert Side.RIGHT not in marked.get(first + 6, [])


def test_slow_motion_marks_contacts_at_file_times() -> None:
    base = example.analysis(scale=2.0)
    first = round(2 * example.FIRST_CONTACT_S * example.FPS)
    assert Side.RIGHT in contact_frames(base)[first]
    assert stances(base, Side.RIGHT)[0][0] == pytest.approx(2 * example.FIRST_CONTACT_S)


def test_bar_shows_the_angles_of_the_frame() -> None:
    shown = readout(example.analysis(), words("pictures"))
    assert shown.names == ("Trunk lean", "Right elbow", "Right knee")
    assert shown.values_deg[:, 0] == pytest.approx(np.full(120, example.TRUNK_DEG), abs=1e-6)
    assert shown.values_deg[30, 1] == pytest.approx(90.0, abs=0.5)


def test_cursor_of_the_bar_moves_with_time() -> None:
    footer = Footer(example.analysis(), 1280, DEFAULT_WORDING)

    def cursor(index: int) -> float:
        bar = np.zeros((footer.height_px, 1280, 3), np.uint8)
        footer.draw(bar, index, index / example.FPS)
        right_half = np.all(bar[:, 660:] == np.array(paint.PAPER, np.uint8), axis=-1)
        return float(np.argmax(right_half.sum(axis=0)))

    positions = [cursor(index) for index in (3, 60, 115)]
    assert positions == sorted(positions)
    middle = 0.5 * (positions[0] + positions[2])
    assert positions[1] == pytest.approx(middle, abs=12)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("width_px", [360, 486, 864, 1280])
def test_angles_of_the_bar_stand_apart_in_every_language(language: Language, width_px: int) -> None:
    footer = Footer(example.analysis(), width_px, Wording(ReportStyle(language)))
    bar = np.zeros((footer.height_px, width_px, 3), np.uint8)
    footer.draw(bar, 30, 1.0)
    lane = np.flatnonzero((bar[: footer.height_px // 3] == paint.NEAR).all(axis=2).any(axis=0))
    is_one_row = len(lane) > 0
    # Left of the letters that name the lanes, or above them.
    shown = bar[:, : lane[0] - 25] if is_one_row else bar[: footer.height_px // 2]
    gaps = np.diff(np.flatnonzero((shown.max(axis=2) > 90).any(axis=0))) - 1
    # Letters and a name and its value stand nearer to each other than two angles.
    assert sorted(gaps)[-2] > 1.3 * sorted(gaps)[-3]


def test_long_clips_turn_the_page_of_the_bar() -> None:
    base = example.analysis()
    footer = Footer(
        replace(base, video=replace(base.video, duration_s=60.0)), 1280, DEFAULT_WORDING
    )
    bars = np.zeros((2, footer.height_px, 1280, 3), np.uint8)
    footer.draw(bars[0], 0, 0.0)
    footer.draw(bars[1], 0, 12.0)
    lanes = bars[:, :, 1280 // 2 + 45 :]  # right of the letter that names the lane
    assert has_colour(lanes[0], paint.NEAR)
    assert not has_colour(lanes[1], paint.NEAR)


def test_large_pictures_are_scaled_down(tmp_path: Path) -> None:
    width = 2 * MAX_SIDE_PX
    base = example.analysis()
    with av.open(str(tmp_path / "wide.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, 320, "yuv420p"
        for _ in range(3):
            rgb = np.full((320, width, 3), 90, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    wide = replace(base, video=replace(base.video, width_px=width, height_px=320))
    annotate(wide, tmp_path / "wide.mp4", tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.video[0].width == MAX_SIDE_PX


def grey_clip(path: Path, shade: int, n_frames: int = 120) -> Path:
    with ClipWriter(path, 960, 540, fps=30.0) as clip:
        for index in range(n_frames):
            clip.write(np.full((540, 960, 3), shade, np.uint8), index / 30)
    return path


@pytest.mark.parametrize(("n_kept", "is_used"), [(120, True), (119, False)])
def test_kept_pictures_are_drawn_on_if_all_are_there(
    n_kept: int, is_used: bool, tmp_path: Path
) -> None:
    dark = grey_clip(tmp_path / "dark.mp4", 60)
    kept = grey_clip(tmp_path / "bright.mp4", 180, n_kept)
    base = example.analysis()
    video = replace(base.video, width_px=960, height_px=540)
    with open_video(dark) as film:
        times_s = np.array([frame.time_s for frame in film])
    short = replace(base, video=video, recorded_pose=replace(base.recorded_pose, time_s=times_s))
    with drawing_proxy() as proxy:
        with open_video(kept, reading=Reading(proxy=proxy)) as film:
            assert len(list(film)) == n_kept
        annotate(short, dark, tmp_path / "out.mp4", reading=Reading(proxy=proxy))
    with open_video(tmp_path / "out.mp4") as film:
        corner = next(iter(film)).rgb[5, 5]
    assert (corner.min() > 160) == is_used
    assert (corner.max() < 80) != is_used


def test_a_contact_that_was_not_found_is_not_marked() -> None:
    analysis = example.analysis()
    events = analysis.gait.events
    contacts = {side: events.initial_contact_s[side].copy() for side in Side}
    contacts[Side.RIGHT][0] = np.nan
    lost = replace(
        analysis, gait=replace(analysis.gait, events=replace(events, initial_contact_s=contacts))
    )
    expected = contact_frames(analysis)
    gone = nearest_frame(
        analysis.pose.time_s,
        float(analysis.gait.time_base.file_s(events.initial_contact_s[Side.RIGHT][0])),
    )
    assert Side.RIGHT in expected[gone]
    assert Side.RIGHT not in contact_frames(lost).get(gone, [])
    assert contact_frames(lost).keys() <= expected.keys()
    assert len(stances(lost, Side.RIGHT)) == len(stances(analysis, Side.RIGHT)) - 1


def test_a_still_outlines_the_one_followed_and_the_others(
    made: tuple[Path, Path, Pictures],
) -> None:
    still = next(frame for frame in made[2].key_frames if frame.metric == whois.METRIC)
    assert still.file_time_s == 2.0
    assert "person 2 was followed" in still.alt
    picture = np.asarray(Image.open(io.BytesIO(still.jpeg))).astype(int)
    scale = still.width_px / example.WIDTH
    for person, colour in zip(example.people(), (paint.FAR, paint.NEAR), strict=True):
        left, top, right, bottom = (round(scale * edge) for edge in person.box_px)
        for x, y in ((left, (top + bottom) // 2), (right, (top + bottom) // 2)):
            assert np.abs(picture[y, x] - colour).max() < 70


def test_somebody_alone_gets_no_still() -> None:
    alone = replace(example.pose(), people=example.people()[1:])
    assert whois.still_frame(alone) is None


def test_toe_offs_are_marked_from_their_frame_on_for_a_while() -> None:
    marked = toe_off_frames(example.analysis())
    first = round((example.FIRST_CONTACT_S + example.STANCE_S) * example.FPS)
    assert Side.RIGHT not in marked.get(first - 1, [])
    assert Side.RIGHT in marked[first]
    assert Side.RIGHT not in marked.get(first + 6, [])


@pytest.mark.parametrize(
    ("size", "shown"),
    [((320, 240), (640, 480)), ((426, 240), (852, 480)), ((1280, 720), (864, 486))],
)
def test_small_pictures_are_drawn_large_enough_to_read(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    width, height = size
    with ClipWriter(tmp_path / "clip.mp4", width, height, fps=30.0) as clip:
        for index in range(3):
            clip.write(np.full((height, width, 3), 90, np.uint8), index / 30)
    base = example.analysis()
    sized = replace(base, video=replace(base.video, width_px=width, height_px=height))
    annotate(sized, tmp_path / "clip.mp4", tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.width == shown[0]
        assert stream.height > shown[1]


def labelled(analysis: Analysis, frame: int) -> RgbImage:
    """What the labels add to a grey picture."""
    labels = JointLabels(analysis, DEFAULT_WORDING, example.WIDTH, example.HEIGHT)
    picture = blank()
    labels.draw(picture, Body(analysis.pose.xy_px[frame], analysis.pose.landmarks), frame)
    return picture


def test_an_angle_stands_behind_its_joint() -> None:
    analysis = example.analysis()
    added = np.argwhere((labelled(analysis, 30) != blank()).any(axis=-1))[:, ::-1]
    for part in ("right_shoulder", "right_elbow"):
        x, y = analysis.pose.track_px(part)[30]
        beside = added[np.abs(added[:, 1] - y) < 4]
        assert len(beside) > 20
        assert beside[:, 0].max() < x


def test_the_angle_of_a_foot_in_the_air_is_not_written() -> None:
    analysis = example.analysis()
    start = round(example.FIRST_CONTACT_S * example.FPS)
    on_ground, in_air = (labelled(analysis, start + k)[-110:] for k in (2, 14))
    assert (on_ground != blank()[-110:]).any()
    assert np.array_equal(in_air, blank()[-110:])


def test_what_is_withheld_is_not_written() -> None:
    analysis = example.analysis()
    topics = dict.fromkeys(("trunk", "arms", "foot_angle"), reason("from_behind"))
    silent = replace(analysis, gait=replace(analysis.gait, withheld=topics))
    assert np.array_equal(labelled(silent, 12), blank())

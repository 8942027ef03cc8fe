"""No picture that leaves the program shows a face, when that is asked for."""

from __future__ import annotations

import io
import tomllib
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from formcheck.config import load_config
from formcheck.domain import Analysis, FloatArray, Privacy, RgbImage
from formcheck.report import write_report
from formcheck.report.context import ReportContext
from formcheck.report.html import render
from formcheck.report.overlay import annotate
from formcheck.report.privacy import PLAIN, Veil
from tests.report import example

HEAD_PX = 30
"""Around the middle of the example's face; its trunk is 78 px long."""


def with_privacy(kind: Privacy, base: Analysis | None = None) -> Analysis:
    analysis = base or example.analysis()
    alone = replace(analysis.recorded_pose, people=example.people()[1:])
    made = replace(analysis.provenance, config={"privacy": kind.value})
    return replace(analysis, recorded_pose=alone, provenance=made)


def texture(seed: int = 1) -> RgbImage:
    """A picture that is all detail."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (example.HEIGHT, example.WIDTH, 3), dtype=np.uint8)


def detail(rgb: RgbImage) -> float:
    """Variance of the Laplacian: what a blur takes away."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def face_px(frame: int) -> FloatArray:
    face = example.pose().xy_px[frame, :11]
    return np.asarray(np.nanmean(face, axis=0))


def head(rgb: RgbImage, frame: int) -> RgbImage:
    x, y = np.round(face_px(frame)).astype(int)
    return rgb[y - HEAD_PX // 2 : y + HEAD_PX // 2, x - HEAD_PX // 2 : x + HEAD_PX // 2]


def hidden(analysis: Analysis, frame: int, rgb: RgbImage | None = None) -> RgbImage:
    veil = Veil(analysis, example.WIDTH, example.HEIGHT)
    return veil.hide(texture() if rgb is None else rgb, frame)


def test_without_it_pictures_are_as_they_are() -> None:
    assert np.array_equal(hidden(with_privacy(Privacy.NONE), 10), texture())


def test_blur_leaves_a_thousandth_of_the_detail_of_a_head_and_all_of_the_feet() -> None:
    shown = hidden(with_privacy(Privacy.BLUR), 10)
    assert detail(head(shown, 10)) < 1e-3 * detail(head(texture(), 10))
    assert np.array_equal(shown[-60:], texture()[-60:])


def test_the_picture_handed_in_is_left_alone() -> None:
    rgb = texture()
    hidden(with_privacy(Privacy.BLUR), 10, rgb)
    assert np.array_equal(rgb, texture())


def without_landmarks(first: int, last: int) -> Analysis:
    analysis = with_privacy(Privacy.BLUR)
    xy_px = analysis.recorded_pose.xy_px.copy()
    xy_px[first:last] = np.nan
    return replace(analysis, recorded_pose=replace(analysis.recorded_pose, xy_px=xy_px))


def test_a_face_that_was_not_found_is_hidden_by_the_shoulders() -> None:
    analysis = with_privacy(Privacy.BLUR)
    xy_px = analysis.recorded_pose.xy_px.copy()
    xy_px[:, :11] = np.nan
    faceless = replace(analysis, recorded_pose=replace(analysis.recorded_pose, xy_px=xy_px))
    assert detail(head(hidden(faceless, 10), 10)) < 1e-2 * detail(head(texture(), 10))


@pytest.mark.parametrize("frame", range(40, 54))
def test_in_a_gap_of_half_a_second_the_head_stays_hidden(frame: int) -> None:
    shown = hidden(without_landmarks(40, 54), frame)
    assert detail(head(shown, frame)) < 1e-3 * detail(head(texture(), frame))
    assert detail(shown[-60:]) == detail(texture()[-60:])


def test_where_nobody_was_found_for_long_the_whole_picture_is_hidden() -> None:
    shown = hidden(without_landmarks(40, 100), 70)
    assert detail(shown) < 1e-3 * detail(texture())


def test_with_somebody_else_there_only_the_runner_stays_sharp() -> None:
    alone = with_privacy(Privacy.BLUR)
    two = replace(alone, recorded_pose=replace(alone.recorded_pose, people=example.people()))
    left, top, right, bottom = example.people()[0].box_px
    shown = hidden(two, 10)
    assert detail(shown[top:bottom, left : right - 10]) < 1e-3 * detail(texture())
    x, y = np.round(example.pose().track_px("right_hip")[10]).astype(int)
    assert np.array_equal(
        shown[y - 5 : y + 5, x - 5 : x + 5], texture()[y - 5 : y + 5, x - 5 : x + 5]
    )


def test_of_a_skeleton_nothing_of_the_camera_is_left() -> None:
    analysis = with_privacy(Privacy.SKELETON)
    one, other = (hidden(analysis, 10, texture(seed)) for seed in (1, 2))
    assert np.array_equal(one, other)
    assert np.all(one[5, 5] == PLAIN)
    assert len(np.unique(one.reshape(-1, 3), axis=0)) > 3


MAGENTA, GREEN = (255, 0, 255), (0, 255, 0)


def write_marked_clip(path: Path, location: str = "") -> Path:
    """The runner with a head of magenta and green cells, which no blur leaves apart."""
    cells = np.indices((64, 64)).sum(axis=0) // 8 % 2
    checks = np.where(cells[..., None] == 0, MAGENTA, GREEN).astype(np.uint8)
    options = {"movflags": "use_metadata_tags"}
    with av.open(str(path), "w", container_options=options) as container:
        if location:
            container.metadata["location"] = location
            container.metadata["com.apple.quicktime.location.ISO6709"] = location
        stream = container.add_stream("libx264", rate=example.FPS, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = example.WIDTH, example.HEIGHT, "yuv420p"
        for index, xy_px in enumerate(example.pose().xy_px):
            rgb = example.picture(xy_px)
            x, y = np.round(face_px(index)).astype(int)
            rgb[y - 20 : y + 20, x - 20 : x + 20] = checks[:40, :40]
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def is_marked(rgb: RgbImage) -> bool:
    """Whether there are cells of pure magenta: a face that could be recognised."""
    colours = rgb.astype(int)
    cells = (colours[..., 0] > 180) & (colours[..., 2] > 180) & (colours[..., 1] < 90)
    return bool(cells.sum() > 30)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_marked_clip(tmp_path_factory.mktemp("marked") / "clip.mp4", "+47.3769+008.5417/")


@pytest.mark.parametrize("kind", list(Privacy))
def test_every_picture_written_is_without_the_face(
    kind: Privacy, marked: Path, tmp_path: Path
) -> None:
    analysis = with_privacy(kind)
    alone = analysis.recorded_pose
    two = replace(analysis, recorded_pose=replace(alone, people=example.people()))
    taken = annotate(two, marked, tmp_path / "annotated.mp4")
    stills, strips = taken.key_frames, taken.strips
    jpegs = [*(s.jpeg for s in stills), *(p.jpeg for strip in strips for p in strip.pictures)]
    pictures = [np.asarray(Image.open(io.BytesIO(jpeg))) for jpeg in jpegs]
    with av.open(str(tmp_path / "annotated.mp4")) as container:
        frames = [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in container.decode(video=0)
        ]
    assert len(pictures) > 4
    assert any(map(is_marked, pictures)) is (kind is Privacy.NONE)
    assert any(map(is_marked, frames)) is (kind is Privacy.NONE)


def test_where_it_was_filmed_is_in_no_file(marked: Path, tmp_path: Path) -> None:
    with av.open(str(marked)) as container:
        assert any("47.3769" in value for value in container.metadata.values())
    folder = write_report(example.analysis(), tmp_path / "out", clip=marked).parent
    files = [path for path in folder.iterdir() if path.is_file()]
    assert len(files) >= 7
    assert [path.name for path in files if b"47.3769" in path.read_bytes()] == []
    with av.open(str(folder / "annotated.mp4")) as container:
        assert not any("location" in key for key in container.metadata)


def test_it_is_remembered_in_the_settings(tmp_path: Path) -> None:
    config = load_config(privacy=Privacy.BLUR)
    analysis = with_privacy(Privacy.BLUR)
    made = replace(analysis.provenance, config=config.as_dict())
    write_report(replace(analysis, provenance=made), tmp_path / "out", clip=None)
    path = tmp_path / "out" / "config.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["privacy"] == "blur"
    assert load_config(path).privacy is Privacy.BLUR


@pytest.mark.parametrize(
    ("kind", "is_said"), [(Privacy.BLUR, True), (Privacy.SKELETON, False), (Privacy.NONE, False)]
)
def test_a_blurred_report_says_that_people_never_found_are_not_blurred(
    kind: Privacy, is_said: bool
) -> None:
    text = render(ReportContext(with_privacy(kind)))
    assert ("Somebody who was never found" in text) is is_said

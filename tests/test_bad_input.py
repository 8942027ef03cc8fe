"""Every clip and every wish that cannot be served: one line and the right exit code."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.domain import PoseSequence
from formcheck.pose.model_catalogue import catalogue
from formcheck.pose.model_files import ModelStore, find_model
from formcheck.pose.recorded import save_pose
from tests import scenes
from tests.command import FPS, Cli, frames_of, middle_of, tree, write_clip
from tests.rendered import OVERSTRIDE, ROOT, UPRIGHT


def shipped_rules() -> str:
    packs = ROOT / "formcheck" / "guidance" / "packs"
    return (packs / "evidence.toml").read_text(encoding="utf-8")


def missing(folder: Path) -> Path:
    return folder / "nowhere.mp4"


def a_folder(folder: Path) -> Path:
    path = folder / "folder.mp4"
    path.mkdir()
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


def text(folder: Path) -> Path:
    path = folder / "text.mp4"
    path.write_text("This is a shopping list.\n" * 200, encoding="utf-8")
    return path


def photo(folder: Path) -> Path:
    path = folder / "photo.mp4"
    path.write_bytes(jpeg())
    return path


def jpeg() -> bytes:
    ramp = np.tile(np.linspace(0, 255, 640, dtype=np.uint8), (480, 1))
    is_done, data = cv2.imencode(".jpg", ramp)
    assert is_done
    return bytes(data)


def without_index(folder: Path) -> Path:
    """A recording that was cut off before its index (moov), which comes last, was written."""
    path = folder / "cut_off.mp4"
    data = UPRIGHT.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def no_frames(folder: Path) -> Path:
    """An index without a single picture behind it."""
    path = write_clip(folder / "no_frames.mp4", [np.zeros((120, 160, 3), np.uint8)] * 3)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])
    return path


def one_frame(folder: Path) -> Path:
    return write_clip(folder / "one_frame.mp4", frames_of(UPRIGHT, 0.001))


@pytest.mark.parametrize("make", [empty, text, photo, without_index, no_frames, one_frame])
def test_a_file_that_cannot_be_read_is_refused_in_one_line_and_gets_a_page(
    cli: Cli, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    clip = make(tmp_path)
    outcome = cli("analyze", clip, "--json")
    assert outcome.exit_code == 3
    assert clip.name in outcome.complaint
    result = clip.with_name(f"{clip.stem}_formcheck")
    assert {path.name for path in result.iterdir()} == {
        "report.html",
        "summary.json",
        "config.toml",
    }
    summary = json.loads(outcome.stdout)
    assert json.loads((result / "summary.json").read_text(encoding="utf-8")) == summary
    assert summary["verdict"] == "refused"
    (reason,) = summary["reasons"]
    assert (reason["code"], reason["seen"]) == ("video-error", None)
    page = (result / "report.html").read_text(encoding="utf-8")
    assert html.escape(reason["message"].replace(f"{tmp_path}/", "")) in page
    assert "What helps with a file that cannot be read" in page
    assert "What makes a clip that can be measured" not in page


def test_the_page_of_a_file_that_cannot_be_read_gives_way_to_the_next_result(
    cli: Cli, tmp_path: Path
) -> None:
    clip, result = empty(tmp_path), tmp_path / "caf\udce9"
    arguments = ["analyze", clip.rename(tmp_path / "caf\udce9.mp4"), "-o", result]
    first = cli(*arguments)
    assert (first.exit_code, first.stdout) == (3, f"{tmp_path}/caf_xe9/report.html\n")
    assert cli(*arguments, "--language", "de").exit_code == 3
    page = (result / "report.html").read_text(encoding="utf-8")
    assert "caf_xe9.mp4 ist leer (0 Byte); kopiere es noch einmal vom Telefon." in page
    assert "is empty" in cli("show", result).stdout


@pytest.mark.parametrize("make", [missing, a_folder])
def test_what_is_no_file_is_refused_in_one_line_and_leaves_nothing(
    cli: Cli, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    clip = make(tmp_path)
    before = tree(tmp_path)
    outcome = cli("analyze", clip, "--json")
    assert outcome.exit_code == 3
    assert clip.name in outcome.complaint
    assert tree(tmp_path) == before
    summary = json.loads(outcome.stdout)
    assert summary["verdict"] == "refused"
    assert summary["reasons"][0]["message"]


def nobody(folder: Path) -> Path:
    """Two seconds of a bar of light moving over a wall."""
    pictures = []
    for index in range(round(2 * FPS)):
        picture = np.full((360, 640, 3), 120, np.uint8)
        picture[:, 8 * index : 8 * index + 40] = 200
        pictures.append(picture)
    return write_clip(folder / "nobody.mp4", pictures)


def two_people(folder: Path) -> Path:
    pairs = zip(middle_of(UPRIGHT, 2.0), middle_of(OVERSTRIDE, 2.0), strict=True)
    return write_clip(folder / "two.mp4", [np.hstack(pair) for pair in pairs])


def legs_out(folder: Path) -> Path:
    """The lower edge of the picture runs through the thighs."""
    pictures = middle_of(OVERSTRIDE, 3.0)
    return write_clip(folder / "legs_out.mp4", [picture[:400] for picture in pictures])


def too_short(folder: Path) -> Path:
    return write_clip(folder / "short.mp4", frames_of(UPRIGHT, 0.5))


@pytest.mark.mediapipe
@pytest.mark.parametrize(
    ("make", "exit_code", "seen"),
    [
        (nobody, 4, "nobody"),
        (two_people, 4, "people"),
        (legs_out, 4, "knees"),
        (too_short, 5, "short"),
    ],
)
def test_a_clip_that_cannot_be_judged_is_refused_in_one_line_and_gets_a_page(
    cli: Cli, tmp_path: Path, make: Callable[[Path], Path], exit_code: int, seen: str
) -> None:
    clip = make(tmp_path)
    outcome = cli("analyze", clip, "--json")
    assert outcome.exit_code == exit_code
    assert seen in outcome.complaint
    result = clip.with_name(f"{clip.stem}_formcheck")
    assert {path.name for path in tree(result)} >= {"report.html", "summary.json", "config.toml"}
    assert 'src="data:image/jpeg' in (result / "report.html").read_text(encoding="utf-8")
    assert json.loads(outcome.stdout)["verdict"] == "refused"


def test_an_output_that_cannot_be_written_is_found_before_any_work(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    before = tree(tmp_path)
    started = time.perf_counter()
    outcome = cli("analyze", UPRIGHT, "-o", tmp_path / "file" / "result")
    assert time.perf_counter() - started < 1.0
    assert outcome.exit_code == 8
    assert "--output" in outcome.complaint or "another folder" in outcome.complaint
    assert tree(tmp_path) == before


def test_an_unknown_setting_is_answered_with_the_nearest_known_one(
    cli: Cli, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("speed_kph = 10\n", encoding="utf-8")
    outcome = cli("analyze", UPRIGHT, "--config", settings, "-o", tmp_path / "result")
    assert outcome.exit_code == 2
    assert "speed_kmh" in outcome.complaint
    assert tree(tmp_path) == {settings}


def test_a_speed_nobody_runs_is_refused(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("analyze", UPRIGHT, "--speed-kmh", "300", "-o", tmp_path / "result")
    assert outcome.exit_code == 2
    assert "3 to 40 km/h" in outcome.complaint


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (shipped_rules().replace("good = [-15.0, inf]", "good = [-15.0, -20.0]"), "is not below"),
        ("rule = 3\n", "holds no [[rule]]"),
        ("rule = [3]\n", "must be a table"),
        ("[[rule]]\nid = 3\n", "missing key"),
        (shipped_rules().replace("min_strides = 8", 'min_strides = "many"'), "a whole number"),
        ("rule", "not valid TOML"),
    ],
    ids=["band upside down", "no rules", "no table", "half a rule", "a word", "no TOML"],
)
def test_a_rule_file_that_contradicts_itself_is_refused_before_any_work(
    cli: Cli, tmp_path: Path, text: str, seen: str
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(text, encoding="utf-8")
    started = time.perf_counter()
    outcome = cli("analyze", UPRIGHT, "--rules", rules, "-o", tmp_path / "result")
    assert time.perf_counter() - started < 1.0
    assert outcome.exit_code == 6
    assert seen in outcome.complaint
    assert tree(tmp_path) == {rules}


def test_a_model_that_is_not_what_it_claims_to_be_is_refused(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_model("full")[0]
    damaged = bytearray(real.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    models = tmp_path / "models"
    models.mkdir()
    (models / real.name).write_bytes(damaged)
    store = ModelStore(catalogue(), (models,))
    monkeypatch.setattr("formcheck.pose.model_files.default_store", lambda: store)
    outcome = cli("analyze", UPRIGHT, "-o", tmp_path / "result")
    assert outcome.exit_code == 7
    assert "sha256" in outcome.complaint
    assert not (tmp_path / "result").exists()


def test_a_runner_from_the_side_is_not_refused(cli: Cli, tmp_path: Path) -> None:
    save_pose(scenes.running_from_the_side(), tmp_path / "pose.npz")
    assert cli("analyze", tmp_path / "pose.npz").exit_code == 0


@pytest.mark.parametrize(
    ("scene", "seen"),
    [
        (scenes.walking, "as in walking"),
        (scenes.standing, "as in standing"),
        (scenes.running_towards_the_camera, "from the front"),
    ],
)
def test_a_pose_that_shows_no_runner_from_the_side_is_refused(
    cli: Cli, tmp_path: Path, scene: Callable[[], PoseSequence], seen: str
) -> None:
    save_pose(scene(), tmp_path / "pose.npz")
    outcome = cli("analyze", tmp_path / "pose.npz", "--json")
    assert outcome.exit_code == 4
    assert seen in outcome.complaint
    assert seen in (tmp_path / "pose_formcheck" / "report.html").read_text(encoding="utf-8")
    assert json.loads(outcome.stdout)["verdict"] == "refused"


def test_a_file_named_npz_that_is_no_pose_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pose.npz").write_text("no pose", encoding="utf-8")
    outcome = cli("analyze", tmp_path / "pose.npz")
    assert outcome.exit_code == 3
    assert "pose.npz" in outcome.complaint

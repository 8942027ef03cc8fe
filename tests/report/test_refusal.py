"""A refused clip has a page: why, what was seen, how to film it again, and safety first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from formcheck.config import AnalysisConfig
from formcheck.domain import Caution, Legs, Person, PoseSequence, Privacy, Provenance, RgbImage
from formcheck.errors import OutputError, RefusedError, VideoError
from formcheck.pipeline import analyze_pose
from formcheck.pose.recorded import save_pose
from formcheck.report import ReportOptions
from formcheck.report.refusal import Refusal, write_refusal
from formcheck.report.seen import pictures_of
from formcheck.texts import Language, ReportStyle, text, words
from tests import scenes
from tests.command import Cli, write_clip
from tests.report.test_browser import PHONE, SERIOUS, Open
from tests.texts.wording_rules import broken_rules, words_of

PICTURES = words("pictures")
GREY = 128


def refused(pose: PoseSequence) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        analyze_pose(pose, AnalysisConfig())
    return caught.value


def bystander(number: int, at_s: float) -> Person:
    left = 100 + 300 * number
    box = (left, 100, left + 150, 600)
    return Person(number, box, at_s, "left", 0.0, 7.0, Legs.CYCLE, 0.5, is_followed=False)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven grey seconds, as long as the recorded pose and as large."""
    grey = np.full((scenes.HEIGHT_PX, scenes.WIDTH_PX, 3), GREY, np.uint8)
    return write_clip(tmp_path_factory.mktemp("clip") / "walk.mp4", [grey] * 210)


def refusal(clip: Path | None, *, privacy: str = "none", caution: Caution | None = None) -> Refusal:
    provenance = Provenance("0", None, {"privacy": privacy})
    error = refused(scenes.walking())
    return Refusal("walk.mp4", Path("walk.mp4"), error, clip, provenance, caution)


def decoded(jpeg: bytes) -> RgbImage:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_the_page_says_why_and_shows_what_was_seen(tmp_path: Path, clip: Path) -> None:
    page = write_refusal(refusal(clip), tmp_path / "out").read_text(encoding="utf-8")
    assert "Refused" in page
    for said in (
        "as in walking.",
        "What is missing",
        "Film at least ten seconds of steady running.",
    ):
        assert said in page
    assert page.count('src="data:image/jpeg') == 3
    assert "with the body as it was found" in page
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["verdict"], summary["reasons"][0]["code"]) == ("refused", "walking")


def test_safety_comes_first_for_whom_answers_ask_for_it(tmp_path: Path, clip: Path) -> None:
    for caution in (None, Caution.EMERGENCY):
        made = refusal(clip, caution=caution)
        page = write_refusal(made, tmp_path / "out").read_text(encoding="utf-8")
        body = page[page.index("<body>") :]
        is_first = body.index("Get emergency care now") < body.index("formcheck</p>")
        assert is_first is (caution is not None)
        assert body.count("This report describes movement in one video.") == 1


@pytest.mark.parametrize("language", Language)
def test_the_page_keeps_to_the_wording_rules(
    tmp_path: Path, clip: Path, language: Language
) -> None:
    options = ReportOptions(ReportStyle(language))
    page = write_refusal(refusal(clip), tmp_path / "out", options=options)
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    assert list(broken_rules(words_of(text), language)) == []


def test_people_are_outlined_where_they_were_seen(clip: Path) -> None:
    error = refused(scenes.walking())
    error.people = (bystander(1, 2.0), bystander(2, 2.0))
    shown = pictures_of(error, clip, Privacy.NONE, PICTURES)
    assert [picture.metric for picture in shown].count("seen_people") == 1
    first = next(picture for picture in shown if picture.metric == "seen_people")
    assert "people 1, 2" in first.alt
    scale = first.width_px / scenes.WIDTH_PX
    edge = decoded(first.jpeg)[round(300 * scale), round(400 * scale)]
    assert np.abs(edge.astype(int) - GREY).max() > 30


def test_nothing_of_the_camera_is_left_where_only_a_skeleton_may_be_shown(clip: Path) -> None:
    error = refused(scenes.walking())
    shown = pictures_of(error, clip, Privacy.SKELETON, PICTURES)
    assert len(shown) == 3
    corner = decoded(shown[0].jpeg)[5, 5]
    assert np.abs(corner.astype(int) - GREY).min() > 30
    error.pose = None
    assert pictures_of(error, clip, Privacy.SKELETON, PICTURES) == ()


def test_a_blurred_picture_is_blurred_all_over(tmp_path: Path) -> None:
    stripes = np.zeros((scenes.HEIGHT_PX, scenes.WIDTH_PX, 3), np.uint8)
    stripes[:, ::8] = stripes[:, 1::8] = stripes[:, 2::8] = stripes[:, 3::8] = 255
    clip = write_clip(tmp_path / "stripes.mp4", [stripes] * 210)
    error = refused(scenes.walking())
    plain, hidden = (
        decoded(pictures_of(error, clip, kind, PICTURES)[0].jpeg)[:60, :60].std()
        for kind in (Privacy.NONE, Privacy.BLUR)
    )
    assert hidden < 0.1 * plain


def test_without_the_clip_the_body_alone_is_shown(tmp_path: Path) -> None:
    page = write_refusal(refusal(None), tmp_path / "out").read_text(encoding="utf-8")
    assert page.count('src="data:image/jpeg') == 3
    unknown = refusal(None)
    assert unknown.seen is not None
    unknown.seen.pose = unknown.seen.video = None
    page = write_refusal(unknown, tmp_path / "out").read_text(encoding="utf-8")
    assert "No frame of the clip could be shown here." in page


def test_a_refusal_gives_way_to_what_comes_next_but_a_result_does_not(
    tmp_path: Path, clip: Path
) -> None:
    made = refusal(clip)
    write_refusal(made, tmp_path / "out")
    write_refusal(replace(made, name="again.mp4"), tmp_path / "out")
    assert "again.mp4" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    (tmp_path / "out" / "summary.json").write_text('{"verdict": "analysed"}', encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        write_refusal(made, tmp_path / "out")


@pytest.fixture
def poses(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "walk.npz", tmp_path / "front.npz"
    save_pose(scenes.walking(), paths[0])
    save_pose(scenes.running_towards_the_camera(), paths[1])
    return paths


def test_a_session_of_refused_clips_has_a_page_that_leads_to_theirs(
    cli: Cli, tmp_path: Path, poses: tuple[Path, Path]
) -> None:
    done = cli("session", *poses, "-o", tmp_path / "out")
    assert (done.exit_code, done.stdout.strip()) == (4, str(tmp_path / "out" / "session.html"))
    page = (tmp_path / "out" / "session.html").read_text(encoding="utf-8")
    assert "None of the 2 clips of this session can be measured" in page
    for name in ("walk", "front"):
        assert f'href="{name}/report.html"' in page
        assert (tmp_path / "out" / name / "report.html").is_file()
    data = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    assert (data["verdict"], [each["name"] for each in data["refused"]]) == (
        "refused", ["walk", "front"],
    )  # fmt: skip


@pytest.mark.parametrize("language", Language)
def test_a_comparison_with_a_refused_clip_says_so(
    cli: Cli, tmp_path: Path, poses: tuple[Path, Path], language: Language
) -> None:
    for pose in poses:
        assert cli("analyze", pose, "-q", "-o", tmp_path / pose.stem).exit_code == 4
    folders = (tmp_path / "walk", tmp_path / "front")
    done = cli("compare", *folders, "-o", tmp_path / "out", "--language", language)
    assert (done.exit_code, done.stdout.strip()) == (4, str(tmp_path / "out" / "compare.html"))
    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert words("reasons", language)("walking.film")[1:] in page
    assert 'href="../walk/report.html"' in page
    assert {Language.EN: "as in walking", Language.DE: "wie beim Gehen"}[language] in page
    assert page.count('src="data:image/jpeg') == 6


def test_of_a_refusal_whose_pose_is_gone_only_what_needs_no_facts_is_said_in_other_languages(
    cli: Cli, tmp_path: Path, poses: tuple[Path, Path]
) -> None:
    for pose in poses:
        assert cli("analyze", pose, "-q", "-o", tmp_path / pose.stem).exit_code == 4
        (tmp_path / pose.stem / "pose.npz").unlink()
    for language, is_said in (("en", True), ("de", False)):
        folders = (tmp_path / "walk", tmp_path / "front")
        assert cli("compare", *folders, "-o", tmp_path / "o", "--language", language).exit_code == 4
        page = (tmp_path / "o" / "compare.html").read_text(encoding="utf-8")
        assert ("as in walking" in page) is is_said
        assert words("reasons", Language(language))("walking.film")[1:] in page


def test_a_refused_folder_is_told_again_and_taken_into_a_session(
    cli: Cli, tmp_path: Path, poses: tuple[Path, Path]
) -> None:
    walk = tmp_path / "walk"
    assert cli("analyze", poses[0], "-q", "-o", walk).exit_code == 4
    assert "refused. The swing knee" in cli("show", walk).stdout
    assert "abgelehnt; mehr im Bericht" in cli("show", walk, "--language", "de").stdout
    assert cli("session", walk, "-q", "-o", tmp_path / "out", "--language", "de").exit_code == 4
    assert "wie beim Gehen" in (tmp_path / "out" / "session.html").read_text(encoding="utf-8")


def unreadable(caution: Caution | None = None) -> Refusal:
    error = VideoError(text("errors", "clip.empty", path="/films/run.mp4"))
    path = Path("/films/run.mp4")
    return Refusal("run.mp4", path, error, path, Provenance("0", None, {}), caution)


@pytest.mark.parametrize("language", Language)
def test_a_file_that_cannot_be_read_is_told_in_plain_words(
    tmp_path: Path, language: Language
) -> None:
    options = ReportOptions(ReportStyle(language))
    path = write_refusal(unreadable(Caution.EMERGENCY), tmp_path / "out", options=options)
    page = path.read_text(encoding="utf-8")
    assert {Language.EN: "run.mp4 is empty (0 bytes)", Language.DE: "run.mp4 ist leer"}[
        language
    ] in page
    assert "/films" not in page
    say = words("plan", language)
    body = page[page.index("<body>") :]
    assert body.index(say("caution.emergency.heading")) < body.index("formcheck</p>")
    assert list(broken_rules(words_of(page), language)) == []


def test_a_session_lists_a_file_that_cannot_be_read_among_the_refused(
    cli: Cli, tmp_path: Path, poses: tuple[Path, Path]
) -> None:
    (tmp_path / "broken.mp4").touch()
    done = cli("session", tmp_path / "broken.mp4", poses[0], "-q", "-o", tmp_path / "out")
    assert done.exit_code == 4
    page = (tmp_path / "out" / "session.html").read_text(encoding="utf-8")
    assert "None of the 2 clips of this session can be measured" in page
    assert 'href="broken/report.html"' in page
    assert "broken is empty (0 bytes)" in page


@pytest.mark.parametrize(
    ("language", "said"), [("en", "is empty"), ("de", "ihre eigene Seite sagt, warum")]
)
def test_a_comparison_with_a_file_that_cannot_be_read_leads_to_its_page(
    cli: Cli, tmp_path: Path, language: str, said: str
) -> None:
    clips = (tmp_path / "empty.mp4", tmp_path / "broken.mp4")
    for clip in clips:
        clip.touch()
    assert cli("analyze", *clips, "-q").exit_code == 3
    folders = (tmp_path / "empty_formcheck", tmp_path / "broken_formcheck")
    assert cli("compare", *folders, "-o", tmp_path / "o", "--language", language).exit_code == 4
    page = (tmp_path / "o" / "compare.html").read_text(encoding="utf-8")
    assert said in page
    assert 'href="../broken_formcheck/report.html"' in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_read_by_everybody_everywhere(
    visit: Open, tmp_path: Path, clip: Path, scheme: str
) -> None:
    path = write_refusal(refusal(clip, caution=Caution.EMERGENCY), tmp_path / "out")
    page = visit(path, viewport=PHONE, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in SERIOUS] == []

"""A runner's answers on the command line: asked, written, read, and nowhere copied."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck.cli.app import app
from formcheck.guidance.profile import profile_of, questions, read_profile
from formcheck.guidance.texts import safety_text
from formcheck.pose.recorded import save_pose
from formcheck.report import summary
from tests.command import Cli
from tests.rendered import OVERSTRIDE, analysis_of
from tests.report import example

RED_FLAG = "[pain]\nback_pain_now = true\nweeks = 1736.25\n[red_flags]\nsaddle_numbness = true\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "runner.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_printed_questions_are_the_written_ones_and_a_profile(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "runner.toml"
    assert cli("profile", "--write", path).stdout == f"{path}\n"
    assert path.read_text(encoding="utf-8") == cli("profile").stdout
    assert path.stat().st_mode & 0o077 == 0
    assert read_profile(path).is_empty


def test_the_questions_are_asked_in_the_language_wanted(cli: Cli) -> None:
    german = cli("profile", "--language", "de").stdout
    assert "Tut dir" in german
    assert profile_of(tomllib.loads(german), "template").is_empty


def test_answers_are_never_overwritten(cli: Cli, tmp_path: Path) -> None:
    path = written(tmp_path, RED_FLAG)
    outcome = cli("profile", "--write", path)
    assert outcome.exit_code == 8
    assert "exists already" in outcome.complaint
    assert path.read_text(encoding="utf-8") == RED_FLAG


def test_questions_are_asked_again_until_they_are_answered(tmp_path: Path) -> None:
    typed = ["y", "elbow", "below_knee", "3"] + [""] * len(questions())
    path = tmp_path / "runner.toml"
    outcome = CliRunner().invoke(app, ["profile", "--ask", "-w", str(path)], input="\n".join(typed))
    assert outcome.exit_code == 0
    answers = tomllib.loads(path.read_text(encoding="utf-8"))
    assert answers == {"pain": {"back_pain_now": True, "place": "below_knee", "weeks": 3.0}}


def test_a_misspelt_answer_is_refused_before_any_work(cli: Cli, tmp_path: Path) -> None:
    path = written(tmp_path, "[shoes]\nkn = 100\n")
    outcome = cli("analyze", tmp_path / "run.mp4", "--profile", path)
    assert outcome.exit_code == 2
    assert str(path) in outcome.complaint
    assert "'shoes.km'" in outcome.complaint


def test_the_safety_text_comes_first_even_when_the_clip_cannot_be_read(
    cli: Cli, tmp_path: Path
) -> None:
    asked = ("analyze", tmp_path / "no.mp4", "--profile", written(tmp_path, RED_FLAG))
    outcome = cli(*asked)
    assert outcome.exit_code == 3
    assert outcome.stdout.startswith("Get emergency care now")
    assert all(part.said in outcome.stdout for part in safety_text())
    assert "What this report is This" not in outcome.stdout
    german = cli(*asked, "--language", "de").stdout
    assert german.startswith(("Hol jetzt Hilfe", "Hol sofort Hilfe"))
    assert not any(part.text in german for part in safety_text())


def test_a_summary_of_a_clip_that_cannot_be_read_begins_with_the_safety_text_too(
    cli: Cli, tmp_path: Path
) -> None:
    profile = written(tmp_path, RED_FLAG)
    outcome = cli("analyze", tmp_path / "no.mp4", "--profile", profile, "--json")
    assert outcome.stderr.startswith("Get emergency care now")
    told = json.loads(outcome.stdout)
    assert told["caution"] == "emergency"
    assert told["safety"][0].startswith("Get emergency care now")


def test_a_result_from_before_there_were_answers_is_shown_again(cli: Cli, tmp_path: Path) -> None:
    old = summary(example.analysis())
    del old["caution"]
    (tmp_path / "summary.json").write_text(json.dumps(old), encoding="utf-8")
    assert cli("show", tmp_path).stdout.splitlines()[-1].startswith("Main finding: ")


@pytest.mark.mediapipe
def test_answers_shape_the_result_and_are_not_in_it(cli: Cli, tmp_path: Path) -> None:
    pose = analysis_of(OVERSTRIDE).recorded_pose
    save_pose(replace(pose, video=replace(pose.video, path="gone.mp4")), tmp_path / "run.npz")
    profile, folder = written(tmp_path, RED_FLAG), tmp_path / "out"
    outcome = cli("analyze", tmp_path / "run.npz", "--profile", profile, "-o", folder)
    assert "Please follow the advice above first" in outcome.stdout.splitlines()[-1]
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert told["caution"] == "emergency"
    assert told["safety"][0].startswith("Get emergency care now")
    assert told["main_finding"] is None
    assert any(finding["grade"] == "watch" for finding in told["findings"])
    assert not any(finding["grade"] == "fix" for finding in told["findings"])
    for path in folder.iterdir():
        kept = path.read_bytes()
        assert not any(word in kept for word in (b"saddle", b"1736.25", b"red_flag")), path.name

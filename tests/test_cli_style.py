"""Language, units and pace on the command line and in a settings file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.pose.recorded import save_pose
from tests.command import Cli
from tests.rendered import OVERSTRIDE, pose_of


@pytest.fixture
def pose(tmp_path: Path) -> Path:
    """What the pose model said about a clip that is no longer where it was."""
    path = tmp_path / "run.npz"
    pose = pose_of(OVERSTRIDE)
    save_pose(replace(pose, video=replace(pose.video, path="gone.mp4")), path)
    return path


@pytest.mark.mediapipe
def test_a_report_comes_in_the_language_and_units_asked_for(
    cli: Cli, tmp_path: Path, pose: Path
) -> None:
    out = tmp_path / "out"
    asked = ("--language", "de", "--units", "imperial", "--pace", "--speed-kmh", "10.8")
    assert cli("analyze", pose, "-o", out, *asked).exit_code == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "8:56\u202f±\u202f" in page
    assert " min/Meile, wie angegeben" in page
    settings = tomllib.loads((out / "config.toml").read_text(encoding="utf-8"))
    assert settings["report"] == {"language": "de", "units": "imperial", "pace": True}


@pytest.mark.mediapipe
def test_the_files_for_machines_are_the_same_in_every_language(
    cli: Cli, tmp_path: Path, pose: Path
) -> None:
    for language in ("en", "de"):
        cli("analyze", pose, "-o", tmp_path / language, "--language", language)
    english, german = (
        json.loads((tmp_path / language / "summary.json").read_text(encoding="utf-8"))
        for language in ("en", "de")
    )
    assert english["provenance"].pop("config") != german["provenance"].pop("config")
    assert english == german
    tables = [(tmp_path / language / "strides.csv").read_bytes() for language in ("en", "de")]
    assert tables[0] == tables[1]


def test_the_command_line_takes_the_place_of_one_setting_and_keeps_the_rest(
    cli: Cli, tmp_path: Path
) -> None:
    path = tmp_path / "my.toml"
    path.write_text('[report]\nlanguage = "de"\npace = true\n', encoding="utf-8")
    shown = tomllib.loads(cli("config", "--config", path).stdout)
    assert shown["report"] == {"language": "de", "units": "metric", "pace": True}


def test_what_went_wrong_is_said_in_the_language_asked_for(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    asked = ("analyze", tmp_path / "run.mp4", "-o", tmp_path / "out", "--language")
    assert "kein früheres Ergebnis" in cli(*asked, "de").complaint
    assert "no earlier result" in cli(*asked, "en").complaint
    settings = tmp_path / "my.toml"
    settings.write_text('[report]\nlanguage = "de"\n', encoding="utf-8")
    assert "kein früheres" in cli(*asked[:-1], "--config", settings).complaint


@pytest.mark.parametrize("value", ["fr", "Deutsch"])
def test_an_unknown_language_is_refused_with_those_there_are(
    cli: Cli, tmp_path: Path, value: str
) -> None:
    path = tmp_path / "my.toml"
    path.write_text(f'[report]\nlanguage = "{value}"\n', encoding="utf-8")
    outcome = cli("config", "--config", path)
    assert outcome.exit_code == 2
    assert "report.language must be one of en, de" in outcome.complaint

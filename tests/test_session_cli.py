"""formcheck session on the command line."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.config import AnalysisConfig
from formcheck.domain import Privacy
from formcheck.report import write_report
from tests.command import Cli
from tests.session.made import both_sides


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Result folders of both sides, made with faces blurred."""
    place = tmp_path_factory.mktemp("results")
    config = AnalysisConfig(speed_kmh=10.8, privacy=Privacy.BLUR).as_dict()
    for clip in both_sides():
        made = replace(clip.analysis.provenance, config=config)
        write_report(replace(clip.analysis, provenance=made), place / clip.name, clip=None)
    return [place / clip.name for clip in both_sides()]


def test_result_folders_become_one_report(folders: list[Path], tmp_path: Path, cli: Cli) -> None:
    done = cli("session", *folders, "-o", tmp_path / "out")
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "out" / "session.html"))
    data = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    assert [clip["name"] for clip in data["clips"]] == ["left", "right"]
    assert data["not_compared"] is None
    assert data["contradictions"] == []
    assert done.stderr == ""


def test_what_was_hidden_stays_hidden(folders: list[Path], tmp_path: Path, cli: Cli) -> None:
    assert cli("session", *folders, "-q", "-o", tmp_path / "out").exit_code == 0
    for name in ("left", "right"):
        path = tmp_path / "out" / name / "config.toml"
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        assert settings["privacy"] == "blur"
        assert settings["speed_kmh"] == 10.8


def test_a_clip_that_cannot_be_used_is_named_and_the_rest_is_combined(
    folders: list[Path], tmp_path: Path, cli: Cli
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    done = cli("session", folders[0], broken, "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "broken" in done.complaint
    data = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    assert [clip["name"] for clip in data["refused"]] == ["broken"]
    assert "no clip from either side" in data["not_compared"]
    page = (tmp_path / "out" / "session.html").read_text(encoding="utf-8")
    assert '<a href="broken/report.html">What to do</a>' in page


def test_clips_at_two_speeds_are_asked_about(folders: list[Path], tmp_path: Path, cli: Cli) -> None:
    other = shutil.copytree(folders[1], tmp_path / "other")
    own = other / "config.toml"
    text = own.read_text(encoding="utf-8")
    own.write_text(text.replace("speed_kmh = 10.8", "speed_kmh = 12.0"), encoding="utf-8")
    done = cli("session", folders[0], other, "--language", "de", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "Gehören diese Videos zusammen? Die Videos wurden bei 10,8" in done.complaint
    data = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    assert len(data["contradictions"]) == 1
    page = (tmp_path / "out" / "session.html").read_text(encoding="utf-8")
    assert page.index("Gehören diese Videos zusammen?") < page.index('class="session-clips"')
    assert "Links und rechts wurden nicht verglichen. Die Videos wurden bei 10,8" in page


def test_nothing_usable_writes_nothing(tmp_path: Path, cli: Cli) -> None:
    done = cli("session", tmp_path / "gone.mp4", "-o", tmp_path / "out")
    assert done.exit_code == 8
    assert not (tmp_path / "out").exists()


def test_two_clips_of_one_name_are_refused(folders: list[Path], tmp_path: Path, cli: Cli) -> None:
    done = cli("session", folders[0], folders[0], "-o", tmp_path / "out")
    assert done.exit_code == 8
    assert "same name" in done.complaint

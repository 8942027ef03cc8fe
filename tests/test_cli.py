"""The command line: what it prints, what it writes and which exit code it ends with."""

from __future__ import annotations

import json
import signal
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck import __version__
from formcheck.cli.headline import headline
from formcheck.domain import StrikeClass
from formcheck.guidance.load import load_rules
from formcheck.metrics import METRICS
from formcheck.pose.model_files import find_model
from formcheck.pose.recorded import save_pose
from formcheck.report import summary, write_report
from formcheck.texts import DEFAULT_STYLE, Language, ReportStyle, text
from formcheck.video.read import file_sha256
from tests.command import Cli, Terminal, middle_of, tree, write_clip
from tests.rendered import OVERSTRIDE, UPRIGHT, analysis_of, truth_of
from tests.report import example


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the pose model said about a sample clip that is no longer where it was."""
    path = tmp_path_factory.mktemp("recorded") / "overstride.npz"
    pose = analysis_of(OVERSTRIDE).recorded_pose
    save_pose(replace(pose, video=replace(pose.video, path="gone.mp4")), path)
    return path


@pytest.mark.mediapipe
def test_a_recorded_pose_is_analysed_again_with_the_same_result(
    cli: Cli, tmp_path: Path, recorded: Path
) -> None:
    speed_kmh = 3.6 * truth_of(OVERSTRIDE).raw["gait"]["speed"]
    outcome = cli(
        "analyze", recorded, "--speed-kmh", speed_kmh, "--json", "-o", tmp_path / "result"
    )
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    again, first = json.loads(outcome.stdout), summary(analysis_of(OVERSTRIDE))
    assert again["measurements"] == first["measurements"]
    assert again["findings"] == first["findings"]
    assert (tmp_path / "result" / "report.html").is_file()
    assert not (tmp_path / "result" / "annotated.mp4").exists()


@pytest.mark.mediapipe
def test_a_recorded_pose_is_drawn_on_its_clip_while_that_is_there(cli: Cli, tmp_path: Path) -> None:
    save_pose(analysis_of(OVERSTRIDE).recorded_pose, tmp_path / "pose.npz")
    assert cli("analyze", tmp_path / "pose.npz").exit_code == 0
    assert (tmp_path / "pose_formcheck" / "annotated.mp4").is_file()


@pytest.mark.mediapipe
def test_after_an_analysis_the_report_and_five_lines_are_printed_and_shown_again(
    cli: Cli, tmp_path: Path, recorded: Path
) -> None:
    outcome = cli("analyze", recorded, "-o", tmp_path / "result")
    report, *lines = outcome.stdout.splitlines()
    assert Path(report) == tmp_path / "result" / "report.html"
    assert [line.split(":")[0] for line in lines] == [
        "Verdict",
        "Cadence",
        "Trunk lean",
        "Foot strike",
        "Main finding",
    ]
    assert "156 steps/min" in lines[1]
    assert "interval" in lines[1]
    assert cli("show", tmp_path / "result").stdout == outcome.stdout


@pytest.mark.mediapipe
def test_quiet_prints_nothing(cli: Cli, tmp_path: Path, recorded: Path) -> None:
    outcome = cli("analyze", recorded, "--quiet", "-o", tmp_path / "result")
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (0, "", "")


@pytest.mark.mediapipe
def test_an_earlier_result_is_only_replaced_with_force(
    cli: Cli, tmp_path: Path, recorded: Path
) -> None:
    result = tmp_path / "result"
    assert cli("analyze", recorded, "-o", result).exit_code == 0
    refused = cli("analyze", recorded, "-o", result)
    assert refused.exit_code == 8
    assert "--force" in refused.complaint
    assert cli("analyze", recorded, "-o", result, "--force").exit_code == 0


@pytest.mark.mediapipe
def test_one_bad_clip_does_not_stop_the_others(cli: Cli, tmp_path: Path, recorded: Path) -> None:
    nothing = tmp_path / "nothing.mp4"
    nothing.touch()
    outcome = cli("analyze", nothing, recorded, "--json", "-o", tmp_path / "all")
    assert outcome.exit_code == 3
    first, second = json.loads(outcome.stdout)
    assert first["verdict"] == "refused"
    assert second["measurements"]["cadence_spm"]["both"]
    assert {path.name for path in (tmp_path / "all").iterdir()} == {"nothing", recorded.stem}


def test_two_clips_never_share_a_result_folder(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("analyze", tmp_path / "run.mp4", tmp_path / "run.mov")
    assert outcome.exit_code == 8
    assert "run.mp4" in outcome.complaint
    assert "run.mov" in outcome.complaint


def test_the_version_is_printed(cli: Cli) -> None:
    assert cli("--version").stdout == f"formcheck {__version__}\n"


def test_the_printed_settings_are_a_settings_file(cli: Cli, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("height_cm = 180\n", encoding="utf-8")
    printed = cli("config", "--config", settings).stdout
    settings.write_text(printed, encoding="utf-8")
    assert cli("config", "--config", settings).stdout == printed
    assert tomllib.loads(printed)["height_cm"] == 180


def test_models_says_which_file_is_in_use_and_where_it_comes_from(cli: Cli) -> None:
    path, info = find_model("full")
    listed = "".join(cli("models").stdout.split())
    assert str(path) in listed
    assert {"official": "official", "built": "built"}[info.origin] in listed
    assert cli("models", "list").stdout == cli("models").stdout
    assert Path(cli("models", "where").stdout.strip()).name == "models"


def test_an_unknown_model_is_not_fetched(cli: Cli) -> None:
    outcome = cli("models", "fetch", "huge")
    assert outcome.exit_code == 7
    assert "lite, full, heavy" in outcome.complaint


def test_metrics_and_rules_are_listed(cli: Cli) -> None:
    assert all(name in cli("metrics").stdout for name in METRICS)
    assert all(rule.id in cli("rules").stdout for rule in load_rules(None))


@pytest.mark.mediapipe
def test_a_clip_becomes_a_report_folder_with_a_bar_on_the_terminal(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "run.mp4", middle_of(UPRIGHT, 3.0))
    outcome = Terminal("analyze", clip).end()
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "frames/s" in outcome.stdout
    assert {path.name for path in (tmp_path / "run_formcheck").iterdir()} == {
        "report.html",
        "annotated.mp4",
        "summary.json",
        "strides.csv",
        "pose.npz",
        "config.toml",
        "run.log",
    }


@pytest.mark.mediapipe
def test_an_interrupted_run_ends_quietly_and_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal("analyze", UPRIGHT, "-o", tmp_path / "result")
    terminal.read_until(" frames/s")
    terminal.process.send_signal(signal.SIGINT)
    outcome = terminal.end()
    assert outcome.exit_code == 130
    assert "Traceback" not in outcome.stderr
    assert tree(tmp_path) == set()


def test_compare_prints_the_page_and_what_changed(tmp_path: Path, cli: Cli) -> None:
    for name in ("monday", "friday"):
        write_report(example.analysis(), tmp_path / name, clip=None)
    done = cli("compare", tmp_path / "monday", tmp_path / "friday", "-o", tmp_path / "both")
    assert done.exit_code == 0
    page, said = done.stdout.splitlines()
    assert Path(page) == tmp_path / "both" / "compare.html"
    assert said.startswith("Nothing changed by more than the measurement error")


def test_compare_wants_two_results(tmp_path: Path, cli: Cli) -> None:
    done = cli("compare", tmp_path, "-o", tmp_path / "both")
    assert done.exit_code == 2
    assert "two results or more" in done.stderr


def test_compare_names_a_folder_without_a_result(tmp_path: Path, cli: Cli) -> None:
    done = cli("compare", tmp_path, tmp_path, "-o", tmp_path / "both")
    assert done.exit_code == 8
    assert "not the summary of a formcheck run" in done.complaint


def test_compare_takes_the_result_beside_a_clip(tmp_path: Path, cli: Cli) -> None:
    clips = []
    for name in ("monday", "friday"):
        clip = example.write_clip(tmp_path / f"{name}.mp4")
        base = example.analysis()
        known = replace(base, video=replace(base.video, sha256=file_sha256(clip)))
        write_report(known, tmp_path / f"{name}_formcheck", clip=clip)
        clips.append(clip)
    done = cli("compare", *clips, "-o", tmp_path / "both")
    assert done.exit_code == 0
    assert (tmp_path / "both" / "before.mp4").exists()


def test_where_nothing_could_be_judged_nothing_is_called_well() -> None:
    last = headline(summary(example.undetermined()), DEFAULT_STYLE)[-1]
    assert last.endswith("none of 4 points could be judged")


def test_why_a_foot_strike_is_undetermined_is_said_in_the_readers_language() -> None:
    known = summary(example.analysis())
    why = text("analysis", "strike.between", first=StrikeClass.REARFOOT, second=StrikeClass.MIDFOOT)
    known["foot_strike"]["right"] |= {"class": "undetermined", "note": why}
    english, german = (
        headline(known, ReportStyle(language))[-2] for language in (Language.EN, Language.DE)
    )
    assert english.endswith("right undetermined (between rearfoot and midfoot)")
    assert german.endswith("(zwischen Rückfuß und Mittelfuß)")

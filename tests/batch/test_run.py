"""A batch from its command: what is written, what is left out next time, what survives."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from formcheck import AnalysisConfig
from formcheck.batch import BatchOptions, BatchResult, run_batch
from formcheck.batch.engine import Engine, Outcome, Outcomes, R, T
from formcheck.batch.task import recipe
from formcheck.cli.batch_watch import TerminalWatch
from formcheck.report.staging import OURS
from formcheck.texts import words
from tests.batch.conftest import CUT, GOOD, WALK, Clips, records, rows
from tests.command import LISTENING_TO_CTRL_C, Cli
from tests.rendered import ROOT

pytestmark = pytest.mark.mediapipe


class InThisProcess:
    """An engine without processes."""

    def run(self, function: Callable[[T], R], tasks: object) -> Outcomes[T, R]:
        """Yield one outcome per task."""
        for task in tasks:  # type: ignore[attr-defined]
            yield Outcome(task, function(task), None, 0.1)


def run(
    clips: Clips,
    output: Path,
    *,
    folder: Path | None = None,
    config: AnalysisConfig | None = None,
    is_annotated: bool = False,
    is_fresh: bool = False,
    retry: bool = False,
    engine: Callable[[str], Engine] = lambda _: InThisProcess(),
) -> BatchResult:
    """Run a batch in this process, or on an engine made for its output folder."""
    made = recipe(
        config or AnalysisConfig(), str(output), str(clips.poses), is_annotated=is_annotated
    )
    plan = BatchOptions((str(folder or clips.folder),), made, True, is_fresh, retry)
    watch = TerminalWatch(None, words("terminal"))
    return run_batch(plan, lambda _: engine(made.output), watch)


def clip_lines(output: Path) -> list[str]:
    return [record["clip"] for record in records(output)]


def partials(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*") if path.name.endswith((".partial", ".replaced"))]


@pytest.fixture(scope="module")
def done(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a batch."""
    output = tmp_path_factory.mktemp("done") / "out"
    run(clips, output, is_annotated=True)
    return output


@pytest.fixture
def again(done: Path, tmp_path: Path) -> Path:
    """A copy of the output of a batch, to go on with."""
    return Path(shutil.copytree(done, tmp_path / "again"))


def test_results_mirror_the_input(done: Path) -> None:
    folders = {path.parent.relative_to(done).as_posix() for path in done.rglob("summary.json")}
    assert folders == {"run", "sub/walk", "sub/cut"}
    assert {path.name for path in (done / "run").iterdir()} >= {
        "report.html",
        "annotated.mp4",
        "thumbnail.jpg",
    }


def test_a_refused_clip_has_the_folder_that_analyze_writes(
    cli: Cli, clips: Clips, done: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    assert cli("analyze", clips.folder / WALK, "-q", "-o", alone).exit_code == 4
    made = done / "sub" / "walk"
    assert {path.name for path in made.iterdir()} == {
        *(path.name for path in alone.iterdir()),
        "thumbnail.jpg",
    }
    for name in ("report.html", "summary.json"):
        assert (made / name).read_bytes() == (alone / name).read_bytes()
    assert rows(done)[WALK]["folder"] == "sub/walk"
    page = (done / "batch.html").read_text(encoding="utf-8")
    assert 'href="sub/walk/report.html"' in page
    assert 'src="sub/walk/thumbnail.jpg"' in page


def test_a_file_that_cannot_be_read_stays_failed_and_has_a_page(done: Path) -> None:
    row = rows(done)[CUT]
    assert (row["verdict"], row["folder"]) == ("failed", "sub/cut")
    page = (done / "sub" / "cut" / "report.html").read_text(encoding="utf-8")
    assert "cut.mp4 holds no frame that can be decoded" in page
    listed = (done / "batch.html").read_text(encoding="utf-8")
    assert 'href="sub/cut/report.html"' in listed
    assert "sub/cut/thumbnail.jpg" not in listed


def test_every_file_of_a_result_is_known_for_one(done: Path) -> None:
    own = [path.name for mark in done.rglob("summary.json") for path in mark.parent.iterdir()]
    assert "annotated.mp4" in own
    assert set(own) <= OURS


def test_the_largest_clips_come_first(clips: Clips, done: Path) -> None:
    sizes = [(clips.folder / name).stat().st_size for name in clip_lines(done)]
    assert len(set(sizes)) == 3
    assert sizes == sorted(sizes, reverse=True)


def test_copies_of_a_clip_come_last_when_its_pose_is_kept(clips: Clips, tmp_path: Path) -> None:
    own = Path(shutil.copytree(clips.folder, tmp_path / "in"))
    shutil.copy(own / GOOD, own / "a copy.mp4")
    run(clips, tmp_path / "out", folder=own)
    assert clip_lines(tmp_path / "out") == ["a copy.mp4", WALK, CUT, GOOD]


def test_the_table_has_a_row_per_clip_with_verdict_reasons_and_intervals(done: Path) -> None:
    found = rows(done)
    assert {clip: row["verdict"] for clip, row in found.items()} == {
        GOOD: "partial",
        WALK: "refused",
        CUT: "failed",
    }
    assert "ten seconds" in found[WALK]["reasons"]
    assert "cut.mp4 holds no frame" in found[CUT]["reasons"]
    good = found[GOOD]
    low, value, high = (float(good[f"cadence_spm{end}"]) for end in ("_low", "", "_high"))
    assert low < value < high
    assert found[WALK]["cadence_spm"] == ""


def test_what_is_done_is_left_out_and_counted(clips: Clips, again: Path) -> None:
    before = records(again)
    result = run(clips, again, is_annotated=True)
    assert records(again) == before
    assert (result.n_skipped, dict(result.states)) == (
        3,
        {"partial": 1, "refused": 1, "failed": 1},
    )


def test_a_clip_of_other_content_under_the_same_name_is_done_again(
    clips: Clips, again: Path, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(clips.folder, tmp_path / "moved"))
    shutil.copy(moved / GOOD, moved / CUT)
    shutil.move(clips.folder, clips.folder.with_name("away"))
    try:
        run(clips, again, folder=moved, is_annotated=True)
    finally:
        shutil.move(clips.folder.with_name("away"), clips.folder)
    assert clip_lines(again)[3:] == [CUT]
    assert rows(again)[CUT]["verdict"] == "partial"


def test_other_settings_mean_another_analysis(clips: Clips, again: Path) -> None:
    run(clips, again, config=AnalysisConfig(speed_kmh=10.8), is_annotated=True)
    assert sorted(clip_lines(again)[3:]) == sorted([GOOD, WALK, CUT])
    assert rows(again)[GOOD]["stride_length_m"]


@pytest.mark.parametrize(("clip", "folder"), [(GOOD, "run"), (WALK, "sub/walk")])
def test_a_result_that_was_removed_is_made_again(
    clips: Clips, again: Path, clip: str, folder: str
) -> None:
    shutil.rmtree(again / folder)
    run(clips, again, is_annotated=True)
    assert clip_lines(again)[3:] == [clip]
    assert (again / folder / "report.html").is_file()


def test_retry_tries_again_what_failed_and_fresh_everything(clips: Clips, again: Path) -> None:
    run(clips, again, is_annotated=True, retry=True)
    assert clip_lines(again)[3:] == [CUT]
    run(clips, again, is_fresh=True)
    assert set(clip_lines(again)[4:]) == {GOOD, WALK, CUT}
    assert len(rows(again)) == 3


def test_a_half_written_line_costs_that_clip_only(clips: Clips, again: Path) -> None:
    manifest = again / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-40])
    before = len(records_before(manifest))
    run(clips, again, is_annotated=True)
    assert len(records(again)) == before + 1
    assert set(rows(again)) == {GOOD, WALK, CUT}


def records_before(manifest: Path) -> list[bytes]:
    return [line for line in manifest.read_bytes().splitlines(True) if line.endswith(b"\n")]


def test_an_output_of_other_clips_of_the_same_names_is_not_overwritten(
    cli: Cli, clips: Clips, again: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(clips.folder, tmp_path / "other"))
    outcome = cli("batch", other, "-o", again, "-r")
    assert outcome.exit_code == 2
    assert "another --output" in outcome.complaint


def test_another_clip_of_the_same_stem_does_not_write_over_an_earlier_result(
    clips: Clips, again: Path, tmp_path: Path
) -> None:
    source = tmp_path / "run.mov"
    shutil.copy(clips.folder / GOOD, source)
    before = (again / "run" / "summary.json").read_bytes()
    run(clips, again, folder=source)
    assert (again / "run.mov" / "summary.json").is_file()
    assert (again / "run" / "summary.json").read_bytes() == before
    assert set(rows(again)) == {GOOD, WALK, CUT, "run.mov"}


def test_a_clip_whose_name_is_no_text_is_analysed_as_any_other(
    clips: Clips, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(clips.folder / GOOD, tmp_path / "in" / "caf\udce9.mp4")
    run(clips, tmp_path / "out", folder=tmp_path / "in")
    assert rows(tmp_path / "out")["caf_xe9.mp4"]["verdict"] == "partial"
    assert (tmp_path / "out" / "caf_xe9" / "report.html").is_file()


def test_a_misspelt_folder_is_said_before_any_work(cli: Cli, clips: Clips, tmp_path: Path) -> None:
    outcome = cli("batch", clips.folder, tmp_path / "misspelt", "-o", tmp_path / "out")
    assert outcome.exit_code == 2
    assert f"{tmp_path / 'misspelt'} does not exist" in outcome.complaint
    assert not (tmp_path / "out").exists()


def test_a_link_that_leads_nowhere_is_recorded_and_a_long_name_is_no_hindrance(
    clips: Clips, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "gone.mp4").symlink_to(tmp_path / "away.mp4")
    name = f"{'long ' * 48}.mp4"
    shutil.copy(clips.folder / GOOD, tmp_path / "in" / name)
    for _ in range(2):
        run(clips, tmp_path / "in", folder=tmp_path / "in")
        found = rows(tmp_path / "in")
        assert {clip: row["verdict"] for clip, row in found.items()} == {
            "gone.mp4": "failed", name: "partial",
        }  # fmt: skip
    assert "is a link to something that is not there" in found["gone.mp4"]["reasons"]
    assert (tmp_path / "in" / found[name]["folder"] / "report.html").is_file()
    assert len(records(tmp_path / "in")) == 2


def test_without_annotated_clips_the_thumbnail_of_before_stays(clips: Clips, again: Path) -> None:
    picture = (again / "run" / "thumbnail.jpg").read_bytes()
    run(clips, again, config=AnalysisConfig(height_cm=180))
    assert (again / "run" / "thumbnail.jpg").read_bytes() == picture
    assert not (again / "run" / "annotated.mp4").exists()


def test_nothing_to_analyse_is_exit_code_two(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = cli("batch", tmp_path / "empty", "-o", tmp_path / "out")
    assert outcome.exit_code == 2
    assert "No clip was found" in outcome.complaint
    assert not (tmp_path / "out").exists()


def test_a_broken_rule_file_is_found_before_any_work(
    cli: Cli, clips: Clips, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text("[[rule]]\nid = 3\n", encoding="utf-8")
    outcome = cli("batch", clips.folder, "-o", tmp_path / "out", "--rules", rules)
    assert outcome.exit_code == 2
    assert not (tmp_path / "out").exists()


def command(clips: Clips, output: Path, *options: str) -> list[str]:
    arguments = ["batch", clips.folder, "-o", output, "-r", "--no-annotate", *options]
    return [sys.executable, "-c", LISTENING_TO_CTRL_C, *map(str, arguments)]


def test_one_job_and_two_jobs_and_kept_poses_give_the_same_bytes(
    clips: Clips, tmp_path: Path
) -> None:
    ways = {
        "one job, poses anew": ("--jobs", "1", "--poses", "none"),
        "two jobs, poses kept": ("--jobs", "2", "--poses", str(clips.poses)),
    }
    summaries = set()
    for name, options in ways.items():
        done = subprocess.run(
            command(clips, tmp_path / name, *options), capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, done.stderr
        assert "3/3 " in done.stdout
        assert "refused or failed" in done.stdout
        summaries.add((tmp_path / name / "run" / "summary.json").read_bytes())
    assert len(summaries) == 1


def start(clips: Clips, output: Path) -> subprocess.Popen[str]:
    """A batch that is at work on its first clip, for as long as its pose takes."""
    process = subprocess.Popen(
        command(clips, output, "--jobs", "1", "--poses", "none"),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (workers := at_work(process)):
        assert process.poll() is None
        time.sleep(0.05)
    assert len(workers) == 1
    return process


def at_work(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Worker processes that have the pose model loaded."""
    found = []
    for child in psutil.Process(process.pid).children():
        if "spawn_main" in " ".join(child.cmdline()):
            maps = Path(f"/proc/{child.pid}/maps").read_text(encoding="utf-8")
            found += [child] if "mediapipe" in maps else []
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_killed_worker_costs_its_clip_and_no_other(clips: Clips, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = start(clips, output)
    at_work(process)[0].kill()
    process.communicate(timeout=60)
    assert process.returncode == 2  # the one good clip was being analysed
    assert "SIGKILL" in rows(output)[GOOD]["reasons"]
    assert {row["verdict"] for row in rows(output).values()} == {"failed", "refused"}


def test_a_reader_who_leaves_interrupts(clips: Clips, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(60):
        (tmp_path / "in" / f"{number}.mp4").write_bytes(b"no film")
    with subprocess.Popen(
        command(Clips(tmp_path / "in", clips.poses), tmp_path / "out", "--jobs", "1"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("1/60 ")
        process.stdout.close()
        stderr = process.stderr.read()
    assert (process.returncode, stderr.count("\n")) == (130, 1)
    assert "run the same command again to go on" in stderr
    assert 1 <= len(rows(tmp_path / "out")) < 60


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_ctrl_c_does_not_wait_for_clips_that_are_compared_with_earlier_ones(
    clips: Clips, tmp_path: Path
) -> None:
    own, output = tmp_path / "own", tmp_path / "out"
    own.mkdir()
    for name in ("a.mp4", "b.mp4"):
        shutil.copy(clips.folder / CUT, own / name)
    run(clips, output, folder=own)
    for path in own.iterdir():
        os.truncate(path, 50_000_000_000)  # half a minute to read, no room to keep
    process = subprocess.Popen(
        command(Clips(own, clips.poses), output), stderr=subprocess.PIPE, text=True
    )
    while str(own / "a.mp4") not in files_open(process.pid):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    asked_s = time.monotonic()
    _, stderr = process.communicate(timeout=60)
    assert time.monotonic() - asked_s < 5
    assert (process.returncode, stderr.count("\n")) == (130, 1)
    assert len(records(output)) == 2


def files_open(process: int) -> set[str]:
    return {file.path for file in psutil.Process(process).open_files()}


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize(
    ("ending", "exit_code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 130)]
)
def test_a_batch_that_was_ended_goes_on_where_it_was(
    clips: Clips, tmp_path: Path, ending: signal.Signals, exit_code: int
) -> None:
    output = tmp_path / "out"
    process = start(clips, output)
    process.send_signal(ending)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == exit_code
    assert "Traceback" not in stderr
    assert records(output) == []
    assert (output / "batch.csv").exists() == (ending is not signal.SIGKILL)
    run(clips, output)
    assert sorted(clip_lines(output)) == sorted([GOOD, WALK, CUT])
    assert set(rows(output)) == {GOOD, WALK, CUT}
    assert partials(output) == []
    assert (output / "run" / "report.html").is_file()

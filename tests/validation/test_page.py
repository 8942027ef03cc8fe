import json
from pathlib import Path

from formcheck.metrics import METRICS
from formcheck.metrics.described import accuracies
from formcheck.validation.gates import GATES
from formcheck.validation.page import write_accuracy, write_page
from formcheck.validation.tables import SuiteResult, Table
from formcheck.version import __version__

ROOT = Path(__file__).parents[2]


def page_of(results: dict[str, SuiteResult], folder: Path) -> str:
    return write_page(results, folder, made="2020-01-01").read_text(encoding="utf-8")


def test_absent_suites_are_named_with_the_reason(tmp_path: Path) -> None:
    results = {"forceplate": SuiteResult("Force plates", "", absent="no such folder")}
    assert "Not run: no such folder." in page_of(results, tmp_path)


def test_a_broken_gate_stands_out(tmp_path: Path) -> None:
    gate = GATES[0]
    results = {"a": SuiteResult("A", "about", facts={gate.fact: 10 * gate.limit})}
    row = next(line for line in page_of(results, tmp_path).splitlines() if gate.says in line)
    assert "**gate broken**" in row


def test_unmeasured_gates_are_said_to_be_unmeasured(tmp_path: Path) -> None:
    text = page_of({"a": SuiteResult("A", "about")}, tmp_path)
    assert text.count("not measured here") == len(GATES)


def test_tables_are_written_row_by_row(tmp_path: Path) -> None:
    table = Table("Numbers", ("x", "y"), (("1", "2|3"),))
    text = page_of({"a": SuiteResult("A", "about", (table,))}, tmp_path)
    assert "| x | y |\n|---|---|\n| 1 | 2/3 |" in text


def test_the_confusion_of_strikes_counts_every_pair(tmp_path: Path) -> None:
    pairs = (("rearfoot", "rearfoot"), ("undetermined", "midfoot"), ("rearfoot", "midfoot"))
    text = page_of({"a": SuiteResult("A", "about", confusion=pairs)}, tmp_path)
    assert "| rearfoot | 1 | 0 | 0 | 0 | 0 |" in text
    assert "| midfoot | 1 | 0 | 0 | 0 | 1 |" in text


def test_the_published_page_is_of_this_version() -> None:
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert f"formcheck {__version__}," in text
    assert "**gate broken**" not in text
    assert all(gate.says in text for gate in GATES)


def test_the_published_accuracy_of_every_metric_is_that_of_the_page() -> None:
    rows = [
        line
        for line in (ROOT / "docs" / "validation.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    for metric, entries in accuracies().items():
        for seen in entries:
            cells = [row for row in rows if row.startswith(f"| {metric} | {seen.n} ")]
            assert any(f"| {seen.rmse:.3g} |" in row for row in cells), (metric, seen.suite)


def test_every_metric_was_held_against_rendered_clips_through_the_pose_model() -> None:
    through_the_model = {
        metric
        for metric, entries in accuracies().items()
        if "rendered" in {seen.suite for seen in entries}
    }
    assert through_the_model == set(METRICS)


def test_accuracy_is_written_for_metrics_that_have_truth(tmp_path: Path) -> None:
    facts = {f"rendered/trunk_lean_deg/{what}": 0.5 for what in ("n", "bias", "rmse", "coverage")}
    facts["rendered/trunk_lean_deg/n"] = 12.0
    path = tmp_path / "accuracy.json"
    write_accuracy({"rendered": SuiteResult("R", "about", facts=facts)}, path)
    (entry,) = json.loads(path.read_text(encoding="utf-8"))["trunk_lean_deg"]
    assert entry == {"suite": "rendered", "n": 12, "bias": 0.5, "rmse": 0.5, "coverage": 0.5}

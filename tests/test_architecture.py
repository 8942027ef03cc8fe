"""The shape of the code and the documents that describe it."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.cli.listing import metrics_markdown, rules_markdown
from tests.rendered import ROOT

PACKAGE = ROOT / "formcheck"
SOURCES = sorted(PACKAGE.rglob("*.py"))
PACKAGES = sorted(path.parent for path in SOURCES if path.name == "__init__.py")
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < MAX_FILE_LINES
    assert ast.get_docstring(ast.parse(text))


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("folder", PACKAGES, ids=named)
def test_what_a_package_exports_exists_and_is_all_it_imports(folder: Path) -> None:
    package = importlib.import_module(module_of(folder / "__init__.py"))
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    submodules = {path.stem for path in folder.iterdir()}
    exported = set(getattr(package, "__all__", []))
    assert all(hasattr(package, name) for name in exported)
    assert {name for name in imported if not name.startswith("_")} - submodules <= exported


def test_every_metric_module_is_imported() -> None:
    loaded = run("import sys, formcheck.metrics; print(*sys.modules)").split()
    modules = {module_of(path) for path in (PACKAGE / "metrics").glob("*.py")}
    assert modules <= set(loaded)


def test_importing_formcheck_and_its_command_line_does_not_load_mediapipe() -> None:
    loaded = run("import sys, formcheck, formcheck.cli; print(*sys.modules)").split()
    assert "formcheck.pose.mediapipe" in loaded
    assert [name for name in loaded if name.split(".")[0] == "mediapipe"] == []


def test_the_filters_are_loaded_when_asked_for() -> None:
    loaded = "print('scipy.signal' in sys.modules)"
    said = run(f"import sys, formcheck.geometry as g; {loaded}; g.load_filters(); {loaded}")
    assert said.split() == ["False", "True"]


def test_the_design_document_names_every_module_and_no_other() -> None:
    """A folder named with its slash stands for all that is in it."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    mentioned = set(re.findall(r"`(formcheck/[\w/]+(?:\.py|\.toml|/))`", text))
    folders = tuple(name for name in mentioned if name.endswith("/"))
    modules = {named(path) for path in SOURCES if path.name != "__init__.py"}
    assert [name for name in mentioned if not (ROOT / name).exists()] == []
    assert [name for name in modules - mentioned if not name.startswith(folders)] == []


@pytest.mark.parametrize(
    ("name", "generated"), [("metrics.md", metrics_markdown), ("guidance.md", rules_markdown)]
)
def test_generated_documents_are_fresh(name: str, generated: object) -> None:
    assert callable(generated)
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    command = f"formcheck {'metrics' if name == 'metrics.md' else 'rules'} --markdown > docs/{name}"
    assert written == generated(), f"out of date: {command}"


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")) + sorted(ROOT.rglob("docs/**/*.md")))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (document.parent / target).exists(), f"{named(document)} links to {target}"

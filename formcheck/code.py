"""The state of formcheck's own code, which a version number tells only of releases."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent
"""Folder of the package."""
POSE_STAGE = "formcheck.pose.mediapipe"
"""What makes a recorded pose; the rest of its stage is found by its imports."""

_MADE = {".pyc", ".task"}  # files made while it runs; the model has a hash of its own
_OBSERVING = ("domain", "geometry.py", "packing.py", "synthetic", "pose", "gait")
_POSING = ("formcheck.pose.", "formcheck.video.", "formcheck.geometry")


@functools.cache
def code_sha256(package: Path = PACKAGE, parts: tuple[str, ...] = ("",)) -> str:
    """Return a hash of all files of the package, or of the files and folders in it named.

    Modules, rules, texts, templates. Remembered for the life of the process, which goes on with the
    code it has loaded.
    """
    hashed = hashlib.sha256()
    for path in sorted(file for part in parts for file in _files(package / part)):
        if path.suffix not in _MADE:
            hashed.update(f"{path.relative_to(package).as_posix()}\0".encode())
            hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def _files(place: Path) -> Iterable[Path]:
    return filter(Path.is_file, place.rglob("*")) if place.is_dir() else (place,)


def observation_version(package: Path = PACKAGE) -> str:
    """Return a short hash of all code that an observation may depend on, and its data."""
    return code_sha256(package, _OBSERVING)[:12]


@functools.cache
def pose_version(stage: str = POSE_STAGE) -> str:
    """Return a short hash of the code between a file and its recorded pose.

    What people alone read is left out of it: to make a pose again takes minutes.
    """
    return short_digest(ast.dump(tree) for _, tree in sorted(sources(stage).items()))


def short_digest(parts: Iterable[str]) -> str:
    """Return a hash of texts, 12 digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def sources(stage: str) -> dict[str, ast.Module]:
    """Modules a stage is computed by, without comments and docstrings."""
    trees: dict[str, ast.Module] = {}
    waiting = [stage]
    while waiting:
        name = waiting.pop()
        if name not in trees:
            trees[name] = _tree(name)
            waiting += _computing_imports(trees[name])
    return {name: _without_docstrings(tree) for name, tree in trees.items()}


def _tree(module: str) -> ast.Module:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the source of {module} is not installed")
    return ast.parse(Path(spec.origin).read_bytes())


def _computing_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_POSING):
            yield node.module or ""


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not _is_text(part)]
    return tree


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )

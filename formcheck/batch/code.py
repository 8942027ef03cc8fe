"""The state of formcheck's own code, which a version number tells only of releases."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
"""Folder of the package."""

_MADE = {".pyc", ".task"}  # files made while it runs; the model has a hash of its own


@functools.cache
def code_sha256(package: Path = PACKAGE) -> str:
    """Return a hash of all files of the package: modules, rules, texts, templates.

    Remembered for the life of the process, which goes on with the code it has loaded.
    """
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix not in _MADE:
            digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

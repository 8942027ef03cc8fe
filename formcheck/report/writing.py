"""Files that folders of every kind have: data for machines, and a page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formcheck.report.pdf import print_page


def write_data(data: Mapping[str, Any], path: Path) -> None:
    """Write plain data as JSON. Raises ValueError for a number that is none."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_page(page: str, path: Path, *, pdf: bool) -> None:
    """Write a page, and print it beside itself if asked to.

    Raises OutputError when it cannot be printed.
    """
    path.write_text(page, encoding="utf-8")
    if pdf:
        print_page(path)

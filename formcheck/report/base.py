"""What writes a file of the result folder, and the writers there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from formcheck.report.context import ReportContext
from formcheck.report.csv import CsvWriter
from formcheck.report.html import HtmlWriter
from formcheck.report.json import JsonWriter
from formcheck.report.pose import PoseWriter
from formcheck.report.settings import SettingsWriter


class ReportWriter(Protocol):
    """Writes one file of the result folder."""

    @property
    def name(self) -> str:
        """Name of the file."""
        ...

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the file into an existing folder and return its path."""
        ...


WRITERS: Mapping[str, ReportWriter] = MappingProxyType(
    {
        writer.name: writer
        for writer in (JsonWriter(), CsvWriter(), PoseWriter(), SettingsWriter(), HtmlWriter())
    }
)
"""Every writer by the name of its file. To add one: a class with ``name`` and ``write``, here."""

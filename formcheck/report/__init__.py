"""The result folder: page, annotated clip, tables and settings."""

from __future__ import annotations

from formcheck.report.folder import check_output, write_report
from formcheck.report.json import SCHEMA_VERSION, refused_summary, summary
from formcheck.report.options import PLAIN_REPORT, ReportOptions
from formcheck.report.overlay import drawing_proxy

__all__ = [
    "PLAIN_REPORT",
    "SCHEMA_VERSION",
    "ReportOptions",
    "check_output",
    "drawing_proxy",
    "refused_summary",
    "summary",
    "write_report",
]

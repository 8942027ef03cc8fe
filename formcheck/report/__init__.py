"""The result folder: page, annotated clip, tables and settings."""

from __future__ import annotations

from formcheck.report.folder import check_output, write_report
from formcheck.report.json import SCHEMA_VERSION, refused_summary, summary
from formcheck.report.options import PLAIN_REPORT, ReportOptions

__all__ = [
    "PLAIN_REPORT",
    "SCHEMA_VERSION",
    "ReportOptions",
    "check_output",
    "refused_summary",
    "summary",
    "write_report",
]

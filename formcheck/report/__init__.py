"""The result folder: page, annotated clip, tables and settings."""

from __future__ import annotations

from formcheck.report.folder import check_output, write_report
from formcheck.report.json import SCHEMA_VERSION, refused_summary, summary

__all__ = ["SCHEMA_VERSION", "check_output", "refused_summary", "summary", "write_report"]

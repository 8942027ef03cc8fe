"""config.toml: the settings in effect, so that the same result can be made again."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from formcheck.report.context import ReportContext
from formcheck.report.plain import plain, without_none


class SettingsWriter:
    """Writes config.toml."""

    name = "config.toml"

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the effective settings and return the path; what was not set is left out."""
        path = folder / self.name
        settings = without_none(plain(context.analysis.provenance.config))
        path.write_text(tomli_w.dumps(settings), encoding="utf-8")
        return path

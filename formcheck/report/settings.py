"""config.toml: the settings in effect, so that the same result can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from formcheck.report.context import ReportContext
from formcheck.report.plain import plain, without_none


class SettingsWriter:
    """Writes config.toml."""

    name = "config.toml"

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the effective settings and return the path; what was not set is left out."""
        return write_settings(context.analysis.provenance.config, folder / self.name)


def write_settings(config: Mapping[str, Any], path: Path) -> Path:
    """Write settings to a file that --config takes; what was not set is left out."""
    path.write_text(tomli_w.dumps(without_none(plain(config))), encoding="utf-8")
    return path

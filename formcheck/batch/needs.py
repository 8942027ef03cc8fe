"""What a worker on another machine needs so that its results are those of this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.batch.lock import holder
from formcheck.batch.remote import is_url
from formcheck.code import code_sha256
from formcheck.domain import Text
from formcheck.texts import text
from formcheck.version import __version__


@dataclass(frozen=True, slots=True)
class Needs:
    """The same code and, unless the output is behind a URL, the same output folder.

    ``holder`` is what the folder says of the batch that holds it.
    """

    code: str
    folder: str | None
    holder: Mapping[str, Any]

    def lacking(self) -> Text | None:
        """Return why this process may not work for the batch, None when it may."""
        if own_code() != self.code:
            return text("errors", "batch.other_code", found=own_code(), expected=self.code)
        if self.folder is not None and holder(Path(self.folder)) != self.holder:
            return text("errors", "batch.other_folder", folder=self.folder)
        return None


def needs_of(output: str) -> Needs:
    """Return the needs of a batch that holds its output folder."""
    if is_url(output):
        return Needs(own_code(), None, {})
    return Needs(own_code(), output, holder(Path(output)))


def own_code() -> str:
    """Return the version of formcheck that runs here, and the state of its code."""
    return f"{__version__}+{code_sha256()[:12]}"

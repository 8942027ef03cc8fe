"""What may be asked of a report besides its content."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.texts import DEFAULT_STYLE, ReportStyle


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is to be written.

    ``style`` holds for page, pictures and annotated clip; the other files are in English and
    metric. With ``embed_video`` the page holds the annotated clip, which is still written beside
    it; with ``pdf`` the page is also printed into a file.
    """

    style: ReportStyle = DEFAULT_STYLE
    embed_video: bool = False
    pdf: bool = False


PLAIN_REPORT = ReportOptions()
"""A page in English with its clip beside it."""

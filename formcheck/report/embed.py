"""Files that a page holds instead of asking for them."""

from __future__ import annotations

import base64
from pathlib import Path


def video_uri(clip: Path) -> str:
    """Return a clip as a data URI."""
    return f"data:video/mp4;base64,{base64.b64encode(clip.read_bytes()).decode('ascii')}"

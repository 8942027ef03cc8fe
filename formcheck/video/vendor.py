"""What PyAV says when something goes wrong, in words a runner understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import av
import av.error
import av.logging

from formcheck.domain import Text
from formcheck.errors import FormcheckError, VideoError
from formcheck.texts import text

av.logging.set_level(None)  # FFmpeg's own remarks never reach the user's terminal

PYAV_ERRORS = (av.error.FFmpegError, OSError, ValueError)
"""What PyAV raises: its own errors (some also subclass builtins), and builtins of its wrapper."""


_KNOWN: Mapping[type[Exception], str] = MappingProxyType(
    {
        FileNotFoundError: "missing",
        IsADirectoryError: "folder",
        PermissionError: "forbidden",
        av.error.DecoderNotFoundError: "codec",
        MemoryError: "memory",
    }
)
"""Errors that have a text of their own."""


def sentence(path: Path, error: Exception) -> Text:
    """What happened to the file and what to do about it, in one sentence."""
    for kind, key in _KNOWN.items():
        if isinstance(error, kind):
            return text("errors", f"clip.{key}", path=str(path))
    return text("errors", "clip.damaged", path=str(path), why=_detail(error))


def _detail(error: Exception) -> str:
    """Reason without the file name and error number that the sentence does not need."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def output_sentence(path: Path, error: Exception) -> Text:
    """Why a clip could not be written and what to do about it, in one sentence."""
    return text("errors", "clip.unwritable", path=str(path), why=_detail(error))


@contextmanager
def translated(
    path: Path,
    kind: type[FormcheckError] = VideoError,
    explain: Callable[[Path, Exception], Text] = sentence,
) -> Iterator[None]:
    """Turn every error PyAV may raise inside the block into one of ours."""
    try:
        yield
    except FormcheckError:
        raise
    except PYAV_ERRORS as error:
        raise kind(explain(path, error)) from error

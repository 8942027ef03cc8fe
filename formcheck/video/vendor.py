"""What PyAV says when something goes wrong, in words a runner understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.error
import av.logging

from formcheck.errors import FormcheckError, VideoError

av.logging.set_level(None)  # FFmpeg's own remarks never reach the user's terminal

PYAV_ERRORS = (av.error.FFmpegError, OSError, ValueError)
"""What PyAV raises: its own errors (some also subclass builtins), and builtins of its wrapper."""


def sentence(path: Path, error: Exception) -> str:
    """What happened to the file and what to do about it, in one sentence."""
    if isinstance(error, FileNotFoundError):
        return f"{path} does not exist; check the spelling."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder; give the video file inside it."
    if isinstance(error, PermissionError):
        return f"{path} may not be read; change its permissions or copy it elsewhere."
    if isinstance(error, av.error.DecoderNotFoundError):
        return f"{path} uses a video codec this installation cannot decode; export it as H.264."
    if isinstance(error, MemoryError):
        return f"{path} does not fit into memory; export it at a lower resolution."
    return (
        f"{path} is not a video or is damaged ({_detail(error)}); copy it from the phone again "
        "or export it as an .mp4 file."
    )


def _detail(error: Exception) -> str:
    """Reason without the file name and error number that the sentence does not need."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def output_sentence(path: Path, error: Exception) -> str:
    """Why a clip could not be written and what to do about it, in one sentence."""
    return f"{path} cannot be written ({_detail(error)}); choose another folder with -o."


@contextmanager
def translated(
    path: Path,
    kind: type[FormcheckError] = VideoError,
    explain: Callable[[Path, Exception], str] = sentence,
) -> Iterator[None]:
    """Turn every error PyAV may raise inside the block into one of ours."""
    try:
        yield
    except FormcheckError:
        raise
    except PYAV_ERRORS as error:
        raise kind(explain(path, error)) from error

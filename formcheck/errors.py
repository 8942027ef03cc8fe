"""Every error formcheck raises on purpose.

FormcheckError ............. 1   base: the message says what happened and what to do
├── ConfigError ............ 2   unknown key (with the nearest known one) or a value out of range
├── VideoError ............. 3   cannot be opened, decoded or timed
├── RefusedError ........... 4   the clip was read, but no running form may be reported from it
│   ├── NoRunnerError ...... 4   nobody, or nobody who runs, was tracked long enough
│   ├── ViewError .......... 4   not filmed from the side, or the runner does not fit the picture
│   └── TooFewStridesError . 5   ran, but not for long enough
├── GuidanceError .......... 6   a rule file contradicts itself
├── ModelFileError ......... 7   pose model missing, or not the one it claims to be
└── OutputError ............ 8   the result folder cannot be written

What cannot be judged inside a usable clip is data (a reason beside a missing value), not an error.
"""

from __future__ import annotations

from functools import reduce
from typing import ClassVar

from formcheck.domain import Person, PoseSequence, Reason, Text, VideoInfo
from formcheck.reasons import message
from formcheck.texts import text


class FormcheckError(Exception):
    """Base of all errors raised on purpose; ``exit_code`` is what the command line returns.

    ``said`` is what happened and what to do, in English as ``str``; whoever shows it says it in the
    reader's language.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, said: Text) -> None:
        super().__init__(said)
        self.said = said


class ConfigError(FormcheckError):
    """A configuration key is unknown or a value is out of range."""

    exit_code: ClassVar[int] = 2


class VideoError(FormcheckError):
    """The file cannot be opened, decoded or timed."""

    exit_code: ClassVar[int] = 3


class RefusedError(FormcheckError):
    """The clip was read, but no running form may be reported from it.

    ``reasons`` holds what was seen and what to do; ``video``, the ``people`` in it and the
    ``pose`` that was found are filled in once known.
    """

    exit_code: ClassVar[int] = 4

    def __init__(self, *reasons: Reason, video: VideoInfo | None = None) -> None:
        super().__init__(reduce(_then, map(message, reasons)))
        self.reasons = reasons
        self.video = video
        self.people: tuple[Person, ...] = ()
        self.pose: PoseSequence | None = None


def _then(first: Text, then: Text) -> Text:
    return text("analysis", "then", first=first, then=then)


class NoRunnerError(RefusedError):
    """Nobody, or nobody who runs, was tracked for long enough."""


class ViewError(RefusedError):
    """The clip is not filmed from the side, or the runner does not fit the picture."""


class TooFewStridesError(RefusedError):
    """There are fewer usable strides than a result may rest on."""

    exit_code: ClassVar[int] = 5


class GuidanceError(FormcheckError):
    """A rule or source file contradicts itself."""

    exit_code: ClassVar[int] = 6


class ModelFileError(FormcheckError):
    """A pose model is missing, cannot be had, or is not the one it claims to be."""

    exit_code: ClassVar[int] = 7


class OutputError(FormcheckError):
    """The result folder cannot be written."""

    exit_code: ClassVar[int] = 8

"""What a worker has to remark, brought to the terminal of who waits.

A worker's stderr may be on another machine, and on this one it runs into the bar.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from formcheck.domain import Text

logger = logging.getLogger("formcheck")


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.msg if isinstance(record.msg, Text) else record.getMessage())


@contextmanager
def heard() -> Iterator[list[str]]:
    """Listen to formcheck's warnings for as long as the block lasts."""
    ear = _Ear()
    logger.addHandler(ear)
    try:
        yield ear.heard
    finally:
        logger.removeHandler(ear)


class Told:
    """Passes on every remark once: a cache that cannot be written is one matter, not a thousand."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def pass_on(self, remarks: Iterable[str]) -> None:
        """Log what was not said before."""
        for said in remarks:
            matter = _matter(said)
            if matter not in self._told:
                self._told.add(matter)
                logger.warning(said)


def _matter(said: str) -> str:
    """What a remark is about: not under which name a file would have been kept."""
    if not isinstance(said, Text):
        return said
    facts = {name: str(fact) for name, fact in said.facts.items() if name != "key"}
    return f"{said.area} {said.template} {facts}"

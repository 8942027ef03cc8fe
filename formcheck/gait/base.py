"""What every event detector offers."""

from __future__ import annotations

from typing import Protocol

from formcheck.domain import GaitEvents, Motion


class EventDetector(Protocol):
    """Finds initial contacts and toe-offs in unsmoothed motion."""

    def __call__(self, motion: Motion) -> GaitEvents:
        """Return the events of both feet in the motion's own seconds."""

"""Clips that an output folder knows from earlier runs, and that this run did not find.

They stay in the table, for a batch may go on with the clips of another week, and clips are put away
once they are analysed. Two kinds go: what was moved or renamed, once its result is there under the
new name; and what has neither a clip nor a result any more.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from formcheck.batch.manifest import Manifest, Record
from formcheck.batch.outputs import Outputs
from formcheck.batch.remote import is_url


class Earlier:
    """The clips in a manifest besides those of this run."""

    def __init__(self, manifest: Manifest, outputs: Outputs, clips: Collection[str]) -> None:
        self._manifest, self._outputs = manifest, outputs
        self._known = set(manifest.each("source"))
        others = (manifest.latest(name) for name in self._known.difference(clips))
        self._gone = [record for record in others if record is not None and _is_gone(record.source)]
        self._moved: dict[str, list[Record]] = {}

    def forget_lost(self, at: str) -> None:
        """Forget the clips of which nothing is left; what is left of others may be of use."""
        for record in sorted(self._gone, key=lambda record: record.clip):
            if not (record.has_folder and self._outputs.holds(record.folder)):
                self._manifest.forget(at, record.clip)
            elif record.clip_sha256 is not None:
                self._moved.setdefault(record.clip_sha256, []).append(record)

    def replaced_by(self, record: Record) -> None:
        """Forget a clip, and its result, that a new one is byte by byte: it was moved."""
        same = self._moved.get(record.clip_sha256 or "", [])
        if same and record.has_folder and record.clip not in self._known:
            before = same.pop()
            self._manifest.forget(record.at, before.clip)
            self._outputs.remove(before.folder)


def _is_gone(source: str) -> bool:
    """Whether a file of this machine is not there; of what a store holds that is not asked."""
    return not is_url(source) and not os.path.lexists(source)

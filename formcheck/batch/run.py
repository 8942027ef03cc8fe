"""A whole batch: find the clips, leave out what is done, run the rest, write the tables."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from formcheck.batch import page, table
from formcheck.batch.clips import (
    Clip,
    assign_folders,
    find_clips,
    known_by_place,
    require_one_origin,
)
from formcheck.batch.earlier import Earlier
from formcheck.batch.engine import Engine, Failure, Outcome
from formcheck.batch.manifest import Manifest, Record
from formcheck.batch.outputs import Outputs, outputs_at
from formcheck.batch.remarks import Told
from formcheck.batch.remote import is_url
from formcheck.batch.task import (
    NO_SPACE,
    ClipResult,
    ClipTask,
    Recipe,
    analyse_clip,
    content_sha256,
    told_row,
)
from formcheck.errors import OutputError, VideoError
from formcheck.texts import text

logger = logging.getLogger(__name__)

_TABLES_EVERY_S = 60.0
_TABLES_SHARE = 0.02  # at most this part of the time goes into tables before the last ones


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """Which clips to analyse and which of them again.

    ``is_fresh`` analyses every clip again, ``retry`` those that failed.
    """

    sources: tuple[str, ...]
    recipe: Recipe
    is_recursive: bool = False
    is_fresh: bool = False
    retry: bool = False


class Watch(Protocol):
    """Is told how a batch goes."""

    def compared(self, n_done: int, n_clips: int) -> None:
        """Clips that an earlier run has seen, and whose bytes were compared by now."""

    def begin(self, todo: Sequence[Clip], done_before: Sequence[Record]) -> None:
        """The clips to be analysed, and what is known of the others from earlier runs."""

    def clip_done(self, clip: Clip, record: Record, frames: int | None) -> None:
        """One clip was recorded."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How many of the clips asked for ended in which state, earlier runs included.

    ``n_others`` more clips, which were not asked for now, are in the tables; ``n_unseen`` places
    could not be looked into for clips.
    """

    states: Mapping[str, int]
    n_skipped: int
    n_others: int = 0
    n_unseen: int = 0

    @property
    def n_usable(self) -> int:
        """Clips of which something was measured."""
        return self.states.get("analysed", 0) + self.states.get("partial", 0)


def run_batch(
    options: BatchOptions, make_engine: Callable[[int], Engine], watch: Watch
) -> BatchResult:
    """Analyse clips and write ``batch.csv`` and ``batch.html``, also when interrupted.

    ``make_engine`` is called with the number of clips to be analysed, unless that is 0. Raises
    VideoError when there is no clip, OutputError when the output folder cannot be used, and what
    the engine raises when it cannot start. What goes wrong with one clip is recorded, and so are
    folders that cannot be looked into; a warning is logged for each of these.
    """
    outputs = outputs_at(options.recipe.output)
    found = find_clips(options.sources, options.recipe.output, recursive=options.is_recursive)
    for place, why in found.unseen.items():
        logger.warning(text("errors", "batch.unseen", place=place, why=why))
    if not found.clips:
        raise VideoError(text("errors", "batch.no_clip", sources=", ".join(options.sources)))
    with outputs.lock(), outputs.manifest() as manifest:
        manifest.note_unseen(_now(), found.unseen_with(manifest.unseen))
        result = _Batch(options, outputs, manifest, found.clips).run(make_engine, watch)
    return replace(result, n_unseen=len(found.unseen))


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


class _Batch:
    """A batch on an output folder that is its own."""

    def __init__(
        self, options: BatchOptions, outputs: Outputs, manifest: Manifest, clips: Sequence[Clip]
    ) -> None:
        self._options, self._outputs, self._manifest = options, outputs, manifest
        sources = manifest.each("source")
        known = known_by_place(clips, sources)
        require_one_origin(known, sources)
        self._folders = assign_folders(known, manifest.each("folder"))
        self._clips = {clip.name: clip for clip in known}
        self._earlier = Earlier(manifest, outputs, self._clips)
        self._told = Told()
        self._config_sha256 = options.recipe.config_sha256
        self._next_tables_s = time.monotonic() + _TABLES_EVERY_S

    def run(self, make_engine: Callable[[int], Engine], watch: Watch) -> BatchResult:
        self._earlier.forget_lost(_now())
        before = self._before(watch)
        done = {record.clip for record in before}
        todo = _in_order([clip for clip in self._clips.values() if clip.name not in done])
        watch.begin(todo, before)
        try:
            if todo:
                self._work(make_engine(len(todo)), todo, watch)
        finally:
            self._write_tables()
        states = self._states()
        n_others = len(self._manifest) - sum(states.values())
        return BatchResult(states, len(before), n_others)

    def _before(self, watch: Watch) -> list[Record]:
        """The records of clips that need not be analysed again."""
        known = [(clip, self._finished(clip)) for clip in self._clips.values()]
        finished = [(clip, record) for clip, record in known if record is not None]
        same: list[Record] = []
        # One after the other, so that Ctrl-C need not wait for a thread to end.
        for n_done, (clip, record) in enumerate(finished):
            watch.compared(n_done, len(finished))
            same += [record] if _has_same_content(clip, record) else []
        return same

    def _finished(self, clip: Clip) -> Record | None:
        """The record of a clip that need not be analysed again, unless it is another clip now."""
        record, recipe = self._manifest.latest(clip.name), self._options.recipe
        if record is None or self._options.is_fresh:
            return None
        if record.state == "failed" and self._options.retry:
            return None
        same = (record.config_sha256, record.model_sha256) == (
            self._config_sha256, recipe.model_sha256
        )  # fmt: skip
        if not same or (recipe.is_annotated and not record.is_annotated):
            return None
        if record.has_folder and not self._outputs.holds(record.folder):
            return None
        return record

    def _work(self, engine: Engine, todo: Sequence[Clip], watch: Watch) -> None:
        under_way: dict[str, str] = {}

        def tasks() -> Iterator[ClipTask]:
            for clip in todo:
                under_way[clip.name] = self._folders[clip.name]
                yield ClipTask(clip.name, clip.source, under_way[clip.name], self._options.recipe)

        try:
            with closing(engine.run(analyse_clip, tasks())) as outcomes:
                for outcome in outcomes:
                    clip = self._clips[outcome.task.clip]
                    self._keep(clip, outcome, watch)
                    del under_way[clip.name]
        finally:
            for folder in under_way.values():
                self._outputs.tidy(folder)

    def _keep(self, clip: Clip, outcome: Outcome[ClipTask, ClipResult], watch: Watch) -> None:
        record = self._record(clip, outcome)
        if (record.error or {}).get("code") == NO_SPACE and not is_url(self._options.recipe.output):
            facts = {"clip": clip.name, "place": self._options.recipe.output}
            raise OutputError(text("errors", "batch.full", **facts))
        if not record.has_folder:
            self._outputs.remove(record.folder)
        self._told.pass_on(outcome.value.remarks if outcome.value else ())
        self._manifest.append(record)
        self._earlier.replaced_by(record)
        self._outputs.recorded()
        self._write_tables_now_and_then()
        watch.clip_done(clip, record, outcome.value.frames if outcome.value else None)

    def _record(self, clip: Clip, outcome: Outcome[ClipTask, ClipResult]) -> Record:
        failure = outcome.failure
        result = outcome.value
        if result is None:
            result = self._failed(clip, failure)
        return Record(
            at=_now(),
            clip=clip.name,
            source=clip.source,
            folder=outcome.task.folder,
            state=result.state,
            clip_sha256=result.clip_sha256,
            tag=clip.tag,
            config_sha256=self._config_sha256,
            model_sha256=self._options.recipe.model_sha256,
            is_annotated=self._options.recipe.is_annotated,
            seconds=round(outcome.seconds, 3),
            reasons=result.reasons,
            error=result.error,
            row=result.row,
            has_page=result.has_page,
        )

    def _failed(self, clip: Clip, failure: Failure | None) -> ClipResult:
        """A clip that took its worker with it, or whose work raised what nobody expected."""
        sha256 = content_sha256(clip.source)
        if failure is None:
            return ClipResult("failed", sha256, (), {})
        known = {"code": failure.code, "message": str(failure.message)}
        detail = {"detail": failure.detail} if failure.detail else {}
        told = told_row([failure.message], "", self._options.recipe.config.report)
        return ClipResult("failed", sha256, (str(failure.message),), known | detail, row=told)

    def _write_tables_now_and_then(self) -> None:
        """So that who waits for many clips may look at those that are done."""
        begun_s = time.monotonic()
        if begun_s >= self._next_tables_s:
            self._write_tables()
            took_s = time.monotonic() - begun_s
            pause_s = max(_TABLES_EVERY_S, took_s / _TABLES_SHARE)
            self._next_tables_s = time.monotonic() + pause_s

    def _write_tables(self) -> None:
        names = table.value_names(self._manifest.latest_records())
        self._outputs.publish(table.NAME, table.csv_text(self._manifest.latest_records(), names))
        self._outputs.publish(page.NAME, self._page(names))

    def _page(self, names: Sequence[str]) -> Iterator[str]:
        style = self._options.recipe.config.report
        unseen = self._manifest.unseen
        return page.html_text(self._manifest.latest_records, names, style, unseen)

    def _states(self) -> Mapping[str, int]:
        records = [self._manifest.latest(name) for name in self._clips]
        states = [record.state for record in records if record is not None]
        return {state: states.count(state) for state in dict.fromkeys(states)}


def _in_order(clips: Sequence[Clip]) -> list[Clip]:
    """The largest first, so that at the end all workers have something to do.

    Of several of the same size all but one come later: they may be copies, whose pose is kept then.
    """
    first = {clip.bytes: clip.name for clip in reversed(clips)}
    return sorted(clips, key=lambda clip: (first[clip.bytes] != clip.name, -clip.bytes))


def _has_same_content(clip: Clip, record: Record) -> bool:
    if clip.tag is not None:
        return clip.tag == record.tag
    return record.clip_sha256 == content_sha256(clip.source)

"""The work on one clip, wherever it is done."""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from formcheck.batch.outputs import outputs_at
from formcheck.batch.remarks import heard
from formcheck.batch.remote import RemoteCache, is_url, local_copy
from formcheck.cache import Cache, Store, placed
from formcheck.code import code_sha256
from formcheck.config import AnalysisConfig
from formcheck.domain import Analysis, Provenance, printable
from formcheck.errors import FormcheckError, ModelFileError, RefusedError, VideoError
from formcheck.guidance.apply import main_finding
from formcheck.guidance.load import load_rules
from formcheck.pipeline import analyze_pose, estimate_pose
from formcheck.pose.model_files import find_model
from formcheck.reasons import message
from formcheck.report import drawing_proxy, refused_summary, summary
from formcheck.report.refusal import Refusal, retold
from formcheck.texts import DEFAULT_STYLE, ReportStyle, tell, text
from formcheck.version import __version__
from formcheck.video.proxy import Reading
from formcheck.video.read import file_sha256

NO_SPACE = "no-space"
"""Code of a clip whose result found no room on the disk."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is the same for all clips of a batch; everything a worker needs travels in it.

    ``rules`` is the content of the rule file, so that all clips see the same one wherever they
    are analysed. ``poses`` is the folder or URL of the pose cache, None for none. Paths in it are
    absolute; those of ``config`` are as they were given, ``model`` is the one to be used.
    """

    config: AnalysisConfig
    model: str
    rules: bytes | None
    model_sha256: str
    backend: str
    output: str
    poses: str | None
    is_annotated: bool

    @property
    def config_sha256(self) -> str:
        """Hash of all that a result depends on besides the clip and the model."""
        rules = None if self.rules is None else hashlib.sha256(self.rules).hexdigest()
        parts = self.config.as_dict() | {"rules": rules}
        text = json.dumps([__version__, code_sha256(), self.backend, parts], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def recipe(config: AnalysisConfig, output: str, poses: str | None, *, is_annotated: bool) -> Recipe:
    """Return the recipe of a batch.

    Raises GuidanceError for a broken rule file and ModelFileError without a pose model: better now
    than once for every clip.
    """
    load_rules(config.rules)
    rules = None if config.rules is None else config.rules.read_bytes()
    place, model = find_model(config.model)
    own = str(place.absolute()) if place == Path(config.model) else config.model
    return Recipe(
        config=config,
        model=own,
        rules=rules,
        model_sha256=model.sha256,
        backend=model.backend,
        output=_absolute(output),
        poses=None if poses is None else _absolute(poses),
        is_annotated=is_annotated,
    )


def _absolute(place: str) -> str:
    """A place as every process finds it, wherever it was started."""
    return place if is_url(place) else str(Path(place).absolute())


@dataclass(frozen=True, slots=True)
class ClipTask:
    """A clip to be analysed into a folder of the output folder."""

    clip: str
    source: str
    folder: str
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class ClipResult:
    """What became of a clip that did not take its worker with it.

    ``state`` is analysed, partial, refused or failed; ``error`` holds code and message of a clip
    that failed; ``row`` what the table shows. ``frames`` is None when they were not counted;
    ``has_page`` when a page says why nothing was measured; ``remarks`` are worth knowing besides.
    """

    state: str
    clip_sha256: str | None
    reasons: tuple[str, ...]
    error: Mapping[str, str] | None = None
    frames: int | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    has_page: bool = False
    remarks: tuple[str, ...] = ()


def analyse_clip(task: ClipTask) -> ClipResult:
    """Analyse one clip and write its result folder; a clip that cannot be served is data too."""
    with heard() as remarks:
        result = _done(task)
    return replace(result, remarks=tuple(remarks))


def _done(task: ClipTask) -> ClipResult:
    sha256: str | None = None
    clip = Path(task.source)
    try:
        with local_copy(task.source) as clip:
            sha256 = content_sha256(str(clip))
            return _written(task, clip, sha256)
    except (FormcheckError, OSError) as error:
        if _is_full(error):
            return _without_space(sha256, task)
        if isinstance(error, VideoError):
            error = retold(error, str(clip), task.clip)
        if isinstance(error, FormcheckError):
            return _unserved(error, sha256, task)
        raise


def _written(task: ClipTask, clip: Path, sha256: str | None) -> ClipResult:
    """Write the result folder of a clip; of one that gives no result that of its page."""
    outputs, style = outputs_at(task.recipe.output), task.recipe.config.report
    drawn = clip if task.recipe.is_annotated else None
    try:
        with drawing_proxy() as proxy:
            reading = Reading(proxy=None if drawn is None else proxy, is_overlapped=False)
            analysis = _analysed(task, clip, sha256, reading)
            outputs.write(analysis, task.folder, drawn, style=style, reading=reading)
    except (RefusedError, VideoError) as error:
        if not clip.is_file():
            raise
        refusal = _refusal(error, clip, task)
        has_picture = outputs.refuse(refusal, task.folder, style)
        told = _unserved(refusal.error, sha256, task)
        return replace(told, has_page=True, row={**told.row, "has_picture": has_picture})
    return _served(analysis, style)


def _refusal(error: RefusedError | VideoError, clip: Path, task: ClipTask) -> Refusal:
    """What the page of a clip without a result says, told of the source the user knows."""
    provenance = Provenance(__version__, None, task.recipe.config.as_dict())
    name, source = PurePosixPath(task.clip).name, printable(task.source)
    if isinstance(error, VideoError):
        error = retold(error, str(clip), task.clip)
    elif error.video is not None:
        error.video = replace(error.video, path=task.source)
    film = clip if task.recipe.is_annotated else None  # to look at it again takes its time
    return Refusal(name, source, error, film, provenance)


def _is_full(error: BaseException | None) -> bool:
    """Whether a disk had no room, or the user's share of it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        error = error.__cause__
    return False


def _without_space(sha256: str | None, task: ClipTask) -> ClipResult:
    said = text("errors", "batch.full", clip=task.clip, place=task.recipe.output)
    told = told_row([said], "", task.recipe.config.report)
    error = {"code": NO_SPACE, "message": str(said)}
    return ClipResult("failed", sha256, (str(said),), error, row=told)


def _analysed(task: ClipTask, clip: Path, sha256: str | None, reading: Reading) -> Analysis:
    recipe = task.recipe
    _, model = find_model(recipe.model)
    if model.sha256 != recipe.model_sha256:
        facts = {"found": model.sha256[:12], "expected": recipe.model_sha256[:12]}
        raise ModelFileError(text("errors", "model.not_the_same", **facts))
    rules = None if recipe.rules is None else _rule_file(recipe.rules)
    config = replace(recipe.config, model=recipe.model, rules=rules)
    store = _store(recipe.poses)
    pose = estimate_pose(clip, config, reading=reading, store=store, sha256=sha256, jobs=1)
    analysis = analyze_pose(placed(pose, task.source), config, store=store)
    as_given = replace(analysis.provenance, config=recipe.config.as_dict())
    return replace(analysis, provenance=as_given)


def _store(place: str | None) -> Store | None:
    if place is None:
        return None
    return RemoteCache(place) if is_url(place) else Cache(Path(place))


@functools.cache
def _rules_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="formcheck-rules-")


@functools.cache
def _rule_file(content: bytes) -> Path:
    """The batch's rules as a file of this machine, written once per process."""
    path = Path(_rules_folder().name) / f"{hashlib.sha256(content).hexdigest()}.toml"
    path.write_bytes(content)
    return path


def _served(analysis: Analysis, style: ReportStyle) -> ClipResult:
    result = summary(analysis)
    main = main_finding(analysis.findings, analysis.plan.caution)
    return ClipResult(
        state=result["verdict"],
        clip_sha256=analysis.video.sha256,
        reasons=tuple(reason["message"] for reason in result["reasons"]),
        frames=analysis.video.n_frames,
        row=_row(result)
        | told_row(map(message, analysis.reasons), "" if main is None else main.message, style),
    )


def _row(result: Mapping[str, Any]) -> dict[str, Any]:
    """What the table of all clips shows of a summary."""
    main = result["main_finding"]
    return {
        **{key: result[key] for key in ("view", "facing", "near_side")},
        **{key: result["video"][key] for key in ("fps", "n_frames", "duration_s", "recorded_on")},
        "strike": {side: strike["class"] for side, strike in result["foot_strike"].items()},
        "main_finding": None if main is None else main["message"],
        **{grade: _points(result["findings"], grade) for grade in ("fix", "watch")},
        "values": {
            f"{metric}{ending}": [value["median"], value["low"], value["high"]]
            for metric, entry in result["measurements"].items()
            for ending, value in (
                ("", entry["both"]), ("_left", entry["left"]), ("_right", entry["right"])
            )
            if value is not None
        },
    }  # fmt: skip


def told_row(reasons: Iterable[str], main: str, style: ReportStyle) -> dict[str, Any]:
    """What the page of all clips says in another language or other units."""
    if style == DEFAULT_STYLE:
        return {}
    told = [tell(why, style) for why in reasons]
    return {"said": {"reasons": told, "main_finding": tell(main, style)}}


def _points(findings: Sequence[Mapping[str, Any]], grade: str) -> list[str]:
    """Points of one grade, the article's own word aside: what research supports is what counts."""
    graded = (f for f in findings if f["grade"] == grade and f["pack"] != "article")
    return list(dict.fromkeys(finding["point"] for finding in graded))


def _unserved(error: FormcheckError, sha256: str | None, task: ClipTask) -> ClipResult:
    """A clip without a result."""
    reasons = refused_summary(error, task.source)["reasons"]
    known = error.video if isinstance(error, RefusedError) else None
    style = task.recipe.config.report
    told = told_row([error.said], "", style)
    messages = tuple(reason["message"] for reason in reasons)
    return ClipResult(
        state="refused" if isinstance(error, RefusedError) else "failed",
        clip_sha256=sha256,
        reasons=messages,
        error={"code": reasons[0]["code"], "message": messages[0]},
        frames=None if known is None else known.n_frames,
        row=told,
    )


def content_sha256(source: str) -> str | None:
    """Return the hash of a clip of this machine, None when it cannot be read or is elsewhere."""
    if is_url(source):
        return None
    try:
        return file_sha256(Path(source))
    except VideoError:
        return None

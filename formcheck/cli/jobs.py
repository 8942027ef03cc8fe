"""Which clip goes into which folder, and the work on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formcheck.cli.console import frame_bar
from formcheck.compare import result_name
from formcheck.config import AnalysisConfig, load_config
from formcheck.domain import Analysis, Provenance, VideoInfo, printable
from formcheck.errors import OutputError, RefusedError, VideoError
from formcheck.guidance.plan import caution_of
from formcheck.guidance.profile import RunnerProfile
from formcheck.pipeline import analyze_pose, analyze_video
from formcheck.pose.recorded import load_pose
from formcheck.report import ReportOptions, check_output, drawing_proxy, write_report
from formcheck.report.pose import PoseWriter
from formcheck.report.refusal import Refusal, retold, write_refusal
from formcheck.report.settings import SettingsWriter
from formcheck.texts import text, words
from formcheck.version import __version__
from formcheck.video.proxy import Proxy, Reading
from formcheck.video.read import file_sha256

POSE_SUFFIX = ".npz"


@dataclass(frozen=True, slots=True)
class Job:
    """One clip, or recorded pose, and the folder its results go to."""

    clip: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Way:
    """How the work is done: with progress bars, over earlier results, on how many parts at once.

    ``embed_video`` and ``pdf`` are those of ``ReportOptions``.
    """

    is_shown: bool
    force: bool
    n_jobs: int | None = None
    embed_video: bool = False
    pdf: bool = False


def plan(clips: Sequence[Path], output: Path | None, *, force: bool) -> list[Job]:
    """Return one job per clip after checking that each folder can be written.

    Without ``output`` results go beside the clip; with it, several clips get a folder each inside.
    Raises OutputError: better now than after minutes of work.
    """
    jobs = [Job(clip, _folder(clip, output, is_alone=len(clips) == 1)) for clip in clips]
    taken: dict[Path, Path] = {}
    for job in jobs:
        folder = job.folder.resolve()
        if folder in taken:
            both = {"first": str(taken[folder]), "second": str(job.clip)}
            raise OutputError(text("errors", "same_folder", folder=str(job.folder), **both))
        taken[folder] = job.clip
        check_output(job.folder, force=force)
    return jobs


def folder_beside(clip: Path) -> Path:
    """Where the result of a clip goes when no other place is named."""
    return clip.with_name(f"{clip.stem}_formcheck")


def _folder(clip: Path, output: Path | None, *, is_alone: bool) -> Path:
    if output is None:
        return folder_beside(clip)
    return output if is_alone else output / clip.stem


def run(
    job: Job, config: AnalysisConfig, profile: RunnerProfile | None, way: Way
) -> tuple[Analysis, Path]:
    """Analyse one clip, write its folder, and return the analysis and the path of the report."""
    say = words("terminal", config.report)
    with drawing_proxy() as proxy:
        analysis, clip = analysed(job.clip, config, profile, way, proxy)
        with frame_bar(say("bar.drawing"), say, is_shown=way.is_shown) as progress:
            report = write_report(
                analysis,
                job.folder,
                clip=clip,
                options=ReportOptions(config.report, way.embed_video, way.pdf),
                force=way.force,
                reading=Reading(progress, proxy),
            )
    return analysis, report


def analysed(
    clip: Path,
    config: AnalysisConfig,
    profile: RunnerProfile | None,
    way: Way,
    proxy: Proxy | None = None,
) -> tuple[Analysis, Path | None]:
    """Analyse a clip or a recorded pose; return the film too, None where that is gone.

    A ``proxy`` keeps small pictures of the clip to be drawn on.
    """
    if clip.suffix.lower() == POSE_SUFFIX:
        analysis = analyze_pose(load_pose(clip), config, profile)
        return analysis, _filmed(analysis.video)
    say = words("terminal", config.report)
    title = say("bar.following", clip=clip.name)
    with frame_bar(title, say, is_shown=way.is_shown) as progress:
        return (
            analyze_video(
                clip,
                config,
                profile=profile,
                reading=Reading(progress, proxy),
                jobs=way.n_jobs,
            ),
            clip,
        )


def refuse(
    job: Job,
    error: RefusedError | VideoError,
    config: AnalysisConfig,
    profile: RunnerProfile | None,
    way: Way,
) -> tuple[Refusal, Path | None]:
    """Write the page of a clip that gives no result; return what is on it and its path.

    There is none, and None in its place, where no file of a clip is there to tell of. Raises
    OutputError when it cannot be written or printed.
    """
    refusal = refusal_of(_clip_name(job.clip, error), job.clip, error, config, profile)
    if not has_page(refusal):
        return refusal, None
    options = ReportOptions(config.report, pdf=way.pdf)
    return refusal, write_refusal(refusal, job.folder, options=options, force=way.force)


def has_page(refusal: Refusal) -> bool:
    """Whether a page says why: not where a name was misspelt, or what is no clip was given."""
    return refusal.seen is not None or (refusal.clip is not None and refusal.clip.is_file())


def refused_again(folder: Path) -> Refusal | None:
    """The refusal a result folder tells of, to be told in any language and with pictures.

    None where it holds no pose, or its pose is not refused any more.
    """
    pose, settings = folder / PoseWriter.name, folder / SettingsWriter.name
    if not pose.is_file() or not settings.is_file():
        return None
    config = load_config(settings)
    try:
        analyze_pose(load_pose(pose), config)
    except RefusedError as error:
        return refusal_of(result_name(folder), pose, error, config, None)
    return None


def _clip_name(clip: Path, error: RefusedError | VideoError) -> str:
    """Name of the clip, also of one whose recorded pose was given."""
    video = _video(error)
    return clip.name if video is None else Path(video.path).name


def _video(error: RefusedError | VideoError) -> VideoInfo | None:
    return error.video if isinstance(error, RefusedError) else None


def refusal_of(
    name: str,
    clip: Path,
    error: RefusedError | VideoError,
    config: AnalysisConfig,
    profile: RunnerProfile | None,
) -> Refusal:
    """What is known of a clip, or of a recorded pose, that gives no result."""
    film: Path | None = clip
    if clip.suffix.lower() == POSE_SUFFIX:
        video = _video(error)
        film = None if video is None else _filmed(video)
    caution = None if profile is None else caution_of(profile)
    provenance = Provenance(__version__, None, config.as_dict())
    path = str(clip)
    if isinstance(error, VideoError):
        error = retold(error, path, path)
    return Refusal(printable(name), printable(path), error, film, provenance, caution)


def _filmed(video: VideoInfo) -> Path | None:
    """The clip a pose was recorded from, if it is still where it was and still the same."""
    path = Path(video.path)
    if not path.is_file():
        return None
    return path if file_sha256(path) == video.sha256 else None

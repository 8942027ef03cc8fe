"""The whole way: a clip or a recorded pose in, an Analysis out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from formcheck.cache import (
    Store,
    keep_observation,
    keep_pose,
    kept_observation,
    kept_pose,
    observation_key,
    placed,
    pose_key,
)
from formcheck.config import AnalysisConfig
from formcheck.cores import beside, parts_at_once
from formcheck.domain import (
    Analysis,
    Choice,
    ClipVerdict,
    Gait,
    PoseSequence,
    Progress,
    Provenance,
    Reason,
    Rule,
    Side,
    View,
    printable,
)
from formcheck.errors import ConfigError, RefusedError
from formcheck.gait.observation import Observation, ObservationParams, observe
from formcheck.gait.observe import GaitParams, RunnerFacts
from formcheck.geometry import load_filters
from formcheck.guidance.apply import apply_rules
from formcheck.guidance.load import load_rules
from formcheck.guidance.plan import make_plan, tempered
from formcheck.guidance.profile import RunnerProfile
from formcheck.metrics import METRICS, classify_strikes, measure
from formcheck.pose.base import PoseBackend
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.pose.mediapipe import MediaPipeBackend
from formcheck.pose.model_files import find_model
from formcheck.reasons import reason
from formcheck.texts import text
from formcheck.version import __version__
from formcheck.video.proxy import UNWATCHED, Reading
from formcheck.video.read import file_sha256, open_video

logger = logging.getLogger(__name__)


def analyze_video(
    path: Path,
    config: AnalysisConfig,
    *,
    profile: RunnerProfile | None = None,
    reading: Reading = UNWATCHED,
    jobs: int | None = None,
) -> Analysis:
    """Analyse a video file; with a runner's answers the plan and how careful it is follow them.

    ``jobs`` parts of a long clip are worked on at once (unless given, as many as keep the cores
    busy), without effect on the result. The proxy of ``reading`` keeps small pictures on the way,
    for ``write_report`` to draw on.

    Raises VideoError for a file that cannot be read, ModelFileError without a pose model,
    GuidanceError for a broken rule file, and RefusedError when the clip shows no running form that
    may be reported.
    """
    load_rules(config.rules)  # a broken rule file must not cost a whole pose estimation
    pose = estimate_pose(path, config, reading=reading, jobs=jobs)
    return analyze_pose(pose, config, profile)


def estimate_pose(
    path: Path,
    config: AnalysisConfig,
    *,
    reading: Reading = UNWATCHED,
    store: Store | None = None,
    sha256: str | None = None,
    jobs: int | None = None,
) -> PoseSequence:
    """Find the body in every frame of a video file; everything up to and with the pose model.

    With a ``store`` a clip whose bytes, model and settings were seen before costs nothing, and a
    new one is kept; who knows the hash of the file (``file_sha256``) gives it. ``reading`` and
    ``jobs`` are as in ``analyze_video``. Raises VideoError for a file that cannot be read and
    ModelFileError without a pose model.
    """
    if store is None:
        return _estimated(path, config, reading, jobs)
    _, info = find_model(config.model)
    known = file_sha256(path) if sha256 is None else sha256
    kept = kept_pose(store, pose_key(known, info, config.pose, _wanted(config)))
    if kept is not None:
        return placed(kept, path)
    pose = _estimated(path, config, reading, jobs)
    keep_pose(store, pose_key(pose.video.sha256, info, config.pose, _wanted(config)), pose)
    return pose


def _estimated(
    path: Path, config: AnalysisConfig, reading: Reading, jobs: int | None
) -> PoseSequence:
    parts = parts_at_once() if jobs is None else jobs
    with open_video(path, reading=reading) as video, _loading_meanwhile(reading) as progress:
        model_path, info = find_model(config.model)
        backend: PoseBackend = MediaPipeBackend(model_path, info, config.pose)
        try:
            return backend.estimate(video, wanted=_wanted(config), progress=progress, jobs=parts)
        except RefusedError as refusal:
            refusal.video = video.info
            raise


@contextmanager
def _loading_meanwhile(reading: Reading) -> Iterator[Progress]:
    """Whom to tell of frames, so that from the first one on what comes after the pose is loaded."""
    with beside("load", is_overlapped=reading.is_overlapped) as thread:
        to_load = iter([load_filters])

        def told(done: int, total: int | None) -> None:
            for load in to_load:
                thread.submit(load)
            reading.progress(done, total)

        yield told


def _wanted(config: AnalysisConfig) -> Wanted:
    return Wanted(config.person, config.runner_at)


def analyze_pose(
    pose: PoseSequence,
    config: AnalysisConfig,
    profile: RunnerProfile | None = None,
    *,
    store: Store | None = None,
) -> Analysis:
    """Analyse a recorded pose; everything after the pose model.

    With a ``store`` the limbs and the gait found in a pose are kept: with other rules, metrics or
    answers only what depends on these is done. Of a runner's answers nothing is kept but the plan.

    Raises GuidanceError for a broken rule file and RefusedError when no running form may be
    reported; the error then names the video.
    """
    rules = load_rules(config.rules)
    pose = _asked_for(pose, config)
    try:
        return _analysis(pose, _observed(pose, config, store), config, rules, profile)
    except RefusedError as refusal:
        refusal.video, refusal.people, refusal.pose = pose.video, pose.people, pose
        raise


def _observed(pose: PoseSequence, config: AnalysisConfig, store: Store | None) -> Observation:
    """What the pose shows of the runner, as it was kept if it was."""
    params = observation_params(config)
    if store is None:
        return observe(pose, params)
    key = observation_key(pose, params)
    kept = kept_observation(store, key, pose)
    if kept is not None:
        return kept
    seen = observe(pose, params)
    keep_observation(store, key, seen)
    return seen


def _asked_for(pose: PoseSequence, config: AnalysisConfig) -> PoseSequence:
    """The pose, if it is that of the person asked for; a recorded one holds one person only."""
    if _wanted(config) == ANYBODY or pose.choice is Choice.ASKED:
        return pose
    if config.person in [person.number for person in pose.people if person.is_followed]:
        return replace(pose, choice=Choice.ASKED)
    raise ConfigError(text("errors", "pose.another_person"))


def _analysis(
    pose: PoseSequence,
    seen: Observation,
    config: AnalysisConfig,
    rules: tuple[Rule, ...],
    profile: RunnerProfile | None,
) -> Analysis:
    """What is measured and said of an observation of a pose."""
    gait = seen.gait
    measurements = measure(gait)
    by_name = {entry.metric: entry for entry in measurements}
    findings = apply_rules(measurements, _rules_for(gait, rules), gait.near_side, config.grading)
    plan = make_plan(findings, profile)
    withheld = _withheld_reasons(gait)
    return Analysis(
        video=replace(pose.video, path=printable(pose.video.path), time_scale=_known_scale(gait)),
        verdict=ClipVerdict.PARTIAL if withheld else ClipVerdict.ANALYSED,
        reasons=(
            *withheld,
            *_doubts_about_what_was_given(gait),
            *gait.notes,
            *_view_note(gait),
            *_part_of_clip(pose, seen.analysed_s),
            *seen.notes,
        ),
        recorded_pose=pose,
        pose=seen.pose,
        analysed_s=seen.analysed_s,
        tracking=seen.tracking,
        gait=gait,
        measurements=measurements,
        foot_strikes=classify_strikes(gait, by_name["foot_strike_angle_deg"]),
        findings=tempered(findings, plan.caution),
        plan=plan,
        provenance=Provenance(__version__, pose.model, config.as_dict()),
    )


def _rules_for(gait: Gait, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules whose first metric is read in the clip's view: the other view has points of its own."""

    def is_read(rule: Rule) -> bool:
        entry = METRICS.get(rule.criteria[0].metric)
        return entry is None or gait.view.view in entry.views

    return tuple(filter(is_read, rules))


def _view_note(gait: Gait) -> tuple[Reason, ...]:
    """What a view from behind leaves out."""
    return (reason("from_behind"),) if gait.view.view is View.REAR else ()


GRADED_STRIDES = 8
"""Strides of one side from which a verdict may be given (biomechanics 4)."""
MINOR_TOPICS = frozenset({"far_leg", "far_arm", "length", "comparison", "foot_angle"})
"""Topics whose absence is ordinary: it is said beside the value, the clip still counts in full."""


def _withheld_reasons(gait: Gait) -> tuple[Reason, ...]:
    """Why whole topics could not be measured, each reason once."""
    reasons = [why for topic, why in gait.withheld.items() if topic not in MINOR_TOPICS]
    leg, counted = _counted(gait)
    found = min(sum(side is each for side in gait.sides()) for each in counted)
    if found < GRADED_STRIDES:
        reasons.append(reason("few_strides", found=found, leg=leg, needed=GRADED_STRIDES))
    return tuple(dict.fromkeys(reasons))


def _counted(gait: Gait) -> tuple[str, tuple[Side, ...]]:
    """The leg whose strides have to be enough: the near one, from behind either."""
    return ("either", tuple(Side)) if gait.view.view is View.REAR else ("near", (gait.near_side,))


GIVEN_WRONGLY = frozenset({"speed_implausible", "speed_and_height_disagree"})
"""What was typed in is wrong: worth knowing at once, though only lengths are missing for it."""


def _doubts_about_what_was_given(gait: Gait) -> tuple[Reason, ...]:
    """Why a speed or height that was given cannot be true."""
    found = (why for why in gait.withheld.values() if why.code in GIVEN_WRONGLY)
    return tuple(dict.fromkeys(found))


def _part_of_clip(pose: PoseSequence, analysed_s: tuple[float, float]) -> tuple[Reason, ...]:
    """A note when only a part of the clip shows the whole runner."""
    start_s, stop_s = analysed_s
    if stop_s - start_s > 0.9 * pose.video.duration_s:
        return ()
    return (reason("part_of_clip", start_s=start_s, stop_s=stop_s),)


def _known_scale(gait: Gait) -> float:
    """Slow-motion factor as far as it is known."""
    return gait.time_base.scale if gait.time_base.is_trusted else 1.0


def observation_params(config: AnalysisConfig) -> ObservationParams:
    """What an observation depends on, out of the configuration."""
    gait = GaitParams(
        cleaning=config.cleaning,
        view=config.view,
        time=config.time,
        smoothing=config.smoothing,
        events=config.events,
        strides=config.strides,
        running=config.running,
        withhold=config.withhold,
        camera=config.camera,
        scale=config.scale,
    )
    facts = RunnerFacts(
        config.speed_kmh, config.height_cm, config.capture_fps, config.incline_percent
    )
    return ObservationParams(facts, config.track, config.sides, gait, config.rear)

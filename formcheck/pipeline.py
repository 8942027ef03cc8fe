"""The whole way: a clip or a recorded pose in, an Analysis out."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from formcheck.config import AnalysisConfig
from formcheck.cores import usable_cores
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
    TrackingReport,
    View,
    printable,
    silent,
)
from formcheck.errors import ConfigError, OutputError, RefusedError
from formcheck.gait.checks import (
    require_body,
    require_movement,
    require_one_direction,
    require_one_person,
    require_somebody,
    require_track,
)
from formcheck.gait.confidence import stride_confidence
from formcheck.gait.observe import GaitParams, RunnerFacts, observe_gait
from formcheck.gait.rear import observe_rear
from formcheck.gait.view import estimate_view
from formcheck.guidance.apply import apply_rules
from formcheck.guidance.load import load_rules
from formcheck.guidance.plan import make_plan, tempered
from formcheck.guidance.profile import RunnerProfile
from formcheck.metrics import METRICS, classify_strikes, measure
from formcheck.pose.base import PoseBackend
from formcheck.pose.cache import PoseStore, placed, pose_key
from formcheck.pose.choose import ANYBODY, Wanted
from formcheck.pose.mediapipe import MediaPipeBackend
from formcheck.pose.model_files import find_model
from formcheck.pose.repeats import with_repeats, without_repeats
from formcheck.pose.sides import resolve_sides
from formcheck.pose.tempo import TempoChange, among_all, longer_part, tempo_change
from formcheck.pose.track import Coverage, longest_stretch
from formcheck.reasons import reason
from formcheck.texts import text
from formcheck.version import __version__
from formcheck.video.read import file_sha256, open_video

logger = logging.getLogger(__name__)


def analyze_video(
    path: Path,
    config: AnalysisConfig,
    *,
    profile: RunnerProfile | None = None,
    progress: Progress = silent,
    jobs: int | None = None,
) -> Analysis:
    """Analyse a video file; with a runner's answers the plan and how careful it is follow them.

    ``jobs`` threads run the pose model (one a core unless given), without effect on the result.

    Raises VideoError for a file that cannot be read, ModelFileError without a pose model,
    GuidanceError for a broken rule file, and RefusedError when the clip shows no running form that
    may be reported.
    """
    load_rules(config.rules)  # a broken rule file must not cost a whole pose estimation
    pose = estimate_pose(path, config, progress=progress, jobs=jobs)
    return analyze_pose(pose, config, profile)


def estimate_pose(
    path: Path,
    config: AnalysisConfig,
    *,
    progress: Progress = silent,
    store: PoseStore | None = None,
    jobs: int | None = None,
) -> PoseSequence:
    """Find the body in every frame of a video file; everything up to and with the pose model.

    With a ``store`` a clip whose bytes, model and settings were seen before costs nothing, and a
    new one is kept. ``jobs`` as in ``analyze_video``. Raises VideoError for a file that cannot be
    read, ModelFileError without a pose model and OutputError when a new pose cannot be kept.
    """
    if store is None:
        return _estimated(path, config, progress, jobs)
    sha256, (_, info) = file_sha256(path), find_model(config.model)
    kept = store.load(pose_key(sha256, info, config.pose, _wanted(config)))
    if kept is not None:
        return placed(kept, path)
    pose = _estimated(path, config, progress, jobs)
    try:
        store.save(pose_key(pose.video.sha256, info, config.pose, _wanted(config)), pose)
    except OutputError as error:  # the result does not need it, only the next one would
        logger.warning(text("errors", "pose.not_kept", why=error.said))
    return pose


def _estimated(
    path: Path, config: AnalysisConfig, progress: Progress, jobs: int | None
) -> PoseSequence:
    threads = usable_cores() if jobs is None else jobs
    with open_video(path) as video:
        model_path, info = find_model(config.model)
        backend: PoseBackend = MediaPipeBackend(model_path, info, config.pose)
        try:
            return backend.estimate(video, wanted=_wanted(config), progress=progress, jobs=threads)
        except RefusedError as refusal:
            refusal.video = video.info
            raise


def _wanted(config: AnalysisConfig) -> Wanted:
    return Wanted(config.person, config.runner_at)


def analyze_pose(
    pose: PoseSequence, config: AnalysisConfig, profile: RunnerProfile | None = None
) -> Analysis:
    """Analyse a recorded pose; everything after the pose model.

    Of a runner's answers nothing is kept but the plan.

    Raises GuidanceError for a broken rule file and RefusedError when no running form may be
    reported; the error then names the video.
    """
    rules = load_rules(config.rules)
    pose = _asked_for(pose, config)
    try:
        return _analysis(pose, config, rules, profile)
    except RefusedError as refusal:
        refusal.video, refusal.people = pose.video, pose.people
        raise


def _asked_for(pose: PoseSequence, config: AnalysisConfig) -> PoseSequence:
    """The pose, if it is that of the person asked for; a recorded one holds one person only."""
    if _wanted(config) == ANYBODY or pose.choice is Choice.ASKED:
        return pose
    if config.person in [person.number for person in pose.people if person.is_followed]:
        return replace(pose, choice=Choice.ASKED)
    raise ConfigError(text("errors", "pose.another_person"))


def _analysis(
    pose: PoseSequence,
    config: AnalysisConfig,
    rules: tuple[Rule, ...],
    profile: RunnerProfile | None,
) -> Analysis:
    """All stages in order."""
    # Real seconds per file second, as far as it is known before the rhythm is.
    scale = 1.0 if config.capture_fps is None else config.capture_fps / pose.video.fps
    shown, coverage = longest_stretch(pose, scale, config.track)
    require_somebody(coverage, config.running)
    require_one_person(pose)
    view = estimate_view(pose, config.view).view
    require_movement(pose, view, config.running)
    require_body(coverage, config.running)
    require_track(coverage, config.running)
    if view is not View.REAR:  # who is seen from behind looks to neither side
        require_one_direction(shown, scale, config.running)
    moving, repeats = without_repeats(shown)
    change = tempo_change(pose)
    repaired, tracking = resolve_sides(longer_part(moving, change), config.sides)
    facts = RunnerFacts(
        config.speed_kmh, config.height_cm, config.capture_fps, config.incline_percent
    )
    gait = _with_confidence(_observe(repaired, facts, config, change), tracking)
    measurements = measure(gait)
    by_name = {entry.metric: entry for entry in measurements}
    findings = apply_rules(measurements, _rules_for(gait, rules), gait.near_side, config.grading)
    plan = make_plan(findings, profile)
    withheld = _withheld_reasons(gait)
    notes = (*tracking.notes, *repeats.notes(pose.video.fps))
    return Analysis(
        video=replace(pose.video, path=printable(pose.video.path), time_scale=_known_scale(gait)),
        verdict=ClipVerdict.PARTIAL if withheld else ClipVerdict.ANALYSED,
        reasons=(
            *withheld,
            *_doubts_about_what_was_given(gait),
            *gait.notes,
            *_view_note(gait),
            *_part_of_clip(pose, coverage),
            *notes,
        ),
        recorded_pose=pose,
        pose=with_repeats(among_all(repaired, moving), shown),
        analysed_s=(coverage.start_s, coverage.stop_s),
        tracking=tracking,
        gait=gait,
        measurements=measurements,
        foot_strikes=classify_strikes(gait, by_name["foot_strike_angle_deg"]),
        findings=tempered(findings, plan.caution),
        plan=plan,
        provenance=Provenance(__version__, pose.model, config.as_dict()),
    )


def _observe(
    pose: PoseSequence, facts: RunnerFacts, config: AnalysisConfig, change: TempoChange | None
) -> Gait:
    """The gait of a clip from the side, or of one from behind."""
    params = _gait_params(config)
    if estimate_view(pose, config.view).view is View.REAR:
        return observe_rear(pose, facts, params, config.rear, change=change)
    return observe_gait(pose, facts, params, change=change)


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


LEG_TOPICS = ("contact", "feet", "legs", "comparison", "far_leg")
"""Topics read off single legs."""


def _with_confidence(gait: Gait, tracking: TrackingReport) -> Gait:
    """The gait with what is known about whose limbs it shows."""
    withheld = dict(gait.withheld)
    if not tracking.is_judged and gait.view.view is not View.REAR:
        for topic in LEG_TOPICS:
            withheld.setdefault(topic, reason("limbs_not_followed"))
    chances = stride_confidence(tracking, gait.strides, gait.time_base)
    return replace(gait, withheld=withheld, limb_confidence=chances)


def _withheld_reasons(gait: Gait) -> tuple[Reason, ...]:
    """Why whole topics could not be measured, each reason once."""
    reasons = [why for topic, why in gait.withheld.items() if topic not in MINOR_TOPICS]
    near = sum(side is gait.near_side for side in gait.sides())
    if near < GRADED_STRIDES:
        reasons.append(reason("few_strides", found=near, needed=GRADED_STRIDES))
    return tuple(dict.fromkeys(reasons))


GIVEN_WRONGLY = frozenset({"speed_implausible", "speed_and_height_disagree"})
"""What was typed in is wrong: worth knowing at once, though only lengths are missing for it."""


def _doubts_about_what_was_given(gait: Gait) -> tuple[Reason, ...]:
    """Why a speed or height that was given cannot be true."""
    found = (why for why in gait.withheld.values() if why.code in GIVEN_WRONGLY)
    return tuple(dict.fromkeys(found))


def _part_of_clip(pose: PoseSequence, coverage: Coverage) -> tuple[Reason, ...]:
    """A note when only a part of the clip shows the whole runner."""
    if coverage.stop_s - coverage.start_s > 0.9 * pose.video.duration_s:
        return ()
    return (reason("part_of_clip", start_s=coverage.start_s, stop_s=coverage.stop_s),)


def _known_scale(gait: Gait) -> float:
    """Slow-motion factor as far as it is known."""
    return gait.time_base.scale if gait.time_base.is_trusted else 1.0


def _gait_params(config: AnalysisConfig) -> GaitParams:
    """The gait stages' parameters out of the configuration."""
    return GaitParams(
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

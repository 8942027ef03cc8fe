"""All there is between a recorded pose and what is measured: the runner's limbs, and their gait.

This is most of the work on a pose, and nothing of it depends on metrics, rules or a reader's
language: what comes out may be kept (``pack_observation``) and measured again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from formcheck.domain import (
    CameraEstimate,
    CameraWork,
    FloatArray,
    Gait,
    GaitEvents,
    Limb,
    LimbTrack,
    Motion,
    PoseSequence,
    Reason,
    Scale,
    Side,
    Stride,
    TimeBase,
    TimeStatus,
    TrackingReport,
    View,
    ViewEstimate,
)
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
from formcheck.gait.rear import RearParams, observe_rear
from formcheck.gait.view import estimate_view
from formcheck.packing import pack, unpack
from formcheck.pose.repeats import with_repeats, without_repeats
from formcheck.pose.sides import SideParams, resolve_sides
from formcheck.pose.tempo import TempoChange, among_all, longer_part, tempo_change
from formcheck.pose.track import TrackParams, longest_stretch
from formcheck.reasons import reason

LEG_TOPICS = ("contact", "feet", "legs", "comparison", "far_leg")
"""Topics read off single legs."""


@dataclass(frozen=True, slots=True)
class ObservationParams:
    """Everything an observation depends on besides the pose."""

    facts: RunnerFacts
    track: TrackParams
    sides: SideParams
    gait: GaitParams
    rear: RearParams


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What a clip shows of a runner.

    ``pose`` is the recorded one with every limb under its own name, one row per file frame, NaN
    where masked; ``analysed_s`` the part that was looked at, from and to on the file's clock;
    ``notes`` are worth knowing about how the limbs were told apart.
    """

    pose: PoseSequence
    analysed_s: tuple[float, float]
    tracking: TrackingReport
    gait: Gait
    notes: tuple[Reason, ...]


def observe(pose: PoseSequence, params: ObservationParams) -> Observation:
    """Tell the limbs of a recorded pose apart and find the gait in them.

    Raises RefusedError when no running form may be reported.
    """
    running, facts = params.gait.running, params.facts
    # Real seconds per file second, as far as it is known before the rhythm is.
    scale = 1.0 if facts.capture_fps is None else facts.capture_fps / pose.video.fps
    shown, coverage = longest_stretch(pose, scale, params.track)
    require_somebody(coverage, running)
    require_one_person(pose)
    view = estimate_view(pose, params.gait.view).view
    require_movement(pose, view, running)
    require_body(coverage, running)
    require_track(coverage, running)
    if view is not View.REAR:  # who is seen from behind looks to neither side
        require_one_direction(shown, scale, running)
    moving, repeats = without_repeats(shown)
    change = tempo_change(pose)
    repaired, tracking = resolve_sides(longer_part(moving, change), params.sides)
    return Observation(
        pose=with_repeats(among_all(repaired, moving), shown),
        analysed_s=(coverage.start_s, coverage.stop_s),
        tracking=tracking,
        gait=_with_confidence(_gait(repaired, params, change), tracking),
        notes=(*tracking.notes, *repeats.notes(pose.video.fps)),
    )


def _gait(pose: PoseSequence, params: ObservationParams, change: TempoChange | None) -> Gait:
    """The gait of a clip from the side, or of one from behind."""
    if estimate_view(pose, params.gait.view).view is View.REAR:
        return observe_rear(pose, params.facts, params.gait, params.rear, change=change)
    return observe_gait(pose, params.facts, params.gait, change=change)


def _with_confidence(gait: Gait, tracking: TrackingReport) -> Gait:
    """The gait with what is known about whose limbs it shows."""
    withheld = dict(gait.withheld)
    if not tracking.is_judged and gait.view.view is not View.REAR:
        for topic in LEG_TOPICS:
            withheld.setdefault(topic, reason("limbs_not_followed"))
    chances = stride_confidence(tracking, gait.strides, gait.time_base)
    return replace(gait, withheld=withheld, limb_confidence=chances)


@dataclass(frozen=True, slots=True, eq=False)
class _Packed:
    """An observation without what the recorded pose says already."""

    xy_px: FloatArray
    depth_px: FloatArray
    visibility: FloatArray
    analysed_s: tuple[float, float]
    tracking: TrackingReport
    gait: Gait
    notes: tuple[Reason, ...]


_KINDS = (
    TrackingReport, LimbTrack, Limb, Gait, Motion, GaitEvents, Stride, Side, View,
    ViewEstimate, TimeBase, TimeStatus, Scale, CameraEstimate, CameraWork, Reason,
)  # fmt: skip


def pack_observation(seen: Observation) -> bytes:
    """Return an observation as bytes, to be kept beside the recorded pose it was made of."""
    pose = seen.pose
    return pack(
        _Packed(
            pose.xy_px,
            pose.depth_px,
            pose.visibility,
            seen.analysed_s,
            seen.tracking,
            seen.gait,
            seen.notes,
        )
    )


def unpack_observation(packed: bytes, recorded: PoseSequence) -> Observation:
    """Return what was seen in a recorded pose.

    Raises ValueError when the bytes are damaged or are no observation of a pose of that length.
    """
    found = unpack(packed, _Packed, _KINDS)
    pose = replace(
        recorded, xy_px=found.xy_px, depth_px=found.depth_px, visibility=found.visibility
    )
    return Observation(pose, found.analysed_s, found.tracking, found.gait, found.notes)

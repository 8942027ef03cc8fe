"""May running form be reported from this clip at all? Each condition refuses on its own.

A refusal is the last resort: whoever evidently runs gets at least posture and rhythm, and topics
are withheld one by one (``withhold.py``). What is refused shows nobody, several people, somebody
who does something else, or a view from which forward and backward cannot be told.

Running is told from walking by what the trunk does (``rhythm.py``): a runner is lowest while the
feet pass each other, a walker highest. In between, the swing knee decides: walkers bend it about
60 degrees, runners 80 and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.domain import Choice, FloatArray, Motion, PoseSequence, Side, View, ViewEstimate
from formcheck.errors import NoRunnerError, TooFewStridesError, ViewError
from formcheck.gait.angles import knee_flexion_deg, trunk_lean_deg
from formcheck.gait.rhythm import BodyRhythm
from formcheck.gait.view import turns_around
from formcheck.pose.body import rough_leg_px, trunk_px
from formcheck.pose.choose import list_people
from formcheck.pose.track import Coverage
from formcheck.reasons import reason


@dataclass(frozen=True, slots=True)
class RunningParams:
    """Limits of the refusals; shares of frames, angles in degrees, lengths in leg lengths.

    ``min_bounce`` and ``min_sharpness`` were set between runners and others on 38 labelled clips.
    """

    min_found_share: float = 0.10
    min_shown_share: float = 0.30
    max_lost_share: float = 0.30
    min_fps: float = 23.5  # 23.976 is filmed "at 24"
    min_rhythm_fps: float = 15.0  # a cadence of 240 moves the trunk 4 times a second
    standing_ankle_range: float = 0.20
    # From behind the ankles only rise: three rendered runners came to 0.19 to 0.29.
    standing_ankle_rise: float = 0.12
    turn_window_s: float = 0.5
    min_sharpness: float = 0.25
    clear_rhythm: float = 0.40
    sharp_enough: float = 0.50
    sharp_rhythm: float = 0.60
    min_bounce: float = 0.30
    walking_max_knee_deg: float = 72.0
    no_walker_knee_deg: float = 100.0
    max_lean_change_deg: float = 15.0  # 6 at most on steady clips, 28 and more in starts
    min_strides: float = 1.2  # less than one whole stride reads as up to 1.1
    min_oblique_strides: float = 4.0
    max_view_change: float = 0.35  # of the trunk; 0.05 where the camera stands, 0.6 in a pan


class Doubt(StrEnum):
    """Why a clip must show running more plainly than others."""

    NONE = "none"
    FEW_STRIDES = "few_strides"
    VIEW = "view"


def require_somebody(coverage: Coverage, params: RunningParams) -> None:
    """Refuse clips that show nobody."""
    if coverage.found_share < params.min_found_share:
        raise NoRunnerError(reason("no_person", missing_share=1 - coverage.found_share))


def require_one_person(pose: PoseSequence) -> None:
    """Refuse clips with several runners of whom none stands out."""
    if pose.choice is Choice.UNDECIDED:
        raise NoRunnerError(reason("several_people", people=list_people(pose.people)))


def require_body(coverage: Coverage, params: RunningParams) -> None:
    """Refuse clips in which trunk and legs to the knee are out of the picture most of the time."""
    if coverage.shown_share < params.min_shown_share * coverage.found_share:
        raise ViewError(reason("body_out_of_frame", body_share=coverage.shown_share))


def require_track(coverage: Coverage, params: RunningParams) -> None:
    """Refuse clips whose best part loses the runner again and again."""
    lost = coverage.lost_share
    if lost > params.max_lost_share:
        start, stop = coverage.start_s, coverage.stop_s
        raise NoRunnerError(reason("track_lost", start_s=start, stop_s=stop, lost_share=lost))


def require_movement(pose: PoseSequence, view: View, params: RunningParams) -> None:
    """Refuse people who stand: their ankles hardly move against the hips."""
    hip = pose.midpoint_px("hip")
    ranges = [_usual_range(pose.track_px(f"{side}_ankle") - hip) for side in Side]
    ankle_range = float(np.max(ranges)) / rough_leg_px(pose)
    is_rear = view is View.REAR
    if ankle_range < (params.standing_ankle_rise if is_rear else params.standing_ankle_range):
        raise NoRunnerError(reason("standing", ankle_range=ankle_range))


def _usual_range(points: FloatArray) -> FloatArray:
    """Range of the middle 90 % of points ``(n, 2)`` across and along the picture; 0 when unseen."""
    known = points[np.isfinite(points).all(axis=1)]
    if len(known) == 0:
        return np.zeros(2)
    low, high = np.percentile(known, (5, 95), axis=0)
    return np.asarray(high - low)


def require_one_direction(pose: PoseSequence, time_scale: float, params: RunningParams) -> None:
    """Refuse people who turn around; wants the pose as found, for repair masks what disagrees."""
    if turns_around(pose, window_s=params.turn_window_s, time_scale=time_scale):
        raise ViewError(reason("turns", window_s=params.turn_window_s))


def refuse_front(view: ViewEstimate) -> None:
    """Refuse views from the front; those from behind have a way of their own (``rear.py``)."""
    if view.view is View.FRONT:
        raise ViewError(reason("view_front", width_ratio=view.width_ratio))


def require_facing(view: ViewEstimate) -> tuple[Side, Side]:
    """Refuse undecided directions; return the facing and the near side."""
    if view.facing is None or view.near_side is None:
        raise ViewError(reason("facing_unclear"))
    return view.facing, view.near_side


def require_rhythm(rhythm: BodyRhythm | None, params: RunningParams) -> BodyRhythm:
    """Refuse clips in which legs, arms and trunk have no rhythm in common."""
    sharpness = 0.0 if rhythm is None else rhythm.sharpness
    if rhythm is None or sharpness < params.min_sharpness:
        needed = params.min_sharpness
        raise NoRunnerError(reason("no_rhythm", sharpness=sharpness, needed=needed))
    return rhythm


def require_one_stride(rhythm: BodyRhythm, params: RunningParams) -> None:
    """Refuse clips that do not show one whole stride for certain."""
    if rhythm.n_strides < params.min_strides:
        raise TooFewStridesError(reason("too_few_strides", found=rhythm.n_strides))


def require_enough_for_oblique(
    view: ViewEstimate, rhythm: BodyRhythm, params: RunningParams
) -> None:
    """Refuse oblique views of only a few strides: then nothing is left that is worth saying."""
    few = rhythm.n_strides < params.min_oblique_strides
    if view.view is View.OBLIQUE and few:
        facts = {"needed": params.min_oblique_strides, "found": rhythm.n_strides}
        raise ViewError(reason("view_oblique", width_ratio=view.width_ratio, **facts))


def require_steady_oblique(pose: PoseSequence, view: ViewEstimate, params: RunningParams) -> None:
    """Refuse oblique views that turn: a panning camera sees the runner from front to behind."""
    if view.view is not View.OBLIQUE:
        return
    width = (pose.track_px("left_shoulder") - pose.track_px("right_shoulder"))[:, 0]
    thirds = np.array_split(width[np.isfinite(width)] / trunk_px(pose), 3)
    change = float(np.ptp([np.median(third) for third in thirds]))
    if change > params.max_view_change:
        raise ViewError(reason("view_changes", change=change))


def require_frame_rate(fps: float, sharpness: float, params: RunningParams) -> None:
    """Refuse frame rates at which not even a sharp rhythm can be told."""
    is_sharp = sharpness >= params.sharp_rhythm and fps >= params.min_rhythm_fps
    if fps < params.min_fps and not is_sharp:
        raise ViewError(reason("frame_rate_too_low", fps=fps))


def require_running(
    motion: Motion, near: Side, rhythm: BodyRhythm, params: RunningParams, doubt: Doubt
) -> None:
    """Refuse walking, and whatever else is not evidently running.

    Two signs: a trunk that dips as the feet pass, and a swing knee bent as no walker's is. A dull
    rhythm wants both; otherwise the trunk is enough. Where the trunk says neither, the knee of a
    sharp rhythm in a side view is, and in a clip of whole strides without any ``doubt`` a knee
    that bends more than most walkers'.
    """
    trunk = rhythm.bounce > params.min_bounce
    bend = knee_flexion_deg(motion, near)
    bend = bend[np.isfinite(bend)]
    knee = float(np.percentile(bend, 98)) if len(bend) else float("nan")
    runs = knee > params.no_walker_knee_deg
    if rhythm.sharpness < params.clear_rhythm:
        is_running = trunk and runs
    elif trunk or doubt is Doubt.VIEW:
        is_running = trunk
    elif doubt is Doubt.FEW_STRIDES:
        is_running = runs and rhythm.bounce > 0.0 and rhythm.sharpness >= params.sharp_enough
    else:
        looks_walking = rhythm.bounce < -params.min_bounce
        is_running = runs if looks_walking else knee > params.walking_max_knee_deg
    if is_running:
        return
    if knee <= params.walking_max_knee_deg or rhythm.bounce < -params.min_bounce:
        raise NoRunnerError(reason("walking", knee_deg=knee, bounce=rhythm.bounce))
    needed = params.min_bounce
    raise NoRunnerError(reason("not_running", bounce=rhythm.bounce, needed=needed))


def require_steady_trunk(motion: Motion, params: RunningParams) -> None:
    """Refuse starts and stops: the trunk rises while the runner gets up to speed."""
    lean = trunk_lean_deg(motion)
    thirds = np.array_split(lean[np.isfinite(lean)], 3)
    if any(len(third) == 0 for third in thirds):
        return
    change = abs(float(np.median(thirds[-1]) - np.median(thirds[0])))
    if change > params.max_lean_change_deg:
        raise NoRunnerError(reason("not_steady", change_deg=change))

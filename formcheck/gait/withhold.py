"""Which topics may not be measured in a clip that shows a runner, and why.

Each condition of biomechanics 5.3 is a function of its own that gives the topics it silences. The
first reason given for a topic stays: conditions are in order, the one that explains most first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.domain import (
    Amount,
    BoolArray,
    Motion,
    Reason,
    Scale,
    Side,
    Stride,
    TimeBase,
    View,
    ViewEstimate,
)
from formcheck.gait.rhythm import BodyRhythm
from formcheck.gait.strides import Segmentation
from formcheck.geometry import derivative, distance
from formcheck.reasons import reason

FEET = ("ankle", "heel", "foot_index")
AT_CONTACT = ("contact", "feet", "foot_angle", "legs", "comparison")
"""Topics that are read at moments of contact."""
IN_SECONDS = ("rhythm", "contact", "length", "comparison")
FORESHORTENED = ("arms", "legs", "feet", "foot_angle", "comparison", "length")
BUT_RHYTHM = (*AT_CONTACT, "trunk", "head", "shoulders", "arms", "length")


@dataclass(frozen=True, slots=True)
class WithholdParams:
    """Largest shares of missing or bridged samples, least sizes, and speeds compared.

    Shares and sizes are those of biomechanics 5.3; the hand on a rail moves at less than a tenth
    of the 2.5 leg lengths per second a runner's hand reaches.
    """

    max_missing_trunk: float = 0.30
    max_missing_head: float = 0.30
    max_missing_arm: float = 0.40
    max_missing_far_leg: float = 0.25
    max_hidden_foot: float = 0.30
    max_dropped_strides: float = 0.30
    min_fps: float = 23.5  # 23.976 is filmed "at 24"
    min_rhythm_strides: float = 6.0  # of both legs
    sharp_rhythm: float = 0.50
    min_foot_px: float = 25.0
    min_height_px: float = 250.0
    resting_hand_ll_s: float = 0.25
    max_resting_hand: float = 0.30
    max_speed_change: float = 0.05
    min_trend_strides: int = 8
    min_speed_mps: float = 1.8
    max_speed_mps: float = 6.5
    min_norm_speed_mps: float = 2.0
    max_norm_speed_mps: float = 5.5


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is known of a clip before anything is measured.

    ``motion`` is unsmoothed. ``strides`` are cut by contacts, or, with ``has_events`` False, by
    the rhythm of the body. ``foot_px`` and ``height_px`` are lengths in the picture, ``fps`` the
    real frame rate.
    """

    motion: Motion
    segmentation: Segmentation
    strides: tuple[Stride, ...]
    has_events: bool
    near: Side
    view: ViewEstimate
    rhythm: BodyRhythm
    base: TimeBase
    scale: Scale
    fps: float
    foot_px: float
    height_px: float


Withheld = Mapping[str, Reason]
Condition = Callable[[Seen, WithholdParams], Withheld]


def withheld_topics(seen: Seen, params: WithholdParams) -> dict[str, Reason]:
    """Reasons by topic: those of ``metrics.registry.Topic``, and ``far_leg`` and ``far_arm``."""
    withheld: dict[str, Reason] = {}
    for condition in CONDITIONS:
        for topic, why in condition(seen, params).items():
            withheld.setdefault(topic, why)
    return withheld


def _silenced(topics: Iterable[str], why: Reason) -> dict[str, Reason]:
    """The same reason for several topics."""
    return dict.fromkeys(topics, why)


def slow_frames(seen: Seen, params: WithholdParams) -> Withheld:
    """Too few frames a second leave the rhythm only."""
    if seen.fps >= params.min_fps:
        return {}
    return _silenced(BUT_RHYTHM, reason("frame_rate_low", fps=seen.fps))


def oblique_view(seen: Seen, _: WithholdParams) -> Withheld:
    """An oblique view leaves times and posture."""
    if seen.view.view is not View.OBLIQUE:
        return {}
    return _silenced(FORESHORTENED, reason("oblique", width_ratio=seen.view.width_ratio))


def hidden_feet(seen: Seen, params: WithholdParams) -> Withheld:
    """A near foot out of the picture or behind something leaves posture and cadence."""
    hidden = missing_share(seen.motion, seen.near, FEET, _stance_samples(seen))
    if hidden <= params.max_hidden_foot:
        return {}
    return _silenced(AT_CONTACT, reason("feet_hidden", hidden_share=hidden))


def missing_events(seen: Seen, _: WithholdParams) -> Withheld:
    """Contacts that cannot be followed leave posture and cadence."""
    if seen.has_events:
        return {}
    found = sum(stride.side is seen.near for stride in seen.segmentation.strides)
    return _silenced(AT_CONTACT, reason("no_events", found=found, expected=seen.rhythm.n_strides))


def unreliable_events(seen: Seen, params: WithholdParams) -> Withheld:
    """Contacts that contradict each other leave posture and cadence."""
    dropped = seen.segmentation.dropped_share(seen.near)
    if not seen.has_events or dropped <= params.max_dropped_strides:
        return {}
    return _silenced(AT_CONTACT, reason("events_unreliable", dropped_share=dropped))


def unsure_rhythm(seen: Seen, params: WithholdParams) -> Withheld:
    """Cadence wants some strides of both legs, and without contacts a sharp rhythm."""
    found = float(len(seen.strides)) if seen.has_events else 2.0 * seen.rhythm.n_strides
    is_sharp = seen.has_events or seen.rhythm.sharpness >= params.sharp_rhythm
    if is_sharp and found >= params.min_rhythm_strides:
        return {}
    why = reason("rhythm_unsure", found=found, sharpness=seen.rhythm.sharpness)
    return _silenced(("rhythm", "length", "comparison"), why)


def untrusted_clock(seen: Seen, _: WithholdParams) -> Withheld:
    """A clock that lies leaves angles."""
    if seen.base.is_trusted:
        return {}
    return _silenced(IN_SECONDS, reason("time_withheld", note=seen.base.note))


def hidden_trunk(seen: Seen, params: WithholdParams) -> Withheld:
    """A near hip or shoulder that is not seen takes all that is measured from it."""
    missing = missing_share(seen.motion, seen.near, ("shoulder", "hip"))
    if missing <= params.max_missing_trunk:
        return {}
    why = reason("trunk_hidden", side=seen.near, missing_share=missing)
    return _silenced(("trunk", "legs", "comparison"), why)


def hidden_head(seen: Seen, params: WithholdParams) -> Withheld:
    """A near ear or eye that is not seen."""
    missing = missing_share(seen.motion, seen.near, ("ear", "eye_outer"))
    if missing <= params.max_missing_head:
        return {}
    return {"head": reason("head_hidden", side=seen.near, missing_share=missing)}


def hidden_shoulders(seen: Seen, params: WithholdParams) -> Withheld:
    """A near ear, shoulder or hip that is not seen."""
    missing = missing_share(seen.motion, seen.near, ("ear", "shoulder", "hip"))
    if missing <= params.max_missing_head:
        return {}
    return {"shoulders": reason("shoulders_hidden", side=seen.near, missing_share=missing)}


def hidden_arm(seen: Seen, params: WithholdParams) -> Withheld:
    """A near arm that is not seen."""
    missing = missing_share(seen.motion, seen.near, ("elbow", "wrist"))
    if missing <= params.max_missing_arm:
        return {}
    return {"arms": reason("arms_hidden", side=seen.near, missing_share=missing)}


def hidden_far_arm(seen: Seen, params: WithholdParams) -> Withheld:
    """A far arm that is not seen."""
    far = seen.near.other
    missing = missing_share(seen.motion, far, ("elbow", "wrist"))
    if missing <= params.max_missing_arm:
        return {}
    return {"far_arm": reason("far_arm_hidden", side=far, missing_share=missing)}


def hidden_far_leg(seen: Seen, params: WithholdParams) -> Withheld:
    """A far leg that is not seen, or whose strides contradict each other."""
    far = seen.near.other
    missing = missing_share(seen.motion, far, ("knee", *FEET))
    if missing > params.max_missing_far_leg:
        return {"far_leg": reason("far_leg_hidden", side=far, missing_share=missing)}
    if seen.segmentation.found[far] == 0:
        return {"far_leg": reason("far_leg_lost", side=far)}
    dropped = seen.segmentation.dropped_share(far)
    if dropped > params.max_dropped_strides:
        return {"far_leg": reason("far_leg_unreliable", side=far, dropped_share=dropped)}
    return {}


def resting_hand(seen: Seen, params: WithholdParams) -> Withheld:
    """A hand that stays where it is in the picture holds on to something."""
    wrist = seen.motion.track(f"{seen.near}_wrist")
    speed = np.hypot(*derivative(wrist, seen.motion.time_s).T)
    known = np.isfinite(speed)
    resting = float(np.mean(speed[known] < params.resting_hand_ll_s)) if known.any() else 0.0
    if resting <= params.max_resting_hand:
        return {}
    return {"arms": reason("handrail", resting_share=resting)}


def small_picture(seen: Seen, params: WithholdParams) -> Withheld:
    """A foot of few pixels has no angle; which end lands first can still be told."""
    if seen.foot_px >= params.min_foot_px and seen.height_px >= params.min_height_px:
        return {}
    why = reason(
        "small_picture",
        foot_px=seen.foot_px,
        height_px=seen.height_px,
        needed_foot_px=params.min_foot_px,
        needed_height_px=params.min_height_px,
    )
    return {"foot_angle": why}


def unknown_speed(seen: Seen, params: WithholdParams) -> Withheld:
    """Without a speed there are no lengths in metres; without a usual one, nobody to compare."""
    speed = seen.scale.norm_speed_mps
    missing = {"length": reason("speed_unknown")} if seen.scale.speed_mps is None else {}
    if speed is None:
        return {"comparison": reason("speed_unknown"), **missing}
    for code, low, high in (
        ("speed_implausible", params.min_speed_mps, params.max_speed_mps),
        ("speed_outside_norms", params.min_norm_speed_mps, params.max_norm_speed_mps),
    ):
        if not low <= speed <= high:
            speeds = (Amount(mps, "m/s") for mps in (speed, low, high))
            facts = dict(zip(("speed_mps", "low", "high"), speeds, strict=True))
            return {"comparison": reason(code, **facts), **missing}
    return missing


def changing_speed(seen: Seen, params: WithholdParams) -> Withheld:
    """A stride time that drifts belongs to no one speed."""
    own = [stride for stride in seen.strides if stride.side is seen.near]
    if len(own) < params.min_trend_strides:
        return {}
    start_s, time_s = (
        np.array([getattr(stride, name) for stride in own]) for name in ("start_s", "stride_time_s")
    )
    (slope, _), spread = np.polyfit(start_s, time_s, 1, cov=True)
    reach = float(np.ptp(start_s))
    change = slope * reach / float(np.median(time_s))
    # Twice its standard error: a few scattered strides always have some slope.
    is_clear = abs(slope) > 2.0 * float(np.sqrt(spread[0, 0]))
    if abs(change) <= params.max_speed_change or not is_clear:
        return {}
    return {"comparison": reason("speed_changes", change=change)}


CONDITIONS: tuple[Condition, ...] = (
    slow_frames,
    oblique_view,
    hidden_feet,
    missing_events,
    unreliable_events,
    untrusted_clock,
    unsure_rhythm,
    hidden_trunk,
    hidden_head,
    hidden_shoulders,
    resting_hand,
    hidden_arm,
    hidden_far_arm,
    hidden_far_leg,
    small_picture,
    unknown_speed,
    changing_speed,
)


def _stance_samples(seen: Seen) -> BoolArray:
    """Samples in which the near foot is on the ground; all of them when that is not known."""
    time_s = seen.motion.time_s
    inside = np.zeros(len(time_s), dtype=bool)
    for stride in seen.strides:
        if stride.side is seen.near and np.isfinite(stride.toe_off_s):
            inside |= (time_s >= stride.initial_contact_s) & (time_s <= stride.toe_off_s)
    return inside if inside.any() else np.ones(len(time_s), dtype=bool)


def missing_share(
    motion: Motion, side: Side, parts: tuple[str, ...], among: BoolArray | None = None
) -> float:
    """Largest share of missing or bridged samples of some parts while the runner is seen."""
    seen = np.isfinite(motion.position_ll[:, :, 0]).any(axis=1)
    seen = seen if among is None else seen & among
    shares = []
    for part in parts:
        column = motion.landmarks.index(f"{side}_{part}")
        bad = motion.filled[:, column] | ~np.isfinite(motion.position_ll[:, column, 0])
        shares.append(float(bad[seen].mean()) if seen.any() else 1.0)
    return max(shares)


def foot_length_ll(motion: Motion, side: Side) -> float:
    """Heel to toe tip, leg lengths, 95th percentile: turning away only shortens; 0 when unseen."""
    length = distance(motion.track(f"{side}_heel"), motion.track(f"{side}_foot_index"))
    length = length[np.isfinite(length)]
    return float(np.percentile(length, 95)) if len(length) else 0.0

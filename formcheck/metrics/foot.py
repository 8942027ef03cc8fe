"""Foot strike: angle at initial contact and the class it belongs to.

A foot whose heel and toes keep their distance is read against its own flat foot. The pose model
draws the foot flatter than it is and lets it grow and shrink, and in mid-stance, where a flat foot
could be learnt, the other leg crosses. What it does see is the movement: a foot that lands toes up
comes down, one that lands on its forefoot tips back, in the first sixth of stance. The angle is
read from that (``strike.toml``, where the fit and its error are).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from formcheck.domain import (
    FloatArray,
    FootStrike,
    Gait,
    Measurement,
    Side,
    StrikeClass,
    Summary,
    Text,
)
from formcheck.gait.angles import foot_pitch_deg
from formcheck.gait.frame import at_rate
from formcheck.geometry import distance
from formcheck.metrics.registry import Instant, Reading, Topic, at_moment, metric
from formcheck.shipped import shipped_table
from formcheck.texts import text

STATE_FROM = 0.8
"""A class is stated from this probability on."""
THREE_CLASSES_FROM_HZ = 55.0
"""Nominal 60 fps phones record 59.9 or, variable, a little less."""
MIN_SAMPLES = 10
"""Fewer moments on the ground do not show whether a foot keeps its length."""
CLASSES = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)


@dataclass(frozen=True, slots=True)
class StrikeModel:
    """The numbers of ``strike.toml``; tuples are at 30, 60, 120 (and 240) frames per second."""

    share_of_contact: float
    intercept_deg: tuple[float, ...]
    slope: float
    steady: float
    unsteady: float
    rearfoot_above_deg: float
    forefoot_below_deg: float
    rearfoot_lead_ms: tuple[float, float, float]
    other_lead_ms: tuple[float, float, float]
    lead_sd_ms: tuple[float, float, float]


@cache
def strike_model() -> StrikeModel:
    """Read ``strike.toml``."""
    table = shipped_table("formcheck.metrics", "strike.toml")
    angle, limits, lead = table["angle"], table["limits"], table["heel_lead"]
    own = table["own_line"]
    return StrikeModel(
        angle["share_of_contact"],
        tuple(angle["intercept_deg"]),
        angle["slope"],
        own["steady"],
        own["unsteady"],
        limits["rearfoot_above_deg"],
        limits["forefoot_below_deg"],
        tuple(lead["rearfoot_ms"]),
        tuple(lead["other_ms"]),
        tuple(lead["sd_ms"]),
    )


@metric(
    "Fall of the toes after contact",
    unit="deg",
    topic=Topic.FEET,
    reading=Reading(Instant.INITIAL_CONTACT, ("heel", "foot_index")),
    sources=("fukuchi2017",),
)
def foot_fall_deg(gait: Gait) -> FloatArray:
    """How far the toes come down in the first 15 % of contact time; negative: the heel does."""
    share = strike_model().share_of_contact
    pitch = {side: foot_pitch_deg(gait.motion, side) for side in Side}
    after_s = {side: share * _usual_contact_s(gait, side) for side in Side}
    at_contact = at_moment(gait, pitch, lambda stride: stride.initial_contact_s)
    later = at_moment(gait, pitch, lambda stride: stride.initial_contact_s + after_s[stride.side])
    fall: FloatArray = at_contact - later
    return fall


def _usual_contact_s(gait: Gait, side: Side) -> float:
    """Median contact time of a foot; NaN when toe-off was never found."""
    times = [stride.stance_time_s for stride in gait.strides if stride.side is side]
    known = [time for time in times if np.isfinite(time)]
    return float(np.median(known)) if known else float("nan")


@metric(
    "Foot-strike angle",
    unit="deg",
    topic=Topic.FOOT_ANGLE,
    reading=Reading(Instant.INITIAL_CONTACT, ("heel", "foot_index")),
    sources=("altman2012", "mo2025"),
)
def foot_strike_angle_deg(gait: Gait) -> FloatArray:
    """Sole against the ground at initial contact; positive: heel first.

    From the foot's line against its own flat foot where that line is steady, else from the toes'
    fall.
    """
    model = strike_model()
    from_fall = at_rate(model.intercept_deg, gait.frame_rate_hz) + model.slope * foot_fall_deg(gait)
    trust = {side: _own_line_trust(gait, side) for side in Side}
    of_stride = np.array([trust[side] for side in gait.sides()])
    own = _own_line_deg(gait)
    blended: FloatArray = np.where(
        (of_stride > 0) & np.isfinite(own), of_stride * own + (1 - of_stride) * from_fall, from_fall
    )
    return blended


def _own_line_deg(gait: Gait) -> FloatArray:
    """Heel-toe line at contact against that of the flat foot."""
    pitch = {side: foot_pitch_deg(gait.motion, side) - gait.foot_flat_deg[side] for side in Side}
    return at_moment(gait, pitch, lambda stride: stride.initial_contact_s)


def _own_line_trust(gait: Gait, side: Side) -> float:
    """How far a foot's own line is believed, 0 to 1: from the scatter of its length in stance."""
    heel, toe = (gait.motion.track(f"{side}_{part}") for part in ("heel", "foot_index"))
    length, on_ground = distance(heel, toe), np.zeros(len(gait.motion.time_s), dtype=bool)
    for stride in gait.strides:
        if stride.side is side and np.isfinite(stride.stance_time_s):
            start, stop = stride.initial_contact_s, stride.initial_contact_s + stride.stance_time_s
            on_ground |= (gait.motion.time_s >= start) & (gait.motion.time_s <= stop)
    known = length[on_ground & np.isfinite(length)]
    if len(known) < MIN_SAMPLES:
        return 0.0
    scatter = float(np.std(known) / np.median(known))
    model = strike_model()
    return float(np.interp(scatter, (model.steady, model.unsteady), (1.0, 0.0)))


def classify_strikes(gait: Gait, angle: Measurement) -> Mapping[Side, FootStrike]:
    """Class of each foot from its strike angle; undetermined where nothing stands out.

    In a small picture from the order in which heel and forefoot stop: rearfoot or not.
    """
    return {side: _classify(gait, side, angle) for side in Side}


def _classify(gait: Gait, side: Side, angle: Measurement) -> FootStrike:
    """Class of one foot."""
    if _is_small(gait, side):
        note = text("analysis", "strike.small")
        return _stated(_chances_by_order(gait, side), {}, note, three_classes=False)
    summary = angle.summaries.get(side)
    if summary is None:
        return FootStrike(
            StrikeClass.UNDETERMINED, {}, angle.not_measured or text("analysis", "measured.not")
        )
    shares = _shares(gait, side, angle.values)
    three_classes = gait.frame_rate_hz >= THREE_CLASSES_FROM_HZ
    slow = text("analysis", "strike.slow", rate=gait.frame_rate_hz)
    return _stated(_chances(summary), shares, "" if three_classes else slow, three_classes)


def _stated(
    chances: Mapping[StrikeClass, float],
    shares: Mapping[StrikeClass, float],
    note: str,
    three_classes: bool,
) -> FootStrike:
    """The class that is likely enough, else rearfoot or not, else undetermined."""
    likeliest = max(chances, key=lambda strike: chances[strike], default=StrikeClass.UNDETERMINED)
    told = three_classes or likeliest is StrikeClass.REARFOOT
    if told and chances.get(likeliest, 0.0) >= STATE_FROM:
        return FootStrike(likeliest, chances, note, shares)
    if chances and 1.0 - chances[StrikeClass.REARFOOT] >= STATE_FROM:
        either = note or _between(StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
        return FootStrike(StrikeClass.NOT_REARFOOT, chances, either, shares)
    likely = sorted(chances, key=lambda strike: -chances[strike])[:2]
    parts = tuple(filter(None, (note, _between(*likely) if likely else "")))
    said = text("analysis", "all", parts=parts) if parts else ""
    return FootStrike(StrikeClass.UNDETERMINED, chances, said, shares)


def _between(first: StrikeClass, second: StrikeClass) -> Text:
    return text("analysis", "strike.between", first=first, second=second)


def _chances(summary: Summary) -> Mapping[StrikeClass, float]:
    """Probability of each class, the true angle being normal around the median."""
    model = strike_model()
    below = float(ndtr((model.forefoot_below_deg - summary.median) / summary.u))
    above = float(ndtr((summary.median - model.rearfoot_above_deg) / summary.u))
    return dict(zip(CLASSES, (above, 1.0 - above - below, below), strict=True))


def _chances_by_order(gait: Gait, side: Side) -> Mapping[StrikeClass, float]:
    """Probability of rearfoot from how much earlier the heel stops; empty when that is unknown.

    Two normal distributions that are as likely beforehand; the rest is shared by mid- and forefoot.
    Both are wider for a foot whose strides disagree; one stride cannot agree with itself.
    """
    leads = gait.events.heel_lead_s[side]
    known = 1000 * leads[np.isfinite(leads)]
    if len(known) < 2:
        return {}
    model, rate = strike_model(), gait.frame_rate_hz
    # 1.25: a median scatters that much more than a mean.
    sampling = 1.25 * float(np.std(known, ddof=1)) / np.sqrt(len(known))
    sd = float(np.hypot(at_rate(model.lead_sd_ms, rate), sampling))
    offs = [float(np.median(known)) - at_rate(m, rate) for m in _leads(model)]
    rearfoot, other = (float(np.exp(-0.5 * (off / sd) ** 2)) for off in offs)
    chance = rearfoot / (rearfoot + other)
    return dict(zip(CLASSES, (chance, 0.5 * (1 - chance), 0.5 * (1 - chance)), strict=True))


def _leads(model: StrikeModel) -> tuple[tuple[float, float, float], ...]:
    return model.rearfoot_lead_ms, model.other_lead_ms


def _shares(gait: Gait, side: Side, values: FloatArray) -> Mapping[StrikeClass, float]:
    """Share of a foot's strides whose own angle lies in each class."""
    model = strike_model()
    own = values[[each is side for each in gait.sides()]]
    own = own[np.isfinite(own)]
    above = float(np.mean(own > model.rearfoot_above_deg))
    below = float(np.mean(own < model.forefoot_below_deg))
    return dict(zip(CLASSES, (above, 1.0 - above - below, below), strict=True))


def _is_small(gait: Gait, side: Side) -> bool:
    """Whether feet that could be followed are too small in the picture for an angle."""
    why = gait.withheld.get(Topic.FOOT_ANGLE)
    followed = Topic.FEET not in gait.withheld
    if gait.is_far(side):
        followed &= "far_leg" not in gait.withheld
    return followed and why is not None and why.code == "small_picture"

"""Initial contact and toe-off from the speed of the foot relative to the ground it runs on.

A foot in contact moves exactly with the belt (overground: not at all). Per side (biomechanics
3.3):

1. anchor: the ankle passes under mid-hip moving backward, once a stride, in mid-stance;
2. ground speed: the robust lines through the raw heel and toe around every anchor, median over
   strides (also right when the camera travels along, and when it stands still);
3. speeds of heel and forefoot relative to the ground, divided by the runner's own speed over it;
4. initial contact: the first fall of the slower end through ``contact_level`` after its last fall
   through ``gate``, before the anchor;
5. toe-off: the forefoot leaves the ground after the anchor, by speed and by height.

Deviations from biomechanics 3.3: anchors are found on the ankle low-passed near the stride
frequency, so that jitter or an overstriding gait does not give two a stride; the ground speed is a
median of pairwise slopes of unfiltered points, because garbage frames at leg crossings fall
exactly on the anchor; toe-off is the mean of both signs as long as the lead of one over the other
is the runner's own, because the levels come from metatarsal markers and suit no toe tip exactly;
the toe's height is measured from the line, rising or falling, that both resting toes draw under a
tilted or turned camera. Where the legs cross, pose models let the near toe jump onto the other leg:
a toe that overtakes its heel, a line that only one foot draws, and a lead of one toe-off sign over
the other that most strides do not share are therefore not believed.

Limits: below 60 frames per second contacts come out late and stance short by a few milliseconds;
``contact_bias_ms`` takes the mean of that out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck.domain import BoolArray, FloatArray, GaitEvents, Motion, Side
from formcheck.gait.frame import at_rate
from formcheck.geometry import crossings, derivative, low_pass
from formcheck.pose.rhythm import stride_rhythm

LAST_CONTACT_SHARE = 0.12
"""Contact comes at least this share of a stride before the foot passes under the hip."""


@dataclass(frozen=True, slots=True)
class EventParams:
    """Parameters of the event detector; shares of the stride, speeds relative to the runner's."""

    cutoff_hz: tuple[float, float, float] = (8.0, 10.0, 11.4)  # at 30, 60, 120 fps and more
    gate: float = 0.8
    contact_level: float = 0.40
    contact_alternatives: tuple[float, float] = (0.30, 0.50)
    contact_window: float = 0.32
    toe_off_level: float = 0.30
    toe_off_window: float = 0.50
    toe_rise_ll: float = 0.021  # 2 cm of a 1.76 m runner
    toe_clear_ll: float = 0.053  # 5 cm
    toe_off_max_disagreement_s: float = 0.040
    toe_off_max_lead_s: float = 0.090
    ground_speed_window_s: float = 0.070
    toe_overtakes: float = 0.10  # 4 % of strides do by 8 mm of jitter; rendered near toes all do
    ground_rise_centre_s: float = 0.030  # a tilted camera makes anchors early, into touch-down
    ground_rise_window_s: float = 0.050
    ground_rise_doubt: float = 0.0175  # 1 degree: less is jitter as likely as a tilt
    contact_bias_ms: tuple[float, ...] = (5.1, 0.5, -0.6, -0.9)  # at 30, 60, 120, 240 fps
    toe_off_bias_ms: tuple[float, ...] = (-1.5, 0.0, 0.3, 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class _Foot:
    """One foot's tracks and speeds on the motion's grid."""

    time_s: FloatArray
    toe_ll: FloatArray
    ground_rise: float
    heel_speed: FloatArray
    toe_speed: FloatArray
    anchors_s: FloatArray
    period_s: float
    ground_speed_ll_s: float
    runner_speed_ll_s: float

    @property
    def toe_height_ll(self) -> FloatArray:
        """Toe above the line the resting toe draws."""
        height: FloatArray = self.toe_ll[:, 1] - self.ground_rise * self.toe_ll[:, 0]
        return height


_NEVER = np.empty(0)
NO_EVENTS = GaitEvents(
    initial_contact_s=dict.fromkeys(Side, _NEVER),
    toe_off_s=dict.fromkeys(Side, _NEVER),
    mid_stance_s=dict.fromkeys(Side, _NEVER),
    heel_lead_s=dict.fromkeys(Side, _NEVER),
    ground_speed_ll_s=dict.fromkeys(Side, float("nan")),
    runner_speed_ll_s=dict.fromkeys(Side, float("nan")),
)
"""Of a runner whose moments of contact cannot be told."""


def detect_events(motion: Motion, params: EventParams) -> GaitEvents:
    """Return initial contacts and toe-offs of both feet.

    ``motion`` is unsmoothed. A side whose foot cannot be followed gets empty arrays. Contacts and
    toe-offs come in pairs: the k-th of each belong to the k-th anchor, NaN where one was not found.
    """
    contacts: dict[Side, FloatArray] = {}
    anchors: dict[Side, FloatArray] = {}
    toe_offs: dict[Side, FloatArray] = {}
    orders: dict[Side, FloatArray] = {}
    ground: dict[Side, float] = {}
    runner: dict[Side, float] = {}
    period = stride_period_s(motion)
    feet = {side: _foot(motion, side, period, params) for side in Side}
    rise = _common_rise([foot.ground_rise for foot in feet.values() if foot])
    for side, alone in feet.items():
        foot = alone and replace(alone, ground_rise=rise)
        found = _steps(foot, params) if foot else np.empty((0, 3))
        anchors[side] = foot.anchors_s if foot else np.empty(0)
        contacts[side] = found[:, 0] - 1e-3 * at_rate(params.contact_bias_ms, motion.rate_hz)
        toe_offs[side] = found[:, 1] - 1e-3 * at_rate(params.toe_off_bias_ms, motion.rate_hz)
        orders[side] = found[:, 2]
        ground[side] = foot.ground_speed_ll_s if foot else float("nan")
        runner[side] = foot.runner_speed_ll_s if foot else float("nan")
    return GaitEvents(contacts, toe_offs, anchors, orders, ground, runner)


def stride_period_s(motion: Motion) -> float | None:
    """Seconds per stride from the rhythm of the distance between the ankles."""
    gap = motion.track("left_ankle")[:, 0] - motion.track("right_ankle")[:, 0]
    rhythm = stride_rhythm(motion.time_s, gap)
    return 1.0 / rhythm[0] if rhythm else None


def _foot(motion: Motion, side: Side, period: float | None, params: EventParams) -> _Foot | None:
    """Prepare one foot; None when it or its anchors cannot be followed."""
    if period is None:
        return None
    cutoff = at_rate(params.cutoff_hz, motion.rate_hz)
    heel, toe, ankle = (
        low_pass(track, motion.rate_hz, cutoff)
        for track in (
            motion.track(f"{side}_heel"),
            motion.track(f"{side}_foot_index"),
            motion.track(f"{side}_ankle"),
        )
    )
    # Where the hip is on the whole: its own sway, and a mislabelled moment, must not shift anchors.
    hip_place = low_pass(motion.midpoint("hip")[:, 0], motion.rate_hz, 0.7 / period)
    anchors = _anchors(motion, ankle[:, 0] - hip_place, period)
    slopes = _ground_slopes(motion, side, anchors, params)
    if not np.isfinite(slopes).any():
        return None
    ground = -float(np.nanmedian(slopes))
    # The sway within a stride is skewed: its median speed is 3 % of the runner's.
    runner = ground + float(np.nanmedian(derivative(hip_place, motion.time_s)))
    if runner <= 0:
        return None

    def speed(track: FloatArray) -> FloatArray:
        velocity = derivative(track, motion.time_s) + np.array([ground, 0.0])
        relative: FloatArray = np.hypot(velocity[:, 0], velocity[:, 1]) / runner
        return relative

    rise = _ground_rise(motion, side, anchors, runner, params)
    return _Foot(motion.time_s, toe, rise, speed(heel), speed(toe), anchors, period, ground, runner)


def _ground_slopes(
    motion: Motion, side: Side, anchors: FloatArray, params: EventParams
) -> FloatArray:
    """Speed along the picture of the foot at rest, per anchor: the mean of heel and toe.

    The heel alone where the toe seems to overtake it: a foot at rest does not grow shorter, but the
    model lets the near toe jump back to the other leg where the legs cross.
    """
    heel, toe = (
        _robust_slopes(motion.time_s, track, anchors, params.ground_speed_window_s)
        for track in (_seen(motion, f"{side}_{part}")[:, 0] for part in ("heel", "foot_index"))
    )
    overtakes = np.abs(toe) > (1.0 + params.toe_overtakes) * np.abs(heel)
    return np.where(overtakes | np.isnan(toe), heel, 0.5 * (heel + toe))


def _ground_rise(
    motion: Motion, side: Side, anchors: FloatArray, runner: float, params: EventParams
) -> float:
    """Slope of the resting toe's path: a tilted or turned camera lets the ground rise.

    Less a doubt, so that jitter is not taken for a tilt. 0 where the toe rests in the picture too
    (a camera that stands still beside the road): it then leaves the ground where it is.
    """
    toe = _seen(motion, f"{side}_foot_index")
    centres = anchors + params.ground_rise_centre_s
    ahead, up = (
        _robust_slopes(motion.time_s, track, centres, params.ground_rise_window_s)
        for track in toe.T
    )
    carried = np.abs(ahead) > 0.2 * runner
    known = carried & np.isfinite(up)
    if not known.any():
        return 0.0
    rise = float(np.median(up[known] / ahead[known]))
    return float(np.sign(rise)) * max(0.0, abs(rise) - params.ground_rise_doubt)


def _common_rise(rises: list[float]) -> float:
    """Both feet rest on one ground: what only one of them shows is an error of its landmarks."""
    least = min(rises, key=abs, default=0.0)
    return least if all(rise * least > 0 for rise in rises) else 0.0


def _seen(motion: Motion, landmark: str) -> FloatArray:
    """Track of a landmark without the samples that were bridged."""
    track = np.array(motion.track(landmark))
    track[motion.filled[:, motion.landmarks.index(landmark)]] = np.nan
    return track


def _anchors(motion: Motion, ankle_ahead: FloatArray, period: float) -> FloatArray:
    """Times the ankle passes under the hip moving backward, once a stride."""
    calm = low_pass(ankle_ahead, motion.rate_hz, 1.8 / period)
    coarse = crossings(motion.time_s, calm, 0.0, rising=False)
    exact = crossings(motion.time_s, ankle_ahead, 0.0, rising=False)
    anchors = []
    for time in coarse:
        near = exact[np.abs(exact - time) < 0.15 * period]
        anchors.append(float(near[np.argmin(np.abs(near - time))]) if len(near) else float(time))
    kept = [
        time for k, time in enumerate(anchors) if k == 0 or time - anchors[k - 1] > 0.6 * period
    ]
    if kept and kept[-1] + period < motion.time_s[-1] + LAST_CONTACT_SHARE * period:
        # The last foot lands in the record but passes under the hip after it.
        kept.append(kept[-1] + period)
    return np.array(kept)


def _robust_slopes(
    time_s: FloatArray, values: FloatArray, centres_s: FloatArray, window_s: float
) -> FloatArray:
    """Median of pairwise slopes of ``values`` around some times, ``(n_centres,)``.

    ``time_s`` is even. NaN with fewer than 3 samples.
    """
    step = time_s[1] - time_s[0]
    reach = max(window_s, 1.5 * step)
    around = int(reach / step) + 2
    places = np.searchsorted(time_s, centres_s)[:, None] + np.arange(-around, around + 1)
    at = np.clip(places, 0, len(time_s) - 1)
    chosen = (at == places) & (np.abs(time_s[at] - centres_s[:, None]) <= reach)
    seen = np.where(chosen, values[at], np.nan)
    first, second = np.triu_indices(at.shape[1], 1)
    slopes = (seen[:, second] - seen[:, first]) / (time_s[at][:, second] - time_s[at][:, first])
    return _medians(slopes, np.isfinite(seen).sum(axis=1) >= 3)


def _medians(values: FloatArray, enough: BoolArray) -> FloatArray:
    """Median of the known values of every row that has enough of them, else NaN."""
    found = np.full(len(values), np.nan)
    found[enough] = np.nanmedian(values[enough], axis=1)
    return found


def _steps(foot: _Foot, params: EventParams) -> FloatArray:
    """Initial contact, toe-off and heel-before-toe per anchor, ``(n_anchors, 3)``, seconds."""
    slower = np.fmin(foot.heel_speed, foot.toe_speed)
    contact, heel, toe = (
        _contacts(foot, speed, params) for speed in (slower, foot.heel_speed, foot.toe_speed)
    )
    return np.stack([contact, _toe_offs(foot, contact, params), toe - heel], axis=-1)


def _contacts(foot: _Foot, speed: FloatArray, params: EventParams) -> FloatArray:
    """First fall through the contact level after the last fall through the gate, per anchor."""
    levels = (params.gate, params.contact_level, *params.contact_alternatives)
    falls = {level: crossings(foot.time_s, speed, level, rising=False) for level in levels}
    window_s = params.contact_window * foot.period_s
    return np.array([_contact(falls, end - window_s, end, params) for end in foot.anchors_s])


def _contact(
    falls: Mapping[float, FloatArray], start: float, anchor: float, params: EventParams
) -> float:
    """Contact of one stride; ``falls`` are the times the speed falls through each level."""
    gates = _between(falls[params.gate], start, anchor)
    if len(gates) == 0:
        return float("nan")

    def first_fall(level: float) -> float:
        inside = _between(falls[level], gates[-1], anchor)
        return float(inside[0]) if len(inside) else float("nan")

    contact = first_fall(params.contact_level)
    if np.isfinite(contact):
        return contact
    others = [first_fall(level) for level in params.contact_alternatives]
    known = [time for time in others if np.isfinite(time)]
    return float(np.mean(known)) if known else float("nan")


def _toe_offs(foot: _Foot, contact: FloatArray, params: EventParams) -> FloatArray:
    """The forefoot leaves the ground: by speed and by height, their mean when both make sense.

    Where they disagree, the one that gives the more usual stance time is taken.
    """
    stop = foot.anchors_s + params.toe_off_window * foot.period_s
    pairs = np.array(_toe_off_pairs(foot, stop, params))
    lead = pairs[:, 1] - pairs[:, 0]
    agree = np.abs(lead - _usual_lead_s(lead, params)) < params.toe_off_max_disagreement_s
    if 2 * agree.sum() < np.isfinite(lead).sum():
        # The few that agree do so by chance: a toe that jumps where the legs cross looks fast.
        agree[:] = False
    mean = pairs.mean(axis=1)
    trusted = mean - contact if agree.any() else pairs[:, 1] - contact
    known = trusted[np.isfinite(trusted) & (agree | ~agree.any())]
    usual = float(np.median(known)) if len(known) else float("nan")
    off = np.abs(pairs - contact[:, None] - usual)
    choice = np.argmin(np.nan_to_num(off, nan=np.inf), axis=1)
    times: FloatArray = np.where(agree, mean, pairs[np.arange(len(pairs)), choice])
    return times


def _usual_lead_s(lead_s: FloatArray, params: EventParams) -> float:
    """How much earlier the speed sign usually comes than the height sign.

    Where a runner lifts the toe slowly, speed reads up to 30 ms early and height up to 50 late,
    stride after stride: their mean is right. A lead that is not this runner's own is an error.
    """
    known = lead_s[np.isfinite(lead_s)]
    usual = float(np.median(known)) if len(known) else 0.0
    return float(np.clip(usual, 0.0, params.toe_off_max_lead_s))


def _ground_heights(foot: _Foot) -> FloatArray:
    """Height of the toe in mid-stance per anchor: running median over five strides; NaN unseen."""
    heights = np.interp(foot.anchors_s, foot.time_s, foot.toe_height_ll)
    near = (heights[max(0, k - 2) : k + 3] for k in range(len(heights)))
    known = [window[np.isfinite(window)] for window in near]
    return np.array([np.median(seen) if len(seen) else np.nan for seen in known])


def _toe_off_pairs(foot: _Foot, stop: FloatArray, params: EventParams) -> list[tuple[float, float]]:
    """Toe-off by speed and by height of every stride."""
    gates, rises = (
        crossings(foot.time_s, foot.toe_speed, level, rising=True)
        for level in (params.gate, params.toe_off_level)
    )
    height = foot.toe_height_ll
    return [
        (
            _last_before_first(rises, gates, anchor, end),
            _toe_off_by_height(foot.time_s, height - ground, anchor, end, params),
        )
        for anchor, end, ground in zip(foot.anchors_s, stop, _ground_heights(foot), strict=True)
    ]


def _toe_off_by_height(
    time_s: FloatArray, height: FloatArray, anchor: float, stop: float, params: EventParams
) -> float:
    """Last rise of the toe through a small height before it is clear of the ground.

    ``height`` (n_samples,) is above where the toe rested in this stride.
    """
    first, last = np.searchsorted(time_s, (anchor, stop))
    around = slice(max(0, first - 1), last + 1)
    clear, rises = (
        crossings(time_s[around], height[around], level, rising=True)
        for level in (params.toe_clear_ll, params.toe_rise_ll)
    )
    return _last_before_first(rises, clear, anchor, stop)


def _last_before_first(rises: FloatArray, gates: FloatArray, start: float, stop: float) -> float:
    """Last of the rises in a window before the first of the gates in it; NaN without either."""
    passed = _between(gates, start, stop)
    before = _between(rises, start, passed[0]) if len(passed) else passed
    return float(before[-1]) if len(before) else float("nan")


def _between(times: FloatArray, start: float, stop: float) -> FloatArray:
    """Times inside a window."""
    return times[(times >= start) & (times <= stop)]

"""From picture pixels to the running frame: forward and up, in leg lengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.domain import BoolArray, Motion, Side
from formcheck.geometry import distance, low_pass, rotate
from formcheck.pose.clean import CleanTracks, cubic_guess

LEG_SHARE = 0.89
"""Thigh plus shank over leg length (floor to trochanter): 0.469 / 0.527 (biomechanics 1.6)."""
THIGH_SHARE = 0.424
"""Thigh over leg length: 0.2234 / 0.527 (biomechanics 1.6)."""


def leg_length_px(tracks: CleanTracks, side: Side) -> float:
    """Leg length (floor to trochanter), pixels, from one side's thigh and shank.

    95th percentile of the bone lengths, because foreshortening only shortens; of the thigh alone
    where the ankle is never in the picture; NaN when unseen.
    """
    hip, knee, ankle = (
        tracks.xy_px[:, tracks.landmarks.index(f"{side}_{part}")]
        for part in ("hip", "knee", "ankle")
    )
    thigh = distance(hip, knee)
    bones = thigh + distance(knee, ankle)
    for lengths, share in ((bones, LEG_SHARE), (thigh, THIGH_SHARE)):
        known = lengths[np.isfinite(lengths)]
        if len(known):
            return float(np.percentile(known, 95)) / share
    return float("nan")


def to_running_frame(
    tracks: CleanTracks, facing: Side, leg_px: float, *, roll_deg: float = 0.0
) -> Motion:
    """Turn pixels (x right, y down) into leg lengths (forward, up).

    ``roll_deg`` is the tilt of the ground line in the picture, positive when the ground rises in
    the running direction; it is taken out.
    """
    sign = 1.0 if facing is Side.RIGHT else -1.0
    forward_up = tracks.xy_px * np.array([sign, -1.0]) / leg_px
    return Motion(tracks.time_s, rotate(forward_up, -roll_deg), tracks.filled, tracks.landmarks)


def tilted(motion: Motion, slope_deg: float) -> Motion:
    """Turn a motion along the ground into one against gravity; ``slope_deg`` is uphill."""
    position = rotate(motion.position_ll, slope_deg)
    return Motion(motion.time_s, position, motion.filled, motion.landmarks)


@dataclass(frozen=True, slots=True)
class SmoothingParams:
    """Low-pass cut-offs for angles, hertz, at 30, 60 and 120 frames per second and more.

    Legs whose tracks carry less than ``jitter_ll`` (leg lengths; first: none to speak of) need less
    smoothing: up to ``clean_share`` of the frame rate and ``clean_hz``.
    """

    legs_hz: tuple[float, float, float] = (8.0, 10.0, 11.0)
    trunk_hz: tuple[float, float, float] = (6.0, 7.0, 8.0)
    arms_hz: tuple[float, float, float] = (6.0, 8.0, 8.0)
    head_hz: tuple[float, float, float] = (4.0, 4.0, 4.0)
    jitter_ll: tuple[float, float] = (0.0008, 0.0011)
    clean_share: float = 0.25
    clean_hz: float = 30.0


RATES_HZ = (30.0, 60.0, 120.0)
TOPICS = {
    "legs_hz": ("knee", "ankle", "heel", "foot_index"),
    "trunk_hz": ("shoulder", "hip"),
    "arms_hz": ("elbow", "wrist", "pinky", "index", "thumb"),
}
LEGS = "legs_hz"
HEAD = "head_hz"
"""All other landmarks."""
_SD_PER_MEDIAN = 1.4826 / float(np.sqrt(1 + 34 / 36))
"""Of one sample, from the median deviation off the cubic: the neighbours jitter too."""


def at_rate(values: tuple[float, ...], rate_hz: float) -> float:
    """Value for a frame rate, interpolated between those given for 30, 60, 120 (and 240) Hz."""
    rates = (*RATES_HZ, 240.0)[: len(values)]
    return float(np.interp(rate_hz, rates, values))


def smooth_motion(motion: Motion, params: SmoothingParams) -> Motion:
    """Low-pass every landmark with the cut-off of its part of the body (biomechanics 2.4)."""
    topics = np.array([_topic(name) for name in motion.landmarks])
    out = np.array(motion.position_ll)
    for topic in (*TOPICS, HEAD):
        of_topic = topics == topic
        cutoff = at_rate(getattr(params, topic), motion.rate_hz)
        if topic == LEGS:
            cutoff = _cutoff_for(cutoff, jitter_ll(motion, of_topic), motion.rate_hz, params)
        out[:, of_topic] = low_pass(out[:, of_topic], motion.rate_hz, cutoff)
    return Motion(motion.time_s, out, motion.filled, motion.landmarks)


def jitter_ll(motion: Motion, chosen: BoolArray) -> float:
    """Jitter from frame to frame of some landmarks ``(n_landmarks,)``, 1 SD, leg lengths.

    What the samples are off the cubic through their four neighbours; the median over time, so that
    a foot that lands or a frame gone wrong does not count, and over the landmarks. NaN when there
    are no five samples in a row. Pose models show 2.5 to 30 thousandths, markers at most 0.8.
    """
    track = np.where(motion.filled[:, chosen, None], np.nan, motion.position_ll[:, chosen])
    if len(track) < 5:
        return float("nan")
    off = np.abs(track[2:-2] - cubic_guess(motion.time_s, track)).reshape(len(track) - 4, -1)
    known = off[:, np.isfinite(off).any(axis=0)]
    if not known.size:
        return float("nan")
    return _SD_PER_MEDIAN * float(np.median(np.nanmedian(known, axis=0)))


def _cutoff_for(usual_hz: float, jitter: float, rate_hz: float, params: SmoothingParams) -> float:
    """The usual cut-off where there is jitter (or it is not known), a higher one where not."""
    if np.isnan(jitter):
        return usual_hz
    clean_hz = max(usual_hz, min(params.clean_hz, params.clean_share * rate_hz))
    return float(np.interp(jitter, params.jitter_ll, (clean_hz, usual_hz)))


def _topic(landmark: str) -> str:
    """Part of the body a landmark belongs to, as the parameters name it."""
    part = landmark.removeprefix("left_").removeprefix("right_")
    return next((key for key, parts in TOPICS.items() if part in parts), HEAD)

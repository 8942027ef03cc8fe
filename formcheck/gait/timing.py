"""How far the file's clock can be trusted.

A phone's slow motion is often stored at 30 frames per second: every time is then 4 or 8 times too
long. Nobody runs below 120 or above 240 steps a minute (biomechanics 3.5), so the rhythm of the
ankles tells. Without a capture rate from the user times are withheld; angles stay, on a clock that
is set so that filters and windows suit a usual cadence. Which rate to give is suggested when one
common factor alone makes sense and the bounce of the body agrees (``gravity.py``).

A clip whose clock changes on the way (``pose/tempo.py``) has no one relation to real time: its
times are withheld even with a capture rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from formcheck.domain import PoseSequence, Text, TimeBase, TimeStatus
from formcheck.pose.rhythm import stride_rhythm
from formcheck.pose.tempo import TempoChange
from formcheck.texts import text

STEPS_PER_STRIDE = 2
_ANY_RUNNER_SPM = (140.0, 220.0)
_SHOWN_FPS = (24.0, 25.0, 30.0, 50.0, 60.0)
_CAPTURE_FPS = (60.0, 120.0, 240.0)


@dataclass(frozen=True, slots=True)
class TimeParams:
    """Believable cadence, steps per minute, and the one assumed when times are withheld.

    ``likely_cadence_spm`` is where most people run; it bounds the slow motion that is suggested,
    as does ``gravity_agrees``, the bounds of what gravity may find over the true factor (four real
    clips 1.0-1.2, rendered runners up to 1.47).
    """

    min_cadence_spm: float = 120.0
    max_cadence_spm: float = 240.0
    usual_cadence_spm: float = 170.0
    likely_cadence_spm: tuple[float, float] = (150.0, 200.0)
    gravity_agrees: tuple[float, float] = (0.75, 1.5)


def apparent_cadence_spm(pose: PoseSequence) -> float | None:
    """Steps per minute on the file's own timeline; None without a rhythm."""
    gap = pose.track_px("left_ankle")[:, 0] - pose.track_px("right_ankle")[:, 0]
    rhythm = stride_rhythm(pose.time_s, gap)
    return 60.0 * STEPS_PER_STRIDE * rhythm[0] if rhythm else None


def time_base(
    cadence_spm: float,
    *,
    capture_fps: float | None,
    file_fps: float,
    params: TimeParams,
    change: TempoChange | None = None,
) -> TimeBase:
    """Relation between file seconds and real seconds.

    ``cadence_spm`` is the apparent cadence on the file's timeline, ``capture_fps`` the rate the
    user says it was filmed at, ``change`` a place where the clip's rhythm changes.
    """
    scale = capture_fps / file_fps if capture_fps is not None else 1.0
    cadence = cadence_spm * scale
    if change is None and params.min_cadence_spm <= cadence <= params.max_cadence_spm:
        return replace(_trusted(scale), apparent_cadence_spm=cadence_spm)
    if change is not None:
        status = TimeStatus.UNTRUSTWORTHY
        note = text("analysis", "clock.changes", ratio=change.ratio, at_s=change.at_s)
    elif capture_fps is not None:
        status = TimeStatus.UNTRUSTWORTHY
        note = text("analysis", "clock.not_as_given", capture_fps=capture_fps, cadence=cadence)
    elif cadence < params.min_cadence_spm:
        status, note = TimeStatus.SLOW_MOTION, _slow_note(cadence)
    else:
        status = TimeStatus.UNTRUSTWORTHY
        note = text("analysis", "clock.fast")
    assumed = params.usual_cadence_spm / cadence_spm
    return TimeBase(status, assumed, False, note, apparent_cadence_spm=cadence_spm)


def _slow_note(cadence_spm: float) -> Text:
    low, high = (bound / cadence_spm for bound in _ANY_RUNNER_SPM)
    return text("analysis", "clock.slow", low=low, high=high)


def with_suggestion(
    base: TimeBase, gravity_scale: float | None, *, file_fps: float, params: TimeParams
) -> TimeBase:
    """Return a slow-motion clock with the factor that is most likely, if one common factor is.

    ``gravity_scale`` is how much slower than life gravity seems to work in the clip (None: not
    known); a factor it contradicts is not suggested. Times stay withheld all the same.
    """
    cadence = base.apparent_cadence_spm
    if base.is_trusted or base.status is not TimeStatus.SLOW_MOTION or not cadence:
        return base
    low, high = params.likely_cadence_spm
    likely = [factor for factor in common_factors(file_fps) if low <= factor * cadence <= high]
    if len(likely) != 1 or gravity_scale is None:
        return base
    factor = likely[0]
    least, most = params.gravity_agrees
    if not least <= gravity_scale / factor <= most:
        return base
    note = text("analysis", "clock.likely", factor=factor, capture_fps=factor * file_fps)
    return replace(base, suggested_scale=factor, note=note)


def common_factors(file_fps: float) -> list[float]:
    """How much slower than life clips are usually played: cameras' rates, and whole halvings."""
    shown = min(_SHOWN_FPS, key=lambda rate: abs(rate - file_fps))
    factors = {2.0, 4.0, 8.0, *(rate / shown for rate in _CAPTURE_FPS)}
    return sorted(factor for factor in factors if factor > 1.5)


def _trusted(scale: float) -> TimeBase:
    """A clock that gives a believable cadence."""
    if abs(scale - 1.0) < 0.02:
        note = text("analysis", "clock.own")
        return TimeBase(TimeStatus.REAL, scale, is_trusted=True, note=note)
    note = text("analysis", "clock.given", scale=scale)
    return TimeBase(TimeStatus.SLOW_MOTION, scale, is_trusted=True, note=note)

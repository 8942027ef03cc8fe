"""Kinematic suite: contact-exact synthetic runners through every stage after the pose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from formcheck.config import AnalysisConfig
from formcheck.domain import Analysis, PoseSequence, Side, StrikeClass
from formcheck.errors import RefusedError
from formcheck.pipeline import analyze_pose
from formcheck.pose.sides import SideParams, resolve_sides
from formcheck.pose.typical import LEG_PARTS
from formcheck.synthetic import Camera, RunnerSpec, Truth, corrupt, synthetic_pose
from formcheck.validation.rendered import Compared
from formcheck.validation.score import EventScore, match_events

STRIKES = (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT)
SPEEDS_MPS = (2.5, 3.5, 4.5)
DURATION_S = 10.0
EDGE_S = 0.5
TOLERANCE_S = 0.1


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: a name, a frame rate, and what is done to the pose."""

    name: str
    rate_hz: float
    spoil: Callable[[PoseSequence, int], PoseSequence]


@dataclass(frozen=True, slots=True, eq=False)
class RunnerScore:
    """One runner on one rung, near side; ``refused`` says why nothing was measured."""

    rung: str
    rate_hz: float
    strike: StrikeClass
    speed_mps: float
    refused: str | None
    contact: EventScore
    toe_off: EventScore
    values: tuple[Compared, ...]


def jittered(metres: float) -> Callable[[PoseSequence, int], PoseSequence]:
    """Correlated jitter of a size in metres at the runner."""
    return lambda pose, seed: corrupt.correlated_jitter(pose, metres * Camera().px_per_m, seed=seed)


def _swapped(pose: PoseSequence, seed: int) -> PoseSequence:
    spoilt = jittered(0.008)(pose, seed)
    return corrupt.swap_legs(spoilt, 0.10, seed=seed)[0]


def _collapsed(pose: PoseSequence, seed: int) -> PoseSequence:
    spoilt = jittered(0.008)(pose, seed)
    return corrupt.collapse_legs(spoilt, 0.05, onto=Side.RIGHT, amount=0.5, seed=seed)[0]


def _variable(pose: PoseSequence, seed: int) -> PoseSequence:
    return corrupt.skip_frames(jittered(0.008)(pose, seed), 0.15, seed=seed)


def _lost(pose: PoseSequence, seed: int) -> PoseSequence:
    return corrupt.lose_frames(jittered(0.008)(pose, seed), 0.05, seed=seed)


def ladder() -> Iterator[Rung]:
    """All rungs, from clean to spoilt."""
    for rate in (30.0, 60.0, 120.0, 240.0):
        yield Rung("clean", rate, lambda pose, _seed: pose)
        yield Rung("jitter 8 mm", rate, jittered(0.008))
    yield Rung("jitter 15 mm", 60.0, jittered(0.015))
    for rate in (30.0, 60.0, 120.0):
        yield Rung("legs exchanged in 10 %", rate, _swapped)
    yield Rung("legs half-way between in 5 %", 60.0, _collapsed)
    yield Rung("15 % of the frames skipped", 60.0, _variable)
    yield Rung("nobody found in 5 %", 60.0, _lost)


def runners() -> Iterator[RunnerSpec]:
    """Every strike at every speed, with a healthy runner's variability."""
    for strike in STRIKES:
        for speed in SPEEDS_MPS:
            yield RunnerSpec(speed_mps=speed, strike=strike, variability=1.0)


def score_runner(spec: RunnerSpec, rung: Rung, *, seed: int) -> RunnerScore:
    """Film, spoil and analyse one runner."""
    pose, truth = synthetic_pose(spec, Camera(), duration_s=DURATION_S, fps=rung.rate_hz, seed=seed)
    config = AnalysisConfig(speed_kmh=3.6 * spec.speed_mps)
    analysis, refused = None, None
    try:
        analysis = analyze_pose(rung.spoil(pose, seed), config)
    except RefusedError as refusal:
        refused = str(refusal)
    return RunnerScore(
        rung=rung.name,
        rate_hz=rung.rate_hz,
        strike=spec.strike,
        speed_mps=spec.speed_mps,
        refused=refused,
        contact=_events(analysis, truth, is_contact=True),
        toe_off=_events(analysis, truth, is_contact=False),
        values=tuple(_compared(analysis, truth)) if analysis else (),
    )


def _events(analysis: Analysis | None, truth: Truth, *, is_contact: bool) -> EventScore:
    """Near-side contacts or toe-offs against truth; everything missed when refused."""
    side = Side.RIGHT
    whole = truth.whole_contacts_s if is_contact else truth.whole_toe_offs_s
    true = whole(side, EDGE_S)
    if analysis is None:
        return match_events(np.empty(0), true, TOLERANCE_S)
    events = analysis.gait.events
    found = (events.initial_contact_s if is_contact else events.toe_off_s)[side]
    inside = (found > true[0] - TOLERANCE_S) & (found < true[-1] + TOLERANCE_S)
    return match_events(found[inside], true, TOLERANCE_S)


def _compared(analysis: Analysis, truth: Truth) -> Iterator[Compared]:
    """Every metric of the view that the truth knows, near side or whole body."""
    of_view = {found.metric for found in analysis.measurements if found.is_of_view}
    for metric, by_side in truth.values.items():
        if metric not in of_view:
            continue
        side = Side.RIGHT if Side.RIGHT in by_side else None
        summary = analysis.summary(metric, side)
        nothing = (float("nan"),) * 3
        found = (summary.median, summary.low, summary.high) if summary else nothing
        yield Compared(metric, *found, by_side[side])


@dataclass(frozen=True, slots=True)
class SwapScore:
    """Left/right repair of one clip: shares of frames wrong before and after."""

    rate_hz: float
    wrong_before: float
    wrong_after: float


def score_swaps(spec: RunnerSpec, rate_hz: float, share: float, *, seed: int) -> SwapScore:
    """Exchange legs in bursts and count the frames in which they are still exchanged.

    A frame is wrong when an unmasked point of a leg sits where the other leg's belongs.
    """
    clean, _ = synthetic_pose(spec, Camera(), duration_s=DURATION_S, fps=rate_hz, seed=seed)
    noisy = corrupt.correlated_jitter(clean, 0.012 * Camera().px_per_m, seed=seed)
    spoilt, swapped = corrupt.swap_legs(noisy, share, seed=seed)
    repaired, _ = resolve_sides(spoilt, SideParams())
    return SwapScore(rate_hz, float(swapped.mean()), _exchanged_share(repaired, noisy))


def _exchanged_share(pose: PoseSequence, true: PoseSequence) -> float:
    """Share of frames in which a leg point sits exactly where the other leg's belongs."""
    wrong = np.zeros(len(pose.time_s), dtype=bool)
    for part in LEG_PARTS:
        for side in Side:
            here, other = pose.track_px(f"{side}_{part}"), true.track_px(f"{side.other}_{part}")
            wrong |= np.isfinite(here[:, 0]) & np.all(here == other, axis=1)
    return float(wrong.mean())

"""Run every suite and boil it down to tables and named numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from formcheck.config import AnalysisConfig
from formcheck.domain import FloatArray, PoseSequence
from formcheck.errors import FormcheckError
from formcheck.pipeline import analyze_pose
from formcheck.validation import forceplate, kinematic, real, rendered, rendered_long, rendered_rear
from formcheck.validation.poses import cached_pose
from formcheck.validation.rendered import Compared, RenderedScore
from formcheck.validation.score import cohen_kappa, pooled
from formcheck.validation.tables import (
    EVENT_HEAD,
    SuiteResult,
    Table,
    event_cells,
    event_facts,
    value_table,
)

SWAP_RATES_HZ = (30.0, 60.0, 120.0)


def kinematic_suite(
    rungs: Iterable[kinematic.Rung] | None = None,
    swap_rates_hz: Sequence[float] = SWAP_RATES_HZ,
) -> SuiteResult:
    """Synthetic runners over the ladder, and with legs exchanged at some frame rates."""
    rows: list[tuple[str, ...]] = []
    facts: dict[str, float] = {}
    compared: list[Compared] = []
    for rung in rungs if rungs is not None else kinematic.ladder():
        scores = [
            kinematic.score_runner(spec, rung, seed=seed)
            for seed, spec in enumerate(kinematic.runners())
        ]
        contact = pooled([score.contact for score in scores])
        toe_off = pooled([score.toe_off for score in scores])
        rows.append((rung.name, f"{rung.rate_hz:.0f}", *event_cells(contact, toe_off)))
        facts |= event_facts(f"kinematic/{rung.name}/{rung.rate_hz:.0f}", contact, toe_off)
        compared += [value for score in scores for value in score.values]
    values, value_facts = value_table("Metrics over all rungs, near side", compared, "kinematic")
    swaps, swap_facts = _swap_table(swap_rates_hz)
    return SuiteResult(
        "Synthetic runners",
        "Contact-exact runners, rear-, mid- and forefoot at 2.5, 3.5 and 4.5 m/s, a healthy "
        "runner's variability, 10 s each, filmed by a perfect pose model and then spoilt. "
        "Near side. The toe landmark is the ball of the foot, which the toe-off levels were set "
        "for on markers and which the pose model's toe moves like (rendered runners, below); read "
        "at the very tip of the shoe, toe-off comes 20 to 30 ms late. Intervals allow for a pose "
        "model's errors, which these runners do not have, and hold nearly always.",
        (Table("Events", ("rung", "fps", *EVENT_HEAD), tuple(rows)), values, swaps),
        facts | value_facts | swap_facts,
    )


def _swap_table(rates_hz: Sequence[float]) -> tuple[Table, dict[str, float]]:
    """Left/right repair."""
    rows: list[tuple[str, ...]] = []
    facts: dict[str, float] = {}
    for rate in rates_hz:
        spoilt, clean = (
            [
                kinematic.score_swaps(spec, rate, share, seed=seed)
                for seed, spec in enumerate(kinematic.runners())
            ]
            for share in (0.10, 0.0)
        )
        right = 1 - float(np.mean([score.wrong_after for score in spoilt]))
        hurt = float(np.mean([score.wrong_after for score in clean]))
        before = float(np.mean([score.wrong_before for score in spoilt]))
        rows.append((f"{rate:.0f}", f"{before:.1%}", f"{right:.2%}", f"{hurt:.2%}"))
        facts[f"swaps/{rate:.0f}/right"] = right
        facts[f"swaps/{rate:.0f}/spoilt"] = hurt
    head = ("fps", "frames exchanged", "frames right afterwards", "spoilt on clean data")
    return Table("Legs exchanged in bursts, 12 mm jitter", head, tuple(rows)), facts


CONDITIONS = tuple(
    forceplate.Condition(rate, jitter)
    for rate, jitter in ((30.0, 0.008), (60.0, 0.0), (60.0, 0.008), (120.0, 0.008), (240.0, 0.008))
)


def forceplate_suite(
    folder: Path,
    conditions: Sequence[forceplate.Condition] = CONDITIONS,
    *,
    every: int = 1,
    duration_s: float = 15.0,
) -> SuiteResult:
    """Marker trials against force plates; ``every`` takes each n-th trial only."""
    title = "Force plates"
    if not (folder / "trials.csv").exists():
        return SuiteResult(title, "", absent="the force-plate trials are not on this machine")
    trials = list(forceplate.load_trials(folder))[::every]
    rows: list[tuple[str, ...]] = []
    facts: dict[str, float] = {}
    scores: list[forceplate.TrialScore] = []
    for condition in conditions:
        here = [
            forceplate.score_trial(trial, condition, seed=seed, duration_s=duration_s)
            for seed, trial in enumerate(trials)
        ]
        name = f"forceplate/{condition.rate_hz:.0f}/{1000 * condition.jitter_m:.0f}mm"
        cells, found = _forceplate_cells(here, name)
        rows.append((f"{condition.rate_hz:.0f}", f"{1000 * condition.jitter_m:.0f}", *cells))
        facts |= found
        scores += here
    head = (
        "fps", "jitter, mm", *EVENT_HEAD, "contact time of a trial, ms", "belt speed found / true",
        "strike angle, deg", "rearfoot or not, when stated",
    )  # fmt: skip
    intervals, interval_facts = _interval_table(scores)
    reference = [s for s in scores if (s.condition.rate_hz, s.condition.jitter_m) == (60.0, 0.008)]
    return SuiteResult(
        title,
        f"{len(trials)} treadmill trials of 18 runners at 2.5, 3.5 and 4.5 m/s (Fukuchi, Fukuchi & "
        "Duarte 2017, CC BY 4.0), marker tracks as a phone would see them, jitter correlated over "
        "50 ms, through every stage after the pose. Both sides. The toe marker is the middle of "
        "the metatarsal heads.",
        (
            Table("Events against the force plate (mean ± SD per step)", head, tuple(rows)),
            intervals,
        ),
        facts | interval_facts,
        {"contact_time_s": _contact_time_pairs(reference)},
        tuple(pair for score in reference for pair in score.strikes.values()),
    )


def _forceplate_cells(
    scores: Sequence[forceplate.TrialScore], name: str
) -> tuple[tuple[str, ...], dict[str, float]]:
    """One condition as cells and facts."""
    contact = pooled([score.contact for score in scores])
    toe_off = pooled([score.toe_off for score in scores])
    stance = np.array([e for s in scores for e in s.contact_time_error_s.values()]) * 1000
    angle = np.array([e for s in scores for e in s.strike_angle_error_deg.values()])
    speed = np.array([score.speed_ratio for score in scores])
    stated = [
        (found == "rearfoot", lab == "rearfoot")
        for score in scores
        for found, lab in score.strikes.values()
        if found != "undetermined"
    ]
    agreed = sum(found == lab for found, lab in stated)
    facts = event_facts(name, contact, toe_off) | {
        f"{name}/contact_time_within_12ms": float(np.mean(np.abs(stance) <= 12)),
        f"{name}/speed_bias": float(np.nanmean(speed)) - 1,
        f"{name}/strike_agreement": agreed / len(stated) if stated else float("nan"),
    }
    cells = (
        *event_cells(contact, toe_off),
        f"{np.nanmean(stance):+.1f} ± {np.nanstd(stance):.1f}; "
        f"{np.mean(np.abs(stance) <= 12):.0%} within 12",
        f"{np.nanmean(speed):.3f} ± {np.nanstd(speed):.3f}",
        f"{np.nanmean(angle):+.1f} ± {np.nanstd(angle):.1f}",
        f"{agreed} of {len(stated)} (stated in {len(stated) / (2 * len(scores)):.0%})",
    )
    return cells, facts


def _interval_table(scores: Sequence[forceplate.TrialScore]) -> tuple[Table, dict[str, float]]:
    """How often the stated 95 % intervals hold the plate's value."""
    compared = [
        Compared(metric, (low + high) / 2, low, high, true)
        for score in scores
        for metric, low, high, true in score.intervals
    ]
    return value_table("Metrics over all conditions", compared, "forceplate")


def _contact_time_pairs(
    scores: Sequence[forceplate.TrialScore],
) -> FloatArray:
    """(true, found minus true) contact time per trial and side, ``(n, 2)``."""
    rows = [
        (true, (low + high) / 2 - true)
        for score in scores
        for metric, low, high, true in score.intervals
        if metric == "contact_time_s"
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def rendered_suite(*folders: Path) -> SuiteResult:
    """Rendered clips, real MediaPipe."""
    scores: list[RenderedScore] = []
    values: list[Compared] = []
    refused: list[tuple[str, ...]] = []
    for clip in rendered.side_clips(*folders):
        config = _own_facts(clip)
        try:
            pose = cached_pose(clip, config)
            analysis = analyze_pose(pose, config)
        except FormcheckError as error:
            refused.append((clip.stem, "", f"refused: {error}", "", "", "", ""))
            continue
        scores.append(rendered.score_rendered(clip, analysis))
        values += [*scores[-1].values, *_played_over(clip, pose, config)]
    rows = [
        (
            s.clip,
            f"{s.fps:.0f}",
            *event_cells(s.contact, s.toe_off),
            f"{s.strike[0]} ({s.strike[1]})",
        )
        for s in scores
    ]
    metrics, facts = value_table("Metrics, near side", values, "rendered")
    contact = pooled([score.contact for score in scores])
    toe_off = pooled([score.toe_off for score in scores])
    from_behind, rear_facts = _rear_tables(*folders)
    # The share of intervals that hold the truth is that of the many clips from the side.
    facts = rear_facts | facts | event_facts("rendered", contact, toe_off)
    facts["rendered/strike_order"] = _strike_order(scores)
    stated = [score.strike for score in scores if score.strike[0] != "undetermined"]
    facts["rendered/strike_stated"] = len(stated) / max(1, len(scores))
    facts["rendered/strike_right_when_stated"] = _mean(
        [a == b or (a == "not rearfoot" and b != "rearfoot") for a, b in stated]
    )
    return SuiteResult(
        "Rendered runners",
        "A clothed body rendered on a treadmill, found by MediaPipe (full model). A best case: "
        "even light, steady camera. It proves correctness, never accuracy on real people. Speed "
        "and height are given; drift, symmetry and variability are of clips played over and over; "
        "head, neck and shoulders are compared about the pose model's own zero.",
        (
            Table(
                "Clips, near side",
                ("clip", "fps", *EVENT_HEAD, "strike found (true)"),
                (*rows, *refused),
            ),
            metrics,
            *from_behind,
        ),
        facts,
        confusion=tuple(score.strike for score in scores),
    )


def _rear_tables(*folders: Path) -> tuple[tuple[Table, ...], dict[str, float]]:
    """Clips from behind, analysed with their speed and height."""
    scores = []
    for clip in rendered_rear.rear_clips(*folders):
        config = _own_facts(clip)
        analysis = analyze_pose(cached_pose(clip, config), config)
        scores.append(rendered_rear.score_rear(clip, analysis))
    rows = tuple(
        (
            s.clip,
            f"{s.fps:.0f}",
            *event_cells(s.contact, s.contact)[:2],
            f"{s.cadence.measured:.1f} ({s.cadence.true:.1f})",
        )
        for s in scores
    )
    values, facts = value_table(
        "Metrics from behind", [value for score in scores for value in score.values], "rendered"
    )
    head = ("clip", "fps", *EVENT_HEAD[:2], "cadence found (true), steps/min")
    return (Table("Clips from behind, both sides", head, rows), values), facts


def _own_facts(clip: Path) -> AnalysisConfig:
    """A rendered clip is analysed with its runner's speed and height."""
    truth = rendered.load_truth(clip)
    return AnalysisConfig(speed_kmh=3.6 * truth.speed_mps, height_cm=100 * truth.height_m)


def _played_over(clip: Path, pose: PoseSequence, config: AnalysisConfig) -> tuple[Compared, ...]:
    """What only many strides show; nothing for clips that show too few themselves."""
    truth = rendered.load_truth(clip)
    bounds = rendered_long.whole_strides_s(truth)
    if bounds is None:
        return ()
    analysis = analyze_pose(rendered_long.played_over(pose, *bounds), config)
    true = rendered_long.long_values(truth)
    return rendered.compare_values(analysis, truth.near, true)


def _strike_order(scores: Sequence[RenderedScore]) -> float:
    """Share of clip pairs more than 4 degrees apart whose strike angles are in the right order."""
    angles = [
        (value.measured, value.true)
        for score in scores
        for value in score.values
        if value.metric == "foot_strike_angle_deg" and np.isfinite(value.measured)
    ]
    right = [
        (one[0] - two[0]) * (one[1] - two[1]) > 0
        for index, one in enumerate(angles)
        for two in angles[index + 1 :]
        if abs(one[1] - two[1]) > 4
    ]
    return _mean(right)


def real_suite(folder: Path, progress: Callable[[str], None]) -> SuiteResult:
    """Hand-labelled phone clips."""
    title = "Real clips"
    if not (folder / "labels.csv").exists():
        return SuiteResult(title, "", absent="the labelled clips are not on this machine")
    outcomes = []
    for label in real.load_labels(folder):
        progress(label.file)
        pose_of = lambda name: cached_pose(folder / name, AnalysisConfig())  # noqa: E731
        outcomes.append(real.score_clip(label, pose_of))
    facts = {
        f"real/{expect}/{kind}": float(count)
        for expect in ("analyse", "partial", "refuse")
        for kind, count in (
            ("right", sum(o.is_right for o in outcomes if o.label.expect == expect)),
            ("all", sum(o.label.expect == expect for o in outcomes)),
        )
    }
    facts["real/slow_motion_cadences"] = float(
        sum(o.label.time_base != "real" and o.cadence_spm is not None for o in outcomes)
    )
    return SuiteResult(
        title,
        "Phone and stock clips, labelled by hand, of runners, walkers and others. They are not "
        "part of the project and are named here by number only. A clip labelled partial is right "
        "only when it is partial: refused helps nobody, analysed says too much.",
        (_verdict_table(outcomes), _agreement_table(outcomes)),
        facts,
    )


def _verdict_table(outcomes: Sequence[real.ClipOutcome]) -> Table:
    """Counts of labels against verdicts."""
    verdicts = ("analysed", "partial", "refused")
    rows = tuple(
        (
            expect,
            *(
                str(sum(o.verdict == v for o in outcomes if o.label.expect == expect))
                for v in verdicts
            ),
            f"{sum(o.is_right for o in outcomes if o.label.expect == expect)} of "
            f"{sum(o.label.expect == expect for o in outcomes)}",
        )
        for expect in ("analyse", "partial", "refuse")
    )
    return Table("Verdicts", ("label", *verdicts, "right"), rows)


def _agreement_table(outcomes: Sequence[real.ClipOutcome]) -> Table:
    """What was measured on clips that came through."""
    rows = tuple(
        (
            f"clip {index}",
            o.verdict,
            f"{_cadence(o.cadence_spm, 'withheld')} ({_cadence(o.label.cadence_spm, 'unknown')})",
            _error(o.lean_error_deg, o.label.trunk_lean_deg),
            _error(o.elbow_error_deg, o.label.elbow_interior_deg),
            f"{o.strike} ({o.label.foot_strike or 'not labelled'})",
            "" if o.contacts is None else
            f"{o.contacts.bias_s:+.2f} ± {o.contacts.sd_s:.2f}, {o.contacts.n_missed} missed, "
            f"{o.contacts.n_extra} extra",
        )
        for index, o in enumerate(outcomes, start=1)
        if o.verdict != "refused"
    )  # fmt: skip
    head = (
        "clip", "verdict", "cadence (label), steps/min", "lean - label, deg", "elbow - label, deg",
        "strike (label)", "contacts - label, frames",
    )  # fmt: skip
    return Table("Clips that were analysed", head, rows)


def _cadence(value: float | None, otherwise: str) -> str:
    return otherwise if value is None else f"{value:.1f}"


def _error(error: float | None, label: float | None) -> str:
    if label is None:
        return "not labelled"
    return "withheld" if error is None else f"{error:+.1f}"


def strike_kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Kappa of rearfoot-or-not over the feet whose class was stated."""
    stated = [pair for pair in pairs if pair[0] != "undetermined"]
    return cohen_kappa(
        [str(found == "rearfoot") for found, _ in stated],
        [str(lab == "rearfoot") for _, lab in stated],
    )


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")

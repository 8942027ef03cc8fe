"""What was measured, what is advised, and how they compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.domain.basics import ClipVerdict, FloatArray, Reason, Side, StrikeClass, Verdict
from formcheck.domain.gait import Gait
from formcheck.domain.pose import ModelInfo, PoseSequence, SideReport, VideoInfo


@dataclass(frozen=True, slots=True)
class Summary:
    """Median over strides (cadence: strides over time), 95 % interval, 1-SD uncertainty ``u``."""

    median: float
    low: float
    high: float
    u: float
    n_strides: int


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """One metric over all strides.

    ``values`` (n_strides,) in stride order, NaN where a stride cannot be measured. ``summaries``
    is keyed by side, or by None for a whole-body metric; a side that cannot be summarised is
    absent and ``not_measured`` says why.
    """

    metric: str
    unit: str
    label: str
    definition: str
    instant: str
    values: FloatArray
    summaries: Mapping[Side | None, Summary]
    not_measured: str | None


@dataclass(frozen=True, slots=True)
class FootStrike:
    """Foot-strike class of one foot, with the probability of each class."""

    strike: StrikeClass
    probabilities: Mapping[StrikeClass, float]
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from."""

    id: str
    citation: str
    locator: str
    evidence: str
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of guidance as one metric compared with one band.

    ``messages`` holds texts for within, outside, outside_low and outside_high; ``{value}``,
    ``{low}`` and ``{high}`` are filled in.
    """

    id: str
    title: str
    metric: str
    low: float | None
    high: float | None
    min_strides: int
    priority: int
    article_sentence: str
    messages: Mapping[str, str]
    evidence_note: str
    advice: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule applied to one side (None: whole body).

    ``probability_outside`` is the chance that the true value lies outside the band, None when
    nothing was observed. ``reason`` says why a verdict is undetermined.
    """

    rule: Rule
    side: Side | None
    observed: Summary | None
    verdict: Verdict
    probability_outside: float | None
    message: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a result: enough to make it again."""

    formcheck_version: str
    model: ModelInfo | None
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything known about one clip.

    ``recorded_pose`` is what the pose model said; ``pose`` the same after left/right repair, one
    row per file frame, NaN where masked.
    """

    video: VideoInfo
    verdict: ClipVerdict
    reasons: tuple[Reason, ...]
    recorded_pose: PoseSequence
    pose: PoseSequence
    side_report: SideReport
    gait: Gait
    measurements: tuple[Measurement, ...]
    foot_strikes: Mapping[Side, FootStrike]
    findings: tuple[Finding, ...]
    provenance: Provenance

    def measurement(self, metric: str) -> Measurement | None:
        """The measurement of a metric, None when there is no such metric."""
        return next((m for m in self.measurements if m.metric == metric), None)

    def summary(self, metric: str, side: Side | None) -> Summary | None:
        """Summary of a metric for a side (None: whole body); None when it has none."""
        measurement = self.measurement(metric)
        return measurement.summaries.get(side) if measurement else None

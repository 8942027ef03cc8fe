"""Everything known about one clip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.domain.basics import ClipVerdict, Reason, Side
from formcheck.domain.gait import Gait
from formcheck.domain.guidance import Finding
from formcheck.domain.measured import FootStrike, Measurement, Summary
from formcheck.domain.plan import Plan
from formcheck.domain.pose import ModelInfo, PoseSequence, VideoInfo
from formcheck.domain.tracking import TrackingReport


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
    row per file frame, NaN where masked. ``analysed_s`` is the part that was analysed, from and to
    on the file's clock. ``findings`` are already as careful as the ``plan`` asks for.
    """

    video: VideoInfo
    verdict: ClipVerdict
    reasons: tuple[Reason, ...]
    recorded_pose: PoseSequence
    pose: PoseSequence
    analysed_s: tuple[float, float]
    tracking: TrackingReport
    gait: Gait
    measurements: tuple[Measurement, ...]
    foot_strikes: Mapping[Side, FootStrike]
    findings: tuple[Finding, ...]
    plan: Plan
    provenance: Provenance

    def measurement(self, metric: str) -> Measurement | None:
        """The measurement of a metric, None when there is no such metric."""
        return next((m for m in self.measurements if m.metric == metric), None)

    def summary(self, metric: str, side: Side | None) -> Summary | None:
        """Summary of a metric for a side (None: whole body); None when it has none."""
        measurement = self.measurement(metric)
        return measurement.summaries.get(side) if measurement else None

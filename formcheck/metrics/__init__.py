"""What is measured on every stride, one topic a file.

Importing the package registers all metrics, in the order reports show them.
"""

from formcheck.metrics import (
    arm_timing,
    arms,
    drift,
    foot,
    frontal,
    head,
    joints,
    leg,
    posture,
    spring,
    symmetry,
    temporal,
)
from formcheck.metrics.described import accuracies, formulas
from formcheck.metrics.foot import classify_strikes
from formcheck.metrics.measure import measure
from formcheck.metrics.registry import METRICS, ClipMetric, Metric, StrideMetric, Topic

__all__ = [
    "METRICS",
    "ClipMetric",
    "Metric",
    "StrideMetric",
    "Topic",
    "accuracies",
    "arm_timing",
    "arms",
    "classify_strikes",
    "drift",
    "foot",
    "formulas",
    "frontal",
    "head",
    "joints",
    "leg",
    "measure",
    "posture",
    "spring",
    "symmetry",
    "temporal",
]

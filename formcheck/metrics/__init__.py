"""What is measured on every stride, one topic a file.

Importing the package registers all metrics, in the order reports show them.
"""

from formcheck.metrics import arms, foot, joints, leg, posture, temporal
from formcheck.metrics.foot import classify_strikes
from formcheck.metrics.measure import measure
from formcheck.metrics.registry import METRICS, ClipMetric, Metric, StrideMetric, Topic

__all__ = [
    "METRICS",
    "ClipMetric",
    "Metric",
    "StrideMetric",
    "Topic",
    "arms",
    "classify_strikes",
    "foot",
    "joints",
    "leg",
    "measure",
    "posture",
    "temporal",
]

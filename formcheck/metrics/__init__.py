"""What is measured on every stride, one topic a file.

Importing the package registers all metrics, in the order reports show them.
"""

from formcheck.metrics import arms, foot, leg, posture, temporal
from formcheck.metrics.foot import classify_strikes
from formcheck.metrics.registry import METRICS, Metric, measure

__all__ = [
    "METRICS",
    "Metric",
    "arms",
    "classify_strikes",
    "foot",
    "leg",
    "measure",
    "posture",
    "temporal",
]

"""A quick look at a clip: how fit it is for an analysis, and what to film better."""

from formcheck.checkup.judge import CheckupParams, judge
from formcheck.checkup.look import Glance, look

__all__ = ["CheckupParams", "Glance", "judge", "look"]

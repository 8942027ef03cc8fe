"""The nouns of formcheck: every type that passes between two stages.

Two kinds of coordinates exist and never mix: ``xy_px`` is image pixels (x right, y down) and
``position_ll`` is leg lengths (forward, up). Times are seconds; which clock is in the docstring.
"""

from __future__ import annotations

from formcheck.domain.basics import (
    LANDMARKS,
    BoolArray,
    ClipVerdict,
    FloatArray,
    Grade,
    IntArray,
    Privacy,
    Progress,
    Reason,
    RgbImage,
    Side,
    StrikeClass,
    TimeStatus,
    Verdict,
    View,
    frozen_array,
    silent,
)
from formcheck.domain.checkup import CheckItem, Checkup, Fitness
from formcheck.domain.gait import (
    Gait,
    GaitEvents,
    Motion,
    Scale,
    Stride,
    TimeBase,
    ViewEstimate,
    interpolate,
)
from formcheck.domain.guidance import (
    Band,
    Condition,
    Criterion,
    Finding,
    Point,
    Rule,
    Source,
)
from formcheck.domain.measured import Comparison, FootStrike, Measurement, Summary
from formcheck.domain.plan import (
    Caution,
    Plan,
    PlanItem,
    PlanNote,
    PlanReason,
    PlanTopic,
    Support,
)
from formcheck.domain.pose import (
    Choice,
    Legs,
    ModelInfo,
    Person,
    PoseSequence,
    VideoInfo,
)
from formcheck.domain.result import Analysis, Provenance
from formcheck.domain.scene import SCENE_ARRAYS, CameraEstimate, CameraWork, Scene
from formcheck.domain.text import Amount, Text, as_cell, printable
from formcheck.domain.tracking import Limb, LimbTrack, TrackingReport, limb_of, untouched

__all__ = [
    "LANDMARKS",
    "SCENE_ARRAYS",
    "Amount",
    "Analysis",
    "Band",
    "BoolArray",
    "CameraEstimate",
    "CameraWork",
    "Caution",
    "CheckItem",
    "Checkup",
    "Choice",
    "ClipVerdict",
    "Comparison",
    "Condition",
    "Criterion",
    "Finding",
    "Fitness",
    "FloatArray",
    "FootStrike",
    "Gait",
    "GaitEvents",
    "Grade",
    "IntArray",
    "Legs",
    "Limb",
    "LimbTrack",
    "Measurement",
    "ModelInfo",
    "Motion",
    "Person",
    "Plan",
    "PlanItem",
    "PlanNote",
    "PlanReason",
    "PlanTopic",
    "Point",
    "PoseSequence",
    "Privacy",
    "Progress",
    "Provenance",
    "Reason",
    "RgbImage",
    "Rule",
    "Scale",
    "Scene",
    "Side",
    "Source",
    "Stride",
    "StrikeClass",
    "Summary",
    "Support",
    "Text",
    "TimeBase",
    "TimeStatus",
    "TrackingReport",
    "Verdict",
    "VideoInfo",
    "View",
    "ViewEstimate",
    "as_cell",
    "frozen_array",
    "interpolate",
    "limb_of",
    "printable",
    "silent",
    "untouched",
]

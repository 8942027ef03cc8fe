"""The nouns of formcheck: every type that passes between two stages.

Two kinds of coordinates exist and never mix: ``xy_px`` is image pixels (x right, y down) and
``position_ll`` is leg lengths (forward, up). Times are seconds; which clock is in the docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
RgbImage = NDArray[np.uint8]

LANDMARKS: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye",
    "right_eye_outer", "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_pinky",
    "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb", "left_hip",
    "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel",
    "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
"""The 33 landmarks of the pose model, in its own order; left and right are the runner's own."""


class Side(StrEnum):
    """A side of the runner's own body."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class View(StrEnum):
    """What the camera sees of the runner."""

    SIDE = "side"
    OBLIQUE = "oblique"
    FRONT = "front"
    REAR = "rear"


class Verdict(StrEnum):
    """Outcome of comparing one measurement with one band."""

    WITHIN = "within"
    OUTSIDE = "outside"
    UNDETERMINED = "undetermined"


class ClipVerdict(StrEnum):
    """What a clip was good for."""

    ANALYSED = "analysed"
    PARTIAL = "partial"
    REFUSED = "refused"


class TimeStatus(StrEnum):
    """How far the clock of the file can be trusted."""

    REAL = "real"
    SLOW_MOTION = "slow-motion"
    UNTRUSTWORTHY = "untrustworthy"


class StrikeClass(StrEnum):
    """Which part of the foot touches the ground first."""

    REARFOOT = "rearfoot"
    MIDFOOT = "midfoot"
    FOREFOOT = "forefoot"
    UNDETERMINED = "undetermined"


Progress = Callable[[int, int | None], None]
"""Called with (frames done, frames in the clip or None when unknown)."""


def silent(done: int, total: int | None) -> None:
    """Report no progress."""


def frozen_array(values: Any, *shape: int | None, name: str) -> FloatArray:
    """Return a read-only float64 copy of ``values`` after checking its shape.

    ``None`` in ``shape`` accepts any length. Raises ValueError when the shape differs.
    """
    array: FloatArray = np.array(values, dtype=np.float64)
    fits = array.ndim == len(shape) and all(
        want is None or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was withheld: a stable ``code`` and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """Facts about a video file.

    Width and height are those of the upright picture. ``fps`` is measured from the presentation
    times (frames per second of the file's own timeline). ``time_scale`` is capture rate divided
    by file rate: 1 for an ordinary clip, 8 for 240 fps played at 30.
    """

    path: str
    width_px: int
    height_px: int
    fps: float
    n_frames: int
    duration_s: float
    rotation_deg: int
    time_scale: float
    is_variable_rate: bool
    codec: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which pose model made a pose: ``origin`` is official, built or custom."""

    name: str
    sha256: str
    origin: str
    backend: str


@dataclass(frozen=True, slots=True, eq=False)
class PoseSequence:
    """Landmarks of one person in every frame of a clip.

    ``time_s`` (n_frames,) presentation times of the file, strictly increasing, first frame 0;
    ``xy_px`` (n_frames, n_landmarks, 2) x right, y down, pixels of the upright picture, NaN where
    unknown; ``depth_px`` (n_frames, n_landmarks) smaller is nearer, relative to mid-hip;
    ``visibility`` (n_frames, n_landmarks) 0-1, NaN where nobody was found. ``people`` is how many
    people of similar size were seen in sampled frames (None when nobody looked).
    """

    time_s: FloatArray
    xy_px: FloatArray
    depth_px: FloatArray
    visibility: FloatArray
    video: VideoInfo
    model: ModelInfo | None = None
    people: int | None = None
    landmarks: tuple[str, ...] = LANDMARKS

    def __post_init__(self) -> None:
        frames, count = len(self.time_s), len(self.landmarks)
        shapes = {
            "time_s": (frames,),
            "xy_px": (frames, count, 2),
            "depth_px": (frames, count),
            "visibility": (frames, count),
        }
        for name, shape in shapes.items():
            object.__setattr__(self, name, frozen_array(getattr(self, name), *shape, name=name))
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("time_s must increase strictly")

    def index(self, landmark: str) -> int:
        """Column of a landmark."""
        return self.landmarks.index(landmark)

    def track_px(self, landmark: str) -> FloatArray:
        """Pixel track of a landmark, ``(n_frames, 2)``."""
        return self.xy_px[:, self.index(landmark)]


@dataclass(frozen=True, slots=True)
class SideReport:
    """What the left/right repair did, as counts of file frames.

    ``swapped`` exchanged back, ``masked`` thrown away as garbage or collapsed, for legs and arms.
    """

    n_frames: int
    legs_swapped: int
    legs_masked: int
    arms_swapped: int
    all_flipped: bool


@dataclass(frozen=True, slots=True)
class ViewEstimate:
    """How the runner is seen.

    ``facing`` and ``near_side`` are None when they cannot be told. ``width_ratio`` is the shoulder
    width over the trunk length in the picture. ``roll_deg`` is the tilt of the ground line in the
    picture (positive: ground rises in the running direction) and ``roll_measured`` says whether it
    was read from the stance foot or assumed 0.
    """

    view: View
    facing: Side | None
    near_side: Side | None
    width_ratio: float
    roll_deg: float = 0.0
    roll_measured: bool = False


@dataclass(frozen=True, slots=True)
class TimeBase:
    """Relation between the file's clock and the runner's.

    ``scale`` seconds of file time pass per real second. When ``is_trusted`` is False, ``scale``
    only serves to choose filters and windows and no duration may be reported.
    """

    status: TimeStatus
    scale: float
    is_trusted: bool
    note: str

    def file_s(self, real_s: FloatArray | float) -> FloatArray:
        """Convert real seconds to seconds of the file's own timeline."""
        return np.asarray(real_s, dtype=np.float64) * self.scale


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Landmark motion on a uniform grid of real seconds.

    ``time_s`` (n_samples,) real seconds since the first frame; ``position_ll``
    (n_samples, n_landmarks, 2) forward and up in leg lengths, NaN where unknown.
    """

    time_s: FloatArray
    position_ll: FloatArray
    landmarks: tuple[str, ...] = LANDMARKS

    def __post_init__(self) -> None:
        samples, count = len(self.time_s), len(self.landmarks)
        object.__setattr__(self, "time_s", frozen_array(self.time_s, samples, name="time_s"))
        position = frozen_array(self.position_ll, samples, count, 2, name="position_ll")
        object.__setattr__(self, "position_ll", position)

    @property
    def rate_hz(self) -> float:
        """Samples per real second."""
        return float((len(self.time_s) - 1) / (self.time_s[-1] - self.time_s[0]))

    def track(self, landmark: str) -> FloatArray:
        """Track of a landmark, ``(n_samples, 2)``."""
        return self.position_ll[:, self.landmarks.index(landmark)]

    def midpoint(self, part: str) -> FloatArray:
        """Track of the point halfway between the left and right ``part``, ``(n_samples, 2)``."""
        return 0.5 * (self.track(f"left_{part}") + self.track(f"right_{part}"))

    def at(self, landmark: str, time_s: FloatArray) -> FloatArray:
        """Position of a landmark at given real times, ``(n, 2)``; NaN outside the record."""
        return interpolate(time_s, self.time_s, self.track(landmark))


def interpolate(at_s: FloatArray, time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Linear interpolation along the first axis, NaN outside the record and beside NaN."""
    flat = values.reshape(len(time_s), -1)
    columns = [np.interp(at_s, time_s, column, np.nan, np.nan) for column in flat.T]
    return np.stack(columns, axis=-1).reshape(np.shape(at_s) + values.shape[1:])


@dataclass(frozen=True, slots=True, eq=False)
class GaitEvents:
    """Initial contacts and toe-offs per side, real seconds, ascending, ``(n,)`` each.

    ``touch_order_s`` holds per contact the time by which the heel stops before the forefoot
    (positive: heel first); NaN where it cannot be told.
    """

    initial_contact_s: Mapping[Side, FloatArray]
    toe_off_s: Mapping[Side, FloatArray]
    foot_speed_ll_s: float
    runner_speed_ll_s: float
    touch_order_s: Mapping[Side, FloatArray]


@dataclass(frozen=True, slots=True)
class Stride:
    """Initial contact to the next initial contact of the same foot, real seconds.

    ``other_contact_s`` is the opposite foot's contact in between (NaN when it was not found).
    """

    side: Side
    initial_contact_s: float
    toe_off_s: float
    next_initial_contact_s: float
    other_contact_s: float

    @property
    def stride_time_s(self) -> float:
        """Time from contact to contact."""
        return self.next_initial_contact_s - self.initial_contact_s

    @property
    def stance_time_s(self) -> float:
        """Time the foot is on the ground; NaN when toe-off was not found."""
        return self.toe_off_s - self.initial_contact_s


@dataclass(frozen=True, slots=True)
class Scale:
    """What links leg lengths to metres and metres per second.

    ``leg_length_m`` and ``speed_mps`` are None unless the user gave height or speed;
    ``speed_source`` is "given", "height" or None. ``norm_speed_mps`` is the speed at which
    reference values are looked up (from the foot's speed and, without height, an average adult
    leg), ``norm_speed_sd_mps`` its 1-SD uncertainty; both None when the speed is unknown.
    """

    leg_length_px: float
    leg_length_m: float | None
    speed_mps: float | None
    speed_source: str | None
    norm_speed_mps: float | None
    norm_speed_sd_mps: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Gait:
    """One runner's gait, ready to be measured.

    ``motion`` is smoothed for angles. ``foot_flat_deg`` is the angle the heel-toe line of each
    foot shows in the picture when that foot is flat on the ground. ``frame_rate_hz`` is the real
    capture rate that limits timing. ``withheld`` maps a topic (timing, foot, trunk, arms, far_leg)
    to the reason nothing of that topic may be measured.
    """

    motion: Motion
    events: GaitEvents
    strides: tuple[Stride, ...]
    view: ViewEstimate
    time_base: TimeBase
    scale: Scale
    frame_rate_hz: float
    foot_flat_deg: Mapping[Side, float]
    withheld: Mapping[str, Reason]

    def sides(self) -> tuple[Side, ...]:
        """Side of each stride, in stride order."""
        return tuple(stride.side for stride in self.strides)


@dataclass(frozen=True, slots=True)
class Summary:
    """Median over strides with its 95 % interval and 1-SD uncertainty ``u``."""

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
    quote: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of guidance as one metric compared with one band.

    ``messages`` maps each verdict to a text; ``{value}``, ``{low}`` and ``{high}`` are filled in.
    """

    id: str
    title: str
    metric: str
    low: float | None
    high: float | None
    min_strides: int
    priority: int
    article_sentence: str
    messages: Mapping[Verdict, str]
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

    ``pose`` holds the landmarks after left/right repair, one row per file frame, NaN where masked.
    """

    video: VideoInfo
    verdict: ClipVerdict
    reasons: tuple[Reason, ...]
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

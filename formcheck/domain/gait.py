"""A runner in motion, in leg lengths (forward, up) and real seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from formcheck.domain.basics import (
    LANDMARKS,
    BoolArray,
    FloatArray,
    Reason,
    Side,
    TimeStatus,
    View,
    frozen_array,
)
from formcheck.domain.scene import CameraEstimate
from formcheck.domain.tracking import Limb


@dataclass(frozen=True, slots=True)
class ViewEstimate:
    """How the runner is seen.

    ``facing`` and ``near_side`` are None when they cannot be told. Without ``sides_named`` the
    side called ``near_side`` is the near one, but its name is not certain. ``width_ratio`` is the
    shoulder width over the trunk length in the picture. ``roll_deg`` is the tilt of the
    ground line in the picture (positive: ground rises in the running direction) and
    ``roll_measured`` says whether it was read from the stance foot or assumed 0.
    """

    view: View
    facing: Side | None
    near_side: Side | None
    width_ratio: float
    roll_deg: float = 0.0
    roll_measured: bool = False
    sides_named: bool = True


@dataclass(frozen=True, slots=True)
class TimeBase:
    """Relation between the file's clock and the runner's.

    ``scale`` seconds of file time pass per real second. When ``is_trusted`` is False, ``scale``
    only serves to choose filters and windows and no duration may be reported; ``suggested_scale``
    is then the likeliest factor, None when several are as likely. ``apparent_cadence_spm`` is the
    cadence on the file's clock, which is nobody's cadence unless ``scale`` is 1.
    """

    status: TimeStatus
    scale: float
    is_trusted: bool
    note: str
    apparent_cadence_spm: float | None = None
    suggested_scale: float | None = None

    def file_s(self, real_s: FloatArray | float) -> FloatArray:
        """Convert real seconds to seconds of the file's own timeline."""
        return np.asarray(real_s, dtype=np.float64) * self.scale


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Landmark motion on a uniform grid of real seconds.

    ``time_s`` (n_samples,) real seconds since the first frame; ``position_ll``
    (n_samples, n_landmarks, 2) forward and up in leg lengths (seen from behind: to the runner's
    right and up), NaN where unknown; ``filled``
    (n_samples, n_landmarks) marks samples that were bridged, not seen.
    """

    time_s: FloatArray
    position_ll: FloatArray
    filled: BoolArray
    landmarks: tuple[str, ...] = LANDMARKS

    def __post_init__(self) -> None:
        samples, count = len(self.time_s), len(self.landmarks)
        object.__setattr__(self, "time_s", frozen_array(self.time_s, samples, name="time_s"))
        position = frozen_array(self.position_ll, samples, count, 2, name="position_ll")
        object.__setattr__(self, "position_ll", position)
        if self.filled.shape != (samples, count):
            raise ValueError(f"filled must have shape {(samples, count)}, not {self.filled.shape}")

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
    """Events per side, real seconds, ascending, all four ``(n,)`` in step with each other.

    The k-th ``initial_contact_s`` and ``toe_off_s`` (NaN where not found) belong to the k-th
    ``mid_stance_s``, when the ankle passes under the hip. ``heel_lead_s`` is how much earlier the
    heel stops than the forefoot (positive: heel first; NaN unknown). ``ground_speed_ll_s`` is the
    speed at which the ground moves backward in the picture, ``runner_speed_ll_s`` the runner's
    speed over the ground, both seen on one foot, leg lengths per second (of the near leg in the
    picture: the far foot's are some percent low); NaN when that foot could not be followed.
    """

    initial_contact_s: Mapping[Side, FloatArray]
    toe_off_s: Mapping[Side, FloatArray]
    mid_stance_s: Mapping[Side, FloatArray]
    heel_lead_s: Mapping[Side, FloatArray]
    ground_speed_ll_s: Mapping[Side, float]
    runner_speed_ll_s: Mapping[Side, float]


@dataclass(frozen=True, slots=True)
class Stride:
    """One cycle of one leg, real seconds: from initial contact to the next of the same foot.

    ``other_contact_s`` is the opposite foot's contact in between; it and ``toe_off_s`` are NaN
    when they were not found. Where contacts cannot be told at all, the cycle is cut by the rhythm
    of the body instead: ``cut_s`` holds its ends, and every moment of contact is NaN. What is read
    over a whole cycle goes from ``start_s`` to ``stop_s``.
    """

    side: Side
    initial_contact_s: float
    mid_stance_s: float
    toe_off_s: float
    next_initial_contact_s: float
    other_contact_s: float
    cut_s: tuple[float, float] | None = None

    @classmethod
    def cut_by_rhythm(cls, side: Side, start_s: float, stop_s: float) -> Stride:
        """A cycle whose contacts are unknown."""
        unknown = float("nan")
        return cls(side, unknown, unknown, unknown, unknown, unknown, (start_s, stop_s))

    @property
    def start_s(self) -> float:
        """Where the cycle begins."""
        return self.initial_contact_s if self.cut_s is None else self.cut_s[0]

    @property
    def stop_s(self) -> float:
        """Where the next cycle begins."""
        return self.next_initial_contact_s if self.cut_s is None else self.cut_s[1]

    @property
    def stride_time_s(self) -> float:
        """Time of one cycle."""
        return self.stop_s - self.start_s

    @property
    def stance_time_s(self) -> float:
        """Time the foot is on the ground; NaN when toe-off was not found."""
        return self.toe_off_s - self.initial_contact_s


@dataclass(frozen=True, slots=True)
class Scale:
    """What links leg lengths to metres and metres per second.

    ``leg_length_m`` and ``speed_mps`` are None unless the user gave height or speed; a given speed
    makes the leg length too, when the clock can be trusted and the foot's speed was seen;
    ``speed_source`` is "given", "height" or None. ``norm_speed_mps`` is the speed at which
    reference values are looked up (from the foot's speed and, without height, an average adult
    leg); all None when unknown. The ``_sd`` are 1-SD uncertainties, those of leg length and speed
    as shares. ``speed_ratio`` is the speed given over the one the height given predicts, None
    unless both were given and the foot was followed.
    """

    leg_length_px: float
    leg_length_m: float | None
    speed_mps: float | None
    speed_source: str | None
    norm_speed_mps: float | None
    norm_speed_sd_mps: float | None
    leg_length_sd: float = 0.0
    speed_sd: float = 0.0
    speed_ratio: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Gait:
    """One runner's gait, ready to be measured.

    ``motion`` is smoothed for angles. ``near_side`` is the side towards the camera; from behind,
    where both are seen alike, the right one stands for it.
    ``foot_flat_deg`` is the angle the heel-toe line of each foot shows in the picture when that
    foot is flat on the ground. ``frame_rate_hz`` is the real capture rate that limits timing.
    ``incline_percent`` is the treadmill's incline as given, None when it was not.
    ``camera`` is how it was held, None when the background does not tell.
    ``withheld`` maps a topic (those of ``metrics.registry.Topic``, far_leg, far_arm) to the reason
    nothing of that topic may be measured. ``limb_confidence`` is the chance, for every stride
    (n_strides,), that what is drawn as a limb is that limb; empty when it could not be judged.
    ``events`` is empty and the strides are cut by rhythm when moments of contact cannot be told.
    ``notes`` are worth knowing and withhold nothing.
    """

    motion: Motion
    events: GaitEvents
    strides: tuple[Stride, ...]
    near_side: Side
    view: ViewEstimate
    time_base: TimeBase
    scale: Scale
    frame_rate_hz: float
    foot_flat_deg: Mapping[Side, float]
    withheld: Mapping[str, Reason]
    incline_percent: float | None = None
    limb_confidence: Mapping[Limb, FloatArray] = field(default_factory=dict)
    camera: CameraEstimate | None = None
    notes: tuple[Reason, ...] = ()

    def is_far(self, side: Side) -> bool:
        """Whether a side is the one away from the camera; from behind neither is."""
        return self.view.view is not View.REAR and side is not self.near_side

    def sides(self) -> tuple[Side, ...]:
        """Side of each stride, in stride order."""
        return tuple(stride.side for stride in self.strides)

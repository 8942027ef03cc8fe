"""What a synthetic runner is asked to be, and the proportions of the body."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.domain import StrikeClass

THIGH, SHANK, TRUNK, UPPER_ARM, FOREARM, EAR = 0.2234, 0.2458, 0.288, 0.186, 0.146, 0.115
"""Segment lengths as shares of body height (biomechanics 7.3); ``EAR`` is shoulder to ear."""
LEG_LENGTH = 0.527
ANKLE_HEIGHT = 0.060
HALF_HIPS, HALF_SHOULDERS = 0.057, 0.100
"""Lateral distance of the legs (0.1 m at 1.76 m) and of the shoulders from the middle."""
REFERENCE_HEIGHT_M = 1.76
"""Mean height of the runners the curves come from."""
MIN_SPEED_MPS, MAX_SPEED_MPS = 2.0, 5.5


@dataclass(frozen=True, slots=True)
class RunnerSpec:
    """One runner.

    ``strike`` chooses the foot's curves; ``trunk_lean_deg`` and ``elbow_flexion_deg`` are means
    over a stride; ``arm_phase_deg`` delays the arms against the legs, ``arm_frequency_ratio`` is
    how often they swing in a stride, ``arm_swing_factor`` multiplies how far; ``head_drop_deg``
    tilts the head down and ``shrug_m`` lifts the shoulders; ``overstride_m`` puts every contact
    that much further ahead; ``contact_asymmetry`` is left less right contact time as a share of
    their mean; ``variability`` multiplies a healthy runner's stride-to-stride spread (stride time
    6.5 ms, contact time 4 ms, place of contact 9 mm); ``cadence_factor`` multiplies the usual
    cadence at the speed and ``bounce_factor`` how far the hips go up and down; ``knee_lock`` is the
    share of the knee's bend that is missing when the foot lands, ``toes_down_deg`` how much lower
    than usual the toes are then. A walker uses ``walking_speed_mps`` in place of ``speed_mps``.

    Seen from behind: in mid-stance the pelvis drops to the swing side by ``pelvic_drop_deg``; the
    feet are ``step_width_m`` apart (None: below the hips; negative: crossed over), the knees
    ``knee_in_m`` inside the line from hip to ankle; within a stride the trunk leans from side to
    side by ``trunk_sway_deg`` and the hips move by ``hip_sway_m``.

    Raises ValueError for a strike that is no class or a speed the curves do not reach.
    """

    speed_mps: float = 3.0
    height_m: float = REFERENCE_HEIGHT_M
    strike: StrikeClass = StrikeClass.REARFOOT
    trunk_lean_deg: float = 8.0
    elbow_flexion_deg: float = 85.0
    arm_phase_deg: float = 0.0
    arm_frequency_ratio: float = 1.0
    arm_swing_factor: float = 1.0
    head_drop_deg: float = 0.0
    shrug_m: float = 0.0
    overstride_m: float = 0.0
    contact_asymmetry: float = 0.0
    variability: float = 0.0
    cadence_factor: float = 1.0
    bounce_factor: float = 1.0
    knee_lock: float = 0.0
    toes_down_deg: float = 0.0
    pelvic_drop_deg: float = 0.0
    step_width_m: float | None = None
    knee_in_m: float = 0.0
    trunk_sway_deg: float = 0.0
    hip_sway_m: float = 0.0
    is_walking: bool = False
    walking_speed_mps: float = 1.4

    def __post_init__(self) -> None:
        if self.strike not in (StrikeClass.REARFOOT, StrikeClass.MIDFOOT, StrikeClass.FOREFOOT):
            raise ValueError("strike must be rearfoot, midfoot or forefoot")
        if not MIN_SPEED_MPS <= self.speed_mps <= MAX_SPEED_MPS:
            raise ValueError(
                f"speed_mps must be {MIN_SPEED_MPS} to {MAX_SPEED_MPS}, not {self.speed_mps}"
            )

    @property
    def belt_speed_mps(self) -> float:
        """Speed of the ground under the runner."""
        return self.walking_speed_mps if self.is_walking else self.speed_mps

    @property
    def leg_length_m(self) -> float:
        """Floor to hip."""
        return LEG_LENGTH * self.height_m

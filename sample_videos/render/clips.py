"""The clips that can be rendered: who runs how, and how it is filmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sample_videos.render.camera import Camera, Shake
from sample_videos.render.gait import Gait
from sample_videos.render.rotations import Array, about_y
from sample_videos.render.scene import Room

LANDSCAPE = (1280, 720)
PORTRAIT = (720, 1280)
STILL = Shake()
HAND = Shake(yaw_deg=0.12, pitch_deg=0.10, roll_deg=0.12)

_DROPPED = 0.04  # share of frames a phone leaves out at a variable rate
_UNEVEN = 0.06  # standard deviation of a frame's time, share of a frame


@dataclass(frozen=True)
class Person:
    """A body and its clothes, by name."""

    body: str = "man"
    height_m: float = 1.76
    outfit: str = "red"


@dataclass(frozen=True)
class Bystander:
    """Someone who stands on the floor: at (x, z), turned to the left of the running direction."""

    person: Person
    place_m: tuple[float, float]
    facing_deg: float


@dataclass(frozen=True)
class Film:
    """How a clip is filmed; ``size_px`` is the upright picture."""

    view: Literal["right", "left", "rear"] = "right"
    size_px: tuple[int, int] = LANDSCAPE
    fps: int = 60
    variable_rate: bool = False
    rotation_deg: int = 0  # counter-clockwise turn that a player must make
    yaw_deg: float = 0.0  # of the camera around the runner
    roll_deg: float = 0.0
    shake: Shake = STILL
    exposures: int = 1  # pictures averaged into one frame: 1 or at least 3
    exposure_s: float = 1 / 240
    crf: int = 24

    def camera(self, seed: int, scale: float) -> Camera:
        """The camera, with pictures of ``scale`` times the size."""
        portrait = self.size_px[0] < self.size_px[1]
        distance, focal = (3.6, 1150) if portrait else (3.3, 1050)
        side = {"right": -90.0, "left": 90.0, "rear": 180.0}[self.view] + self.yaw_deg
        away = about_y(np.deg2rad(side)) @ (0, 0, distance)
        width, height = (2 * round(scale * pixels / 2) for pixels in self.size_px)
        return Camera(
            (float(away[0]), 1.0, float(away[2]) + 0.02), (0.0, 0.90, 0.02), focal * scale,
            width, height, self.roll_deg, self.shake, seed,
        )  # fmt: skip

    def times_s(self, duration_s: float, seed: int) -> Array:
        """Presentation times of the frames, the first 0."""
        times: Array = np.arange(round(duration_s * self.fps)) / self.fps
        if not self.variable_rate:
            return times
        rng = np.random.default_rng(seed)
        times += rng.normal(0, _UNEVEN / self.fps, len(times)).clip(-0.3 / self.fps, 0.3 / self.fps)
        kept = rng.random(len(times)) >= _DROPPED
        kept[0] = True
        uneven: Array = times[kept] - times[0]
        return uneven


@dataclass(frozen=True)
class Clip:
    """Everything a clip is made from."""

    name: str
    shows: str
    gait: Gait
    film: Film = Film()
    runner: Person = Person()
    room: Room = "gym"
    duration_s: float = 7.0
    seed: int = 1
    bystanders: tuple[Bystander, ...] = ()
    sample: bool = True  # kept in sample_videos


_REAR_FOOT = Gait()
_FORE_FOOT = Gait(
    speed_mps=3.5, cadence_spm=180, contact_time_s=0.212, trunk_lean_deg=8, elbow_deg=82,
    strike_deg=-6, reach_m=0.235, knee_contact_deg=22, flat_at=0.32, heel_rise_at=0.40,
    landing_slip=0.6,
)  # fmt: skip
_MID_FOOT = Gait(
    cadence_spm=174, contact_time_s=0.240, strike_deg=3, reach_m=0.205, knee_contact_deg=19
)
_OVERSTRIDE = Gait(
    speed_mps=2.6, cadence_spm=156, contact_time_s=0.285, trunk_lean_deg=0.5, elbow_deg=118,
    strike_deg=21, reach_m=0.295, knee_contact_deg=10,
)  # fmt: skip
_WALK = Gait(
    speed_mps=1.4, cadence_spm=112, contact_time_s=0.66, trunk_lean_deg=3, elbow_deg=155,
    elbow_swing_deg=6, strike_deg=20, reach_m=0.34, knee_contact_deg=6, bounce_m=-0.06,
    swing_knee_deg=62, swing_knee_at=0.28, swing_hip_deg=26, swing_hip_at=0.68,
    arm_swing_deg=18, arm_mean_deg=-8, arm_back_at=0.03, toe_off_pitch_deg=55, heel_rise_at=0.42,
    flat_at=0.14, landing_slip=0.5, landing_fall_mps=0.15,
)  # fmt: skip

_ALL = (
    Clip(
        "treadmill_side_right", "heel first, slight forward lean, elbows near a right angle",
        _REAR_FOOT, duration_s=7.0,
    ),
    Clip(
        "treadmill_overstride", "foot far ahead and toes high at contact, upright trunk",
        _OVERSTRIDE, runner=Person("woman", 1.65, "yellow"), duration_s=7.5, seed=2,
    ),
    Clip(
        "treadmill_forefoot_120fps", "lands on the forefoot, heel off the belt; short contacts",
        _FORE_FOOT, Film("left", fps=120, crf=26), Person("man", 1.80, "green"),
        duration_s=7.0, seed=3,
    ),
    Clip(
        "treadmill_backward_lean", "trunk behind vertical; hand-held",
        replace(_MID_FOOT, trunk_lean_deg=-5, speed_mps=2.7, cadence_spm=164, contact_time_s=0.258),
        Film("left", PORTRAIT, rotation_deg=270, shake=HAND, crf=27),
        Person("heavy_man", 1.78, "grey"), "home", duration_s=7.2, seed=4,
    ),
    Clip(
        "treadmill_straight_arms_30fps", "arms nearly straight; motion blur of a dim room",
        replace(_MID_FOOT, elbow_deg=150, arm_mean_deg=-10),
        Film("right", PORTRAIT, fps=30, exposures=3, exposure_s=1 / 120, crf=26),
        Person("woman", 1.70, "blue"), duration_s=8.0, seed=5,
    ),
    Clip(
        "treadmill_arms_out_of_time", "arms late by a quarter of a stride; clothes like the wall",
        replace(_REAR_FOOT, strike_deg=14, arm_delay=0.25),
        Film("right", shake=Shake(0.06, 0.05, 0.06), roll_deg=1.0, crf=26),
        Person("old_woman", 1.63, "sand"), "home", duration_s=7.2, seed=6,
    ),
    Clip(
        "treadmill_forward_lean", "leans far forward; variable frame rate, camera tilted by 2°",
        replace(_REAR_FOOT, trunk_lean_deg=18, strike_deg=10, cadence_spm=172),
        Film("left", variable_rate=True, roll_deg=2.0),
        Person("man", 1.72, "yellow"), "home", duration_s=7.2, seed=7,
    ),
    Clip(
        "treadmill_rear", "seen from behind; left contacts longer than right ones",
        replace(
            _MID_FOOT,
            asymmetry=replace(_MID_FOOT.asymmetry, contact_time_s=0.016, step_time_s=0.012),
        ),
        Film("rear", PORTRAIT), Person("woman", 1.68, "red"), duration_s=7.0, seed=8,
    ),
    Clip(
        "treadmill_rear_crossover", "seen from behind; feet cross over, the pelvis drops by 9°",
        replace(_REAR_FOOT, pelvic_drop_deg=9.0, step_width_m=-0.07),
        Film("rear", PORTRAIT, crf=26), Person("man", 1.78, "green"), duration_s=7.0, seed=11,
    ),
    Clip(
        "treadmill_walk", "walks: a foot is always on the belt",
        _WALK, runner=Person("woman", 1.70, "blue"), duration_s=4.0, seed=9,
    ),
    Clip(
        "treadmill_two_people", "someone of the same size stands beside the treadmill",
        _MID_FOOT, Film(crf=27), duration_s=3.0, seed=10,
        bystanders=(Bystander(Person("heavy_man", 1.82, "blue"), (0.75, -0.95), -70.0),),
    ),
    Clip(
        "treadmill_240fps", "the first seconds of the heel striker at 240 fps",
        _REAR_FOOT, Film(fps=240, crf=28), duration_s=3.0, seed=1, sample=False,
    ),
)  # fmt: skip

CLIPS = {clip.name: clip for clip in _ALL}

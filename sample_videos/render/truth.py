"""What is true of a rendered clip, in the form of its .truth.json.gz."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sample_videos.render.body import Body
from sample_videos.render.camera import Camera
from sample_videos.render.clips import Clip
from sample_videos.render.gait import LEGS, Schedule, Step
from sample_videos.render.outfit import ear, nose
from sample_videos.render.rotations import Array
from sample_videos.render.runner import Moment, Pose, carried

_UNITS = ("_mps", "_spm", "_deg", "_m", "_s")
_SKIN_ABOVE_SOLE_M = 0.025  # heel and toe are marked on the side of the shoe
_BEFORE_S = 1.0  # steps that began earlier are left out


@dataclass(frozen=True)
class TruthWriter:
    """Collects the truth of a clip frame by frame."""

    clip: Clip
    body: Body
    schedule: Schedule
    camera: Camera

    def frame(self, time_s: float, moment: Moment) -> dict[str, Any]:
        """What is true of one frame."""
        places = points(self.body, moment.pose)
        pixels = self.camera.seen(np.array(list(places.values())), time_s)
        legs = moment.legs
        return {
            "t": round(time_s, 6),
            "tau": round(moment.phase, 6),
            "stance": {leg: legs[leg].stance for leg in LEGS},
            "pitch": {leg: round(float(np.rad2deg(legs[leg].pitch)), 3) for leg in LEGS},
            "knee": {leg: round(float(np.rad2deg(legs[leg].knee)), 3) for leg in LEGS},
            "camera": [round(float(angle), 4) for angle in self.camera.held_deg(time_s)],
            "p": {
                name: [*(round(float(v), 4) for v in place), *(round(float(v), 2) for v in pixel)]
                for (name, place), pixel in zip(places.items(), pixels, strict=True)
            },
        }

    def whole(self, frames: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """What is true of the whole clip."""
        gait, film, camera = self.clip.gait, self.clip.film, self.camera
        seen = [
            step
            for step in self.schedule.steps
            if step.toe_off_s > -_BEFORE_S and step.contact_s <= self.clip.duration_s
        ]
        return {
            "clip": self.clip.name,
            "gait": without_units(asdict(gait)),
            "tc": gait.contact_time_s,
            "stride_length": gait.speed_mps * gait.stride_time_s,
            "step_length": gait.speed_mps * gait.stride_time_s / 2,
            "view": film.view,
            "fps": film.fps,
            "variable_rate": film.variable_rate,
            "rotation": film.rotation_deg,
            "size": [camera.width_px, camera.height_px],
            "people": 1 + len(self.clip.bystanders),
            "runner": without_units(asdict(self.clip.runner)),
            "room": self.clip.room,
            "camera": without_units(
                {
                    "position": camera.position,
                    "target": camera.target,
                    "focal": camera.focal_px,
                    "yaw_deg": film.yaw_deg,
                    "roll_deg": camera.roll_deg,
                    "shake": asdict(camera.shake),
                }
            ),
            "measured": self._measured(seen),
            "events": [self._event(step) for step in seen],
            "frames": list(frames),
        }

    def _event(self, step: Step) -> dict[str, Any]:
        gait = self.clip.gait
        return {
            "side": step.side,
            "contact": round(step.contact_s, 6),
            "toe_off": round(step.toe_off_s, 6),
            "strike": round(step.strike_deg, 3),
            "reach": round(step.reach_m, 4),
            "lean": round(gait.trunk_lean_deg + step.lean_deg, 3),
            "elbow": round(gait.elbow_deg + step.elbow_deg, 3),
        }

    def _measured(self, steps: Sequence[Step]) -> dict[str, Any]:
        """Means of what really happened between the first and the last frame."""
        inside = [s for s in steps if s.contact_s >= 0 and s.toe_off_s <= self.clip.duration_s]
        contacts = np.array([step.contact_s for step in inside])
        return {
            "cadence": round(float(60 / np.diff(contacts).mean()), 3),
            "tc": {leg: _mean([s.contact_time_s for s in inside if s.side == leg]) for leg in LEGS},
            "strike": {leg: _mean([s.strike_deg for s in inside if s.side == leg]) for leg in LEGS},
        }


def points(body: Body, pose: Pose) -> dict[str, Array]:
    """World places of the marked points by name; suffix _l and _r is the runner's own side."""
    marks: dict[str, tuple[str, Array]] = {}
    for leg, side in zip(LEGS, (1.0, -1.0), strict=True):
        foot, joint, up = body.feet[leg], body.joints, np.array([0, _SKIN_ABOVE_SOLE_M, 0])
        marks |= {
            f"shoulder_{leg}": (f"upperarm_{leg}", joint[f"{leg}-shoulder"]),
            f"elbow_{leg}": (f"lowerarm_{leg}", joint[f"{leg}-elbow"]),
            f"wrist_{leg}": (f"hand_{leg}", joint[f"{leg}-hand"]),
            f"index_{leg}": (f"index_01_{leg}", joint[f"{leg}-finger-2-2"]),
            f"hiprig_{leg}": (f"thigh_{leg}", joint[f"{leg}-upper-leg"]),
            f"hip_{leg}": ("pelvis", body.hip[leg]),
            f"knee_{leg}": (f"calf_{leg}", joint[f"{leg}-knee"]),
            f"ankle_{leg}": (f"foot_{leg}", foot.ankle),
            f"heel_{leg}": (f"foot_{leg}", foot.heel + up),
            f"toe_{leg}": (f"ball_{leg}", foot.toe + up),
            f"ball_{leg}": (f"foot_{leg}", foot.ball + up),
            f"heelsole_{leg}": (f"foot_{leg}", foot.heel),
            f"toesole_{leg}": (f"ball_{leg}", foot.toe),
            f"ear_{leg}": ("head", ear(body, side)),
            f"eye_{leg}": ("head", joint[f"{leg}-eye"]),
        }
    marks["nose"] = ("head", nose(body))
    return {name: carried(body, pose, bone, point) for name, (bone, point) in marks.items()}


def write_truth(truth: dict[str, Any], path: Path) -> None:
    """Write a truth file, the same bytes for the same truth."""
    text = json.dumps(truth, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def without_units(values: dict[str, Any]) -> dict[str, Any]:
    """The same values under names without a unit, also inside."""
    return {
        _bare(name): without_units(value) if isinstance(value, dict) else value
        for name, value in values.items()
    }


def _bare(name: str) -> str:
    unit = next((unit for unit in _UNITS if name.endswith(unit)), "")
    return name.removesuffix(unit)


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)

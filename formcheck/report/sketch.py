"""How each measured quantity is drawn on the runner: what it is, made visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from formcheck.domain import FloatArray, Gait, Side, ViewEstimate
from formcheck.report.skeleton import Body

Segment = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Directions in the picture, ``(2,)`` unit vectors (x right, y down).

    ``forward`` is where the runner goes along the ground, ``up`` stands on it; ``flat`` is where
    the heel-toe line of each foot points when that foot is flat. ``near`` is the side that is drawn
    in the colour of the one near the camera.
    """

    forward: FloatArray
    up: FloatArray
    flat: Mapping[Side, FloatArray]
    near: Side


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Lines over a key frame.

    ``reference`` is what is measured against (dashed), ``measured`` the body's own line and
    ``support`` the bone it hangs on, if any. ``arc`` is a vertex and the two directions between
    which the angle lies; None for a distance. ``focus`` are points the picture must show.
    """

    reference: Segment
    measured: Segment
    arc: tuple[FloatArray, FloatArray, FloatArray] | None
    focus: tuple[FloatArray, ...]
    support: Segment | None = None


def ground(gait: Gait) -> Ground:
    """Return the directions of a clip from its facing, its roll and the runner's flat feet."""
    forward, up = _directions(gait.view)
    flat = {
        side: np.cos(np.radians(angle)) * forward + np.sin(np.radians(angle)) * up
        for side, angle in gait.foot_flat_deg.items()
    }
    return Ground(forward, up, flat, gait.near_side)


def _directions(view: ViewEstimate) -> tuple[FloatArray, FloatArray]:
    roll = np.radians(view.roll_deg)
    turn = -1.0 if view.facing is Side.LEFT else 1.0
    forward = np.array([turn * np.cos(roll), -np.sin(roll)])
    up = np.array([-turn * np.sin(roll), -np.cos(roll)])
    return forward, up


def _angle(vertex: FloatArray, towards: FloatArray, end: FloatArray, *focus: FloatArray) -> Sketch:
    """Angle at ``vertex`` from the direction ``towards`` to the body's line to ``end``."""
    body_line = end - vertex
    reach = towards / np.hypot(*towards) * np.hypot(*body_line)
    return Sketch(
        reference=(vertex, vertex + 1.1 * reach),
        measured=(vertex, end),
        arc=(vertex, 0.6 * reach, body_line),
        focus=(vertex, end, *focus),
    )


def _trunk(body: Body, side: Side, ground: Ground) -> Sketch:
    hip, shoulder = body.middle("hip"), body.middle("shoulder")
    knees = (body.limb(side, "knee"), body.limb(side.other, "knee"))
    return _angle(hip, ground.up, shoulder, body.point("nose"), body.middle("ear"), *knees)


def _elbow(body: Body, side: Side, _ground: Ground) -> Sketch:
    shoulder, elbow, wrist = (body.limb(side, part) for part in ("shoulder", "elbow", "wrist"))
    focus = (shoulder, body.middle("hip"), body.point("nose"), body.middle("shoulder"))
    sketch = _angle(elbow, elbow - shoulder, wrist, *focus)
    return replace(sketch, support=(shoulder, elbow))


def _knee(body: Body, side: Side, _ground: Ground) -> Sketch:
    hip, knee, ankle = (body.limb(side, part) for part in ("hip", "knee", "ankle"))
    sketch = _angle(knee, knee - hip, ankle, *_leg(body, side))
    return replace(sketch, support=(hip, knee))


def _foot(body: Body, side: Side, ground: Ground) -> Sketch:
    heel, toe = body.limb(side, "heel"), body.limb(side, "foot_index")
    towards = ground.flat.get(side, ground.forward)
    return _angle(heel, towards, toe, body.limb(side, "ankle"), body.limb(side, "knee"))


def _shank(body: Body, side: Side, ground: Ground) -> Sketch:
    knee, ankle = body.limb(side, "knee"), body.limb(side, "ankle")
    return _angle(knee, -ground.up, ankle, *_leg(body, side))


def _thigh(body: Body, side: Side, ground: Ground) -> Sketch:
    hip, knee = body.limb(side, "hip"), body.limb(side, "knee")
    return _angle(hip, -ground.up, knee, *_leg(body, side))


def _behind_trunk(body: Body, side: Side, _ground: Ground) -> Sketch:
    """The thigh against the trunk line drawn on below the hip."""
    hip, knee = body.limb(side, "hip"), body.limb(side, "knee")
    trunk = body.middle("shoulder"), body.middle("hip")
    sketch = _angle(hip, trunk[1] - trunk[0], knee, *_leg(body, side))
    return replace(_wider(sketch, trunk[0]), support=trunk)


def _head(body: Body, side: Side, ground: Ground) -> Sketch:
    """The line from ear to eye against level."""
    ear, eye = body.limb(side, "ear"), body.limb(side, "eye_outer")
    return _wider(_angle(ear, ground.forward, eye), *_upper_body(body))


def _shoulder(body: Body, side: Side, _ground: Ground) -> Sketch:
    """The gap between shoulder and ear, against the trunk's length."""
    shoulder, hip = body.middle("shoulder"), body.middle("hip")
    return Sketch((hip, shoulder), (shoulder, body.limb(side, "ear")), None, _upper_body(body))


def _arm_and_leg(body: Body, side: Side, _ground: Ground) -> Sketch:
    """Where the arm is while the leg of the same side is there."""
    arm, leg = (
        (body.limb(side, first), body.limb(side, last))
        for first, last in (("shoulder", "wrist"), ("hip", "ankle"))
    )
    return Sketch(leg, arm, None, (*_whole(body, side), body.limb(side, "elbow")))


def _upper_body(body: Body) -> tuple[FloatArray, ...]:
    return (body.point("nose"), body.middle("ear"), body.middle("shoulder"), body.middle("hip"))


def _reach(body: Body, side: Side, ground: Ground) -> Sketch:
    """Distance along the ground from below the hip to the ankle."""
    hip, ankle = body.limb(side, "hip"), body.limb(side, "ankle")
    below = hip + float((ankle - hip) @ ground.up) * ground.up
    return Sketch((hip, below), (below, ankle), None, _leg(body, side))


def _pelvis(body: Body, side: Side, ground: Ground) -> Sketch:
    """The line between the hips from that of the side stood on, against level."""
    own, other = body.limb(side, "hip"), body.limb(side.other, "hip")
    across = ground.forward * float((other - own) @ ground.forward)
    return _wider(_angle(own, across, other), *_behind(body))


def _side_trunk(body: Body, _side: Side, ground: Ground) -> Sketch:
    return _angle(body.middle("hip"), ground.up, body.middle("shoulder"), *_behind(body))


def _midline(body: Body, side: Side, ground: Ground) -> Sketch:
    """Distance from the line below mid-hip to the heel."""
    hip, heel = body.middle("hip"), body.limb(side, "heel")
    below = hip + float((heel - hip) @ ground.up) * ground.up
    return Sketch((hip, below), (below, heel), None, _behind(body))


def _knees(body: Body, _side: Side, _ground: Ground) -> Sketch:
    """The gap between the knees, against that between the hips."""
    hips, knees = (
        (body.limb(Side.LEFT, part), body.limb(Side.RIGHT, part)) for part in ("hip", "knee")
    )
    return Sketch(hips, knees, None, _behind(body))


def _wider(sketch: Sketch, *focus: FloatArray) -> Sketch:
    return replace(sketch, focus=(*sketch.focus, *focus))


def _behind(body: Body) -> tuple[FloatArray, ...]:
    """What a picture from behind must show: shoulders to feet."""
    limbs = [body.limb(side, part) for side in Side for part in ("shoulder", "hip", "heel")]
    return (*limbs, *(body.limb(side, "foot_index") for side in Side))


def _leg(body: Body, side: Side) -> tuple[FloatArray, ...]:
    return tuple(body.limb(side, part) for part in ("hip", "knee", "ankle", "heel", "foot_index"))


def _whole(body: Body, side: Side) -> tuple[FloatArray, ...]:
    return (body.point("nose"), *_leg(body, side), *_leg(body, side.other))


SKETCHES: Mapping[str, Callable[[Body, Side, Ground], Sketch]] = MappingProxyType(
    {
        "trunk_lean": _trunk,
        "trunk_range": _trunk,
        "elbow_flexion": _elbow,
        "knee_flexion": _knee,
        "knee_at_contact": _knee,
        "knee_peak": _knee,
        "knee_excursion": _knee,
        "late_stance_extension": _behind_trunk,
        "head_pitch": _head,
        "shoulder_ratio": _shoulder,
        "arm_leg": _arm_and_leg,
        "foot_strike_angle": _foot,
        "shank_angle": _shank,
        "thigh_at_toe_off": _thigh,
        "ankle_ahead_of_hip": _reach,
        "overstride": _reach,
        "pelvic_drop": _pelvis,
        "trunk_side": _side_trunk,
        "step_width": _midline,
        "foot_to_midline": _midline,
        "thigh_adduction": _thigh,
        "knee_window": _knees,
    }
)
"""By how the name of a metric begins; a metric without one gets a picture without lines."""


def sketch_of(metric: str, body: Body, side: Side, ground: Ground) -> Sketch | None:
    """Return the lines that show a metric; None when there are none or a point is unknown."""
    make = next((make for name, make in SKETCHES.items() if metric.startswith(name)), None)
    if make is None:
        return None
    made = make(body, side, ground)
    points = [*made.reference, *made.measured]
    return made if np.isfinite(np.array(points)).all() else None


def whole_body(body: Body, side: Side) -> tuple[FloatArray, ...]:
    """Return the points a picture of the whole runner must show."""
    return _whole(body, side)

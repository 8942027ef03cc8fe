"""A body scaled and stood on the ground, with what the motion needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sample_videos.render.asset import Asset, Indices
from sample_videos.render.gait import LEGS, Leg
from sample_videos.render.rotations import Array, about_y, align, between

SOLE_M = 0.024  # thickness of the shoe under the bare foot
_DOWN = np.array([0.0, -1.0, 0.0])
_RIGHT = np.array([-1.0, 0.0, 0.0])
_FORWARD_SHARE = 0.85  # of the foot's turnout taken back, so that it points along the belt
_HIP_DEPTH = 0.64  # from the back: the rig's thigh bone starts some 4 cm behind the joint


@dataclass(frozen=True)
class Foot:
    """Points of a foot at rest, and the turn that points it along the belt.

    ``heel`` and ``toe`` are the ends of the shoe on the ground, ``skin`` (n, 3) the bare foot.
    """

    heel: Array
    toe: Array
    ball: Array
    ball_joint: Array
    ankle: Array
    skin: Array
    forward: Array


@dataclass(frozen=True)
class Body:
    """A body at rest on the belt, metres; see Asset for shapes.

    ``rest`` turns a bone from its rest direction to hanging down, by bone name; ``hip`` is where
    the hip joint of a real body is, riding on the pelvis.
    """

    asset: Asset
    vertices: Array
    joints: Mapping[str, Array]
    head: Array
    feet: Mapping[Leg, Foot]
    hip: Mapping[Leg, Array]
    thigh_m: float
    shank_m: float
    rest: Mapping[str, Array]

    @property
    def hip_centre(self) -> Array:
        """Middle of the rig's hip joints."""
        centre: Array = (self.joints["l-upper-leg"] + self.joints["r-upper-leg"]) / 2
        return centre

    @property
    def skin(self) -> Indices:
        """Triangles of the skin."""
        return self.asset.triangles["body"]

    def weight(self, *bones: str) -> Array:
        """How much each vertex follows some bones together, (n,)."""
        columns = [self.asset.bones.index(bone) for bone in bones]
        total: Array = self.asset.weights[:, columns].sum(axis=1)
        return total


def fit_body(asset: Asset, height_m: float) -> Body:
    """Scale a body to a barefoot height and stand it on its soles."""
    skin = np.unique(asset.triangles["body"])
    low, high = asset.vertices[skin, 1].min(), asset.vertices[skin, 1].max()
    scale = height_m / (high - low)

    def place(points: Array) -> Array:
        placed: Array = (points - (0, low, 0)) * scale + (0, SOLE_M, 0)
        return placed

    joints = {name: place(point) for name, point in asset.joints.items()}
    vertices = place(asset.vertices)
    leg = [joints[f"l-{name}"] for name in ("upper-leg", "knee", "ankle")]
    return Body(
        asset=asset,
        vertices=vertices,
        joints=joints,
        head=place(asset.head),
        feet={leg: _foot(asset, vertices[skin], skin, joints, leg) for leg in LEGS},
        hip={leg: _hip(vertices[skin], joints[f"{leg}-upper-leg"]) for leg in LEGS},
        thigh_m=float(np.linalg.norm(leg[1] - leg[0])),
        shank_m=float(np.linalg.norm(leg[2] - leg[1])),
        rest=_rest_turns(joints),
    )


def _foot(
    asset: Asset, points: Array, skin: Indices, joints: Mapping[str, Array], leg: Leg
) -> Foot:
    columns = [asset.bones.index(f"{bone}_{leg}") for bone in ("foot", "ball")]
    follows = asset.weights[skin][:, columns].sum(axis=1) > 0.6
    bare = points[follows & (points[:, 1] < 0.09)]
    back, front = bare[bare[:, 2].argmin()], bare[bare[:, 2].argmax()]
    heel = np.array([back[0], 0, back[2] - 0.008])
    toe = np.array([front[0], 0, front[2] + 0.012])
    turnout = np.arctan2(*(toe - heel)[[0, 2]])
    joint = joints[f"{leg}-foot-1"]
    return Foot(
        heel, toe, joint * (1, 0, 1), joint, joints[f"{leg}-ankle"], bare,
        about_y(-_FORWARD_SHARE * turnout),
    )  # fmt: skip


def _hip(points: Array, rig_hip: Array) -> Array:
    across, height, _ = np.abs(points - rig_hip).T
    depth = points[(height < 0.015) & (across < 0.05), 2]
    return np.array([*rig_hip[:2], depth.min() + _HIP_DEPTH * np.ptp(depth)])


def _rest_turns(joints: Mapping[str, Array]) -> dict[str, Array]:
    turns = {}
    for leg in LEGS:
        hip, knee, ankle, shoulder, elbow, hand = (
            joints[f"{leg}-{name}"]
            for name in ("upper-leg", "knee", "ankle", "shoulder", "elbow", "hand")
        )
        normal = np.cross(elbow - shoulder, hand - elbow)
        turns[f"thigh_{leg}"] = between(knee - hip, _DOWN)
        turns[f"calf_{leg}"] = between(ankle - knee, _DOWN)
        turns[f"upperarm_{leg}"] = align(elbow - shoulder, normal, _DOWN, _RIGHT)
        turns[f"lowerarm_{leg}"] = align(hand - elbow, normal, _DOWN, _RIGHT)
    return turns

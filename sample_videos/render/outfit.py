"""Dress a body: skin and face, hair, shirt, shorts or tights, socks and shoes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sample_videos.render.asset import Indices
from sample_videos.render.body import Body
from sample_videos.render.gait import LEGS
from sample_videos.render.raster import Surface, normals
from sample_videos.render.rotations import Array
from sample_videos.render.shoe import Colour, build_shoe

_ARMS = ("upperarm_l", "upperarm_r", "lowerarm_l", "lowerarm_r")
_LEGS = ("thigh_l", "thigh_r", "pelvis", "spine_01", "calf_l", "calf_r")
_IRIS: Colour = (0.22, 0.14, 0.09)


@dataclass(frozen=True)
class Outfit:
    """Colours, and how long sleeves (share of the upper arm) and legs (1 knee, 2 ankle) are."""

    skin: Colour
    hair: Colour
    shirt: Colour
    shorts: Colour
    shoe: Colour
    sock: Colour
    sleeve: float = 0.62
    leg: float = 0.52


OUTFITS = {
    "red": Outfit(
        (0.80, 0.60, 0.48), (0.16, 0.11, 0.08), (0.82, 0.22, 0.18), (0.10, 0.11, 0.16),
        (0.20, 0.65, 0.85), (0.92, 0.92, 0.92),
    ),
    "yellow": Outfit(
        (0.48, 0.32, 0.23), (0.06, 0.05, 0.05), (0.93, 0.80, 0.22), (0.17, 0.19, 0.42),
        (0.95, 0.45, 0.18), (0.90, 0.90, 0.90),
    ),
    "blue": Outfit(
        (0.86, 0.68, 0.57), (0.45, 0.30, 0.16), (0.20, 0.45, 0.68), (0.09, 0.09, 0.10),
        (0.92, 0.92, 0.90), (0.20, 0.20, 0.22), sleeve=0.3, leg=1.75,
    ),
    "green": Outfit(
        (0.62, 0.44, 0.33), (0.30, 0.28, 0.27), (0.15, 0.42, 0.33), (0.30, 0.31, 0.33),
        (0.85, 0.85, 0.20), (0.15, 0.15, 0.16), leg=0.8,
    ),
    # The shirt is close to the walls of the room "home", the shorts to its floor.
    "sand": Outfit(
        (0.62, 0.46, 0.35), (0.40, 0.34, 0.28), (0.71, 0.65, 0.55), (0.44, 0.42, 0.40),
        (0.62, 0.60, 0.57), (0.60, 0.58, 0.55), leg=0.9,
    ),
    "grey": Outfit(
        (0.55, 0.38, 0.28), (0.12, 0.10, 0.09), (0.46, 0.49, 0.53), (0.24, 0.25, 0.28),
        (0.75, 0.75, 0.77), (0.85, 0.85, 0.85),
    ),
}  # fmt: skip


class Dressed(NamedTuple):
    """All a figure is drawn from: vertices at rest, their four bones and weights, the surface."""

    vertices: Array
    bone: Indices
    weight: Array
    surface: Surface


class _Part(NamedTuple):
    """A piece of surface; it is cut where ``keep`` crosses zero."""

    vertices: Array
    weights: Array
    triangles: Indices
    colour: Array
    keep: Array
    gloss: float


def dress(body: Body, outfit: Outfit) -> Dressed:
    """Put an outfit on a body at rest."""
    tailor = _Tailor(body, outfit)
    parts = [
        tailor.bare_skin(), *tailor.eyes(), tailor.hair(), tailor.shirt(), tailor.shorts(),
        tailor.socks(),
    ]  # fmt: skip
    for leg in LEGS:
        vertices, weights, triangles, colour = build_shoe(body, leg, outfit.shoe)
        parts.append(_Part(vertices, weights, triangles, colour, np.ones(len(vertices)), 0.18))
    return _joined(parts)


def ear(body: Body, side: float) -> Array:
    """Middle of an ear at rest; side +1 left, -1 right."""
    marked = (body.asset.masks["ears"] > 0.5) & (body.weight("head") > 0.5)
    middle: Array = body.vertices[marked & (side * body.vertices[:, 0] > 0.03)].mean(axis=0)
    return middle


def nose(body: Body) -> Array:
    """Tip of the nose at rest."""
    head = (body.weight("head") > 0.5) & (np.abs(body.vertices[:, 0]) < 0.01)
    points = body.vertices[head]
    tip: Array = points[points[:, 2].argmax()]
    return tip


class _Tailor:
    def __init__(self, body: Body, outfit: Outfit) -> None:
        self._body, self._outfit = body, outfit
        self._asset = body.asset
        self._points = body.vertices
        self._skin_normals = normals(body.vertices, body.skin)
        self._tights = body.asset.triangles["helper-tights"]
        self._cloth_normals = normals(body.vertices, self._tights)
        self._head = body.weight("head") > 0.5
        self._hip_y = float(body.hip_centre[1])
        self._ankle_y = float(body.joints["l-ankle"][1])
        self._speckle = np.random.default_rng(0).standard_normal((len(body.vertices), 1))

    def bare_skin(self) -> _Part:
        """Skin with lips and eyebrows; feet are in the shoes."""
        tone = np.array(self._outfit.skin)
        colour = tone * (1 + 0.02 * self._speckle)
        lips = 0.75 * self._asset.masks["lips"][:, None]
        colour = colour * (1 - lips) + lips * tone * (0.85, 0.55, 0.55)
        for leg in LEGS:
            d = self._points - self._body.joints[f"{leg}-eye"]
            brow = np.exp(-(((d[:, 1] - 0.021) / 0.0045) ** 2) - (d[:, 0] / 0.022) ** 4)
            brow = 0.8 * (brow * self._head * (d[:, 2] > 0))[:, None]
            colour = colour * (1 - brow) + brow * np.array(self._outfit.hair)
        above = self._points[:, 1] >= self._ankle_y - 0.012
        return self._part(self._points, self._kept(self._body.skin, above), colour, None, 0.22)

    def eyes(self) -> list[_Part]:
        """Eyeballs with an iris."""
        parts = []
        for leg in LEGS:
            d = self._points - self._body.joints[f"{leg}-eye"]
            colour = np.full(self._points.shape, 0.88)
            colour[(np.hypot(d[:, 0], d[:, 1]) < 0.0065) & (d[:, 2] > 0)] = _IRIS
            ball = self._asset.triangles[f"helper-{leg}-eye"]
            parts.append(self._part(self._points, ball, colour, None, 0.6))
        return parts

    def hair(self) -> _Part:
        """Short hair: the scalp, swollen."""
        d = self._points - (ear(self._body, 1) + ear(self._body, -1)) / 2
        z = d[:, 2]
        line = -0.045 + 1.25 * z.clip(0, 0.06) + 0.9 * (z - 0.06).clip(0)
        line = np.where(z > 0.035, np.maximum(line, 0.062), line)
        keep = 20 * (d[:, 1] - line)
        keep[~self._head | (self._asset.masks["ears"] > 0.5)] = -1
        thick = 0.003 + 0.012 * ((d[:, 1] - line) / 0.06).clip(0, 1) ** 0.7
        colour = np.array(self._outfit.hair) * (1 + 0.25 * self._speckle)
        on_head = self._body.skin[self._head[self._body.skin].all(axis=1)]
        cap = self._kept(on_head, keep > -0.9)
        vertices = self._points + self._skin_normals * thick[:, None]
        return self._part(vertices, cap, colour, keep, 0.25)

    def shirt(self) -> _Part:
        """A shirt that hangs a little off the body, longest at the waist."""
        keep, off = np.ones(len(self._points)), np.full(len(self._points), 0.010)
        arms = self._body.weight(*_ARMS)
        for leg in LEGS:
            shoulder, elbow = (self._body.joints[f"{leg}-{j}"] for j in ("shoulder", "elbow"))
            upper = elbow - shoulder
            along = (self._points - shoulder) @ upper / (upper @ upper)
            arm = (arms > 0.35) & ((self._points[:, 0] > 0) == (leg == "l"))
            keep[arm] = np.minimum(keep[arm], 8 * (self._outfit.sleeve - along[arm]))
            off[arm] += 0.012 * along[arm].clip(0, 0.7)
        neck = self._body.joints["neck"]
        collar = neck[1] + 0.018 - self._points[:, 1] + 0.25 * (neck[2] - self._points[:, 2])
        keep = np.minimum(np.minimum(keep, 30 * (self._points[:, 1] - self._hip_y)), 40 * collar)
        off += 0.014 * np.exp(-(((self._points[:, 1] - self._hip_y - 0.02) / 0.10) ** 2))
        return self._cloth(keep, off, self._outfit.shirt, 0.05)

    def shorts(self) -> _Part:
        """Loose shorts, or close tights if they reach below the knee."""
        knee_y = self._body.joints["l-knee"][1]
        down = (self._hip_y - self._points[:, 1]) / (self._hip_y - knee_y)
        top = 30 * (self._hip_y + 0.14 - self._points[:, 1])
        keep = np.minimum(10 * (self._outfit.leg - down), top)
        keep[self._body.weight(*_LEGS) < 0.3] = -1
        loose = 0.020 if self._outfit.leg <= 1 else 0.0
        return self._cloth(keep, 0.007 + loose * down.clip(0, 0.6), self._outfit.shorts, 0.08)

    def socks(self) -> _Part:
        """Socks from the shoe to above the ankle."""
        height = self._points[:, 1] - self._ankle_y
        keep = 40 * np.minimum(0.055 - height, height + 0.016)
        colour = np.tile(self._outfit.sock, (len(self._points), 1))
        vertices = self._points + 0.003 * self._skin_normals
        return self._part(vertices, self._kept(self._body.skin, keep > -0.9), colour, keep, 0.05)

    def _cloth(self, keep: Array, off: Array, colour: Colour, gloss: float) -> _Part:
        vertices = self._points + self._cloth_normals * off[:, None]
        colours = np.tile(colour, (len(self._points), 1))
        return self._part(vertices, self._kept(self._tights, keep > -0.95), colours, keep, gloss)

    def _part(
        self, vertices: Array, triangles: Indices, colour: Array, keep: Array | None, gloss: float
    ) -> _Part:
        whole = np.ones(len(vertices)) if keep is None else keep
        return _Part(vertices, self._asset.weights, triangles, colour, whole, gloss)

    @staticmethod
    def _kept(triangles: Indices, vertex_kept: NDArray[np.bool_]) -> Indices:
        """Triangles with at least one corner to keep."""
        return triangles[vertex_kept[triangles].any(axis=1)]


def _joined(parts: list[_Part]) -> Dressed:
    first = np.cumsum([0, *(len(part.vertices) for part in parts)])
    triangles = np.concatenate([part.triangles + i for part, i in zip(parts, first, strict=False)])
    used, corner = np.unique(triangles, return_inverse=True)
    weights = np.concatenate([part.weights for part in parts])[used]
    bone = np.argsort(-weights, axis=1)[:, :4]
    weight = np.take_along_axis(weights, bone, axis=1)
    gloss = np.concatenate([np.full(len(part.vertices), part.gloss) for part in parts])
    surface = Surface(
        corner.reshape(-1, 3),
        np.concatenate([part.keep for part in parts])[used],
        np.concatenate([part.colour for part in parts])[used],
        gloss[used],
    )
    vertices = np.concatenate([part.vertices for part in parts])[used]
    return Dressed(vertices, bone, weight / weight.sum(axis=1, keepdims=True), surface)

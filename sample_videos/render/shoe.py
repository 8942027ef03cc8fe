"""A running shoe lofted around a foot."""

from __future__ import annotations

import numpy as np

from sample_videos.render.asset import Indices
from sample_videos.render.body import SOLE_M, Body, Foot
from sample_videos.render.gait import Leg
from sample_videos.render.rotations import Array

Colour = tuple[float, float, float]

_SLICES = 30  # from heel to toe
_OUTSOLE: Colour = (0.13, 0.13, 0.14)
_MIDSOLE: Colour = (0.94, 0.94, 0.94)
_WHITE: Colour = (0.97, 0.97, 0.97)
_FLEX_M = 0.010  # length over which the sole bends at the ball


def build_shoe(body: Body, leg: Leg, colour: Colour) -> tuple[Array, Array, Indices, Array]:
    """Vertices (n, 3), weights (n, n_bones), triangles and colours of a shoe at rest."""
    foot = body.feet[leg]
    middle, half, top, along = _outline(foot)
    rings, colours = [], []
    for i, u in enumerate(np.linspace(0, 1, _SLICES)):
        ring, tint = _slice(u, half[i], top[i], colour)
        rings.append([(middle[i] + x, y - foot.ankle[1], along[i]) for x, y in ring])
        colours.append(tint)
    local = np.array(rings)
    triangles = _loft(local.shape[1])
    vertices = local.reshape(-1, 3)
    bends = ((foot.ball_joint - foot.ankle) @ foot.forward.T)[2]
    toes = 1 / (1 + np.exp(-(vertices[:, 2] - bends) / _FLEX_M))
    weights = np.zeros((len(vertices), len(body.asset.bones)))
    weights[:, body.asset.bones.index(f"foot_{leg}")] = 1 - toes
    weights[:, body.asset.bones.index(f"ball_{leg}")] = toes
    return (
        vertices @ foot.forward + foot.ankle, weights, triangles,
        np.array(colours).reshape(-1, 3),
    )  # fmt: skip


def _outline(foot: Foot) -> tuple[Array, Array, Array, Array]:
    """Middle, half width, height and place along the foot of each slice."""
    skin = (foot.skin - foot.ankle) @ foot.forward.T
    back, front = (((end - foot.ankle) @ foot.forward.T)[2] for end in (foot.heel, foot.toe))
    u = np.linspace(0, 1, _SLICES)
    along = back + u * (front - back)
    first, last = skin[:, 2].min() + 0.012, skin[:, 2].max() - 0.014
    near = [skin[np.abs(skin[:, 2] - z) < 0.014] for z in along.clip(first, last)]
    middle = _smoothed(np.array([(s[:, 0].max() + s[:, 0].min()) / 2 for s in near]))
    half = _smoothed(np.array([np.ptp(s[:, 0]) / 2 for s in near])) + 0.007
    top = _smoothed(np.array([s[:, 1].max() for s in near])) + foot.ankle[1]
    heel_end = _round((0.13 - u) / 0.13, 2.0)
    half *= np.maximum(heel_end * _round((u - 0.72) / 0.28, 2.4), 0.05)
    top = np.minimum(top, SOLE_M + 0.085) + 0.006
    vamp = SOLE_M + 0.085 - 0.115 * (u - 0.28).clip(0) ** 0.9
    top = np.maximum(np.where(u > 0.28, np.minimum(top, vamp), top), 0.05)
    return middle, half, 0.02 + (top - 0.02) * _round((u - 0.84) / 0.16, 2.2), along


def _slice(
    u: float, half: float, top: float, colour: Colour
) -> tuple[list[tuple[float, float]], list[Colour]]:
    """Corners (across, up) and colours of a slice: outsole, one wall, upper, the other wall."""
    low = 0.012 * max((u - 0.8) / 0.2, 0) ** 2 + 0.008 * max((0.10 - u) / 0.1, 0) ** 2
    top = max(top, low + 0.012)
    sole = min(SOLE_M + 0.012 - 0.006 * u + low, top - 0.004)
    wall = low + 0.35 * (sole - low)
    points = [(0.96 * half * x, low) for x in np.linspace(-1, 1, 7)]
    colours = [_OUTSOLE] * 7 + [_MIDSOLE] * 2
    points += [(1.03 * half, wall), (1.02 * half, sole)]
    for angle in np.linspace(0, np.pi, 12):
        x, y = np.cos(angle), np.sin(angle)
        across = 0.985 * half * np.sign(x) * abs(x) ** 0.75
        points.append((float(across), float(sole + 0.001 + (top - sole) * y**0.8)))
        stripe = abs(1.6 * (u - 0.38) + 0.55 * (y - 0.5)) < 0.09 and y < 0.9
        lace = 0.42 < u < 0.72 and y > 0.93
        colours.append(_WHITE if stripe or lace else colour)
    points += [(-1.02 * half, sole), (-1.03 * half, wall)]
    return points, [*colours, _MIDSOLE, _MIDSOLE]


def _loft(n: int) -> Indices:
    """Triangles, facing out, between rings of n corners, and over both ends."""
    out = []
    for i in range(_SLICES - 1):
        for k in range(n):
            a, b = i * n + k, i * n + (k + 1) % n
            out += [(a, b, a + n), (b, b + n, a + n)]
    end = (_SLICES - 1) * n
    for k in range(1, n - 1):
        out += [(0, k + 1, k), (end, end + k, end + k + 1)]
    return np.array(out)


def _round(share: Array, power: float) -> Array:
    """Outline of a rounded end: 1 up to share 0, then down to 0 at share 1."""
    rounded: Array = np.sqrt((1 - share.clip(0, 1) ** power).clip(0, 1))
    return rounded


def _smoothed(values: Array) -> Array:
    return np.convolve(np.pad(values, 2, "edge"), np.full(5, 0.2), "valid")

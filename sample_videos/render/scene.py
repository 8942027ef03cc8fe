"""Rooms with a treadmill, ray-cast once per clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Literal

import cv2
import numpy as np

from sample_videos.render.camera import Camera, rays
from sample_videos.render.raster import Bytes, Float32, Int
from sample_videos.render.rotations import Array

Room = Literal["gym", "home"]
Paint = Callable[[Array], Array]  # points (n, 3) -> colours (n, 3)

FLOOR_Y = -0.18
_CEILING_Y = 2.9
_FARTHEST = 1e9
# Walls: axis they are perpendicular to, and where they stand.
_WALLS = ((0, 1.9), (0, -1.9), (2, 2.9), (2, -4.2))


@dataclass(frozen=True)
class Spots:
    """Pixels of the flat fixed picture, and where they lie: (n, 2) x and z."""

    pixels: Int
    place: Float32


@dataclass(frozen=True)
class Scene:
    """An empty room: picture, 1 / depth, and the pixels of belt, treadmill top and floor."""

    picture: Bytes
    nearness: Float32
    belt: Spots
    top: Spots
    floor: Spots
    grain: Float32


def build_scene(camera: Camera, room: Room) -> Scene:
    """Look at a room through the fixed picture of a camera."""
    grain = _noise(1024, (64, 16, 4), seed=1)
    view = _View(camera)
    theme = _THEMES[room]
    view.plane(1, FLOOR_Y, theme.floor(grain), "floor")
    for axis, value in _WALLS:
        if (camera.position[axis] - value) * np.sign(value) < 0:
            view.plane(axis, value, theme.wall(grain, 2 if axis == 0 else 0))
    view.plane(1, _CEILING_Y, lambda points: np.full(points.shape, 0.85))
    for low, high, colour in theme.furniture:
        view.box(low, high, colour)
    _add_treadmill(view, theme.metal)
    return view.scene(grain)


@dataclass(frozen=True)
class _Theme:
    wall: Callable[[Float32, int], Paint]
    floor: Callable[[Float32], Paint]
    metal: float
    furniture: tuple[tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]], ...]


class _View:
    """What is nearest along each ray so far."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._rays = rays(camera)
        self._eye = np.array(camera.position)
        shape = self._rays.shape[:2]
        self._depth: Array = np.full(shape, _FARTHEST)
        self._colour = np.zeros((*shape, 3))
        self._kind = np.zeros(shape, "U5")

    def plane(self, axis: int, value: float, paint: Paint, kind: str = "") -> None:
        """Add a plane perpendicular to an axis."""
        with np.errstate(divide="ignore"):
            depth = (value - self._eye[axis]) / self._rays[..., axis]
        hit = (depth > 0) & (depth < self._depth)
        points = self._eye + self._rays[hit] * depth[hit][:, None]
        self._depth[hit], self._colour[hit], self._kind[hit] = depth[hit], paint(points), kind

    def box(
        self,
        low: tuple[float, ...],
        high: tuple[float, ...],
        colour: tuple[float, ...],
        kind: str = "",
    ) -> None:
        """Add a box; ``kind`` names its top."""
        window = self._window(low, high)
        directions, nearest = self._rays[window], self._depth[window]
        with np.errstate(divide="ignore", invalid="ignore"):
            one = (np.array(low) - self._eye) / directions
            other = (np.array(high) - self._eye) / directions
        enter = np.minimum(one, other)
        depth = enter.max(axis=-1)
        hit = (depth < np.maximum(one, other).min(axis=-1)) & (depth > 0.01) & (depth < nearest)
        axis = enter[hit].argmax(axis=-1)
        towards = directions[hit]
        points = self._eye + towards * depth[hit][:, None]
        down = np.take_along_axis(towards, axis[:, None], axis=1)[:, 0] < 0
        is_top = (axis == 1) & down
        side = np.choose(axis, [0.78, np.where(is_top, 1.05, 0.45), 0.66])
        bright = side * (0.92 + 0.16 * (points[:, 1] + 0.2).clip(0, 1.4))
        self._depth[window][hit] = depth[hit]
        self._colour[window][hit] = bright[:, None] * colour
        self._kind[window][hit] = np.where(is_top, kind, "")

    def scene(self, grain: Float32) -> Scene:
        """The finished room."""
        return Scene(
            np.round(255 * self._colour.clip(0, 1)).astype(np.uint8),
            (1 / self._depth).astype(np.float32),
            self._spots("belt"), self._spots("belt", "deck"), self._spots("floor"),
            grain,
        )  # fmt: skip

    def _window(self, low: tuple[float, ...], high: tuple[float, ...]) -> tuple[slice, slice]:
        """Rows and columns in which a box can appear."""
        corners = np.array(list(product(*zip(low, high, strict=True))))
        pixel, depth = self._camera.fixed(corners)
        height, width = self._depth.shape
        if depth.min() < 0.05:
            return slice(0, height), slice(0, width)
        left, top = np.floor(pixel.min(axis=0)).astype(int).clip(0, (width, height))
        right, bottom = np.ceil(pixel.max(axis=0)).astype(int).clip(0, (width, height))
        return slice(top, bottom), slice(left, right)

    def _spots(self, *kinds: str) -> Spots:
        pixels = np.nonzero(np.isin(self._kind, kinds).ravel())[0]
        reach = self._rays.reshape(-1, 3)[pixels] * self._depth.ravel()[pixels][:, None]
        return Spots(pixels, (self._eye + reach)[:, [0, 2]].astype(np.float32))


def _add_treadmill(view: _View, metal: float) -> None:
    grey = (metal, metal * 1.03, metal * 1.09)
    black = (0.10, 0.10, 0.105)
    light = (metal * 1.5, metal * 1.53, metal * 1.62)
    for side in (-1, 1):
        for inner, outer, y, z, colour, kind in (
            (0.27, 0.40, (-0.15, 0.004), (-0.92, 1.0), light, "deck"),
            (0.36, 0.42, (-0.16, 1.12), (0.86, 0.96), grey, ""),
            (0.375, 0.415, (0.90, 0.94), (0.52, 0.92), black, ""),
            (0.30, 0.36, (-0.18, -0.12), (-0.9, -0.8), black, ""),
        ):
            x = sorted((side * inner, side * outer))
            view.box((x[0], y[0], z[0]), (x[1], y[1], z[1]), colour, kind)
    view.box((-0.27, -0.12, -0.90), (0.27, 0.0, 0.95), black, "belt")
    view.box((-0.40, -0.17, 0.75), (0.40, 0.10, 1.15), tuple(1.25 * c for c in light))
    view.box((-0.42, 1.02, 0.86), (0.42, 1.36, 0.93), tuple(0.8 * c for c in grey))
    view.box((-0.22, 1.12, 0.855), (0.22, 1.30, 0.86), (0.20, 0.33, 0.45))


def _gym_wall(grain: Float32, along: int) -> Paint:
    def paint(points: Array) -> Array:
        height, across = points[:, 1] - FLOOR_Y, points[:, along]
        bright = 0.80 + 0.13 * ((height + 0.02) / 2.5).clip(0, 1) + 0.06 * np.cos(0.6 * across)
        colour = np.outer(bright * (1 + 0.012 * _at(grain, across, height)), (0.78, 0.77, 0.74))
        low = height < 0.95
        colour[low] = np.outer(0.85 + 0.15 * height[low], (0.45, 0.52, 0.58))
        colour[np.abs(height - 0.95) < 0.02] = 0.32
        colour[height < 0.10] = (0.25, 0.26, 0.28)
        from_middle = np.abs((across + 0.35) % 1.9 - 0.95)
        outside = np.maximum(from_middle - 0.62, np.abs(height - 1.875) - 0.625)
        colour[outside < 0.03] = 0.93
        pane = outside < -0.03
        colour[pane] = np.outer(0.8 + 0.25 * (height[pane] - 1.25), (0.70, 0.80, 0.88))
        return colour

    return paint


def _gym_floor(grain: Float32) -> Paint:
    def paint(points: Array) -> Array:
        x, z = points[:, 0], points[:, 2]
        board = np.floor(x / 0.14)
        wood = 0.44 + 0.05 * np.sin(board * 12.9898 + 78.2) * np.cos(board * 4.1)
        wood += 0.010 * _at(grain, 1.5 * x, 0.25 * z) - 0.10 * (x / 0.14 - board < 0.04)
        wood *= 0.75 + 0.25 * np.exp(-(x**2 + z**2) / 6)
        return np.outer(wood, (0.945, 0.774, 0.594))

    return paint


def _home_wall(grain: Float32, along: int) -> Paint:
    """Warm plaster with a picture rail and a doorway."""

    def paint(points: Array) -> Array:
        height, across = points[:, 1] - FLOOR_Y, points[:, along]
        bright = 0.86 + 0.08 * np.cos(0.5 * across - 0.4) + 0.03 * height
        bright *= 1 + 0.014 * _at(grain, across, height)
        colour = np.outer(bright, (0.74, 0.66, 0.55))
        colour[np.abs(height - 2.05) < 0.025] = (0.60, 0.52, 0.42)
        door = np.maximum(np.abs(across - 2.0) - 0.45, height - 2.0)
        colour[door < 0.07] = (0.80, 0.76, 0.70)
        colour[door < 0] = (0.50, 0.38, 0.27)
        frame = np.maximum(np.abs(across + 1.7) - 0.34, np.abs(height - 1.55) - 0.26)
        colour[frame < 0.03] = (0.30, 0.22, 0.15)
        inside = frame < -0.01
        waves = np.sin(9 * across[inside]) * np.cos(11 * height[inside])
        colour[inside] = np.outer(waves, (0.10, 0.07, 0.12)) + np.array([0.55, 0.57, 0.45])
        colour[height < 0.09] = (0.82, 0.79, 0.74)
        return colour

    return paint


def _home_floor(grain: Float32) -> Paint:
    """Grey carpet with a rug."""

    def paint(points: Array) -> Array:
        x, z = points[:, 0], points[:, 2]
        pile = 1 + 0.015 * _at(grain, 5 * x, 5 * z)
        colour = np.outer(pile, (0.52, 0.50, 0.48))
        rug = np.maximum(np.abs(x) - 0.85, np.abs(z) - 1.55)
        colour[rug < 0] = np.outer(pile[rug < 0], (0.42, 0.30, 0.27))
        colour[np.abs(rug + 0.08) < 0.02] = (0.62, 0.54, 0.42)
        return colour

    return paint


_THEMES = {
    "gym": _Theme(_gym_wall, _gym_floor, 0.16, ()),
    "home": _Theme(
        _home_wall, _home_floor, 0.30,
        (
            ((1.45, FLOOR_Y, -1.9), (1.85, 0.55, -0.95), (0.45, 0.32, 0.20)),  # sideboard
            ((1.50, 0.55, -1.7), (1.75, 0.80, -1.35), (0.30, 0.36, 0.42)),
            ((1.50, FLOOR_Y, 1.5), (1.85, 0.25, 2.1), (0.42, 0.47, 0.40)),  # footstool
            ((-1.85, FLOOR_Y, 1.5), (-1.45, 0.95, 2.2), (0.45, 0.32, 0.20)),  # shelf
        ),
    ),
}  # fmt: skip


def _at(grain: Float32, a: Array, b: Array) -> Array:
    size = len(grain)
    i, j = np.abs(200 * a).astype(int) % size, np.abs(200 * b).astype(int) % size
    values: Array = grain[i, j].astype(float)
    return values


def _noise(size: int, scales_px: tuple[int, ...], seed: int) -> Float32:
    rng = np.random.default_rng(seed)
    total = np.zeros((size, size), np.float32)
    for scale in scales_px:
        coarse = rng.standard_normal((size // scale + 2,) * 2).astype(np.float32)
        total += cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    return total

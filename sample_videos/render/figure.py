"""Draw a dressed body in a pose, with its shadows."""

from __future__ import annotations

import cv2
import numpy as np

from sample_videos.render.body import Body
from sample_videos.render.camera import Camera
from sample_videos.render.outfit import Dressed
from sample_videos.render.raster import (
    Buffer,
    Bytes,
    Float32,
    Light,
    Placed,
    fill,
    normals,
    shade,
    skin,
)
from sample_videos.render.rotations import Array, unit
from sample_videos.render.runner import Pose

SHADOW_CORNER = np.array([-1.0, -1.2])  # (x, z) of the ground shadow map
_SHADOW_SHAPE = (480, 400)  # cells of 5 mm along z and x
_CELL_M = 0.006  # of the map of what shades what on the body
# Layers of the body by height: (low, high) m, blur in cells, darkness.
_LAYERS = ((-0.05, 0.12, 2.5, 1.0), (0.12, 0.5, 6.0, 0.75), (0.5, 2.2, 14.0, 0.5))


class Figure:
    """A person to be drawn over and over."""

    def __init__(self, body: Body, dressed: Dressed) -> None:
        self._head = body.head
        self._dressed = dressed

    def vertices(self, pose: Pose) -> Array:
        """World places of all vertices."""
        shift = pose.start - np.einsum("bij,bj->bi", pose.rotation, self._head)
        dressed = self._dressed
        return skin(dressed.vertices, dressed.bone, dressed.weight, pose.rotation, shift)

    def draw(
        self, vertices: Array, camera: Camera, picture: Bytes, nearness: Float32, sun: Array
    ) -> None:
        """Draw into the fixed picture; ``nearness`` is 1 / depth of what is there, updated."""
        surface = self._dressed.surface
        pixel, depth = camera.fixed(vertices)
        height, width = nearness.shape
        left, top = np.floor(pixel.min(axis=0)).astype(int).clip(0, (width, height))
        right, bottom = np.ceil(pixel.max(axis=0)).astype(int).clip(0, (width, height))
        window = slice(top, bottom), slice(left, right)
        buffer = Buffer(nearness[window], np.full((bottom - top, right - left), -1, np.int32))
        placed = Placed(
            vertices, normals(vertices, surface.triangles), pixel - (left, top), 1 / depth
        )
        fill(buffer, placed.screen, placed.depth, surface, both_sides=False)
        shade(picture[window], buffer, placed, surface, self._light(vertices, sun, camera))

    def _light(self, vertices: Array, sun: Array, camera: Camera) -> Light:
        """The light with the shadows that a body throws on itself."""
        axes = unit(np.cross(sun, (0.0, 0.0, 1.0)))
        axes = np.stack([axes, np.cross(sun, axes)])
        across = vertices @ axes.T
        origin = across.min(axis=0) - 0.03
        width, height = ((across.max(axis=0) + 0.03 - origin) / _CELL_M).astype(int) + 2
        empty = np.full((height, width), -1e9, np.float32)
        buffer = Buffer(empty, np.full((height, width), -1, np.int32))
        cell = (across - origin) / _CELL_M
        fill(buffer, cell, vertices @ sun, self._dressed.surface, both_sides=True)
        eye = np.array(camera.position)
        return Light(sun, axes, origin, _CELL_M, buffer.depth, 0.66, 0.52, eye)


def ground_shadow(vertices: Array, sun: Array, ground_y: float = 0.0) -> Float32:
    """How dark the ground is around SHADOW_CORNER, softer the higher what shades it."""
    above = vertices[:, 1] - ground_y
    reach = (above / sun[1])[:, None] * sun[[0, 2]]
    cell = ((vertices[:, [0, 2]] - reach - SHADOW_CORNER) * 200).astype(int)
    total = np.zeros(_SHADOW_SHAPE, np.float32)
    on_map = (cell >= 0).all(axis=1) & (cell < _SHADOW_SHAPE[::-1]).all(axis=1)
    for low, high, blur, dark in _LAYERS:
        layer = np.zeros(_SHADOW_SHAPE, np.float32)
        column, row = cell[on_map & (above >= low) & (above < high)].T
        layer[row, column] = dark
        closed = cv2.morphologyEx(layer, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        total = np.maximum(total, cv2.GaussianBlur(closed, (0, 0), blur).astype(np.float32))
    return total

"""Compiled loops: skinning, normals, a depth buffer of triangles, and light on the pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Float32 = NDArray[np.float32]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Bytes = NDArray[np.uint8]
_F = TypeVar("_F", bound=Callable[..., object])


def _compiled(function: _F) -> _F:
    """Compile a function, keeping its type."""
    return cast("_F", numba.njit(cache=True)(function))


class Surface(NamedTuple):
    """Triangles to draw: (m, 3) corners, and per vertex what is kept (> 0), colour and gloss."""

    triangles: Int
    keep: Float
    colour: Float
    gloss: Float


class Buffer(NamedTuple):
    """What is nearest in each pixel: ``depth`` (larger is nearer) and the triangle, -1 for none."""

    depth: Float32
    triangle: Int32


class Placed(NamedTuple):
    """Vertices in the world with normals, and on the screen with depth (larger is nearer)."""

    position: Float
    normal: Float
    screen: Float
    depth: Float


class Light(NamedTuple):
    """A distant light: direction to it, two axes across it, and how far it reaches into shadow.

    ``shadow`` is a depth map along the direction; world point p falls on its pixel
    ``(p @ axes.T - origin) / cell_m``.
    """

    direction: Float
    axes: Float
    origin: Float
    cell_m: float
    shadow: Float32
    ambient: float
    diffuse: float
    eye: Float


@_compiled
def _dot(first: Float, second: Float) -> float:
    total: float = first[0] * second[0] + first[1] * second[1] + first[2] * second[2]
    return total


@_compiled
def _to_unit(vector: Float) -> None:
    """Scale a vector to length 1 in place."""
    length = np.sqrt(_dot(vector, vector)) + 1e-12
    for k in range(3):
        vector[k] /= length


@_compiled
def _weights(screen: Float, corners: Int, x: float, y: float) -> tuple[float, float, float]:
    """Barycentric coordinates of a screen point in a triangle."""
    ax, ay = screen[corners[0]]
    bx, by = screen[corners[1]]
    cx, cy = screen[corners[2]]
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    u = ((cx - bx) * (y - by) - (cy - by) * (x - bx)) / area
    v = ((ax - cx) * (y - cy) - (ay - cy) * (x - cx)) / area
    return u, v, 1 - u - v


@_compiled
def skin(rest: Float, bone: Int, weight: Float, rotation: Float, shift: Float) -> Float:
    """Move vertices with their bones: ``weight`` (n, k) of the bones ``bone`` (n, k)."""
    out = np.zeros_like(rest)
    for i in range(len(rest)):
        for k in range(bone.shape[1]):
            w, b = weight[i, k], bone[i, k]
            if w > 0:
                for row in range(3):
                    moved = shift[b, row]
                    for column in range(3):
                        moved += rotation[b, row, column] * rest[i, column]
                    out[i, row] += w * moved
    return out


@_compiled
def normals(vertices: Float, triangles: Int) -> Float:
    """Unit normal of each vertex, the area-weighted mean of its triangles."""
    out = np.zeros_like(vertices)
    for i in range(len(triangles)):
        a, b, c = triangles[i]
        for k in range(3):
            # Component k of the cross product of two edges.
            m, n = (k + 1) % 3, (k + 2) % 3
            across = (vertices[b, m] - vertices[a, m]) * (vertices[c, n] - vertices[a, n])
            across -= (vertices[b, n] - vertices[a, n]) * (vertices[c, m] - vertices[a, m])
            out[a, k] += across
            out[b, k] += across
            out[c, k] += across
    for i in range(len(out)):
        _to_unit(out[i])
    return out


@_compiled
def fill(buffer: Buffer, screen: Float, depth: Float, surface: Surface, both_sides: bool) -> None:
    """Draw triangles into a buffer; those seen from behind only if asked."""
    height, width = buffer.depth.shape
    for t in range(len(surface.triangles)):
        a, b, c = surface.triangles[t]
        ax, ay = screen[a]
        bx, by = screen[b]
        cx, cy = screen[c]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area > -1e-9 and not (both_sides and area > 1e-9):
            continue
        left = max(int(np.ceil(min(ax, bx, cx) - 0.5)), 0)
        right = min(int(np.floor(max(ax, bx, cx) - 0.5)), width - 1)
        top = max(int(np.ceil(min(ay, by, cy) - 0.5)), 0)
        bottom = min(int(np.floor(max(ay, by, cy) - 0.5)), height - 1)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                x, y = column + 0.5, row + 0.5
                u = ((cx - bx) * (y - by) - (cy - by) * (x - bx)) / area
                v = ((ax - cx) * (y - cy) - (ay - cy) * (x - cx)) / area
                w = 1 - u - v
                if u < 0 or v < 0 or w < 0:
                    continue
                near = u * depth[a] + v * depth[b] + w * depth[c]
                if near <= buffer.depth[row, column]:
                    continue
                if u * surface.keep[a] + v * surface.keep[b] + w * surface.keep[c] > 0:
                    buffer.depth[row, column] = near
                    buffer.triangle[row, column] = t


@_compiled
def shade(image: Bytes, buffer: Buffer, placed: Placed, surface: Surface, light: Light) -> None:
    """Colour the pixels of ``image`` (height, width, 3) in which a buffer holds a triangle."""
    height, width = buffer.triangle.shape
    place, up, colour = placed.position, placed.normal, surface.colour
    point, normal, view = np.empty(3), np.empty(3), np.empty(3)  # made once: memory is slow
    for row in range(height):
        for column in range(width):
            t = buffer.triangle[row, column]
            if t < 0:
                continue
            a, b, c = surface.triangles[t]
            u, v, w = _weights(placed.screen, surface.triangles[t], column + 0.5, row + 0.5)
            for k in range(3):
                point[k] = u * place[a, k] + v * place[b, k] + w * place[c, k]
                normal[k] = u * up[a, k] + v * up[b, k] + w * up[c, k]
                view[k] = light.eye[k] - point[k]
            _to_unit(normal)
            _to_unit(view)
            bright, shine = _light(light, point, normal, view)
            shine *= u * surface.gloss[a] + v * surface.gloss[b] + w * surface.gloss[c]
            for k in range(3):
                value = u * colour[a, k] + v * colour[b, k] + w * colour[c, k]
                value = value * bright * (1.03 - 0.035 * k) + 0.6 * shine
                image[row, column, k] = int(255 * min(max(value, 0.0), 1.0) + 0.5)


@_compiled
def _light(light: Light, point: Float, normal: Float, view: Float) -> tuple[float, float]:
    """How bright a point is, and how much of the light a mirror there would show the eye."""
    facing = max(_dot(normal, view), 0.0)
    towards = _dot(normal, light.direction)
    wrapped = min(max((towards + 0.25) / 1.25, 0.0), 1.0)
    lit = 0.25 + 0.75 * _lit(light, point, normal)
    sky = 0.81 + 0.19 * normal[1]
    crevice = 0.68 + 0.32 * facing
    bright = light.ambient * sky * crevice * (0.8 + 0.2 * lit) + light.diffuse * wrapped * lit
    # The half vector's length from the angle between light and view.
    half = np.sqrt(2 + 2 * _dot(light.direction, view)) + 1e-9
    mirrored = max((towards + _dot(normal, view)) / half, 0.0)
    return bright, mirrored**24 * lit


@_compiled
def _lit(light: Light, point: Float, normal: Float) -> float:
    """Share of the light that reaches a point a little above the surface, 0 in full shadow."""
    height, width = light.shadow.shape
    lift_m = 0.008
    along = _dot(light.direction, point) + lift_m * _dot(light.direction, normal)
    across = _dot(light.axes[0], point) + lift_m * _dot(light.axes[0], normal)
    up = _dot(light.axes[1], point) + lift_m * _dot(light.axes[1], normal)
    x = (across - light.origin[0]) / light.cell_m
    y = (up - light.origin[1]) / light.cell_m
    lit = 0
    for row in range(4):
        for column in range(4):
            i = min(max(int(y + row - 1.5), 0), height - 1)
            j = min(max(int(x + column - 1.5), 0), width - 1)
            if light.shadow[i, j] < along + 0.014:
                lit += 1
    return lit / 16


@_compiled
def paint_belt(image: Bytes, pixels: Int, place: Float32, travel_m: float, grain: Float32) -> None:
    """Colour the belt: ``pixels`` of the flat image and where (x, z) on the belt they lie."""
    size = grain.shape[0]
    flat = image.reshape(-1, 3)
    for i in range(len(pixels)):
        x, z = place[i, 0], place[i, 1] + travel_m
        value = 0.115 + 0.008 * grain[int(z * 400) % size, int(x * 400 + 512) % size]
        if z % 3.1 < 0.012:
            value *= 0.65
        if 0.4 < z % 1.55 < 0.52 and abs(abs(x) - 0.2) < 0.014:
            value = 0.55
        for k in range(3):
            flat[pixels[i], k] = int(255 * min(max(value, 0.0), 1.0) + 0.5)


@_compiled
def darken(image: Bytes, pixels: Int, place: Float32, shadow: Float32, corner: Float) -> None:
    """Lay a shadow map of 5 mm cells, ``corner`` its (x, z), over pixels at (x, z)."""
    rows, columns = shadow.shape
    flat = image.reshape(-1, 3)
    for i in range(len(pixels)):
        column = min(max(int((place[i, 0] - corner[0]) * 200), 0), columns - 1)
        row = min(max(int((place[i, 1] - corner[1]) * 200), 0), rows - 1)
        left = 1 - 0.62 * shadow[row, column]
        if left < 1:
            for k in range(3):
                flat[pixels[i], k] = int(flat[pixels[i], k] * left)

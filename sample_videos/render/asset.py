"""Load the body mesh that ``build_asset`` made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sample_videos.render.rotations import Array

ASSET = Path(__file__).with_name("human.npz")
VERTEX_UNIT_M = 4e-5
GROUPS = ("body", "helper-tights", "helper-l-eye", "helper-r-eye")
MASKS = ("lips", "ears")

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Asset:
    """A body in its rest pose, metres, as it comes (not yet scaled or stood on the ground).

    ``vertices`` (n, 3); ``weights`` (n, n_bones), rows sum to 1; ``triangles`` by mesh group;
    ``joints`` by name without the leading "joint-"; ``parent`` -1 for the first bone; ``head``
    (n_bones, 3) where each bone starts; ``masks`` by name, (n,) 0..1.
    """

    vertices: Array
    weights: Array
    triangles: Mapping[str, Indices]
    joints: Mapping[str, Array]
    bones: tuple[str, ...]
    parent: tuple[int, ...]
    head: Array
    masks: Mapping[str, Array]


def load_asset(body: str, path: Path = ASSET) -> Asset:
    """Read one body. Raises FileNotFoundError before ``build_asset`` was run."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run sample_videos.render.build_asset first")
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    joints = arrays[f"joints_{body}"].astype(float)
    names = [str(name).removeprefix("joint-") for name in arrays["joint_names"]]
    quads, group = arrays["quads"].astype(np.int64), arrays["group"]
    return Asset(
        vertices=arrays[f"vertices_{body}"] * VERTEX_UNIT_M,
        weights=_dense(arrays["weight_bone"], arrays["weight"], len(arrays["bones"])),
        triangles={name: triangles(quads[group == i]) for i, name in enumerate(GROUPS)},
        joints=dict(zip(names, joints, strict=True)),
        bones=tuple(str(bone) for bone in arrays["bones"]),
        parent=tuple(int(parent) for parent in arrays["parent"]),
        head=joints[arrays["head"]],
        masks=dict(zip(MASKS, arrays["masks"] / 255.0, strict=True)),
    )


def triangles(quads: Indices) -> Indices:
    """Cut quads in two; drop the empty half of those that repeat a corner."""
    cut = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    a, b, c = cut.T
    whole: Indices = cut[(a != b) & (b != c) & (c != a)]
    return whole


def _dense(bone: NDArray[np.uint8], weight: NDArray[np.uint8], n_bones: int) -> Array:
    dense = np.zeros((len(bone), n_bones))
    np.put_along_axis(dense, bone.astype(np.int64), weight / 255.0, axis=1)
    scaled: Array = dense / dense.sum(axis=1, keepdims=True)
    return scaled

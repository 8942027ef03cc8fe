"""The landmark network without its silhouette, which formcheck does not look at.

Besides landmarks the network draws a mask of the body at 256 x 256. Those layers are a sixth of
its operations but work on the largest pictures: without them a frame takes 11.6 ms of processor
time instead of 16.6 (full model; measured), and the landmarks are the same, bit for bit. The
runtime wants five outputs all the same, so another one is named in the mask's place.

A TFLite file is a FlatBuffer: lists of operators and outputs are shortened and rewritten where
they are, and everything else stays. Formats: https://flatbuffers.dev/internals and TensorFlow
Lite's schema.fbs.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

from formcheck.pose import bundle

_MODEL_SUBGRAPHS = 2  # numbers of fields in the tables of schema.fbs
_GRAPH_TENSORS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = 0, 2, 3
_OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 1, 2
_TENSOR_SHAPE = 0


def without_silhouette(path: Path) -> bytes | None:
    """The bundle at a path with a shorter landmark network.

    None when its network has no silhouette that could be left out, or is none at all: then the
    file should be used as it is.
    """
    members = dict(bundle.read_members(path))
    if not set(bundle.MEMBERS) <= members.keys():
        return None
    landmarks = bundle.MEMBERS[1]
    try:
        shorter = trimmed(members[landmarks])
    except (struct.error, IndexError):  # not a TFLite file: the runtime has the words for it
        return None
    if shorter is None:
        return None
    file = io.BytesIO()
    bundle.write_bundle(file, members | {landmarks: shorter})
    return file.getvalue()


def trimmed(network: bytes) -> bytes | None:
    """A TFLite network without the operators only its mask needs; None when it has no mask."""
    data = bytearray(network)
    graph = _Table(data, _Table(data, _uint(data, 0)).vector(_MODEL_SUBGRAPHS)[0])
    outputs = graph.numbers(_GRAPH_OUTPUTS)
    tensors = graph.vector(_GRAPH_TENSORS)
    masks = [k for k, tensor in enumerate(outputs) if _is_mask(_Table(data, tensors[tensor]))]
    if len(masks) != 1 or len(outputs) == 1:
        return None
    outputs[masks[0]] = outputs[masks[0] - 1]
    graph.set_numbers(_GRAPH_OUTPUTS, outputs)
    operators = graph.vector(_GRAPH_OPERATORS)
    graph.set_vector(_GRAPH_OPERATORS, list(_needed(data, operators, set(outputs))))
    return bytes(data)


def _is_mask(tensor: _Table) -> bool:
    """Whether a tensor is one square picture with one channel."""
    shape = tensor.numbers(_TENSOR_SHAPE)
    return len(shape) == 4 and shape[0] == shape[3] == 1 and shape[1] == shape[2] > 1


def _needed(data: bytearray, operators: list[int], wanted: set[int]) -> Iterator[int]:
    """Operators that wanted tensors depend on, in order; they stand in the order of execution."""
    kept = []
    for operator in reversed(operators):
        table = _Table(data, operator)
        if wanted & set(table.numbers(_OPERATOR_OUTPUTS)):
            wanted = wanted | set(table.numbers(_OPERATOR_INPUTS))
            kept.append(operator)
    return reversed(kept)


class _Table:
    """A table of a FlatBuffer and its vectors, which can be rewritten no longer than they are."""

    def __init__(self, data: bytearray, at: int) -> None:
        self._data = data
        self._at = at
        self._vtable = at - int(struct.unpack_from("<i", data, at)[0])

    def vector(self, number: int) -> list[int]:
        """Where the tables in a vector begin."""
        start, count = self._vector(number)
        return [slot + _uint(self._data, slot) for slot in range(start, start + 4 * count, 4)]

    def set_vector(self, number: int, tables: list[int]) -> None:
        """Replace a vector of tables."""
        start, _ = self._vector(number)
        offsets = [table - (start + 4 * k) for k, table in enumerate(tables)]
        struct.pack_into(f"<{1 + len(offsets)}I", self._data, start - 4, len(offsets), *offsets)

    def numbers(self, number: int) -> list[int]:
        """Values of a vector of 32-bit integers."""
        start, count = self._vector(number)
        return list(struct.unpack_from(f"<{count}i", self._data, start))

    def set_numbers(self, number: int, values: list[int]) -> None:
        """Replace the values of a vector by as many others."""
        struct.pack_into(f"<{len(values)}i", self._data, self._vector(number)[0], *values)

    def _vector(self, number: int) -> tuple[int, int]:
        """Where the items of a vector begin, and how many there are; none when it is left out."""
        offset = 0
        if 4 + 2 * number < struct.unpack_from("<H", self._data, self._vtable)[0]:
            offset = struct.unpack_from("<H", self._data, self._vtable + 4 + 2 * number)[0]
        if not offset:
            return self._at, 0
        start = self._at + offset + _uint(self._data, self._at + offset)
        return start + 4, _uint(self._data, start)


def _uint(data: bytearray, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])

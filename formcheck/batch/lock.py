"""One batch at a time on an output folder, and who it is."""

from __future__ import annotations

import json
import os
import platform
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from formcheck.errors import OutputError
from formcheck.texts import text

_LOCK, _HOLDER = ".batch.lock", ".batch.holder.json"
_RENEW_S = 30.0
_STALE_S = 4 * _RENEW_S


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold a folder of this machine; the system lets go of it when the process dies.

    Raises OutputError, naming the holder, when another batch has it.
    """
    lock = filelock.FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise _held(str(folder), holder(folder)) from error
    except OSError as error:
        facts = {"path": str(folder), "why": error.strerror}
        raise OutputError(text("errors", "batch.unwritable", **facts)) from error
    try:
        _sign(folder)
        yield
    finally:
        (folder / _HOLDER).unlink(missing_ok=True)
        lock.release()


def _sign(folder: Path) -> None:
    try:
        (folder / _HOLDER).write_text(json.dumps(_me()), encoding="utf-8")
    except OSError as error:
        facts = {"path": str(folder), "why": error.strerror}
        raise OutputError(text("errors", "batch.unwritable", **facts)) from error


@contextmanager
def lease(file_system: Any, path: str, place: str) -> Iterator[None]:
    """Hold a folder in a store, where nothing notices that a process died.

    The holder renews an object every half minute; after two minutes of silence it counts as gone.
    Raises OutputError, naming the holder, when another batch has it.
    """
    holder = _stored(file_system, path)
    if holder is not None and time.time() - float(holder["renewed_unix_s"]) < _STALE_S:
        raise _held(place, holder)
    me = _me()
    _store(file_system, path, me)
    if _stored(file_system, path).get("token") != me["token"]:
        raise _held(place, _stored(file_system, path))
    done = threading.Event()

    def renew() -> None:
        while not done.wait(_RENEW_S):
            _store(file_system, path, me)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        if (_stored(file_system, path) or {}).get("token") == me["token"]:
            file_system.rm_file(path)


def _me() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "host": platform.node(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "token": secrets.token_hex(8),
    }


def holder(folder: Path) -> Mapping[str, Any]:
    """Return who holds a folder, as far as it has said so."""
    try:
        found: Mapping[str, Any] = json.loads((folder / _HOLDER).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it holds the lock and has not written yet
        return {}
    return found


def _stored(file_system: Any, path: str) -> Any:
    try:
        return json.loads(file_system.cat_file(path))
    except FileNotFoundError:
        return None


def _store(file_system: Any, path: str, holder: Mapping[str, Any]) -> None:
    file_system.makedirs(path.rpartition("/")[0], exist_ok=True)
    text = json.dumps({**holder, "renewed_unix_s": time.time()})
    file_system.pipe_file(path, text.encode())


def _held(place: str, holder: Mapping[str, Any]) -> OutputError:
    who = text("errors", "batch.somebody")
    if {"pid", "host", "since"} <= set(holder):
        facts = {name: str(holder[name]) for name in ("pid", "host", "since")}
        who = text("errors", "batch.holder", **facts)
    return OutputError(text("errors", "batch.in_use", place=place, who=who))

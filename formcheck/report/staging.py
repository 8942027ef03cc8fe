"""A result folder: written beside its place and moved in when complete.

While a result is being written it lies in ``.<name>.<host>.<process>.<random>.partial`` beside its
place. A killed run leaves that folder, never half a result; the next run for the same place removes
what processes that are gone have left. With ``force`` the old folder steps aside under a name
ending in ``.replaced`` for the moment of the exchange; what the user put into it moves into the new
one.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formcheck.domain import ClipVerdict
from formcheck.errors import OutputError
from formcheck.texts import text

OURS = frozenset(
    f"{stem}.{ending}"
    for stem, endings in {
        "annotated": "mp4",
        "compare": "html pdf json csv",
        "config": "toml",
        "pose": "npz",
        "report": "html pdf",
        "run": "log",
        "session": "html pdf json",
        "strides": "csv",
        "summary": "json",
        "thumbnail": "jpg",
        "before": "mp4",
        "after": "mp4",
    }.items()
    for ending in endings.split()
)
"""Names of the files that result folders of any kind have."""
_SESSION, _CLIP = "session.json", "summary.json"
_REFUSED = ClipVerdict.REFUSED.value
logger = logging.getLogger(__name__)


@contextmanager
def staged(folder: Path, mark: str, *, force: bool = False) -> Iterator[Path]:
    """Give a new folder to write into and put it in its place when the block ends well.

    ``mark`` is the name of the file by which an earlier result is known. Raises OutputError when
    the place holds anything (unless it is a refusal, or ``force`` and it is an earlier result) or
    cannot be written.
    """
    check_output(folder, mark, force=force)
    target = folder.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        tidy_up(target)
        staging = target.parent / _beside(target, "partial")
        staging.mkdir()
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield staging
        check_output(folder, mark, force=force)
        _move(staging, target)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_output(folder: Path, mark: str, *, force: bool = False) -> None:
    """Raise OutputError when a result could not be put there; nothing is created.

    ``mark`` is the name of the file by which an earlier result is known.
    """
    target = folder.resolve()
    try:
        if target.is_dir():
            _check_replaceable(folder, target, mark, force=force)
        elif target.exists():
            raise OutputError(text("errors", "folder.is_file", folder=str(folder)))
        _check_writable(folder, target)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _check_replaceable(folder: Path, target: Path, mark: str, *, force: bool) -> None:
    if not any(target.iterdir()):
        return
    if not (target / mark).is_file():
        raise OutputError(text("errors", "folder.others", folder=str(folder)))
    if not force and not _is_refusal(target / mark):
        raise OutputError(text("errors", "folder.taken", folder=str(folder)))


def _is_refusal(path: Path) -> bool:
    """Whether a result says no more than that its clip was refused: nothing is lost with it."""
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")).get("verdict") == _REFUSED)
    except ValueError:
        return False


def _check_writable(folder: Path, target: Path) -> None:
    parent = next(above for above in target.parents if above.exists())
    if not parent.is_dir():
        facts = {"parent": str(parent), "folder": str(folder)}
        raise OutputError(text("errors", "folder.below_file", **facts))
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(text("errors", "folder.locked", parent=str(parent)))


def _move(staging: Path, target: Path) -> None:
    """Put a complete folder in its place, an earlier one out of it."""
    if not target.exists():
        staging.rename(target)
        return
    aside = target.parent / _beside(target, "replaced")
    target.rename(aside)
    try:
        staging.rename(target)
    except OSError:
        aside.rename(target)
        raise
    _let_go(aside, target)


def _let_go(aside: Path, target: Path) -> None:
    """Remove a replaced result; what is the user's in it moves to the one in its place."""
    for path in users_own(aside):
        place = target / path.name
        if not os.path.lexists(place):
            path.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def users_own(folder: Path) -> list[Path]:
    """Return what lies in a result folder and is no part of the result."""
    is_session = (folder / _SESSION).is_file()

    def is_ours(path: Path) -> bool:
        return path.name in OURS or (is_session and (path / _CLIP).is_file())

    return sorted(path for path in folder.iterdir() if not is_ours(path))


def _beside(target: Path, ending: str) -> str:
    return f".{target.name}.{_host()}.{os.getpid()}.{secrets.token_hex(4)}.{ending}"


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", platform.node()) or "host"


def tidy_up(target: Path) -> None:
    """Remove what killed runs of this host left; give back a result caught in its exchange.

    ``target`` is the resolved path of a result folder, there or not.
    """
    pattern = re.compile(
        re.escape(f".{target.name}.{_host()}.") + r"(\d+)\.[0-9a-f]{8}\.(partial|replaced)"
    )
    for left in sorted(target.parent.iterdir()):
        found = pattern.fullmatch(left.name)
        if found is None or _is_running(int(found[1])):
            continue
        if found[2] == "replaced" and not target.exists():
            left.rename(target)
        elif found[2] == "replaced":
            _let_go(left, target)
        else:
            logger.info("removing %s, left by a run that was killed", left)
            shutil.rmtree(left)


def _is_running(process: int) -> bool:
    """Whether a process of this host may still be alive; where that cannot be asked, yes."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _unwritable(folder: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(text("errors", "folder.unwritable", folder=str(folder), why=why))

"""A page as a PDF, printed by the browser of the machine.

Only a browser lays the page out as it is meant; the libraries that can be installed with pip alone
know little of its style sheet, and the one that knows more needs system libraries.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from formcheck.errors import OutputError
from formcheck.texts import text

_COMMANDS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge", "microsoft-edge-stable",
)  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_TIMEOUT_S = 120


def find_browser() -> str:
    """Return the browser that prints. Raises OutputError, naming what to install, without one."""
    known = (shutil.which(command) for command in _COMMANDS)
    places = (place for place in _PLACES if Path(place).is_file())
    found = next(filter(None, known), None) or next(places, None)
    if found is None:
        raise OutputError(text("errors", "pdf.no_browser"))
    return found


def print_page(page: Path) -> Path:
    """Print a page of this machine into a PDF beside it, and return that.

    Raises OutputError when that fails.
    """
    path = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="formcheck-print-") as profile:
        printed = Path(profile) / path.name
        done = _run([*_command(profile), f"--print-to-pdf={printed}", page.resolve().as_uri()])
        if not printed.is_file():
            why = " ".join(done.split())[-300:] or text("errors", "pdf.nothing")
            raise OutputError(text("errors", "pdf.failed", path=str(path), why=why))
        shutil.copyfile(printed, path)
    return path


def _command(profile: str) -> list[str]:
    options = [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-pdf-header-footer", f"--user-data-dir={profile}",
    ]  # fmt: skip
    # The page is ours and asks for nothing; as root, as in a container, there is no sandbox.
    if sys.platform != "win32" and os.geteuid() == 0:
        options.append("--no-sandbox")
    return [find_browser(), *options]


def _run(command: list[str]) -> str:
    """What the browser said."""
    try:
        done = subprocess.run(  # noqa: S603 - a browser from a fixed list, and a page of ours
            command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        facts = {"browser": command[0], "why": str(error)}
        raise OutputError(text("errors", "pdf.no_answer", **facts)) from error
    return done.stderr

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from formcheck.report import write_report
from tests.report import example

# The picture keeps the page loading, and so the browser alive, until the result came in.
PROBE = """<!doctype html><video muted src="annotated.mp4"></video><img src="wait"><script>
const video = document.querySelector("video");
const tell = (text) => fetch(`result?${text}`);
video.addEventListener("error", () => tell("error"));
video.addEventListener("canplay", () => { video.currentTime = 2.0; }, { once: true });
video.addEventListener("seeked", () =>
  tell(`${video.videoWidth}x${video.videoHeight},${video.duration.toFixed(2)}`));
</script>"""


class Listener(SimpleHTTPRequestHandler):
    """Serves a folder and keeps the first result it is told."""

    told = threading.Event()
    result = ""

    def do_GET(self) -> None:
        if self.path.startswith("/result?"):
            Listener.result = self.path.partition("?")[2]
            Listener.told.set()
        if self.path.startswith("/wait"):
            Listener.told.wait(30)
        if self.path.startswith(("/wait", "/result")):
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Stay quiet."""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_annotated_clip_plays_in_chromium(tmp_path: Path) -> None:
    clip = example.write_clip(tmp_path / "clip.mp4")
    folder = write_report(example.analysis(), tmp_path / "out", clip=clip).parent
    (folder / "probe.html").write_text(PROBE, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Listener, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
        f"http://127.0.0.1:{server.server_port}/probe.html",
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=90, check=True)
    server.shutdown()
    server.server_close()
    assert re.fullmatch(r"320x\d+,4\.0\d", Listener.result)

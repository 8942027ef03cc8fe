"""The page of all clips: whole without scripts, and what scripts add."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import cv2
import numpy as np
import pytest

from formcheck.batch import page
from formcheck.batch.manifest import Record
from formcheck.batch.outputs import LocalOutputs
from formcheck.batch.table import csv_text, value_names
from formcheck.texts import Language, ReportStyle, Units
from tests.batch.conftest import rows

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")

STATES = ("analysed", "partial", "refused", "failed")


def record(number: int) -> Record:
    """Clips whose cadence falls as their number grows; every fourth has none."""
    state = STATES[number % 4]
    usable = state in {"analysed", "partial"}
    cadence = 190.0 - number
    values = {
        "cadence_spm": [cadence, cadence - 1, cadence + 1],
        "knee_at_contact_deg_left": [-10.0 - number, -20.0, 0.0],
        "contact_time_s_right": [0.25, 0.2, 0.3],
    }
    return Record(
        at="2026-01-01T00:00:00Z",
        clip=f"runners/<{number:02d}> & co.mp4",
        source="/in",
        folder=f"runners/<{number:02d}> & co",
        state=state,
        clip_sha256="0" * 64,
        tag=None,
        config_sha256="1" * 64,
        model_sha256="2" * 64,
        is_annotated=True,
        has_page=state == "refused",
        seconds=1.0,
        reasons=() if state == "analysed" else (f"reason of a clip that was {state}",),
        row={"near_side": "right", "values": values, "main_finding": "Look ahead", "fix": ["gaze"]}
        if usable
        else {},
    )


RECORDS = [record(number) for number in range(24)]
NAMES = value_names(RECORDS)


@pytest.fixture(scope="module")
def text() -> str:
    return "".join(page.html_text(lambda: iter(RECORDS), NAMES))


def test_the_page_fetches_nothing_and_has_a_row_per_clip(text: str) -> None:
    assert not re.search(r"https?://", text)
    assert text.count('<tr data-state="') == len(RECORDS)
    assert "&lt;00&gt; &amp; co.mp4" in text
    assert 'href="runners/%3C00%3E%20%26%20co/report.html"' in text
    assert text.count("report.html") == 18  # of what was measured or refused
    assert text.count("thumbnail.jpg") == 12


def test_values_are_those_of_the_near_side_with_their_interval(text: str) -> None:
    first = html.unescape(text[text.index('<tr data-state="analysed"') :])
    assert "190 steps/min<small>189 to 191 steps/min</small>" in first
    assert "0.250" in first


def test_distributions_hold_every_value_that_enough_clips_have(text: str) -> None:
    assert "Cadence: 12 clips from 169 steps/min to 190 steps/min" in text
    assert "Knee flexion at contact, left: 12 clips" in text
    assert "Trunk lean:" not in text


def test_a_value_all_clips_share_is_said_once(text: str) -> None:
    assert 'aria-label="Contact time, right: 0.250\u202fs in all of them"' in text
    assert "<span>0.250\u202fs in all of them</span></div>" in text


def test_values_that_are_alike_as_they_are_written_are_one_bar() -> None:
    """Six bars over the whole width would show differences nobody can read."""
    times_s = (0.2496, 0.2497, 0.2498, 0.2499, 0.25, 0.2501)
    records = [
        replace(record(0), row={"near_side": "right", "values": {"contact_time_s_right": [at] * 3}})
        for at in times_s
    ]
    text = "".join(page.html_text(lambda: iter(records), NAMES))
    figure = text.split('aria-label="Contact time, right: 0.250\u202fs in all of them"')[1]
    assert figure.split("</svg>")[0].count("<rect") == 1


def test_above_a_limit_the_table_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_ROWS", 5)
    short = "".join(page.html_text(lambda: iter(RECORDS), NAMES))
    assert short.count('<tr data-state="') == 5
    assert "The first 5 clips by" in short


def test_the_table_file_has_three_columns_a_value_and_one_metric_none_has() -> None:
    lines = "".join(csv_text(RECORDS, NAMES)).splitlines()
    assert "cadence_spm,cadence_spm_low,cadence_spm_high" in lines[0]
    assert "knee_at_contact_deg_left_low" in lines[0]
    assert "knee_at_contact_deg_right_low" not in lines[0]
    assert "stride_length_m_low" in lines[0]
    assert len(lines) == 1 + len(RECORDS)


def test_the_table_file_is_told_to_be_utf_8_so_that_a_spreadsheet_shows_every_letter(
    tmp_path: Path,
) -> None:
    outputs = LocalOutputs(tmp_path)
    outputs.publish("batch.csv", csv_text([replace(RECORDS[0], clip="Jürgen läuft.mp4")], NAMES))
    assert (tmp_path / "batch.csv").read_bytes().startswith(b"\xef\xbb\xbfclip,")
    assert list(rows(tmp_path)) == ["Jürgen läuft.mp4"]


def test_no_name_of_a_clip_becomes_a_formula_and_every_one_stays_the_same_path(
    tmp_path: Path,
) -> None:
    clips = ["=1+1.mp4", "+49.mp4", "-1.mp4", "@sum.mp4", "\uff1d1.mp4", "a=1.mp4", "sub/=1.mp4"]
    made = [
        replace(
            RECORDS[0],
            clip=clip,
            folder=clip.removesuffix(".mp4"),
            reasons=("seen", f"{clip} is cut"),
        )
        for clip in clips
    ]
    LocalOutputs(tmp_path).publish("batch.csv", csv_text(made, NAMES))
    found = rows(tmp_path)
    assert [str(PurePosixPath(clip)) for clip in found] == clips
    for row, record in zip(found.values(), made, strict=True):
        sentences = row["reasons"].split("; ")
        texts = [row["clip"], row["folder"], *sentences]
        assert not any(re.match(r"[=+\-@\t\r\n\uff1d]", each) for each in texts)
        assert str(PurePosixPath(row["folder"])) == record.folder
        assert sentences[1].removeprefix("./") == f"{record.clip} is cut"
        assert float(row["knee_at_contact_deg_left"]) < 0


PROBE = """<script>
const names = () => [...document.querySelectorAll("tbody tr:not([hidden]) th")]
  .map((cell) => Number(cell.textContent.match(/<(\\d+)>/)[1]));
const set = (selector, value, event) => {
  const field = document.querySelector(selector);
  field.value = value;
  field.dispatchEvent(new Event(event));
};
const told = { width: document.documentElement.scrollWidth };
const heads = [...document.querySelectorAll("thead th")];
const cadence = heads.find((head) => head.textContent === "Cadence");
cadence.querySelector("button").click();
told.up = names();
cadence.querySelector("button").click();
told.down = names();
document.querySelector("input[value=refused]").click();
set("input[type=search]", "reason failed", "input");
told.found = names();
set("input[type=search]", "", "input");
const option = [...document.querySelectorAll("#choice option")]
  .find((one) => one.textContent === "Knee flexion at contact, left");
set("#choice", option.value, "change");
told.chosen = document.querySelector("tbody tr td[data-chosen]").textContent;
told.wide = document.documentElement.scrollWidth;
parent.postMessage(JSON.stringify(told), "*");
</script>"""

MORE = """<script>
const shown = () => [...document.querySelectorAll("tbody tr")]
  .filter((row) => getComputedStyle(row).display !== "none").length;
const more = document.querySelector("#more");
const told = { first: shown(), button: more.textContent };
told.count = document.querySelector("#count").textContent;
document.querySelector("input[value=refused]").click();
told.button_of_others = more.textContent;
document.querySelector("input[value=refused]").click();
more.click();
told.all = shown();
told.is_hidden = more.hidden;
parent.postMessage(JSON.stringify(told), "*");
</script>"""

# A window of Chromium is never narrower than 500 pixels; a frame is.
FRAME = """<!doctype html><pre id="told">null</pre><script>
const told = {};
addEventListener("message", (event) => {
  const frame = [...document.querySelectorAll("iframe")]
    .find((one) => one.contentWindow === event.source);
  told[frame.width] = JSON.parse(event.data);
  document.querySelector("#told").textContent = JSON.stringify(told);
});
</script>"""
PICTURES = """<script>
addEventListener("load", () => setTimeout(() => {
  const shown = [...document.images].filter((image) => image.naturalWidth > 0);
  parent.postMessage(String(shown.length), "*");
}, 500));
</script>"""
FROM_ELSEWHERE = """<script>
const refused = [];
addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
new Image().src = "http://127.0.0.1:9/picture.png";
fetch("http://127.0.0.1:9/").catch(() => null);
document.body.append(Object.assign(document.createElement("script"), {src: "other.js"}));
setTimeout(() => parent.postMessage(JSON.stringify(refused), "*"), 500);
</script>"""
WIDTH = """<script>
parent.postMessage(JSON.stringify(document.documentElement.scrollWidth), "*");
</script>"""


def told_by(text: str, script: str, tmp_path: Path) -> Any:
    """What a script at the end of a page tells of it on a phone."""
    return told_on(text, script, tmp_path, (390,))["390"]


def told_on(text: str, script: str, tmp_path: Path, widths: Sequence[int]) -> Any:
    """What a script at the end of a page tells of it on screens of several widths."""
    probe, frame = tmp_path / "probe.html", tmp_path / "frame.html"
    probe.write_text(text.replace("</body>", script + "</body>"), encoding="utf-8")
    frames = (
        f'<iframe src="probe.html" width="{width}" height="800" style="border:0"></iframe>'
        for width in widths
    )
    frame.write_text(FRAME + "".join(frames), encoding="utf-8")
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}",
        "--hide-scrollbars", "--virtual-time-budget=3000", "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout
    found = re.search(r'<pre id="told">(.*?)</pre>', dom)
    assert found is not None
    return json.loads(html.unescape(found[1]))


@needs_chromium
def test_sorting_filtering_and_choosing_work_on_a_narrow_screen(text: str, tmp_path: Path) -> None:
    told = told_by(text, PROBE, tmp_path)
    measured = [number for number in range(24) if number % 4 < 2]
    assert told["up"][:12] == measured[::-1]
    assert told["down"][:12] == measured
    assert told["found"] == [number for number in range(24) if number % 4 == 3]
    assert told["chosen"] == "\u221210°\u221220 to 0°"
    assert told["width"] <= 390
    assert told["wide"] <= 390


@needs_chromium
def test_the_pictures_beside_the_page_are_shown(text: str, tmp_path: Path) -> None:
    picture = tmp_path / RECORDS[0].folder / "thumbnail.jpg"
    picture.parent.mkdir(parents=True)
    cv2.imwrite(str(picture), np.zeros((160, 120, 3), np.uint8))
    assert told_by(text, PICTURES, tmp_path) == 1


@needs_chromium
def test_nothing_from_elsewhere_is_let_in(text: str, tmp_path: Path) -> None:
    refused = told_by(text, FROM_ELSEWHERE, tmp_path)
    assert sorted(refused) == ["connect-src", "img-src", "script-src-elem"]


@needs_chromium
def test_nothing_is_wider_than_any_screen(text: str, tmp_path: Path) -> None:
    widths = (320, 600, 900, 1024, 1280, 1600)
    told = told_on(text, WIDTH, tmp_path, widths)
    assert told == {str(width): width for width in widths}


@needs_chromium
def test_of_many_clips_the_first_are_shown_and_the_rest_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(page, "FEW_ROWS", 10)
    text = "".join(page.html_text(lambda: iter(RECORDS), NAMES))
    assert text.count('<tr data-state="') == 24
    assert told_by(text, MORE, tmp_path) == {
        "first": 10, "button": "Show 14 more", "count": "24 of 24 clips",
        "button_of_others": "Show 8 more", "all": 24, "is_hidden": True,
    }  # fmt: skip


def test_the_page_comes_in_the_language_and_units_asked_for() -> None:
    said = {"reasons": ["wegen der Füße"], "main_finding": "Schau nach vorn"}
    told = [replace(each, row={**each.row, "said": said}) for each in RECORDS]
    style = ReportStyle(Language.DE, Units.IMPERIAL)
    text = "".join(page.html_text(lambda: iter(told), NAMES, style))
    assert '<html lang="de">' in text
    assert "190 Schritte/min" in text
    assert "Laufstil in 24 Videos" in text
    assert "Schau nach vorn" in text
    assert "wegen der Füße" in text
    assert "Look ahead" not in text
    assert not re.search(r">(Clips?|Verdict|Analysed|Refused|Show|Find)<", text)

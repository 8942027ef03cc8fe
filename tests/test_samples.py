"""The sample clips are what their table and their truth files say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from formcheck.video.excerpt import frame_times
from formcheck.video.read import open_video
from tests.rendered import SAMPLES, truth_of

CLIPS = sorted(SAMPLES.glob("*.mp4"))
REFUSED = ("treadmill_two_people", "treadmill_walk")
RUNNERS = [clip for clip in CLIPS if clip.stem not in REFUSED]
TIMES, MINUS = "\u00d7", "\u2212"
MAX_BYTES = 8_000_000
MIN_STRIDES = 8


def test_every_clip_has_its_truth_and_every_truth_its_clip() -> None:
    truths = {path.name.removesuffix(".truth.json.gz") for path in SAMPLES.glob("*.truth.json.gz")}
    assert CLIPS
    assert truths == {clip.stem for clip in CLIPS}


def rows() -> dict[str, list[str]]:
    """Cells of the table by file name."""
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([\w.]+\.mp4)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in lines}


def test_the_table_names_exactly_the_clips_there() -> None:
    assert list(rows()) == [clip.name for clip in CLIPS]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_the_table_says_what_the_truth_says(clip: Path) -> None:
    view, size, fps, strike, _, speed, cadence, _ = rows()[clip.name]
    truth = truth_of(clip).raw
    gait = truth["gait"]
    assert view == truth["view"]
    assert size == f"{truth['size'][0]} {TIMES} {truth['size'][1]}"
    assert fps == f"{truth['fps']}, variable" if truth["variable_rate"] else str(truth["fps"])
    assert strike.split(", ")[1] == f"{gait['strike']:g}°".replace("-", MINUS)
    assert (speed, cadence) == (f"{3.6 * gait['speed']:.1f}", f"{gait['cadence']:.0f}")


def test_clips_and_truths_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir() if path.is_file()) <= MAX_BYTES


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_frames_and_events_of_the_truth_are_those_of_the_clip(clip: Path) -> None:
    truth = truth_of(clip).raw
    with open_video(clip) as video:
        assert (video.width_px, video.height_px) == tuple(truth["size"])
    times_s = frame_times(clip)
    assert times_s == pytest.approx([frame["t"] for frame in truth["frames"]], abs=1e-4)
    contacts_s = [event["contact"] for event in truth["events"]]
    assert contacts_s == sorted(contacts_s)
    assert contacts_s[0] < 0.5
    assert times_s[-1] - 0.5 < contacts_s[-1] <= times_s[-1] + 2 / truth["fps"]


@pytest.mark.parametrize("clip", RUNNERS, ids=lambda clip: clip.stem)
@pytest.mark.parametrize("side", "lr")
def test_a_runner_is_seen_for_eight_whole_strides(clip: Path, side: str) -> None:
    truth = truth_of(clip)
    contacts_s = [e["contact"] for e in truth.raw["events"] if e["side"] == side]
    inside = [time_s for time_s in contacts_s if 0 <= time_s <= truth.raw["frames"][-1]["t"]]
    assert len(inside) > MIN_STRIDES


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_each_foot_is_on_the_belt_exactly_between_contact_and_toe_off(clip: Path) -> None:
    truth = truth_of(clip).raw
    time_s = np.array([frame["t"] for frame in truth["frames"]])[:, None]
    for side in "lr":
        steps = [(e["contact"], e["toe_off"]) for e in truth["events"] if e["side"] == side]
        contact_s, toe_off_s = np.array(steps).T
        told = np.array([frame["stance"][side] for frame in truth["frames"]])
        seen = ((contact_s <= time_s) & (time_s < toe_off_s)).any(axis=1)
        rounded = (np.abs(np.hstack([time_s - contact_s, time_s - toe_off_s])) < 1e-5).any(axis=1)
        assert np.array_equal(told[~rounded], seen[~rounded])


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
@pytest.mark.parametrize("side", "lr")
def test_a_flat_foot_moves_with_the_belt_and_no_sole_sinks_into_it(clip: Path, side: str) -> None:
    truth = truth_of(clip).raw
    frames = truth["frames"]
    time_s = np.array([frame["t"] for frame in frames])
    ball_m = np.array([frame["p"][f"ball_{side}"][:3] for frame in frames])
    flat = np.array([f["stance"][side] and abs(f["pitch"][side]) < 0.2 for f in frames])
    both = flat[1:] & flat[:-1]
    speed_mps = -np.diff(ball_m[:, 2])[both] / np.diff(time_s)[both]
    assert len(speed_mps) > 0
    assert speed_mps == pytest.approx(truth["gait"]["speed"], rel=0.02)
    for point in ("heelsole", "toesole"):
        assert min(frame["p"][f"{point}_{side}"][1] for frame in frames) > -0.006

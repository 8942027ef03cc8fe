"""Stages measured one by one: ``python -m tests.benchmarks.stages NAME CLIP [FOLDER]``."""

from __future__ import annotations

import itertools
import json
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import av
import cv2

from formcheck.cache import Cache, keep_pose, pose_key
from formcheck.config import AnalysisConfig
from formcheck.domain import FloatArray, RgbImage
from formcheck.pipeline import analyze_pose, estimate_pose
from formcheck.pose import mediapipe
from formcheck.pose.model_files import find_model
from formcheck.pose.recorded import save_pose
from formcheck.report import overlay, write_report
from formcheck.report.wording import DEFAULT_WORDING
from formcheck.video import write
from formcheck.video.proxy import Reading
from formcheck.video.read import file_sha256, open_video
from formcheck.video.scene import SceneWatcher
from formcheck.video.upright import Upright, picture_of
from tests.benchmarks.process import Run, run

MAX_SIDE_PX = 1280
FEW = 240  # frames, for what is measured frame by frame
LOOKS = 10
AGAIN = 5
FEW_CLIPS, MANY_CLIPS = 4, 20
OTHER_RULES = """
[[rule]]
id = "evidence_trunk_lean"
point = "trunk_lean"
min_strides = 8
sources = ["teng2015"]
within = "You lean {value}, as I like it."
outside = "You lean {value}; I like {low} to {high}."
criteria = [{ metric = "trunk_lean_deg", good = [4.0, 12.0], watch = [0.0, 18.0], most = "fix" }]
"""
PRESETS = ("ultrafast", "superfast", "veryfast", "medium")
Costs = dict[str, float]


@contextmanager
def cost_of(costs: Costs, name: str, count: int = FEW) -> Iterator[None]:
    """Add the processor time of the block, all threads together, in ms per frame."""
    before = time.process_time()
    yield
    costs[name] = costs.get(name, 0.0) + 1000 * (time.process_time() - before) / count


def per_frame(clip: Path) -> Costs:
    """Processor time of each stage, ms a frame."""
    costs = reading(clip) | keeping(clip)
    frames = few_frames(clip, MAX_SIDE_PX)
    bodies = looking(frames, costs)
    watcher = SceneWatcher()
    with cost_of(costs, "watching the scene"):
        for rgb, body in zip(frames, bodies, strict=True):
            watcher.see(rgb, body[:, :2] * (rgb.shape[1], rgb.shape[0]))
    with cost_of(costs, "mirroring"):
        for rgb in frames:
            cv2.flip(rgb, 1)
    return costs | writing(clip)


def reading(clip: Path) -> Costs:
    """Decoding alone, and with scaling and conversion to RGB."""
    costs: Costs = {}
    with av.open(str(clip)) as file, cost_of(costs, "decoding"):
        file.streams.video[0].thread_type = "AUTO"
        for _ in itertools.islice(file.decode(video=0), FEW):
            pass
    with open_video(clip) as video, cost_of(costs, "reading"):
        for _ in itertools.islice(video.frames(max_side_px=MAX_SIDE_PX), FEW):
            pass
    return costs


def few_frames(clip: Path, max_side_px: int | None) -> list[RgbImage]:
    """The first frames of a clip."""
    with open_video(clip) as video:
        return [f.rgb for f in itertools.islice(video.frames(max_side_px=max_side_px), FEW)]


def looking(frames: Sequence[RgbImage], costs: Costs) -> list[FloatArray]:
    """The pose model with and without what formcheck leaves out, and a search for everybody."""
    backend = mediapipe.MediaPipeBackend(*find_model("full"), AnalysisConfig().pose)
    with backend.follower() as follow, cost_of(costs, "pose model"):
        bodies = [follow(rgb)[0] for rgb in frames]
    with backend.searcher() as search, cost_of(costs, "search for everybody", LOOKS):
        for rgb in frames[:LOOKS]:
            search(rgb)
    with patch.object(mediapipe, "without_silhouette", lambda _: None):
        whole = mediapipe.MediaPipeBackend(*find_model("full"), AnalysisConfig().pose)
        with whole.follower() as follow, cost_of(costs, "pose model with silhouette"):
            for rgb in frames:
                follow(rgb)
    return bodies


def keeping(clip: Path) -> Costs:
    """Keeping small pictures for the annotated clip, and reading them.

    Frames come and go as when a clip is read: among hundreds of them in memory it takes twice as
    long.
    """
    costs: Costs = {}
    with overlay.drawing_proxy() as proxy, open_video(clip, reading=Reading(proxy=proxy)):
        for k, frame in enumerate(scaled_frames(clip)):
            with cost_of(costs, "keeping small pictures"):
                proxy.add(k / 60, frame)
        with cost_of(costs, "reading small pictures"):
            for _ in proxy.frames():
                pass
    return costs


def scaled_frames(clip: Path) -> Iterator[av.VideoFrame]:
    """The first frames of a clip as a reader hands them on to be kept, with no thread beside."""
    with av.open(str(clip)) as file:
        stream = file.streams.video[0]
        stream.thread_type = "NONE"
        upright = None
        for stored in itertools.islice(file.decode(stream), FEW):
            upright = upright or Upright(picture_of(stored, stream), MAX_SIDE_PX)
            yield upright.scaled(stored)


def writing(clip: Path) -> Costs:
    """Drawing, and the encoder with several presets, at the size of the annotated clip."""
    costs: Costs = {}
    frames = few_frames(clip, overlay.MAX_SIDE_PX)
    analysis = analyze_pose(estimate_pose(clip, AnalysisConfig()), AnalysisConfig())
    height, width, _ = frames[0].shape
    painter = overlay.Painter(analysis, width, height, DEFAULT_WORDING)
    with cost_of(costs, "drawing"):
        for k, rgb in enumerate(frames):
            painter.draw(rgb, k, k / 60)
    drawn = [painter.draw(rgb, k, k / 60).copy() for k, rgb in enumerate(frames)]
    for preset in PRESETS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip.mp4"
            with patch.dict(write._ENCODER, preset=preset), cost_of(costs, f"encoding {preset}"):
                encode(path, drawn)
            costs[f"size {preset}"] = path.stat().st_size / 1e6 / (len(drawn) / 60)
    return costs


def encode(path: Path, pictures: Sequence[RgbImage]) -> None:
    """Write pictures as the report does."""
    height, width, _ = pictures[0].shape
    with write.ClipWriter(path, width, height, fps=60.0) as writer:
        for number, picture in enumerate(pictures):
            writer.write(picture, number / 60)


def tracking(clip: Path) -> Costs:
    """Following the runner, with everything around the model and with the model alone.

    Both read and convert the same frames the same way; alternating, the last pair counts.
    """
    costs: Costs = {}
    backend = mediapipe.MediaPipeBackend(*find_model("full"), AnalysisConfig().pose)
    for _ in range(2):
        with open_video(clip) as video, backend.follower() as follow:
            started, used = time.perf_counter(), time.process_time()
            count = sum(bool(follow(f.rgb)) for f in video.frames(max_side_px=MAX_SIDE_PX))
            costs |= taken("loop", started, used, count)
        started, used = time.perf_counter(), time.process_time()
        with open_video(clip) as video:
            pose = backend.estimate(video)
        costs |= taken("tracking", started, used, len(pose.time_s))
    return costs


def taken(name: str, started: float, used: float, count: int) -> Costs:
    """Time by the clock and of the processor, ms a frame."""
    return {
        f"{name} clock": 1000 * (time.perf_counter() - started) / count,
        f"{name} cpu": 1000 * (time.process_time() - used) / count,
    }


def again(clip: Path) -> Costs:
    """Analysing what is kept of a clip once more, in a process that has done so before; seconds.

    With the pose alone, as after a change of the code that tells limbs apart, or of a runner's
    speed; and with what was observed in it, as after a change of rules or metrics.
    """
    config = AnalysisConfig()
    with tempfile.TemporaryDirectory() as folder:
        store = Cache(Path(folder) / "poses")
        estimate_pose(clip, config, store=store)
        costs: Costs = {}
        steps: dict[str, Callable[[], object]] = {}
        pose = estimate_pose(clip, config, store=store)
        analysis = analyze_pose(pose, config, store=store)
        fresh = itertools.count()
        steps["pose from the cache"] = lambda: estimate_pose(clip, config, store=store)
        steps["analysis"] = lambda: analyze_pose(replace(pose), config)
        steps["analysis of what was observed"] = lambda: analyze_pose(
            replace(pose), config, store=store
        )
        steps["report without video"] = lambda: write_report(
            analysis, Path(folder) / str(next(fresh)), clip=None
        )
        for name, step in steps.items():
            costs[name] = min(timed(step) for _ in range(AGAIN))
        save_pose(pose, Path(folder) / "pose.npz")
        alone = run(["tests.benchmarks.fresh", "kept", folder])
        return costs | {"clip": pose.video.duration_s, "process of its own": alone.seconds}


def kept_batch(clip: Path) -> Costs:
    """``formcheck batch`` on copies of a clip whose poses are kept, no video written: s a clip.

    Copies differ by a few bytes at their ends. What many take longer than few is the clips' own:
    start-up and the workers' first clips are in both. Each batch is run twice, the second time with
    other rules: then what was observed is kept, too.
    """
    config = AnalysisConfig()
    runs: dict[str, list[Run]] = {"poses kept": [], "other rules": []}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store, rules = Cache(folder / "poses"), folder / "rules.toml"
        rules.write_text(OTHER_RULES, encoding="utf-8")
        pose = estimate_pose(clip, config, store=store)
        _, info = find_model(config.model)
        for count in (FEW_CLIPS, MANY_CLIPS):
            for copy in copies(clip, folder / f"clips_{count}", count):
                video = replace(pose.video, sha256=file_sha256(copy))
                key = pose_key(video.sha256, info, config.pose)
                keep_pose(store, key, replace(pose, video=video))
            words = ["formcheck", "batch", folder / f"clips_{count}", "-o", folder / f"out_{count}"]
            words += ["--poses", store.folder, "--no-annotate", "--quiet"]
            runs["poses kept"].append(run(words))
            runs["other rules"].append(run([*words, "--rules", rules]))
    more = MANY_CLIPS - FEW_CLIPS
    return {
        f"batch, {name}, {what}": (getattr(many, what) - getattr(few, what)) / more
        for name, (few, many) in runs.items()
        for what in ("seconds", "cpu_s")
    }


def copies(clip: Path, folder: Path, count: int) -> Iterator[Path]:
    """Copies of an MP4 file, each with another empty box at its end."""
    folder.mkdir()
    for number in range(count):
        copy = folder / f"{number:02d}{clip.suffix}"
        copy.write_bytes(clip.read_bytes() + struct.pack(">I4sI", 12, b"free", number + count))
        yield copy


def timed(step: Callable[[], object]) -> float:
    """Seconds a step takes."""
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def large(clip: Path) -> Costs:
    """A 4K clip: decoding alone, reading and following, by the clock, ms a frame."""
    costs: Costs = {}
    with av.open(str(clip)) as file:
        file.streams.video[0].thread_type = "AUTO"
        started, used = time.perf_counter(), time.process_time()
        count = sum(1 for _ in file.decode(video=0))
        costs |= taken("decoding", started, used, count)
    started, used = time.perf_counter(), time.process_time()
    with open_video(clip) as video:
        for _ in video.frames(max_side_px=MAX_SIDE_PX):
            pass
    costs |= taken("reading", started, used, count)
    started, used = time.perf_counter(), time.process_time()
    estimate_pose(clip, AnalysisConfig(), jobs=1)
    return costs | taken("pose", started, used, count)


MEASURED = {f.__name__: f for f in (per_frame, tracking, again, kept_batch, large)}

if __name__ == "__main__":
    print(json.dumps(MEASURED[sys.argv[1]](Path(sys.argv[2]))))

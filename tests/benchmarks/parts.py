"""The parts of the benchmark, each measured in alternation."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.benchmarks.clips import FPS, Clips
from tests.benchmarks.process import Run, answer, run

FRESH, STAGES = "tests.benchmarks.fresh", "tests.benchmarks.stages"
Result = dict[str, Any]


@dataclass
class Bench:
    """Where clips and results lie, and how often what is compared is run."""

    clips: Clips
    rounds: int
    is_quick: bool

    def __post_init__(self) -> None:
        self._fresh = count()

    def output(self) -> Path:
        """A folder that is not there yet."""
        folder = self.clips.folder / "results"
        folder.mkdir(exist_ok=True)
        return folder / f"{time.time_ns()}_{next(self._fresh)}"


def analyze(bench: Bench) -> Result:
    """A whole analysis beside the bare loop."""
    clip_s = 10 if bench.is_quick else 30
    clip = bench.clips.full_hd(clip_s)
    runs: dict[str, list[Run]] = {"bare": [], "all cores": [], "one job": []}
    written: list[float] = []
    for _ in range(bench.rounds):
        runs["bare"].append(run([FRESH, "bare", clip]))
        for name, jobs in (("all cores", []), ("one job", ["--jobs", "1"])):
            output = bench.output()
            runs[name].append(run(["formcheck", "analyze", clip, "-o", output, *jobs]))
        written.append(written_s(output))
    return {
        "clip": clip.stem,
        "seconds": {name: [r.seconds for r in found] for name, found in runs.items()},
        "cpu_s": {name: [r.cpu_s for r in found] for name, found in runs.items()},
        "peak_mb": {name: max(r.peak_mb for r in found) for name, found in runs.items()},
        "written_s": written,
        "frames": clip_s * FPS,
    }


def written_s(output: Path) -> float:
    """Seconds spent on the files of a result folder, as its log has it."""
    log = (output / "run.log").read_text(encoding="utf-8")
    return sum(map(float, re.findall(r"^time: \S+ ([\d.]+) s", log, flags=re.MULTILINE)))


def startup(bench: Bench) -> Result:
    """From the start of the process until the first frame has been looked at."""
    clip = bench.clips.full_hd(10)
    found, cpu_s = [], []
    for _ in range(bench.rounds):
        done, told = answer([FRESH, "first-frame", clip])
        found.append(told["unix_s"] - done.began_s)
        cpu_s.append(told["cpu_s"])
    return {"seconds": found, "cpu_s": cpu_s}


def per_frame(bench: Bench) -> Result:
    """Processor time of the stages."""
    found = [answer([STAGES, "per_frame", bench.clips.full_hd(10)])[1] for _ in range(bench.rounds)]
    return {stage: median([costs[stage] for costs in found]) for stage in found[0]}


def tracking(bench: Bench) -> Result:
    """What tracking adds to the pose loop."""
    return answer([STAGES, "tracking", bench.clips.full_hd(10)])[1]


def again(bench: Bench) -> Result:
    """Analysis of a kept pose, alone and in a batch."""
    clip = bench.clips.full_hd(30)
    return answer([STAGES, "again", clip])[1] | answer([STAGES, "kept_batch", clip])[1]


def batch(bench: Bench) -> Result:
    """Short clips with one job and with two."""
    clips = bench.clips.short(4 if bench.is_quick else 16)
    runs: dict[str, list[Run]] = {"2 jobs": [], "1 job": []}
    for _ in range(bench.rounds):
        for name, found in runs.items():
            words = ["formcheck", "batch", clips, "-o", bench.output(), "--jobs", name[0]]
            found.append(run([*words, "--poses", "none", "--quiet"]))
    return {
        "clips": len(list(clips.iterdir())),
        "seconds": {name: [r.seconds for r in found] for name, found in runs.items()},
        "cpu_s": {name: [r.cpu_s for r in found] for name, found in runs.items()},
        "peak_mb": {name: max(r.peak_mb for r in found) for name, found in runs.items()},
    }


def memory(bench: Bench) -> Result:
    """Peak memory of a long clip and of a short one, both followed in segments."""
    found = {}
    for length_s, fps in ((30, 60), (60 if bench.is_quick else 600, 30)):
        clip = bench.clips.half_hd(length_s, fps)
        done = run(["formcheck", "analyze", clip, "-o", bench.output()])
        found[f"{length_s} s"] = {"peak_mb": done.peak_mb, "seconds": done.seconds}
    return found


def large(bench: Bench) -> Result:
    """4K HEVC: who is slower, the decoder or the pose model."""
    return answer([STAGES, "large", bench.clips.uhd(5 if bench.is_quick else 10)])[1]


PARTS: dict[str, Callable[[Bench], Result]] = {
    part.__name__: part
    for part in (analyze, startup, per_frame, tracking, again, batch, memory, large)
}


def median(values: list[float]) -> float:
    """Median of the runs."""
    return float(statistics.median(values))


def load(path: Path) -> dict[str, Any]:
    """Results of earlier runs."""
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found

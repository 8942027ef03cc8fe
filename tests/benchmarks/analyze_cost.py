"""What a whole ``analyze`` costs beside a bare decode + MediaPipe loop, and how much memory.

Run with ``python -m tests.benchmarks.analyze_cost``. The clip is a sample clip played over and
over: 10 s of 1280 x 720 at 60 frames per second; the long one is ten times that. Runs alternate,
each in a process of its own, so that a busy machine disturbs both alike; the ratio is the median
of the pairs'. Memory is the peak resident size of the process.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from formcheck.config import AnalysisConfig
from formcheck.pipeline import analyze_video
from formcheck.pose.model_files import find_model
from formcheck.report import write_report
from formcheck.video.read import open_video
from formcheck.video.write import ClipWriter
from tests.rendered import UPRIGHT

FPS = 60.0
SIZE_PX = (1280, 720)
SHORT_S = 10.0
LONG_S = 100.0
SEVEN_STRIDES_S = 5.0  # at 168 steps a minute: the runner does not jump where the clip repeats
SPACING_MS = 100_000  # between frames, as the backend does


def make_clip(path: Path, seconds: float) -> Path:
    """Write seven strides of the sample clip over and over until it lasts ``seconds``."""
    index = itertools.count()
    with ClipWriter(path, *SIZE_PX, fps=FPS) as clip:
        for _ in range(round(seconds / SEVEN_STRIDES_S)):
            with open_video(UPRIGHT) as video:
                for frame in itertools.islice(video, round(SEVEN_STRIDES_S * FPS)):
                    clip.write(frame.rgb, next(index) / FPS)
    return path


def bare(clip: Path) -> None:
    """Decode every frame and run the pose model on it, nothing else."""
    import av  # noqa: PLC0415
    import mediapipe  # noqa: PLC0415
    from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_model("full")[0])),
        running_mode=vision.RunningMode.VIDEO,
    )
    with vision.PoseLandmarker.create_from_options(options) as model, av.open(str(clip)) as file:
        file.streams.video[0].thread_type = "AUTO"
        for index, frame in enumerate(file.decode(video=0)):
            image = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24")
            )
            model.detect_for_video(image, index * SPACING_MS)


def whole(clip: Path) -> None:
    """Analyse the clip and write its report folder."""
    with tempfile.TemporaryDirectory() as folder:
        analysis = analyze_video(clip, AnalysisConfig())
        write_report(analysis, Path(folder) / "result", clip=clip)


def measure(kind: str, clip: Path) -> dict[str, float]:
    """Seconds and peak megabytes of one run in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.analyze_cost", "--run", kind, str(clip)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def run_one(kind: str, clip: Path) -> None:
    """Run one kind and print what it took; start-up and imports are not counted."""
    started = time.perf_counter()
    {"bare": bare, "whole": whole}[kind](clip)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """Peak resident size of this process.

    On Linux ``ru_maxrss`` starts with the size of the parent, so the kernel's own peak is read.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(pairs: int, is_long: bool) -> None:
    """Print the ratio over alternating runs, and the peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        clip = make_clip(Path(folder) / "short.mp4", SHORT_S)
        runs = [(measure("bare", clip), measure("whole", clip)) for _ in range(pairs)]
        for loop, analysis in runs:
            ratio = analysis["seconds"] / loop["seconds"]
            print(f"bare {loop['seconds']:.2f} s, analyze {analysis['seconds']:.2f} s: {ratio:.3f}")
        median = statistics.median(a["seconds"] / b["seconds"] for b, a in runs)
        print(f"ratio, median of {pairs}: {median:.3f}")
        print(f"peak memory, {SHORT_S:.0f} s clip: {runs[-1][1]['peak_mb']:.0f} MB")
        if is_long:
            long = measure("whole", make_clip(Path(folder) / "long.mp4", LONG_S))
            print(f"peak memory, {LONG_S:.0f} s clip: {long['peak_mb']:.0f} MB")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3, help="alternating runs")
    parser.add_argument(
        "--no-long", action="store_true", help="leave out the ten times longer clip"
    )
    parser.add_argument("--run", nargs=2, metavar=("KIND", "CLIP"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_one(options.run[0], Path(options.run[1]))
    else:
        compare(options.pairs, not options.no_long)


if __name__ == "__main__":
    main()

"""What begins in a fresh process: ``python -m tests.benchmarks.fresh bare|first-frame|kept PATH``.

Nothing is imported before it is needed: start-up is part of what is measured.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

SPACING_MS = 100_000  # between frames, as the backend does


def bare(clip: Path) -> dict[str, float]:
    """Decode every frame and run the pose model on it, nothing else."""
    import av  # noqa: PLC0415
    import mediapipe  # noqa: PLC0415
    from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415

    from formcheck.pose.model_files import find_model  # noqa: PLC0415

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_model("full")[0])),
        running_mode=vision.RunningMode.VIDEO,
    )
    n_frames = 0
    with vision.PoseLandmarker.create_from_options(options) as model, av.open(str(clip)) as file:
        file.streams.video[0].thread_type = "AUTO"
        for frame in file.decode(video=0):
            image = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24")
            )
            model.detect_for_video(image, n_frames * SPACING_MS)
            n_frames += 1
    return {"frames": n_frames}


def first_frame(clip: Path) -> dict[str, float]:
    """Load what the command line loads, tell when the first frame has been looked at, and end."""
    import formcheck.cli  # noqa: F401, PLC0415
    from formcheck.config import AnalysisConfig  # noqa: PLC0415
    from formcheck.pipeline import estimate_pose  # noqa: PLC0415
    from formcheck.video.proxy import Reading  # noqa: PLC0415

    def end(_done: int, _total: int | None) -> None:
        print(json.dumps({"unix_s": time.time(), "cpu_s": time.process_time()}), flush=True)
        os._exit(0)

    estimate_pose(clip, AnalysisConfig(), reading=Reading(end), jobs=1)
    raise RuntimeError("the clip has no frame")


def kept(folder: Path) -> dict[str, float]:
    """Analyse ``pose.npz`` of a folder with the cache in it, and write a report without video."""
    from formcheck import AnalysisConfig, analyze_pose, load_pose, write_report  # noqa: PLC0415
    from formcheck.cache import Cache  # noqa: PLC0415

    pose = load_pose(folder / "pose.npz")
    analysis = analyze_pose(pose, AnalysisConfig(), store=Cache(folder / "poses"))
    write_report(analysis, folder / "fresh", clip=None)
    return {"strides": len(analysis.gait.strides)}


if __name__ == "__main__":
    kind, path = sys.argv[1:]
    print(json.dumps({"bare": bare, "first-frame": first_frame, "kept": kept}[kind](Path(path))))

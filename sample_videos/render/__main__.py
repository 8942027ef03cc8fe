"""Command line: ``python -m sample_videos.render NAME...`` or ``--all``."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2

from sample_videos.render.clips import CLIPS, Clip
from sample_videos.render.film import Set, make_clip

_SAMPLES = Path(__file__).parents[1]


def main() -> int:
    """Render the clips that were asked for."""
    options = _options()
    cv2.setNumThreads(1)
    wanted = [clip for clip in CLIPS.values() if options.all and clip.sample]
    for clip in wanted or [CLIPS[name] for name in options.name]:
        short = clip if options.seconds is None else replace(clip, duration_s=options.seconds)
        if options.still is None:
            _film(short, options.out, options.scale)
        else:
            _photograph(short, options)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sample_videos.render", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*CLIPS, []], help="clips to render")
    parser.add_argument("--all", action="store_true", help="all clips kept as samples")
    parser.add_argument("--out", type=Path, default=_SAMPLES, help="folder to write to")
    parser.add_argument("--scale", type=float, default=1.0, help="of the picture, for a quick look")
    parser.add_argument("--seconds", type=float, help="length instead of the clip's own")
    parser.add_argument("--still", type=float, nargs="+", help="only pictures at these seconds")
    options = parser.parse_args()
    if not options.all and not options.name:
        parser.error("name a clip or say --all")
    return options


def _film(clip: Clip, folder: Path, scale: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()

    def done(frames: int, total: int) -> None:
        each = (time.perf_counter() - started) / frames
        if frames % 30 == 0 or frames == total:
            sys.stderr.write(f"\r{clip.name}: {frames}/{total} frames, {each:.3f} s each ")

    make_clip(clip, folder, scale, done)
    sys.stderr.write("\n")


def _photograph(clip: Clip, options: argparse.Namespace) -> None:
    options.out.mkdir(parents=True, exist_ok=True)
    stage = Set(clip, options.scale)
    for time_s in options.still:
        picture = cv2.cvtColor(stage.frame(time_s, 0), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(options.out / f"{clip.name}_{time_s:.3f}.png"), picture)


if __name__ == "__main__":
    sys.exit(main())

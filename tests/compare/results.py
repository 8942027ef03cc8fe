"""Results of synthetic runners, as they lie in a result folder."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from formcheck import AnalysisConfig, analyze_pose
from formcheck.compare import Result
from formcheck.report import summary
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import NATURAL, SIDE_ON, record


@functools.cache
def _text(spec: RunnerSpec, camera: Camera, seed: int, speed_kmh: float | None) -> str:
    clean, _ = record(spec, camera, seed=seed)
    noisy = corrupt.correlated_jitter(clean, 0.005 * camera.px_per_m, seed=seed)
    return json.dumps(summary(analyze_pose(noisy, AnalysisConfig(speed_kmh=speed_kmh))))


def result(
    spec: RunnerSpec = NATURAL,
    camera: Camera = SIDE_ON,
    *,
    seed: int = 1,
    speed_kmh: float | None = 10.8,
    name: str = "",
) -> Result:
    """A runner filmed at 3 m/s; another seed is another take of the same runner."""
    loaded: dict[str, Any] = json.loads(_text(spec, camera, seed, speed_kmh))
    return Result(name or f"take {seed}", Path("results"), loaded)

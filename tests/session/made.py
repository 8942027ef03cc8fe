"""Clips of one synthetic runner from several sides."""

from __future__ import annotations

import functools
from dataclasses import replace

from formcheck import AnalysisConfig, analyze_pose
from formcheck.guidance.apply import GradingParams
from formcheck.guidance.load import load_rules
from formcheck.session import RefusedClip, Session, SessionClip, combine
from formcheck.synthetic import Camera, RunnerSpec, corrupt
from tests.synthetic.made import FROM_BEHIND, NATURAL, SIDE_ON, record

FROM_THE_RIGHT = SIDE_ON
FROM_THE_LEFT = Camera(yaw_deg=180.0)
LOPSIDED = replace(NATURAL, contact_asymmetry=0.24)


@functools.cache
def filmed(
    name: str,
    camera: Camera,
    spec: RunnerSpec = NATURAL,
    seed: int = 1,
    speed_kmh: float | None = 10.8,
) -> SessionClip:
    """A clip at 3 m/s, with the jitter of a pose model."""
    clean, _ = record(spec, camera, seed=seed)
    noisy = corrupt.correlated_jitter(clean, 0.003 * camera.px_per_m, seed=seed)
    return SessionClip(name, analyze_pose(noisy, AnalysisConfig(speed_kmh=speed_kmh)))


def session(*clips: SessionClip, refused: tuple[RefusedClip, ...] = ()) -> Session:
    """Clips combined under the shipped rules."""
    return combine(clips, refused, load_rules(None), GradingParams())


def both_sides(spec: RunnerSpec = NATURAL) -> tuple[SessionClip, SessionClip]:
    return (
        filmed("left", FROM_THE_LEFT, spec, 1),
        filmed("right", FROM_THE_RIGHT, spec, 2),
    )


def from_behind() -> SessionClip:
    return filmed("rear", FROM_BEHIND, seed=3)

"""One call: a runner, a camera, a frame rate; out come a pose and the truth."""

from __future__ import annotations

import functools

import numpy as np

from formcheck.domain import FloatArray, PoseSequence
from formcheck.synthetic.body import Toe, world_motion
from formcheck.synthetic.camera import Camera, film
from formcheck.synthetic.runners import Runner, RunnerKind, make_runner
from formcheck.synthetic.spec import RunnerSpec
from formcheck.synthetic.truth import Truth, truth_of


def frame_times(
    duration_s: float, fps: float, *, variable: float = 0.0, seed: int = 0
) -> FloatArray:
    """Times of frames from 0 on, ``(n_frames,)``.

    ``variable`` is the spread of the intervals as a share of the usual one, uniform to both sides;
    it must stay below 1.
    """
    if not 0 <= variable < 1:
        raise ValueError(f"variable must be 0 to 1, not {variable}")
    count = round(duration_s * fps)
    rng = np.random.default_rng(seed)
    steps = 1.0 + variable * rng.uniform(-1.0, 1.0, count - 1)
    times: FloatArray = np.concatenate(([0.0], np.cumsum(steps))) / fps
    return times


@functools.lru_cache(maxsize=256)
def runner_and_truth(
    spec: RunnerSpec, duration_s: float, seed: int, kind: RunnerKind, toe: Toe
) -> tuple[Runner, Truth]:
    """A runner and the right answers, worked out once however they are filmed.

    Raises ValueError for a runner that cannot be made.
    """
    runner = make_runner(spec, duration_s, seed, kind)
    return runner, truth_of(runner, duration_s, toe)


def synthetic_pose(
    spec: RunnerSpec,
    camera: Camera,
    *,
    duration_s: float = 10.0,
    fps: float = 60.0,
    seed: int = 0,
    kind: RunnerKind = RunnerKind.CONTACT,
    toe: Toe = Toe.BALL,
) -> tuple[PoseSequence, Truth]:
    """Film a synthetic runner; ``seed`` chooses the phase at the first frame and the variability.

    Raises ValueError for a runner that cannot be made.
    """
    runner, truth = runner_and_truth(spec, duration_s, seed, kind, toe)
    motion = world_motion(runner, frame_times(duration_s, fps), toe)
    return film(motion, camera), truth

"""Runners whose form is known exactly, a camera to film them, and everything that goes wrong.

For tests, notebooks and anybody who wants to know what a number of formcheck is worth. They are
made of joint curves of real runners and prove the arithmetic, not accuracy on real people.
"""

from formcheck.synthetic import corrupt
from formcheck.synthetic.body import Toe, WorldMotion, world_motion
from formcheck.synthetic.camera import Camera, film
from formcheck.synthetic.clip import frame_times, runner_and_truth, synthetic_pose
from formcheck.synthetic.runners import Leg, Runner, RunnerKind, make_runner
from formcheck.synthetic.spec import RunnerSpec
from formcheck.synthetic.truth import Truth, truth_of

__all__ = [
    "Camera",
    "Leg",
    "Runner",
    "RunnerKind",
    "RunnerSpec",
    "Toe",
    "Truth",
    "WorldMotion",
    "corrupt",
    "film",
    "frame_times",
    "make_runner",
    "runner_and_truth",
    "synthetic_pose",
    "truth_of",
    "world_motion",
]

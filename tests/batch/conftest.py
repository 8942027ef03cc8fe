"""A folder of short clips of every fate, and their poses, estimated once."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formcheck.batch.manifest import Record
from formcheck.cache import Cache, keep_pose, pose_key
from formcheck.domain import PoseSequence
from formcheck.pose.mediapipe import PoseParams
from tests.command import middle_of, write_clip
from tests.rendered import SAMPLES, UPRIGHT, pose_of

GOOD, WALK, CUT = "run.mp4", "sub/walk.mp4", "sub/cut.mp4"


@dataclass(frozen=True)
class Clips:
    """A folder with a good clip, a refused and a damaged one below, and the poses of them."""

    folder: Path
    poses: Path


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """Clips cut from rendered ones; their poses are in a cache of the tests' own.

    What the pose model says of them is kept in the user's cache too, for the next test process.
    """
    root = tmp_path_factory.mktemp("batch")
    folder, poses = root / "clips", root / "poses"
    (folder / "sub").mkdir(parents=True)
    write_clip(folder / GOOD, middle_of(UPRIGHT, 3.0))
    write_clip(folder / WALK, middle_of(SAMPLES / "treadmill_walk.mp4", 2.0))
    (folder / CUT).write_bytes((folder / GOOD).read_bytes()[:5_000])
    for name in (GOOD, WALK):
        keep(pose_of(folder / name), Cache(poses))
    return Clips(folder, poses)


def keep(pose: PoseSequence, cache: Cache) -> None:
    """Put a pose into a cache, as one of the default settings."""
    assert pose.model is not None
    keep_pose(cache, pose_key(pose.video.sha256, pose.model, PoseParams()), pose)


def records(output: Path) -> list[dict[str, Any]]:
    """The lines of a manifest."""
    lines = (output / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def rows(output: Path) -> dict[str, dict[str, str]]:
    """The rows of the table by clip."""
    with (output / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert len({row["clip"] for row in found}) == len(found)
    return {row["clip"]: row for row in found}


def record(
    clip: str, *, state: str = "analysed", seconds: float = 1.0, said: str | None = None
) -> Record:
    """A line of a manifest."""
    return Record(
        at="2026-01-01T00:00:00Z", clip=clip, source=f"/in/{clip}", folder=clip, state=state,
        clip_sha256=None, tag=None, config_sha256="1", model_sha256="2", is_annotated=False,
        seconds=seconds, row={} if said is None else {"said": said},
    )  # fmt: skip

"""The hand labels of legs are whole and say what they are allowed to say."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from formcheck.validation.hand_labels import LegLabel, LegSeen, load_leg_labels

FOLDER = Path(__file__).parent / "hand_labels" / "legs"
COUNTS = {
    "treadmill_side_slow_motion": 200,
    "treadmill_side_30fps": 100,
    "road_side_slow_motion": 100,
    "beach_side_25fps": 100,
}


@pytest.fixture(scope="module", params=COUNTS)
def clip(request: pytest.FixtureRequest) -> tuple[str, tuple[LegLabel, ...]]:
    return request.param, load_leg_labels(FOLDER / f"{request.param}.csv")


def test_every_file_is_counted() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(COUNTS)


def test_frames_are_as_many_as_promised_and_ascend(clip: tuple[str, tuple[LegLabel, ...]]) -> None:
    stem, labels = clip
    frames = [label.frame for label in labels]
    assert len(frames) == COUNTS[stem]
    assert all(a < b for a, b in pairwise(frames))
    times = [label.time_s for label in labels]
    assert all(a < b for a, b in pairwise(times))


def test_a_hidden_far_leg_is_not_said_to_be_seen_twice(
    clip: tuple[str, tuple[LegLabel, ...]],
) -> None:
    _, labels = clip
    assert not [
        label.frame for label in labels if label.far_hidden and label.left == label.right == "far"
    ]


def test_a_leg_that_lies_on_one_has_a_knee_and_an_ankle(
    clip: tuple[str, tuple[LegLabel, ...]],
) -> None:
    _, labels = clip
    for label in labels:
        for seen, points_px in ((label.left, label.left_px), (label.right, label.right_px)):
            if seen in (LegSeen.NEAR, LegSeen.FAR):
                assert np.isfinite(points_px).all(), label.frame


def test_a_word_outside_the_vocabulary_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "treadmill_side_slow_motion.csv").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(text.replace(",far,", ",behind,", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="behind"):
        load_leg_labels(wrong)

"""A long clip is followed in segments, and what comes of it does not depend on how many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from formcheck.domain import LANDMARKS, FloatArray, RgbImage
from formcheck.errors import VideoError
from formcheck.pose.clip import Clip
from formcheck.pose.first import FirstLook, first_look
from formcheck.pose.people import BodyFinder
from formcheck.texts import text
from formcheck.video import segments
from formcheck.video.read import open_video
from tests.video import clips
from tests.video.clips import steady

N_FRAMES = 420


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips are cut from a third of the usual length on, into stretches of a third."""
    monkeypatch.setattr(segments, "_LEAST_FRAMES", 334)
    monkeypatch.setattr(segments, "_USUAL_FRAMES", 150)


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip long enough to be cut."""
    path = tmp_path_factory.mktemp("long") / "clip.mp4"
    made = clips.Clip(steady(N_FRAMES, 60.0), options={"g": "60", "preset": "ultrafast"})
    return clips.write_clip(path, made)


class Drifting:
    """A model whose follower needs a few frames to settle on somebody, as the real one does.

    ``x`` is where each new follower finds that person, as a share of the width.
    """

    def __init__(self, *x: float) -> None:
        self._x = x
        self.n_followers = 0
        self.threads: set[int] = set()

    @contextmanager
    def follower(self) -> Iterator[BodyFinder]:
        """Finds somebody, the first frames a little beside."""
        x = self._x[min(self.n_followers, len(self._x) - 1)]
        self.n_followers += 1
        off = [0.01]

        def find(rgb: RgbImage) -> Sequence[FloatArray]:
            self.threads.add(threading.get_ident())
            off[0] *= 0.5
            return [body_at(x + off[0])]

        yield find

    def search(self, rgb: RgbImage) -> Sequence[FloatArray]:
        """Finds the same person."""
        return [body_at(self._x[0])] if rgb.size else []


def body_at(x: float) -> FloatArray:
    """An upright body, narrow, at a place across the picture."""
    body = np.full((len(LANDMARKS), 4), 0.5)
    body[:, 0] = x + 0.02 * np.sin(np.arange(len(LANDMARKS)))
    body[:, 1] = np.linspace(0.1, 0.9, len(LANDMARKS))
    return body


def look(path: Path, model: Drifting, jobs: int) -> tuple[FirstLook, list[int]]:
    """The first look at a clip, and the frame counts its progress told."""
    told: list[int] = []
    with open_video(path) as video:
        clip = Clip(
            video, model.follower, model.search, 1280, lambda done, _total: told.append(done)
        )
        return first_look(clip, jobs), told


def test_any_number_of_jobs_sees_the_same(long_clip: Path) -> None:
    one, _ = look(long_clip, Drifting(0.5), 1)
    model = Drifting(0.5)
    many, told = look(long_clip, model, 3)
    assert model.n_followers == 2
    assert len(model.threads) == 2
    assert np.array_equal(one.time_s, many.time_s)
    assert np.array_equal(one.bodies, many.bodies)
    assert [seen.frame for seen in one.looks] == [seen.frame for seen in many.looks]
    assert np.array_equal(one.scene.sharpness, many.scene.sharpness, equal_nan=True)
    assert told == list(range(1, N_FRAMES + 1))


def test_segments_show_what_one_go_shows(long_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts, _ = look(long_clip, Drifting(0.5), 2)
    monkeypatch.setattr(segments, "_LEAST_FRAMES", N_FRAMES + 1)
    whole, _ = look(long_clip, Drifting(0.5), 2)
    assert np.array_equal(parts.time_s, whole.time_s)
    np.testing.assert_allclose(parts.bodies, whole.bodies, atol=1e-3)
    assert [seen.frame for seen in parts.looks] == [seen.frame for seen in whole.looks]
    for name in ("is_cut", "is_repeat", "change", "shift_px", "sharpness", "brightness"):
        expected = getattr(whole.scene, name)
        np.testing.assert_allclose(getattr(parts.scene, name), expected, atol=1e-6)


def test_where_segments_see_different_people_the_clip_is_followed_in_one_go(
    long_clip: Path,
) -> None:
    model = Drifting(0.2, 0.8, 0.3)
    seen, told = look(long_clip, model, 1)
    assert model.n_followers == 3
    everywhere = np.tile(64 * body_at(0.3)[:, 0], (N_FRAMES - 20, 1))
    np.testing.assert_allclose(seen.bodies[20:, :, 0], everywhere, atol=1e-3)
    assert told[-1] == N_FRAMES


def test_an_error_in_one_segment_ends_the_others(
    long_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaking(Drifting):
        @contextmanager
        def follower(self) -> Iterator[BodyFinder]:
            """The second one breaks."""
            self.n_followers += 1
            number = self.n_followers

            def find(rgb: RgbImage) -> Sequence[FloatArray]:
                self.threads.add(threading.get_ident())
                if number == 2:
                    raise VideoError(text("errors", "clip.changed", path="clip.mp4"))
                return [body_at(0.5)]

            yield find

    before = threading.active_count()
    with pytest.raises(VideoError, match="changed while it was read"):
        look(long_clip, Breaking(0.5), 2)
    assert threading.active_count() == before

"""The day a file says it was recorded, and nothing where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.video.dates import recorded_on
from formcheck.video.read import open_video
from tests.video.clips import Clip, steady, write_clip


@pytest.mark.parametrize(
    ("metadata", "day"),
    [
        ({"creation_time": "2025-02-01T07:50:23.000000Z"}, "2025-02-01"),
        ({"date": "2024-06-30"}, "2024-06-30"),
        ({"DATE": "20240630"}, "2024-06-30"),
        ({"creation_time": "1904-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": "1970-01-01T00:00:00.000000Z", "date": "2024-06-30"}, "2024-06-30"),
        ({"creation_time": "yesterday"}, None),
        ({"date": "2023"}, None),
        ({"date": "2023-W05"}, None),
        ({"date": "2023-02-30"}, None),
        ({"creation_time": "2000-01-01T00:00:00Z"}, None),
        ({"creation_time": "2036-02-07T06:28:16Z"}, None),
        ({"creation_time": "2040-02-06T06:28:15Z", "date": "2024-06-30"}, "2024-06-30"),
        ({"date": "9999-12-31"}, None),
        ({"title": "2024-06-30"}, None),
        ({}, None),
    ],
)
def test_only_what_the_file_says_of_its_recording_counts(
    metadata: dict[str, str], day: str | None
) -> None:
    assert recorded_on(metadata) == day


@pytest.mark.parametrize("key", ["com.apple.quicktime.creationdate", "date"])
def test_a_phone_that_knows_the_local_day_is_asked_first(key: str) -> None:
    """At half past four in the afternoon in California it is the next day in Greenwich."""
    local = {key: "2025-01-20T16:30:00-0800"}
    assert recorded_on({"creation_time": "2025-01-21T00:30:00.000000Z"} | local) == "2025-01-20"


@pytest.mark.parametrize(
    ("metadata", "day"),
    [({"creation_time": "2025-09-24T02:10:28.000000Z"}, "2025-09-24"), ({}, None)],
)
def test_a_clip_is_dated_by_its_container(
    metadata: dict[str, str], day: str | None, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Clip(steady(5, 30.0), metadata=metadata))
    with open_video(clip) as video:
        list(video)
        assert video.info.recorded_on == day

"""A clip gives the same bytes whatever the number of jobs, and on one core alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck import AnalysisConfig
from formcheck.pipeline import analyze_video
from formcheck.report import write_report
from formcheck.video import segments, write
from formcheck.video.proxy import Reading
from formcheck.video.read import open_video
from tests.command import middle_of, write_clip
from tests.rendered import UPRIGHT


@pytest.mark.mediapipe
def test_summary_of_a_clip_followed_in_segments_is_the_same_with_any_number_of_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "_LEAST_FRAMES", 100)
    monkeypatch.setattr(segments, "_USUAL_FRAMES", 30)
    monkeypatch.setitem(write._ENCODER, "g", "15")
    clip = write_clip(tmp_path / "clip.mp4", middle_of(UPRIGHT, 4.0))
    with open_video(clip) as video:
        planned = segments.plan(video)
    assert planned is not None
    assert len(planned.segments) >= 3
    for jobs in (1, 3):
        alone = Reading(is_overlapped=jobs > 1)
        analysis = analyze_video(clip, AnalysisConfig(), reading=alone, jobs=jobs)
        write_report(analysis, tmp_path / str(jobs), clip=None)
    for name in ("summary.json", "strides.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()

"""Rendered clips played over and over: drift, symmetry and variability need many strides.

What the pose model found in the whole strides of a clip is set end to end, so that nothing drifts
and every stride comes again; the pose model's own error from stride to stride comes again too.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.domain import FloatArray, PoseSequence
from formcheck.metrics.symmetry import spread_percent
from formcheck.validation.rendered import RenderedTruth
from formcheck.validation.rendered_steps import asymmetry_values

LONG_S = 68.0
"""Long enough for a drift to be told and for sixty strides of a side."""
DRIFTS = (
    "trunk_lean_drift_deg",
    "cadence_drift_spm",
    "vertical_oscillation_drift_leg_lengths",
    "shoulder_ratio_drift_percent",
)


def whole_strides_s(truth: RenderedTruth) -> tuple[float, float] | None:
    """First and last contact of the near foot that are wholly seen.

    None with fewer than five contacts: fewer strides show mostly where they are joined.
    """
    contacts = truth.seen_events_s("contact", truth.near)
    return (float(contacts[0]), float(contacts[-1])) if len(contacts) >= 5 else None


def played_over(pose: PoseSequence, start_s: float, stop_s: float) -> PoseSequence:
    """The frames from ``start_s`` to ``stop_s`` again and again, for at least a minute."""
    inside = np.flatnonzero((pose.time_s >= start_s) & (pose.time_s < stop_s))
    times = int(np.ceil(LONG_S / (stop_s - start_s)))
    index = np.tile(inside, times)
    turn = np.repeat(np.arange(times), len(inside))
    time_s = pose.time_s[index] - pose.time_s[inside[0]] + turn * (stop_s - start_s)
    return replace(
        pose,
        time_s=time_s,
        xy_px=pose.xy_px[index],
        depth_px=pose.depth_px[index],
        visibility=pose.visibility[index],
        scene=None,  # its rows tell of the clip as it was
        video=replace(pose.video, duration_s=float(time_s[-1]), n_frames=len(time_s)),
    )


def long_values(truth: RenderedTruth) -> dict[str, float]:
    """What is true of the endless clip, by metric name."""
    contacts = truth.seen_events_s("contact", truth.near)
    strides: FloatArray = np.diff(contacts)
    return {
        **dict.fromkeys(DRIFTS, 0.0),
        "stride_time_variability_percent": spread_percent(strides),
        **asymmetry_values(truth.steps()),
    }

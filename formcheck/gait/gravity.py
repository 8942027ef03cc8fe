"""Gravity as a clock: how fast a body of known size bounces says how fast its time passes.

Over a step of steady running the ground carries the body's weight, in flight nothing does. With a
force of half-sine shape in contact (Morin et al. 2005) the body's centre moves up and down by

    bounce = g T^2 (c (1 / (2 pi) - c / 8) + (1 - c)^2 / 8)

in a step of T seconds, c of it in contact. Bounce and c are seen in the picture on any clock, so T
follows, in real seconds. The hips stand for the centre of the body.

Measured with the average adult's leg for everybody: 54 force-plate trials, hip markers: found over
true time 0.97 +- 0.06, 0.88 to 1.17. Pose models flatten the bounce: 1.0 to 1.2 on four real clips.
Good enough to choose between twice and four times as slow, not to measure a cadence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.domain import FloatArray, Motion, Side, Stride

GRAVITY_MPS2 = 9.81
MARKER_BIAS = 0.97
"""Found over true time on the force-plate trials."""


def gravity_time_scale(
    motion: Motion, strides: Sequence[Stride], side: Side, leg_m: float
) -> float | None:
    """Seconds of the motion's clock that pass in a real second.

    ``strides`` are cut by contacts, those of ``side`` count; ``leg_m`` is the leg length (floor to
    trochanter). None without a stride whose contact and toe-off are known.
    """
    own = [each for each in strides if each.side is side and np.isfinite(each.toe_off_s)]
    bounces = np.array([_bounce_ll(motion, each) for each in own])
    if not np.isfinite(bounces).any():
        return None
    contact = 2 * np.median([each.stance_time_s / each.stride_time_s for each in own])
    contact = float(np.clip(contact, 0.2, 1.0))
    shape = contact * (1 / (2 * np.pi) - contact / 8) + (1 - contact) ** 2 / 8
    real_step_s = np.sqrt(float(np.nanmedian(bounces)) * leg_m / (GRAVITY_MPS2 * shape))
    step_s = 0.5 * float(np.median([each.stride_time_s for each in own]))
    return float(step_s / real_step_s) / MARKER_BIAS if real_step_s > 0 else None


def _bounce_ll(motion: Motion, stride: Stride) -> float:
    """Range of the hips' up and down at step frequency in one stride, leg lengths; NaN unknown.

    The fit leaves out tilt and limp: a slope, and the wave of the whole stride.
    """
    time_s = motion.time_s - stride.initial_contact_s
    height = motion.midpoint("hip")[:, 1]
    inside = (time_s >= 0) & (time_s < stride.stride_time_s) & np.isfinite(height)
    if inside.sum() < 8:
        return float("nan")
    wave: FloatArray = 2 * np.pi * time_s[inside] / stride.stride_time_s
    columns = [np.ones(len(wave)), wave, np.cos(wave), np.sin(wave), np.cos(2 * wave)]
    fit = np.linalg.lstsq(np.stack([*columns, np.sin(2 * wave)], axis=-1), height[inside])[0]
    return float(2 * np.hypot(fit[4], fit[5]))

"""How far two results of one runner must differ before the runner has changed.

The minimal detectable change with 95 % confidence of a difference between two independent results
is ``1.96 * sqrt(e1**2 + e2**2)``, with e the standard error of each (Weir 2005, J Strength Cond
Res 19:231, who writes it ``1.96 * sqrt(2) * SEM`` for equal errors).

The standard error that belongs in there is not the whole uncertainty ``u`` of a value: where a pose
model puts a joint is wrong by about the same amount every time it looks at the same runner from
the same side, and cancels in the difference (biomechanics 5.1)::

    e**2 = u**2 - (1 - kept**2) * pose**2

``pose`` is that systematic part, from ``metrics/uncertainty.toml``, and ``kept`` the share of it
that differs from clip to clip all the same (``KEPT``); clips seen from opposite sides, or with
different pose models, keep all of it. Camera tilt, timing, scale and the scatter of the strides
are new in every clip and stay whole. What a far limb or an oblique view adds to ``pose`` is not
taken out: nobody has measured that it repeats.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from formcheck.domain import Summary
from formcheck.metrics import METRICS
from formcheck.metrics.registry import Topic

Z_95 = 1.96

KEPT: Mapping[Topic, float] = {Topic.TRUNK: 0.5, Topic.ARMS: 0.75}
"""Share of the systematic part that differs between two clips from the same side.

Measured as the standard deviation of the error between 20 rendered clips of runners in different
clothes, light and form, over ``pose``: 0.33 to 0.59 for the trunk (median 0.42), 0.26 to 0.93 for
the arms (median 0.6). Head, shoulders, legs, feet, contacts and lengths came to about 1 and more,
what is seen from behind was not measured: nothing is taken out there."""


def standard_error(metric: str, value: Summary, *, is_same_camera: bool) -> float:
    """Return the part of the uncertainty of a value that differs between clips, 1 SD.

    ``is_same_camera`` says that both clips were seen from the same side by the same pose model.
    """
    entry = METRICS.get(metric)
    if entry is None or not is_same_camera:
        return value.u
    kept = KEPT.get(entry.topic, 1.0)
    pose = entry.uncertainty.pose * (abs(value.median) if entry.uncertainty.relative else 1.0)
    return math.sqrt(max(value.u**2 - (1.0 - kept**2) * pose**2, (kept * pose) ** 2))


def detectable_change(
    metric: str, first: Summary, second: Summary, *, is_same_camera: bool
) -> float:
    """Return the smallest difference that is more than error, with 95 % confidence."""
    errors = (
        standard_error(metric, value, is_same_camera=is_same_camera) for value in (first, second)
    )
    return Z_95 * math.hypot(*errors)

"""Targets, and the gates that keep what is reached from getting worse.

A gate sits close to today's value and only tightens. ``is_floor`` gates must be reached from
below, the others bound a size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Gate:
    """One number of a suite with the target aimed at and the limit that must hold."""

    fact: str
    says: str
    target: float
    limit: float
    unit: str = ""
    is_floor: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value passes the gate; NaN never does."""
        return self._within(value, self.limit)

    def reaches_target(self, value: float) -> bool:
        """Whether a value reaches the target; NaN never does."""
        return self._within(value, self.target)

    def _within(self, value: float, bound: float) -> bool:
        if np.isnan(value):
            return False
        return value >= bound if self.is_floor else abs(value) <= bound


def _events(
    fact: str,
    says: str,
    targets: Mapping[str, tuple[float, float]],
    limits: Mapping[str, tuple[float, float]],
) -> Iterator[Gate]:
    """Bias and SD gates, milliseconds, for contact and toe-off."""
    for kind, (bias, sd) in targets.items():
        low, spread = limits[kind]
        name = kind.replace("_", "-")
        yield Gate(f"{fact}/{kind}/bias_ms", f"{says}: {name} bias", bias, low, "ms")
        yield Gate(f"{fact}/{kind}/sd_ms", f"{says}: {name} SD", sd, spread, "ms")


def _gates() -> Iterator[Gate]:
    """Every gate, in the order of the page."""
    yield from _events(
        "kinematic/clean/60", "synthetic, clean, 60 fps",
        {"contact": (5, 6), "toe_off": (5, 6)}, {"contact": (3, 2), "toe_off": (2, 2)},
    )  # fmt: skip
    yield from _events(
        "kinematic/jitter 8 mm/60", "synthetic, 8 mm jitter, 60 fps",
        {"contact": (6, 10), "toe_off": (6, 12)}, {"contact": (3.5, 4), "toe_off": (3, 11)},
    )  # fmt: skip
    yield Gate("kinematic/clean/60/contact/recall", "synthetic: contacts found", 1, 1, "", True)
    yield Gate("kinematic/clean/60/contact/precision", "synthetic: none extra", 1, 1, "", True)
    yield Gate("swaps/60/right", "10 % exchanged in bursts: frames right", 0.995, 0.999, "", True)
    yield Gate("swaps/60/spoilt", "frames spoilt on clean data", 0.0, 0.001)
    yield from _leg_gates()
    yield Gate("arms/labels/bias_deg", "phone clips: elbow, mean of clips", 5, 5, "°")
    yield Gate("arms/labels/worst_deg", "phone clips: elbow, worst clip", 8, 17, "°")
    yield Gate("arms/labels/held", "phone clips: elbow intervals that hold", 0.95, 1, "", True)
    yield from _events(
        "forceplate/60/8mm", "force plates, 8 mm jitter, 60 fps",
        {"contact": (5, 8), "toe_off": (4, 10)}, {"contact": (3, 8.5), "toe_off": (3, 12)},
    )  # fmt: skip
    yield Gate(
        "forceplate/60/8mm/contact/recall", "force plates: contacts found", 0.99, 0.98, "", True
    )
    yield Gate(
        "forceplate/60/8mm/contact_time_within_12ms",
        "force plates: contact time of a trial within 12 ms", 0.95, 0.85, "", True,
    )  # fmt: skip
    yield Gate("forceplate/60/8mm/speed_bias", "force plates: belt speed bias", 0.02, 0.025)
    for suite, says in (("forceplate", "force plates"), ("rendered", "rendered")):
        held = f"{says}: 95 % intervals that hold the truth"
        yield Gate(f"{suite}/coverage", f"{held}, at least", 0.90, 0.92, "", is_floor=True)
        yield Gate(
            f"{suite}/coverage", f"{held}, at most (wider ones tell too little)", 0.98, 0.995
        )
    yield Gate("rendered/cadence_spm/rmse", "rendered: cadence RMSE", 0.5, 0.5, "steps/min")
    yield Gate("rendered/contact_time_s/rmse", "rendered: contact time RMSE", 0.015, 0.015, "s")
    yield Gate("rendered/strike_order", "rendered: strike order right", 1.0, 0.9, "", True)
    for expect, count, limit in (("analyse", 3, 3), ("partial", 9, 7), ("refuse", 26, 26)):
        says = f"real: clips labelled {expect} told as such"
        yield Gate(f"real/{expect}/right", says, count, limit, "clips", is_floor=True)
    yield Gate("real/slow_motion_cadences", "slow-motion clips that print a cadence", 0, 0, "clips")


def _leg_gates() -> Iterator[Gate]:
    """Which leg is which; the raw model's figures stand beside them on the page."""
    yield Gate("legs/rendered/near/wrong", "rendered: near leg elsewhere", 0.005, 0.002)
    yield Gate("legs/rendered/far/wrong", "rendered: far leg elsewhere", 0.005, 0.005)
    yield Gate("legs/rendered/near/right", "rendered: near leg kept", 0.95, 0.97, "", True)
    yield Gate("legs/rendered/far/right", "rendered: far leg kept", 0.90, 0.93, "", True)
    yield Gate("legs/rendered/exchanged_clips", "rendered: clips exchanged", 0, 0, "clips")
    yield Gate("legs/labels/near/wrong", "phone clips: near leg elsewhere", 0.02, 0.005)
    yield Gate("legs/labels/far/wrong", "phone clips: far leg elsewhere", 0.05, 0.025)
    yield Gate("legs/labels/near/right", "phone clips: near leg kept", 0.80, 0.83, "", True)
    yield Gate("legs/labels/far/right", "phone clips: far leg kept", 0.80, 0.86, "", True)


GATES = tuple(_gates())

"""Joint curves of real runners over one stride, at any speed.

``curves.json`` holds means of 26 regular runners at 2.5, 3.5 and 4.5 m/s, derived from Fukuchi,
Fukuchi & Duarte 2017 (PeerJ 5:e3298, data CC BY); between and a little beyond these speeds they are
interpolated linearly. A curve is a Fourier series of 26 harmonics.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.domain import FloatArray
from formcheck.shipped import shipped_text
from formcheck.synthetic.spec import RunnerSpec

SAMPLES = 100
HARMONICS = 26


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """One typical stride: curves by name, 100 samples each from initial contact on.

    ``duty_factor`` is the phase of toe-off; ``hip_height_m`` the mean height of the hips; lengths
    in the curves are centimetres of a runner of ``spec.REFERENCE_HEIGHT_M``.
    """

    stride_time_s: float
    contact_time_s: float
    duty_factor: float
    hip_height_m: float
    samples: Mapping[str, FloatArray]

    def at(self, name: str, phase: FloatArray) -> FloatArray:
        """Value of a curve at phases (1 is a whole stride), same shape as ``phase``."""
        spectrum = np.fft.rfft(self.samples[name])[: HARMONICS + 1] / SAMPLES
        turn = np.exp(2j * np.pi * np.asarray(phase))
        total = np.zeros(turn.shape, dtype=np.complex128)
        for harmonic in spectrum[:0:-1]:  # Horner's scheme
            total = (total + harmonic) * turn
        value: FloatArray = spectrum[0].real + 2.0 * total.real
        return value

    def mean(self, name: str) -> float:
        """Mean of a curve over the stride."""
        return float(self.samples[name].mean())


@functools.cache
def _table() -> dict[str, Any]:
    text = shipped_text("formcheck.synthetic", "curves.json")
    table: dict[str, Any] = json.loads(text)
    return table


def running_cycle(spec: RunnerSpec) -> Cycle:
    """Typical stride of real runners at the speed and with the foot strike of ``spec``.

    Besides the curves of ``curves.json`` it has ``strike_foot_deg``, ``strike_thigh_deg`` and
    ``strike_shank_deg`` of runners with that strike; the others are means of all runners.
    """
    table = _table()
    speeds = np.array(table["speeds_mps"])

    def blend(values: Any) -> FloatArray:
        rows = np.asarray(values, dtype=np.float64)
        pair = int(np.clip(np.searchsorted(speeds, spec.speed_mps) - 1, 0, len(speeds) - 2))
        share = (spec.speed_mps - speeds[pair]) / (speeds[pair + 1] - speeds[pair])
        blended: FloatArray = (1 - share) * rows[pair] + share * rows[pair + 1]
        return blended

    samples = {name: blend(rows) for name, rows in table["curves"].items()}
    strike = table["strikes"][spec.strike.value]
    samples |= {f"strike_{name}": blend(rows) for name, rows in strike.items()}
    return Cycle(**{k: float(blend(v)) for k, v in table["timing"].items()}, samples=samples)


def _smooth_steps(phase: FloatArray, knots: list[tuple[float, float]]) -> FloatArray:
    """Values that rest at every knot and pass smoothly from one to the next."""
    places, values = np.array(knots).T
    index = np.clip(np.searchsorted(places, phase, side="right") - 1, 0, len(places) - 2)
    share = (phase - places[index]) / (places[index + 1] - places[index])
    ease = share**3 * (10 - 15 * share + 6 * share**2)
    eased: FloatArray = values[index] + ease * (values[index + 1] - values[index])
    return eased


def walking_cycle(speed_mps: float) -> Cycle:
    """A plain walk: stance 62 % of the stride, hips highest over the foot, knee to 60 degrees.

    Shaped by hand after textbook gait at 1.4 m/s; it only has to be told from running. Faster
    walkers take more and longer strides.
    """
    faster = float(np.sqrt(speed_mps / 1.4))
    phase = np.arange(SAMPLES) / SAMPLES
    duty = 0.62
    pitch = [(0.0, 18.0), (0.10, 0.0), (0.35, 0.0), (duty, -55.0), (0.72, -50.0), (0.90, 12.0)]
    lift = [(0.0, 13.0), (0.10, 10.5), (0.35, 10.5), (duty, 18.0), (0.72, 22.0), (0.90, 13.5)]
    ahead = [(0.0, 36.0 * faster), (duty, -42.0 * faster), (1.0, 36.0 * faster)]
    samples = {
        "strike_foot_deg": _smooth_steps(phase, [*pitch, (1.0, 18.0)]),
        "pelvis_y_cm": -2.0 * np.cos(4 * np.pi * (phase - 0.03)),
        "pelvis_x_cm": np.zeros(SAMPLES),
        "hip_minus_pelvis_x_cm": np.zeros(SAMPLES),
        "ankle_x_cm": _smooth_steps(phase, ahead),
        "ankle_height_cm": _smooth_steps(phase, [*lift, (1.0, 13.0)]),
    }
    stride_s = 1.08 / faster
    return Cycle(stride_s, duty * stride_s, duty, 0.90, samples)


def cycle_of(spec: RunnerSpec) -> Cycle:
    """The typical stride of a runner or walker."""
    return walking_cycle(spec.walking_speed_mps) if spec.is_walking else running_cycle(spec)

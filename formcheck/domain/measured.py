"""What was measured on a runner, and what similar runners do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from formcheck.domain.basics import FloatArray, Side, StrikeClass


@dataclass(frozen=True, slots=True)
class Summary:
    """Median over strides (cadence: strides over time), 95 % interval, 1-SD uncertainty ``u``."""

    median: float
    low: float
    high: float
    u: float
    n_strides: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A summary beside what similar runners do at this speed, in the metric's unit.

    ``expected`` is their mean, ``spread`` the standard deviation between them and ``expected_u``
    the 1-SD error of the mean from not knowing the speed exactly. ``typical`` holds the middle
    80 % of them. ``percentile`` (0-100) is the runner's place, ``percentile_range`` its 95 %
    interval.
    """

    speed_mps: float
    expected: float
    spread: float
    expected_u: float
    z: float
    typical: tuple[float, float]
    percentile: float
    percentile_range: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """One metric over all strides.

    ``values`` (n_strides,) in stride order, NaN where a stride cannot be measured. ``summaries``
    is keyed by side, or by None for a whole-body metric; a side that cannot be summarised is
    absent and ``not_measured`` says why. ``comparisons``, keyed alike, are there for metrics with
    reference values; ``not_compared`` says why there are none. ``not_judged`` says why no band may
    be laid against it, None where one may. ``is_of_view`` is False for what another view shows.
    """

    metric: str
    unit: str
    label: str
    definition: str
    instant: str
    values: FloatArray
    summaries: Mapping[Side | None, Summary]
    not_measured: str | None
    comparisons: Mapping[Side | None, Comparison] = field(default_factory=dict)
    not_compared: str | None = None
    not_judged: str | None = None
    is_of_view: bool = True


@dataclass(frozen=True, slots=True)
class FootStrike:
    """Foot-strike class of one foot, with the probability of each class.

    ``shares`` is the share of strides whose own angle lies in each class. NOT_REARFOOT is stated
    where mid- and forefoot cannot be told apart. ``note`` says why the class is not a finer one;
    empty when it is.
    """

    strike: StrikeClass
    probabilities: Mapping[StrikeClass, float]
    note: str
    shares: Mapping[StrikeClass, float] = field(default_factory=dict)

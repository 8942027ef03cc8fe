"""The fast part of the validation: what was reached must not get worse."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from formcheck.validation.gates import GATES, Gate
from formcheck.validation.kinematic import Rung, jittered
from formcheck.validation.suites import forceplate_suite, kinematic_suite

SHARED = Path(__file__).parents[2].parent / "shared"


def broken(facts: Mapping[str, float], prefix: str) -> list[str]:
    gates = [gate for gate in GATES if gate.fact.startswith(prefix)]
    assert gates
    return [
        f"{gate.says}: {facts[gate.fact]:.4g}, gate {gate.limit:g}"
        for gate in gates
        if not gate.holds(facts[gate.fact])
    ]


@pytest.fixture(scope="module")
def synthetic_facts() -> Mapping[str, float]:
    rungs = [
        Rung("clean", 60.0, lambda pose, _seed: pose),
        Rung("jitter 8 mm", 60.0, jittered(0.008)),
    ]
    return kinematic_suite(rungs, swap_rates_hz=(60.0,)).facts


def test_events_of_synthetic_runners_stay_as_accurate(synthetic_facts: Mapping[str, float]) -> None:
    assert broken(synthetic_facts, "kinematic/") == []


def test_exchanged_legs_stay_repaired(synthetic_facts: Mapping[str, float]) -> None:
    assert broken(synthetic_facts, "swaps/") == []


@pytest.mark.shared
@pytest.mark.skipif(
    not (SHARED / "rbds" / "trials.csv").exists(),
    reason="the force-plate trials are not beside the project",
)
def test_events_of_real_runners_stay_as_close_to_the_force_plate() -> None:
    from formcheck.validation.suites import CONDITIONS  # noqa: PLC0415

    reference = [c for c in CONDITIONS if (c.rate_hz, c.jitter_m) == (60.0, 0.008)]
    result = forceplate_suite(SHARED / "rbds", reference, every=4)
    assert broken(result.facts, "forceplate/") == []


def test_a_missing_number_breaks_its_gate() -> None:
    gate = Gate("a", "something", target=1.0, limit=2.0)
    assert not gate.holds(np.nan)
    assert not gate.reaches_target(np.nan)


def test_a_gate_bounds_the_size_and_a_floor_the_value() -> None:
    bound = Gate("a", "bias", target=1.0, limit=2.0)
    floor = Gate("b", "recall", target=0.99, limit=0.9, is_floor=True)
    assert bound.holds(-1.9)
    assert not bound.holds(-2.1)
    assert bound.reaches_target(-0.9)
    assert not bound.reaches_target(-1.9)
    assert floor.holds(0.95)
    assert not floor.holds(0.89)
    assert not floor.reaches_target(0.95)


def test_absent_data_are_named_as_absent(tmp_path: Path) -> None:
    result = forceplate_suite(tmp_path)
    assert result.absent == "the force-plate trials are not on this machine"
    assert result.facts == {}

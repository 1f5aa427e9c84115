"""Long runs, behind `make soak`."""

from __future__ import annotations

import sys

import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.configuration import options

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("practice", options()["practice"])
def test_five_years_lose_nothing_and_need_little_memory(practice: str) -> None:
    run = simulate(composed(f"practice={practice}", "run.measured_weeks=260"))
    assert run.needs["contacts"].sum() == len(run.contacts)
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
        assert peak < 3000

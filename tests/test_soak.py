"""Long runs, behind `make soak`."""

from __future__ import annotations

import sys

import pytest
from shortruns import composed
from twoyears import needs_of_years

from pcqa_sim import simulate
from pcqa_sim.configuration import options

pytestmark = pytest.mark.soak

EVEN = ("demand.days_differ.week_cv=0", "demand.days_differ.day_cv=0")


@pytest.mark.parametrize("practice", options()["practice"])
def test_five_years_lose_nothing_and_need_little_memory(practice: str) -> None:
    run = simulate(composed(f"practice={practice}", "run.measured_weeks=260"))
    assert run.needs["contacts"].sum() == len(run.contacts)
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
        assert peak < 3000


@pytest.mark.parametrize("practice", options()["practice"])
def test_two_years_do_not_drift(practice: str) -> None:
    """Whole years, so that seasons fall out: the second has as many needs as the first.

    No week is busier than another here: a year of those differs from the next by 2 in 100.
    """
    run = simulate(composed(f"practice={practice}", "run.warm_up_weeks=26", "run.measured_weeks=104", *EVEN))
    first, second = needs_of_years(run, 26)
    assert abs(second - first) < 4 * (1.5 * (first + second)) ** 0.5 + 0.01 * first

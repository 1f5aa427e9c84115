"""Mornings of the believable practice are smooth: neither a second rise nor an empty half hour."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.results.metrics.mornings import STEPS
from pcqa_sim.results.run import Run

SHAPES = ("mornings_gentle", "england", "mornings_steep")
WEEKS, REPLICATIONS = 12, 1
MORNING = STEPS[STEPS.index("0800") : STEPS.index("1200")]


@cache
def runs(shape: str) -> tuple[Run, ...]:
    weeks = ("run.warm_up_weeks=2", f"run.measured_weeks={WEEKS}")
    scenario = composed(*weeks, f"demand={shape}")
    return tuple(simulate(scenario, replication=number) for number in range(REPLICATIONS))


def mean(shape: str, metric: str, group: str) -> float:
    return float(np.mean([run.value(metric, group) for run in runs(shape)]))


def calls(shape: str) -> dict[str, float]:
    """The share of a day's calls in each half hour of the morning, Tuesday to Friday."""
    return {step: mean(shape, "call_half_hour_share", f"from=tue-fri:{step}") for step in MORNING}


def error(share: float, shape: str) -> float:
    """The standard error of the logarithm of a share, by how many calls it is of."""
    counted = [run.counted["practice"] for run in runs(shape)]
    many = sum(float((c.by_day(c.calls["opened"]) * c.ordinary_days)[2 * 7 :].sum()) * 0.8 for c in counted)
    return 1 / float(np.sqrt(many * share))


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_a_morning_neither_rises_nor_empties(shape: str) -> None:
    """08:30-12:00: no rise above a tenth from one half hour to the next, none below 85 % of the mean of 10:00-12:00."""
    found = calls(shape)
    late = np.mean([found[step] for step in MORNING[4:]])
    for before, after in pairwise(MORNING[1:]):
        allowed = 2 * np.hypot(error(found[before], shape), error(found[after], shape))
        assert np.log(found[after] / found[before]) <= np.log(1.1) + allowed, (shape, after)
    for step in MORNING[1:]:
        assert np.log(found[step] / late) >= np.log(0.85) - 2 * error(found[step], shape), (shape, step)

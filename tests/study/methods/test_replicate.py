from __future__ import annotations

import pandas as pd
import pytest
from shortruns import composed

from pcqa_sim import replicate
from pcqa_sim.scenario import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return composed("practice=small", "run=quick")


def test_two_processes_give_what_one_gives(scenario: Scenario) -> None:
    alone = replicate(scenario, 4, workers=1, keep_log=True)
    together = replicate(scenario, 4, workers=2, keep_log=True)
    assert len({unit.process for unit in together.units}) == 2
    assert len({unit.process for unit in alone.units}) == 1
    pd.testing.assert_frame_equal(alone.metrics, together.metrics, check_exact=True)
    for one, two in zip(alone.units, together.units, strict=True):
        assert one.log is not None
        assert two.log is not None
        assert one.log.equals(two.log)


def test_replications_differ_and_progress_is_told(scenario: Scenario) -> None:
    told: list[int] = []
    study = replicate(scenario, 3, workers=1, done=told.append)
    assert told == [1, 2, 3]
    needs = study.metrics.query("period == 'all' and metric == 'needs_per_working_day'")["value"]
    assert needs.nunique() > 1
    assert [unit.replication for unit in study.units] == [0, 1, 2]


def test_the_same_seed_gives_the_same_study(scenario: Scenario) -> None:
    one, two = (replicate(scenario, 1, seed=5, workers=1).metrics for _ in range(2))
    other = replicate(scenario, 1, seed=6, workers=1).metrics
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert not one["value"].equals(other["value"])

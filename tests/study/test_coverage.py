"""The 95 % interval over replications covers a known truth as often as it says: the mean wait of an M/M/c queue."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pcqa_sim.study.statistics.intervals import interval
from pcqa_sim.values.distributions import Exponential
from pcqa_sim.verification import Profile, pool
from pcqa_sim.verification.theory import mmc

RATE, SERVICE, SERVERS = 0.14, 5.0, 2
WARM_UP, END, LAST = 200.0, 3800.0, 3700.0
REPLICATIONS = 10


def mean_wait(seed: int, replication: int) -> float:
    """The mean wait of callers who came after the queue had settled and soon enough to be answered."""
    distribution = Exponential(SERVICE)
    calls = pool(
        Profile.constant(RATE), distribution, SERVERS, until=END, seed=seed, replication=replication, watch=False
    ).calls
    measured = calls["arrival"].between(WARM_UP, LAST)
    return float(calls.loc[measured, "wait"].mean())


def coverage(experiments: int) -> float:
    truth = mmc(RATE, SERVICE, SERVERS).mean_wait
    covered = 0
    for seed in range(experiments):
        found = interval([mean_wait(seed, replication) for replication in range(REPLICATIONS)])
        covered += found.low <= truth <= found.high
    return covered / experiments


@pytest.mark.slow
def test_the_interval_covers_the_mean_wait_of_a_queue() -> None:
    share = coverage(100)
    print("coverage:", share)
    assert abs(share - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 100)


@pytest.mark.soak
def test_the_interval_covers_the_mean_wait_of_a_queue_in_a_thousand_experiments() -> None:
    share = coverage(1000)
    print("coverage:", share)
    assert 0.93 <= share <= 0.97


def test_the_estimate_is_of_what_theory_says() -> None:
    waits = [mean_wait(7, replication) for replication in range(40)]
    truth = mmc(RATE, SERVICE, SERVERS).mean_wait
    assert abs(np.mean(waits) - truth) < 4 * np.std(waits, ddof=1) / math.sqrt(len(waits))

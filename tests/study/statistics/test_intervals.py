from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pcqa_sim.study.statistics.intervals import interval, summarise


def test_the_interval_is_students_t() -> None:
    values = [3.1, 2.9, 3.4, 3.3, 2.7]
    found = interval(values)
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_one_replication_has_no_interval() -> None:
    found = interval([2.0])
    assert found.mean == 2
    assert math.isnan(found.low)
    assert interval([]).replications == 0


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    covered = [(i := interval(rng.normal(10, 2, 6))).low <= 10 <= i.high for _ in range(2000)]
    assert np.mean(covered) == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_the_summary_gives_the_same_intervals() -> None:
    values = [1.0, 2.0, 4.0]
    frame = pd.DataFrame(
        {"scenario": "s", "practice": "p", "period": "all", "group": "", "metric": "m", "unit": "u", "value": values}
    )
    row = summarise(frame).iloc[0]
    expected = interval(values)
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((expected.mean, expected.low, expected.high))
